package io.tcplab.cli;

import io.tcplab.report.Json;
import java.util.function.Supplier;

/** Where the user wants a report, besides the results folder: as JSON, as a page, as Markdown, or nowhere. */
record ReportOutputs(ReportOptions reports, MarkdownOption markdown) {
    /** See {@link OutputFile#check}. */
    void check() {
        reports.check();
        markdown.file().check();
    }

    /** Writes what was asked for. */
    void write(Supplier<Json.Document> document, OutputFile.Content page, OutputFile.Content text) throws Exception {
        reports.write(document, page);
        markdown.file().write(text);
    }
}
