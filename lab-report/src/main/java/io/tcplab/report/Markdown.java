package io.tcplab.report;

/** What Markdown would take for its own. */
final class Markdown {
    private Markdown() {}

    /** A bar would end the table's cell, and an angle bracket begin a tag. */
    static String escaped(String text) {
        return text.replace("|", "\\|").replace("<", "&lt;").replace("\n", " ");
    }
}
