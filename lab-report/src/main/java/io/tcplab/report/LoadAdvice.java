package io.tcplab.report;

import io.tcplab.client.Failures;
import io.tcplab.client.LoadReport;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** What to do about what a load came across, where that follows from its name. */
public final class LoadAdvice {
    private static final Map<String, String> BY_FAILURE = Map.of(
            "ECONNREFUSED",
            "nothing listens there: start the server, or give another --target",
            "EADDRNOTAVAIL",
            "no local port is left for this target: use --load keep-alive, more --source addresses, or a lower"
                    + " --rate",
            "EMFILE",
            "no file descriptor is left in the client: use a lower --concurrency, or raise `ulimit -n`",
            Failures.PLAIN_TEXT,
            "this port doesn't speak TLS: leave --tls out, or give the TLS port",
            Failures.UNANSWERED,
            "does this port speak TLS? If not, leave --tls out",
            Failures.NOT_TRUSTED,
            "give the CA that signed it by --ca FILE, or --insecure",
            Failures.OTHER_NAME,
            "give --target the name that the certificate is for, or --insecure",
            Failures.EXPIRED,
            "renew it, or --insecure",
            "HTTP 400",
            "the server rejects the request: check --http and --header; a TLS port answers so too, and needs"
                    + " --tls");

    private LoadAdvice() {}

    /** A line for each failure that a next step is known for, and one where redirects weren't followed. */
    public static List<String> of(LoadReport report) {
        return Stream.concat(
                        report.failures().keySet().stream()
                                .filter(BY_FAILURE::containsKey)
                                .map(failure -> failure + ": " + BY_FAILURE.get(failure)),
                        report.answers().keySet().stream()
                                .filter(status -> status.matches("HTTP 30[12378]"))
                                .map(status ->
                                        status + ": redirects count as completed and aren't followed; ask for the"
                                                + " page that they lead to"))
                .toList();
    }
}
