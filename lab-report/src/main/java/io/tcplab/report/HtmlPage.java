package io.tcplab.report;

import java.util.List;

/**
 * One HTML file, whole in itself.
 *
 * @param title for the browser's tab
 * @param style CSS
 * @param script JavaScript
 */
record HtmlPage(String title, List<Block> blocks, String style, String script) {
    HtmlPage {
        blocks = List.copyOf(blocks);
    }
}
