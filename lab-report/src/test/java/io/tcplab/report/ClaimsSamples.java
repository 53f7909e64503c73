package io.tcplab.report;

import io.tcplab.experiments.Role;
import io.tcplab.experiments.Verdict;
import io.tcplab.experiments.catalogue.Catalogue;
import io.tcplab.experiments.claims.Claim;
import io.tcplab.experiments.claims.ClaimResult;
import io.tcplab.experiments.claims.ClaimRun;
import io.tcplab.experiments.claims.ClaimVerdict;
import io.tcplab.experiments.claims.Point;
import io.tcplab.experiments.claims.PointResult;
import io.tcplab.experiments.run.ArmFigures;
import io.tcplab.experiments.run.RunResult;
import java.util.List;
import java.util.Map;

/** A report with a claim of each kind: decided with a knob set, undecided for want of evidence, undecidable. */
final class ClaimsSamples {
    private static final ClaimRun LEAK = ClaimRun.of(Catalogue.byName("close-wait-leak"));

    private ClaimsSamples() {}

    static ClaimsReport report() {
        Claim decided = Claim.of(8, "CLOSE_WAIT | lasts", "Nobody <else>\nends it.")
                .upheldBy(
                        LEAK.with("connections", "9"),
                        Samples.confirmed().expectations().getFirst().expectation(),
                        "stuck");
        Claim open = Claim.of(9, "it piles up", "Some say so.")
                .contradictedBy(
                        LEAK, Samples.inconclusive().expectations().getFirst().expectation(), "pile");
        Claim undecidable = Claim.of(12, "it was so before", "no kernel at hand can tell");
        return new ClaimsReport(
                "6.18.44",
                "namespaces",
                false,
                List.of(
                        new ClaimResult(
                                decided,
                                ClaimVerdict.TRUE,
                                List.of(result(decided.points().getFirst(), Verdict.CONFIRMED, "500", "0", ""))),
                        new ClaimResult(
                                open,
                                ClaimVerdict.NOT_DECIDABLE,
                                List.of(result(
                                        open.points().getFirst(),
                                        Verdict.INCONCLUSIVE,
                                        "",
                                        "",
                                        "12 events were lost"))),
                        new ClaimResult(undecidable, ClaimVerdict.NOT_DECIDABLE, List.of())),
                List.of(run()));
    }

    private static PointResult result(Point point, Verdict verdict, String observed, String control, String reason) {
        return new PointResult(point, verdict, observed, control, reason);
    }

    private static RunResult run() {
        return new RunResult(
                "close-wait-leak",
                1,
                Verdict.CONFIRMED,
                "",
                6,
                Map.of("connections", 9),
                Map.of(
                        Role.CLIENT,
                        Map.of("net.ipv4.tcp_fin_timeout", "5", "net.ipv4.ip_local_port_range", "10000\t10063"),
                        Role.SERVER,
                        Map.of()),
                List.of(),
                Map.of(),
                ArmFigures.none(),
                ArmFigures.none());
    }
}
