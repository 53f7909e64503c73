package io.tcplab.cli;

import io.tcplab.report.Json;
import java.util.function.Supplier;

/** Where the user wants a report, besides the results folder: as JSON, as a page, as Markdown, or nowhere. */
record ReportOutputs(JsonOption json, HtmlOption html, OutputFile markdown) {
    /** See {@link OutputFile#check}. */
    void check() {
        json.check();
        html.check();
        markdown.check();
    }

    /** Writes what was asked for. */
    void write(Supplier<Json.Document> document, OutputFile.Content page, OutputFile.Content text) throws Exception {
        json.write(document);
        html.write(page);
        markdown.write(text);
    }
}
