package io.tcplab.report;

import io.tcplab.experiments.Arm;
import io.tcplab.experiments.Experiment;
import io.tcplab.experiments.KnobValues;
import io.tcplab.experiments.NamedLoad;
import io.tcplab.experiments.Role;
import io.tcplab.experiments.Verdict;
import io.tcplab.experiments.run.ArmFigures;
import io.tcplab.experiments.run.ExpectationResult;
import io.tcplab.experiments.run.RunResult;
import io.tcplab.experiments.run.Timeline;
import io.tcplab.kernel.sockets.StateCounts;
import io.tcplab.kernel.sockets.TcpState;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** A run of each experiment that leaves as much as real ones at most do. */
final class CatalogueSamples {
    private static final int LOOKS = 60;
    private static final int COUNTERS = 20;
    private static final TcpState[] STATES = {
        TcpState.ESTABLISHED, TcpState.FIN_WAIT1, TcpState.FIN_WAIT2, TcpState.TIME_WAIT, TcpState.CLOSE_WAIT
    };

    private CatalogueSamples() {}

    static RunResult busy(Experiment experiment, String observed) {
        KnobValues knobs = KnobValues.of(experiment.story().name(), experiment.knobs(), Map.of());
        List<ExpectationResult> results = experiment.expectations(knobs).stream()
                .flatMap(expectation -> Stream.of(Arm.values())
                        .map(arm -> new ExpectationResult(expectation, arm, "= 500", observed, Verdict.CONFIRMED, "")))
                .toList();
        return new RunResult(
                experiment.story().name(),
                1,
                Verdict.CONFIRMED,
                "",
                LOOKS,
                knobs.plain(),
                Map.of(Role.CLIENT, Map.of("net.ipv4.tcp_fin_timeout", "5"), Role.SERVER, Map.of()),
                results,
                Map.of(),
                figures(observed),
                figures(observed));
    }

    private static Timeline timeline() {
        List<Timeline.Sample> samples = new ArrayList<>();
        for (int look = 0; look < LOOKS; look++) {
            for (Role role : Role.values()) {
                Map<TcpState, Integer> counts = new HashMap<>();
                for (TcpState state : STATES) {
                    counts.put(state, 1_000 + look * counts.size());
                }
                samples.add(new Timeline.Sample(look + 0.123, role, new StateCounts(0, counts, true)));
            }
        }
        return new Timeline(samples, List.of(new Timeline.Step(0.5, "the peers close")));
    }

    private static ArmFigures figures(String name) {
        Map<String, Long> counters = new HashMap<>();
        for (int i = 0; i < COUNTERS; i++) {
            counters.put("TcpExt" + name + i, 1_000_000L + i);
        }
        return new ArmFigures(
                timeline(),
                Map.of(Role.CLIENT, counters, Role.SERVER, counters),
                List.of(new NamedLoad(name, Samples.load())));
    }
}
