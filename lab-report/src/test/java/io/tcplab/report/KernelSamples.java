package io.tcplab.report;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Optional;

/** Reports as three kernels brought them: two that differ, and a guest that was lost. */
final class KernelSamples {
    private KernelSamples() {}

    static KernelTable claims() {
        String here = Written.json(ClaimsJson.of(ClaimsSamples.report()));
        String there = here.replaceFirst("\"verdict\": \"true\"", "\"verdict\": \"false\"");
        return KernelTable.ofClaims(List.of(host(here), guest(there), lost()));
    }

    static KernelTable runs() {
        String here = Written.json(RunJson.of(Samples.report()));
        return KernelTable.ofRuns(List.of(host(here), guest(here)));
    }

    static CompareReport comparison() {
        return new CompareReport(
                "6.1.0-50-amd64", false, List.of(CompareSamples.comparison()), List.of(), List.of(guest("{}"), lost()));
    }

    static KernelListJson list() {
        return new KernelListJson(List.of(
                new KernelListJson.Entry("host", "6.18.44", "this machine's", "", true),
                new KernelListJson.Entry(
                        "6.1.0-50-amd64", "6.1.0-50-amd64", "package", "linux-image-6.1.0-50-amd64", false)));
    }

    private static KernelRun host(String report) {
        return new KernelRun("host", "6.18.44", "", 0, 12.5, "", List.of(), parsed(report));
    }

    private static KernelRun guest(String report) {
        return new KernelRun("6.1", "6.1.0-50-amd64", "emulated", 20.6, 113.2, "", List.of(), parsed(report));
    }

    private static KernelRun lost() {
        return new KernelRun(
                "6.12",
                "6.12.95",
                "emulated",
                0,
                300,
                "it said nothing for 300 s",
                List.of("Kernel panic - not syncing"),
                Optional.empty());
    }

    private static Optional<StoredReport> parsed(String report) {
        try {
            return Optional.of(StoredReport.parse(report));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
