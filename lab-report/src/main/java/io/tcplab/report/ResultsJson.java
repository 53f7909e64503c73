package io.tcplab.report;

import java.util.List;
import java.util.Optional;

/** What earlier invocations left, as JSON. */
public record ResultsJson(String schema, List<Entry> results) implements Json.Document {
    /**
     * One of them.
     *
     * @param folder where it is
     * @param page empty if it has none
     */
    public record Entry(String name, String folder, String command, String summary, Optional<String> page) {}

    /** Of these. */
    public static ResultsJson of(List<PastResults.Past> results) {
        return new ResultsJson(
                "lab/results/1", results.stream().map(ResultsJson::entry).toList());
    }

    private static Entry entry(PastResults.Past past) {
        return new Entry(
                past.name(),
                past.folder().toString(),
                past.command(),
                past.summary(),
                past.page().map(Object::toString));
    }

    /** What two of them differ in. */
    public record Diff(String schema, String first, String second, int same, List<ResultsDiff.Difference> differences)
            implements Json.Document {
        /** Of a difference. */
        public static Diff of(ResultsDiff diff) {
            return new Diff("lab/results-diff/1", diff.first(), diff.second(), diff.same(), diff.differences());
        }
    }
}
