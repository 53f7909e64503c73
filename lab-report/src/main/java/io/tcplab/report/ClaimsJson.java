package io.tcplab.report;

import io.tcplab.experiments.claims.ClaimResult;
import io.tcplab.experiments.claims.PointResult;
import java.util.List;
import java.util.Locale;

/** What {@code lab claims} came to, as JSON. */
public record ClaimsJson(
        String schema,
        Json.Kernel kernel,
        String sandbox,
        boolean interrupted,
        List<Claim> claims,
        List<String> settings)
        implements Json.Document {

    /** One claim. */
    public record Claim(
            int number, String claim, String verdict, String evidence, List<String> experiments, List<Point> points) {}

    /** An expectation that speaks for a claim or against it. */
    public record Point(
            String experiment,
            String expectation,
            String bearing,
            String verdict,
            String measure,
            String observed,
            String control,
            String reason) {}

    /** Of a report. */
    public static ClaimsJson of(ClaimsReport report) {
        return new ClaimsJson(
                "lab/claims/1",
                new Json.Kernel(report.kernelRelease()),
                report.sandbox(),
                report.interrupted(),
                report.claims().stream().map(ClaimsJson::claim).toList(),
                report.settings());
    }

    private static Claim claim(ClaimResult result) {
        return new Claim(
                result.claim().number(),
                result.claim().text(),
                result.verdict().label(),
                result.evidence(),
                ClaimsReport.experiments(result),
                result.points().stream().map(ClaimsJson::point).toList());
    }

    private static Point point(PointResult result) {
        return new Point(
                result.point().run().command(),
                result.point().expectation().statement(),
                result.point().bearing().name().toLowerCase(Locale.ROOT),
                result.verdict().label(),
                result.point().measure(),
                result.observed(),
                result.control(),
                result.reason());
    }
}
