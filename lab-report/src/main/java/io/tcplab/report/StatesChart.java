package io.tcplab.report;

import static java.util.stream.Collectors.joining;

import com.fasterxml.jackson.annotation.JsonIgnore;
import io.tcplab.experiments.Arm;
import io.tcplab.experiments.Role;
import io.tcplab.experiments.run.RunResult;
import io.tcplab.experiments.run.Timeline;
import io.tcplab.kernel.sockets.TcpState;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import tools.jackson.databind.json.JsonMapper;

/**
 * Both hosts' sockets by state over time, the fault's arm above the control's, all on the same axes.
 *
 * @param most sockets of one host at once
 */
record StatesChart(double seconds, int most, List<Panel> panels, List<Timeline.Step> steps) {
    private static final double MILLIS = 1000;

    /** One host in one arm. */
    record Panel(
            String name, @JsonIgnore Role host, @JsonIgnore Arm arm, List<Double> seconds, List<Series> series) {
        private String words() {
            return name + ": "
                    + series.stream()
                            .map(each -> each.state() + " up to " + each.most())
                            .collect(joining(", "));
        }
    }

    /** Sockets in one state, at each of the panel's times. */
    record Series(String state, List<Integer> sockets) {
        private int most() {
            return sockets.stream().mapToInt(Integer::intValue).max().orElse(0);
        }
    }

    /** Of a run; empty if nothing was seen. */
    static Optional<StatesChart> of(RunResult run) {
        List<Panel> panels = Stream.concat(
                        panels(Arm.FAULT, run.fault().timeline()).stream(),
                        panels(Arm.CONTROL, run.control().timeline()).stream())
                .toList();
        if (panels.isEmpty()) {
            return Optional.empty();
        }
        int most = Stream.of(run.fault().timeline(), run.control().timeline())
                .flatMap(timeline -> timeline.samples().stream())
                .mapToInt(StatesChart::connections)
                .max()
                .orElse(1);
        return Optional.of(new StatesChart(
                rounded(run.seconds()),
                most,
                panels,
                run.fault().timeline().steps().stream()
                        .map(step -> new Timeline.Step(rounded(step.seconds()), step.what()))
                        .toList()));
    }

    /** What it shows, for those who don't see it. */
    String words() {
        return panels.stream().map(Panel::words).collect(joining("; ")) + ".";
    }

    /** Whether any socket was in this state. */
    boolean shows(String state) {
        return panels.stream()
                .flatMap(panel -> panel.series().stream())
                .anyMatch(series -> series.state().equals(state));
    }

    String json() {
        return JsonMapper.shared().writeValueAsString(this);
    }

    private static List<Panel> panels(Arm arm, Timeline timeline) {
        List<Panel> panels = new ArrayList<>();
        for (Role role : Role.values()) {
            List<Timeline.Sample> own = timeline.samples().stream()
                    .filter(sample -> sample.host() == role)
                    .toList();
            List<Series> series = timeline.states(role).stream()
                    .filter(state -> state != TcpState.LISTEN)
                    .map(state -> new Series(
                            state.label(),
                            own.stream()
                                    .map(sample -> sample.counts().of(state))
                                    .toList()))
                    .toList();
            if (!series.isEmpty()) {
                panels.add(new Panel(
                        "%s, %s".formatted(role.label(), arm.label()),
                        role,
                        arm,
                        own.stream().map(sample -> rounded(sample.seconds())).toList(),
                        series));
            }
        }
        return panels;
    }

    /** A listener is no connection. */
    private static int connections(Timeline.Sample sample) {
        return sample.counts().total() - sample.counts().of(TcpState.LISTEN);
    }

    private static double rounded(double seconds) {
        return Math.rint(seconds * MILLIS) / MILLIS;
    }
}
