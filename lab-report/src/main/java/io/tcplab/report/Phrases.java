package io.tcplab.report;

import static java.util.stream.Collectors.counting;
import static java.util.stream.Collectors.groupingBy;
import static java.util.stream.Collectors.joining;

import io.tcplab.experiments.Verdict;
import io.tcplab.experiments.run.ExpectationResult;
import io.tcplab.experiments.run.RunResult;
import java.util.LinkedHashMap;
import java.util.stream.Stream;

/** The same words for the same things in each kind of report. */
final class Phrases {
    private Phrases() {}

    /** {@code expected = 500, observed 498}, or why nothing was observed. */
    static String observed(ExpectationResult result) {
        String comparison = "expected " + result.expected() + ", observed " + result.observed();
        if (result.observed().isEmpty()) {
            return result.reason();
        }
        return result.reason().isEmpty() ? comparison : comparison + ": " + result.reason();
    }

    /** {@code server, sock_diag}: who said it, and how it was asked. */
    static String origin(ExpectationResult result) {
        return result.expectation().host().label() + ", "
                + result.expectation().source().label();
    }

    /** The experiment's name, with the trial where there are several. */
    static String title(RunResult run) {
        return run.trial() == 1 ? run.experiment() : run.experiment() + " #" + run.trial();
    }

    /** {@code 34 true, 1 not-decidable}, in the order in which they come; empty if there are none. */
    static String counts(Stream<String> verdicts) {
        return verdicts.collect(groupingBy(verdict -> verdict, LinkedHashMap::new, counting())).entrySet().stream()
                .map(count -> count.getValue() + " " + count.getKey())
                .collect(joining(", "));
    }

    /** Whether no expectation has any evidence, all for the run's own reason: then that says everything. */
    static boolean nothingSeen(RunResult run) {
        return !run.reason().isEmpty()
                && run.expectations().stream()
                        .allMatch(result -> result.reason().equals(run.reason()));
    }

    /** {@code 4 confirmed, 1 refuted}, naming only verdicts that occur. */
    static String summary(RunReport report) {
        StringBuilder summary = new StringBuilder();
        for (Verdict verdict : Verdict.values()) {
            long count = report.count(verdict);
            if (count > 0) {
                summary.append(summary.isEmpty() ? "" : ", ")
                        .append(count)
                        .append(' ')
                        .append(verdict.label());
            }
        }
        if (summary.isEmpty()) {
            summary.append("no run finished");
        }
        return summary.append(report.interrupted() ? ", then interrupted" : "").toString();
    }
}
