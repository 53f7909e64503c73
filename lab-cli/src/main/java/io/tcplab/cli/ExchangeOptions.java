package io.tcplab.cli;

import io.tcplab.client.Echo;
import io.tcplab.client.Exchange;
import io.tcplab.client.Expect;
import io.tcplab.client.Http;
import io.tcplab.client.Script;
import io.tcplab.experiments.UsageException;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** {@code --http}, {@code --send}, or neither: what goes over the connections of a load. */
final class ExchangeOptions {
    @Option(
            names = "--http",
            paramLabel = "'GET /PATH'",
            description = "Send this HTTP/1.1 request and read the response, instead of an echo. 4xx and 5xx count as"
                    + " failures; redirects aren't followed.")
    private @Nullable String http;

    @Option(
            names = "--header",
            paramLabel = "'NAME: VALUE'",
            description = "With --http: one more header, or another Host; repeatable.")
    private List<String> headers = List.of();

    @Option(names = "--body", paramLabel = "FILE", description = "With --http: the request's body.")
    private @Nullable Path body;

    @Option(
            names = "--send",
            paramLabel = "FILE",
            description = "Send what is in this file, instead of an echo. Needs --expect.")
    private @Nullable Path send;

    @Option(
            names = "--expect",
            paramLabel = "ANSWER",
            description = "With --send, what completes the answer: a number of bytes, `close` (the server closes), or a"
                    + " regular expression that matches the answer's end.")
    private @Nullable String expect;

    boolean isEcho() {
        return http == null && send == null;
    }

    /** What was asked for, an echo by default; its files are read. */
    Exchange exchange() {
        if (http != null && send != null) {
            throw new UsageException("--http and --send exclude each other: give one of them");
        }
        requireWith("--header", !headers.isEmpty(), "--http", http);
        requireWith("--body", body != null, "--http", http);
        requireWith("--expect", expect != null, "--send", send);
        if (http != null) {
            return http(http);
        }
        return send == null ? new Echo() : script(send);
    }

    private static void requireWith(String option, boolean given, String other, @Nullable Object otherGiven) {
        if (given && otherGiven == null) {
            throw new UsageException(option + " needs " + other);
        }
    }

    private Exchange http(String request) {
        Http asked = of("--http", () -> Http.parse(request));
        for (String header : headers) {
            asked = asked.withHeader(of("--header", () -> Http.Header.parse(header)));
        }
        return body == null ? asked : asked.withBody(new InputFile("--body", body).bytes());
    }

    private Exchange script(Path path) {
        if (expect == null) {
            throw new UsageException("--send needs --expect: give the answer's size in bytes, `close`, or a regular"
                    + " expression that matches its end");
        }
        String answer = expect;
        InputFile file = new InputFile("--send", path);
        return of("--send", () -> new Script(file.name(), file.bytes(), of("--expect", () -> Expect.parse(answer))));
    }

    private static <T> T of(String option, Supplier<T> parsed) {
        try {
            return parsed.get();
        } catch (IllegalArgumentException e) {
            throw new UsageException(option + " " + e.getMessage(), e);
        }
    }
}
