package io.tcplab.experiments.catalogue;

import io.tcplab.experiments.Expectation;
import io.tcplab.experiments.Knob;
import io.tcplab.experiments.KnobValues;
import io.tcplab.experiments.Measure;
import io.tcplab.experiments.Measure.Better;
import io.tcplab.experiments.Role;
import io.tcplab.experiments.Source;
import io.tcplab.experiments.Story;
import io.tcplab.kernel.sockets.TcpState;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * An experiment that says each thing once. Its constructor has the story and what a run needs; its final fields are the knobs, the
 * expectations and the measures, and making one with a method of this class also lists it, in the order of the fields.
 */
abstract class AbstractExperiment extends RunNeeds {
    private final String name;
    private final String text;
    private String headline = "";
    private String fault = "";
    private String control = "";

    private final List<Knob<?>> knobs = new ArrayList<>();
    private final List<Expectation> expectations = new ArrayList<>();
    private final List<Measure> measures = new ArrayList<>();

    /**
     * Begins the story.
     *
     * @param name {@code close-wait-leak}
     * @param text what happens, why, what it looks like in production, what to do
     */
    AbstractExperiment(String name, String text) {
        this.name = name;
        this.text = text;
    }

    /** The story in one line, for the list. */
    final void headline(String words) {
        headline = words;
    }

    /** The one thing that makes the behaviour appear, … */
    final void fault(String words) {
        fault = words;
    }

    /** … and what the control does instead. */
    final void control(String words) {
        control = words;
    }

    /** A knob: a whole number between two bounds, both included. */
    final Knob<Integer> integer(String name, int initial, int min, int max, String meaning) {
        return listed(Knob.integer(name, initial, min, max, meaning));
    }

    /** A knob: a time in whole seconds. */
    final Knob<Duration> seconds(String name, int initial, int min, int max, String meaning) {
        return listed(Knob.seconds(name, initial, min, max, meaning));
    }

    /** A knob: one of an enum's constants. */
    final <E extends Enum<E>> Knob<E> choice(String name, E initial, String meaning) {
        return listed(Knob.choice(name, initial, meaning));
    }

    /** An expectation that decides the verdict: it must hold with the fault and must not hold without it. */
    final Expectation deciding(Role host, Source source, String statement) {
        return listed(Expectation.deciding(host, source, statement));
    }

    /** An expectation that rounds off the picture: it must hold with the fault, and may hold without it. */
    final Expectation supporting(Role host, Source source, String statement) {
        return listed(Expectation.supporting(host, source, statement));
    }

    /** A measure: see {@link Measure#count}. */
    final Measure count(String name, String unit, Better better, String meaning) {
        return listed(Measure.count(name, unit, better, meaning));
    }

    /** A measure: see {@link Measure#timer}. */
    final Measure timer(String name, Better better, String meaning) {
        return listed(Measure.timer(name, better, meaning));
    }

    /** A measure: see {@link Measure#latency}. */
    final Measure latency(String name, Better better, String meaning) {
        return listed(Measure.latency(name, better, meaning));
    }

    /** A measure: see {@link Measure#memory}. */
    final Measure memory(Role host, String when) {
        return listed(Measure.memory(host, when));
    }

    /** A measure: see {@link Measure#sockets}. */
    final Measure sockets(Role host, TcpState state, Better better, String when) {
        return listed(Measure.sockets(host, state, better, when));
    }

    /** A measure that every run yields by itself: see {@link Measure#peak}. */
    final Measure peak(Role host, TcpState state, Better better) {
        return listed(Measure.peak(host, state, better));
    }

    /** A measure of another kind. */
    final Measure listed(Measure measure) {
        measures.add(measure);
        return measure;
    }

    private Expectation listed(Expectation expectation) {
        expectations.add(expectation);
        return expectation;
    }

    private <T> Knob<T> listed(Knob<T> knob) {
        knobs.add(knob);
        return knob;
    }

    @Override
    public final Story story() {
        return new Story(name, headline, text, fault, control, relevantSysctls());
    }

    @Override
    public final List<Knob<?>> knobs() {
        return List.copyOf(knobs);
    }

    @Override
    public List<Expectation> expectations(KnobValues knobs) {
        return List.copyOf(expectations);
    }

    @Override
    public final List<Measure> measures() {
        return List.copyOf(measures);
    }
}
