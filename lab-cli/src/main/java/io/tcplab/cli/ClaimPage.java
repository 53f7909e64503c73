package io.tcplab.cli;

import io.tcplab.experiments.claims.Bearing;
import io.tcplab.experiments.claims.Claim;
import io.tcplab.experiments.claims.Point;
import io.tcplab.report.Page;
import java.util.List;

/** A claim in words: the statement, its background, and what decides it. */
final class ClaimPage {
    private ClaimPage() {}

    static void write(Claim claim, Page page) {
        page.heading("Claim " + claim.number());
        page.prose(claim.text());
        page.append("\n");
        page.prose(claim.background());
        for (Bearing bearing : Bearing.values()) {
            points(claim, bearing, page);
        }
        page.heading(claim.decidable() ? "Decide it" : "Not decidable");
        page.prose(claim.decidable() ? "lab claims " + claim.number() : "No available kernel can decide it.");
    }

    private static void points(Claim claim, Bearing bearing, Page page) {
        List<Point> points = claim.points().stream()
                .filter(point -> point.bearing() == bearing)
                .toList();
        if (points.isEmpty()) {
            return;
        }
        page.heading(
                switch (bearing) {
                    case FOR -> "Supports the claim if the kernel shows it";
                    case AGAINST -> "Contradicts the claim if the kernel shows it";
                    case SUPERSEDES -> "Makes the claim obsolete if the kernel shows it";
                });
        points.forEach(
                point -> page.term(point.run().command(), point.expectation().statement()));
    }
}
