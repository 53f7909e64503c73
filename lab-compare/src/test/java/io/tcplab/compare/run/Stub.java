package io.tcplab.compare.run;

import io.tcplab.experiments.Bound;
import io.tcplab.experiments.Expectation;
import io.tcplab.experiments.Experiment;
import io.tcplab.experiments.Knob;
import io.tcplab.experiments.KnobValues;
import io.tcplab.experiments.Measure;
import io.tcplab.experiments.Measure.Better;
import io.tcplab.experiments.Role;
import io.tcplab.experiments.SocketNeed;
import io.tcplab.experiments.Story;
import io.tcplab.experiments.Trial;
import io.tcplab.experiments.cell.CellPlan;
import java.time.Duration;
import java.util.List;

/** An experiment without traffic, to see what becomes of its runs. */
record Stub(Bound bound, Steps steps) implements Experiment {
    static final Knob<Integer> SIZE = Knob.integer("size", 1, 1, 1_000_000, "how much it measures");
    static final Measure MEASURED = Measure.count("client.measured", "pieces", Better.HIGHER, "what the knob says");

    /** What a run does. */
    @FunctionalInterface
    interface Steps {
        void run(Trial trial) throws InterruptedException;
    }

    static void measure(Trial trial, double value) {
        trial.measure(MEASURED, value);
    }

    @Override
    public Story story() {
        return new Story("stub", "", "", "tcp_tw_reuse is 1", "it is 0", List.of());
    }

    @Override
    public List<Knob<?>> knobs() {
        return List.of(SIZE);
    }

    @Override
    public List<Expectation> expectations(KnobValues knobs) {
        return List.of();
    }

    @Override
    public CellPlan cell(KnobValues knobs, boolean faulty) {
        return CellPlan.plain().with(Role.CLIENT, "net.ipv4.tcp_tw_reuse", faulty ? "1" : "0");
    }

    @Override
    public SocketNeed sockets(KnobValues knobs) {
        return new SocketNeed(SIZE, 1, 20);
    }

    @Override
    public Duration about(KnobValues knobs) {
        return Duration.ofSeconds(2);
    }

    @Override
    public List<Measure> measures() {
        return List.of(MEASURED);
    }

    @Override
    public void run(Trial trial) throws InterruptedException {
        steps.run(trial);
    }
}
