package io.tcplab.report;

import java.util.ArrayList;
import java.util.List;

/** Text with the few things that each view of a report can show: code, emphasis, and the end of a line. */
record Prose(List<Span> spans) {
    /** A part of it, all in one kind. */
    record Span(Kind kind, String text) {}

    /** What a view makes of a span. */
    enum Kind {
        PLAIN,
        CODE,
        STRONG,
        /** A verdict's label. */
        VERDICT,
        /** The id of another part of the same document. */
        LINK,
        /** The end of a line within a paragraph or a cell; it has no text. */
        BREAK
    }

    Prose {
        spans = List.copyOf(spans);
    }

    static Prose of(String text) {
        return one(Kind.PLAIN, text);
    }

    static Prose code(String text) {
        return one(Kind.CODE, text);
    }

    static Prose strong(String text) {
        return one(Kind.STRONG, text);
    }

    static Prose verdict(String label) {
        return one(Kind.VERDICT, label);
    }

    static Prose link(String id) {
        return one(Kind.LINK, id);
    }

    /** Codes with commas between them; a dash where there is none. */
    static Prose codes(List<String> texts) {
        return texts.stream()
                .map(Prose::code)
                .reduce((one, other) -> one.and(", ").and(other))
                .orElse(of("-"));
    }

    Prose and(Prose more) {
        List<Span> all = new ArrayList<>(spans);
        all.addAll(more.spans);
        return new Prose(all);
    }

    Prose and(String more) {
        return more.isEmpty() ? this : and(of(more));
    }

    /** With a line of its own below; without one if it is empty. */
    Prose below(String line) {
        return line.isEmpty() ? this : and(one(Kind.BREAK, "")).and(line);
    }

    private static Prose one(Kind kind, String text) {
        return new Prose(List.of(new Span(kind, text)));
    }
}
