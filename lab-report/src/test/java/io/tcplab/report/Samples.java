package io.tcplab.report;

import io.tcplab.client.LoadReport;
import io.tcplab.client.Percentiles;
import io.tcplab.experiments.Arm;
import io.tcplab.experiments.Expectation;
import io.tcplab.experiments.Measurement;
import io.tcplab.experiments.NamedLoad;
import io.tcplab.experiments.Role;
import io.tcplab.experiments.Source;
import io.tcplab.experiments.Verdict;
import io.tcplab.experiments.run.ArmFigures;
import io.tcplab.experiments.run.ExpectationResult;
import io.tcplab.experiments.run.RunResult;
import io.tcplab.experiments.run.Timeline;
import io.tcplab.kernel.sockets.StateCounts;
import io.tcplab.kernel.sockets.TcpState;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Reports with something of everything in them: each verdict, each kind of knob, text that formats must escape. */
final class Samples {
    private Samples() {}

    static RunReport report() {
        return new RunReport("6.18.44", "namespaces", 7, false, false, List.of(confirmed(), refuted(), inconclusive()));
    }

    static RunResult confirmed() {
        return confirmed(
                measurements(),
                new ArmFigures(
                        timeline(),
                        Map.of(
                                Role.CLIENT,
                                Map.of("TcpActiveOpens", 500L, "TcpExtTCPNobodyKnows", 7L),
                                Role.SERVER,
                                Map.of("TcpEstabResets", 1_500L)),
                        List.of(new NamedLoad("500 requests", load()))),
                new ArmFigures(
                        Timeline.empty(),
                        Map.of(Role.CLIENT, Map.of("TcpActiveOpens", 500L), Role.SERVER, Map.of()),
                        List.of(new NamedLoad("500 requests", load()))));
    }

    /** The same with other figures. */
    static RunResult confirmed(Map<String, Measurement> measurements, ArmFigures fault, ArmFigures control) {
        Expectation stuck =
                Expectation.deciding(Role.SERVER, Source.SOCK_DIAG, "every connection is stuck in CLOSE_WAIT");
        Expectation ends =
                Expectation.supporting(Role.CLIENT, Source.TRANSITIONS, "FIN_WAIT_2 ends by tcp_fin_timeout");
        return new RunResult(
                "close-wait-leak",
                1,
                Verdict.CONFIRMED,
                "",
                2.10049,
                knobs(),
                Map.of(
                        Role.CLIENT, Map.of("net.ipv4.tcp_fin_timeout", "5", "net.core.somaxconn", "4096"),
                        Role.SERVER, Map.of()),
                List.of(
                        new ExpectationResult(stuck, Arm.FAULT, "= 500", "500", Verdict.CONFIRMED, ""),
                        new ExpectationResult(stuck, Arm.CONTROL, "not = 500", "0", Verdict.CONFIRMED, ""),
                        new ExpectationResult(ends, Arm.FAULT, "5.0 s ± 5 %", "5.10", Verdict.CONFIRMED, "")),
                measurements,
                fault,
                control);
    }

    static RunResult refuted() {
        Expectation resets = Expectation.deciding(Role.CLIENT, Source.COUNTERS, "RST & <nothing> \"else\" | ever");
        return new RunResult(
                "linger-reset",
                2,
                Verdict.REFUTED,
                "RST & <nothing> \"else\" | ever (fault): expected >= 100, observed 99",
                10,
                Map.of(),
                Map.of(),
                List.of(
                        new ExpectationResult(resets, Arm.FAULT, ">= 100", "99", Verdict.REFUTED, ""),
                        new ExpectationResult(resets, Arm.CONTROL, "not >= 100", "0", Verdict.CONFIRMED, "")),
                Map.of(),
                ArmFigures.none(),
                ArmFigures.none());
    }

