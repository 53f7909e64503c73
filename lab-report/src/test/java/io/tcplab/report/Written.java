package io.tcplab.report;

import java.io.IOException;
import java.io.StringWriter;

/** What a report writes. */
final class Written {
    private Written() {}

    static String json(Json.Document document) {
        StringWriter to = new StringWriter();
        Json.write(document, to);
        return to.toString();
    }

    static String text(ResultsFolder.Content content) throws IOException {
        StringWriter to = new StringWriter();
        content.write(to);
        return to.toString();
    }
}
