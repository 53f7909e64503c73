package io.tcplab.experiments;

import io.tcplab.experiments.cell.Cell;
import io.tcplab.experiments.cell.Host;
import io.tcplab.kernel.transitions.Transition;
import io.tcplab.kernel.wire.Wire;
import io.tcplab.kernel.wire.WireSegment;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/** One arm of one run, as an experiment's steps see it: its cell, its knobs, and where observations go. */
public final class Trial {
    private final Cell cell;
    private final KnobValues knobs;
    private final boolean faulty;
    private final Consumer<String> progress;
    private final Map<Expectation, Observation> observations = new LinkedHashMap<>();
    private final Map<String, Measurement> measurements = new LinkedHashMap<>();
    private final Map<String, String> unmeasured = new LinkedHashMap<>();

    /** A source of one piece of evidence; it throws {@link EvidenceMissing} where there is none. */
    @FunctionalInterface
    public interface Evidence<T> {
        /** Asks the kernel. */
        T get();
    }

    /**
     * Begins a trial.
     *
     * @param faulty whether the fault is to be there
     * @param progress is told each step
     */
    public Trial(Cell cell, KnobValues knobs, boolean faulty, Consumer<String> progress) {
        this.cell = cell;
        this.knobs = knobs;
        this.faulty = faulty;
        this.progress = progress;
    }

    /** The host that connects. */
    public Host client() {
        return cell.host(Role.CLIENT);
    }

    /** The host that listens. */
    public Host server() {
        return cell.host(Role.SERVER);
    }

    /** Whether this arm has the fault; the only thing in which the arms may differ. */
    public boolean faulty() {
        return faulty;
    }

    /** The value of a knob. */
    public <T> T knob(Knob<T> knob) {
        return knobs.get(knob);
    }

    /** The cell's state changes so far, both hosts'; see {@link Cell#transitions()}. */
    public List<Transition> transitions() {
        return cell.transitions();
    }

    /** The wire between the hosts, if the cell was planned with one; see {@link Cell#wire()}. */
    public Wire wire() {
        return cell.wire();
    }

    /** All segments so far; see {@link Cell#segments()}. */
    public List<WireSegment> segments() {
        return cell.segments();
    }

    /** Tells the user what happens now, in the present tense. */
    public void step(String what) {
        progress.accept(what);
    }

    /** Compares the evidence with what was expected; evidence that can't be had is noted as missing. */
    public <T> void observe(Expectation expectation, Expected<T> expected, Evidence<T> evidence) {
        Observation observation;
        try {
            observation = Observation.of(expectation, expected, evidence.get());
        } catch (EvidenceMissing missing) {
            observation = Observation.missing(expectation, expected.text(), String.valueOf(missing.getMessage()));
        }
        if (observations.put(expectation, observation) != null) {
            throw new IllegalStateException("observed twice: " + expectation.statement());
        }
    }

    /** Notes a figure for the report; {@code name} is dotted and begins with the host: {@code client.EADDRNOTAVAIL}. */
    public void measure(String name, double value, String unit) {
        measurements.put(name, new Measurement(value, unit));
    }

    /** Notes what one of the experiment's measures comes to. */
    public void measure(Measure measure, double value) {
        measure(measure.name(), value, measure.unit());
    }

    /** Notes what one of the experiment's measures comes to; where the kernel won't tell, the reason instead. */
    public void measure(Measure measure, Evidence<Double> evidence) {
        try {
            measure(measure, evidence.get());
        } catch (EvidenceMissing missing) {
            unmeasured.put(measure.name(), String.valueOf(missing.getMessage()));
        }
    }

    /** What has been observed, in the order of observation. */
    public Map<Expectation, Observation> observations() {
        return new LinkedHashMap<>(observations);
    }

    /** Measures that can't be had here, and why. */
    public Map<String, String> unmeasured() {
        return new LinkedHashMap<>(unmeasured);
    }

    /** What has been measured, in the order of measurement. */
    public Map<String, Measurement> measurements() {
        return new LinkedHashMap<>(measurements);
    }
}