    /** One that the sandbox can't do: of two expectations nothing was seen. */
    static RunResult notStarted() {
        String reason = "the run needs the wire, which connects two network namespaces of one process, not"
                + " containers; use --sandbox namespaces";
        Expectation held = Expectation.deciding(Role.SERVER, Source.SOCK_DIAG, "the server is in SYN_RECV");
        Expectation again = Expectation.supporting(Role.SERVER, Source.SEGMENTS, "the SYN-ACK comes again");
        return inconclusive(
                "lost-final-ack",
                reason,
                0,
                new ExpectationResult(held, Arm.FAULT, "= 1", "", Verdict.INCONCLUSIVE, reason),
                new ExpectationResult(again, Arm.FAULT, "1.0 s", "", Verdict.INCONCLUSIVE, reason));
    }

    static RunResult inconclusive() {
        Expectation decides = Expectation.deciding(Role.SERVER, Source.ERRNO, "connect fails with EADDRNOTAVAIL");
        Expectation supports = Expectation.supporting(Role.SERVER, Source.TRANSITIONS, "ten state changes each");
        String lost = "12 events were lost";
        return inconclusive(
                "time-wait-storm",
                lost,
                0.05,
                new ExpectationResult(decides, Arm.FAULT, ">= 1", "3", Verdict.CONFIRMED, ""),
                new ExpectationResult(decides, Arm.CONTROL, "not >= 1", "3", Verdict.INCONCLUSIVE, lost),
                new ExpectationResult(supports, Arm.FAULT, "= 10", "", Verdict.INCONCLUSIVE, lost));
    }

    private static RunResult inconclusive(
            String experiment, String reason, double seconds, ExpectationResult... expectations) {
        return new RunResult(
                experiment,
                1,
                Verdict.INCONCLUSIVE,
                reason,
                seconds,
                Map.of(),
                Map.of(),
                List.of(expectations),
                Map.of(),
                ArmFigures.none(),
                ArmFigures.none());
    }

    static Timeline timeline() {
        return new Timeline(
                List.of(
                        sample(0, Role.CLIENT, Map.of()),
                        sample(0, Role.SERVER, Map.of(TcpState.LISTEN, 1)),
                        sample(0.5, Role.CLIENT, Map.of(TcpState.ESTABLISHED, 250)),
                        sample(0.5, Role.SERVER, Map.of(TcpState.LISTEN, 1, TcpState.ESTABLISHED, 250)),
                        sample(1, Role.CLIENT, Map.of(TcpState.FIN_WAIT2, 500)),
                        sample(1, Role.SERVER, Map.of(TcpState.LISTEN, 1, TcpState.CLOSE_WAIT, 500))),
                List.of(new Timeline.Step(0.5, "the peers close")));
    }

    static LoadReport load() {
        Percentiles some = new Percentiles(1000, 10_000, 55_000.5, 50_000, 90_000, 990_000, 1_999_000, 2_500_000);
        Percentiles none = new Percentiles(0, 0, 0, 0, 0, 0, 0, 0);
        return new LoadReport(
                1500,
                0,
                0,
                1200,
                1000,
                Map.of("ECONNREFUSED", 300L, "EADDRNOTAVAIL", 150L),
                Map.of(),
                50,
                64_000,
                63_000,
                0,
                some,
                some,
                none,
                Duration.ofMillis(2500));
    }

    private static Timeline.Sample sample(double seconds, Role host, Map<TcpState, Integer> counts) {
        return new Timeline.Sample(seconds, host, new StateCounts(0, counts.isEmpty() ? noSockets() : counts, true));
    }

    /** An EnumMap can't be copied from an empty Map.of(). */
    private static Map<TcpState, Integer> noSockets() {
        return Map.of(TcpState.ESTABLISHED, 0);
    }

    private static Map<String, Object> knobs() {
        Map<String, Object> knobs = new LinkedHashMap<>();
        knobs.put("connections", 500);
        knobs.put("fin-timeout", 5L);
        knobs.put("closer", "client");
        return knobs;
    }

    static Map<String, Measurement> measurements() {
        Map<String, Measurement> measurements = new LinkedHashMap<>();
        measurements.put("client.rate", new Measurement(1234567.891, "connections/s"));
        measurements.put("server.CLOSE_WAIT.peak", new Measurement(500, "sockets"));
        return measurements;
    }
}
