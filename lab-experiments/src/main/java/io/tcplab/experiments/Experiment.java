package io.tcplab.experiments;

import io.tcplab.experiments.cell.CellPlan;
import java.time.Duration;
import java.util.List;

/**
 * One story about one behaviour of the kernel, whole in one file of the catalogue.
 *
 * <p>The same steps run twice, in two cells at the same time: with the fault, and, as the control, without it. Each
 * observation is compared with its expectation. Instances hold no state.
 */
public interface Experiment {

    /** The words: name, story, fault, control, sysctls that matter. */
    Story story();

    /** What the user may set. */
    List<Knob<?>> knobs();

    /** What the kernel is expected to show, with these knobs. */
    List<Expectation> expectations(KnobValues knobs);

    /**
     * The cell that an arm needs.
     *
     * @param faulty whether it is the arm with the fault, for faults that are a sysctl
     * @throws UsageException if knobs that are in range each don't go together
     */
    CellPlan cell(KnobValues knobs, boolean faulty);

    /** How many sockets the run opens: what the process's fd limit must have room for, in one arm. */
    SocketNeed sockets(KnobValues knobs);

    /** About how long a run takes; for the progress bar only. */
    Duration about(KnobValues knobs);

    /**
     * The steps. Every expectation must be observed, whatever happens: a step that waits for a state goes on when its
     * time is up, and the observation then shows what was there instead.
     */
    void run(Trial trial) throws InterruptedException;

    /** What limits its runs when they are measured: see {@link #measure}. */
    default Bound bound() {
        return Bound.WAITING;
    }

    /** What its runs are compared by. */
    List<Measure> measures();

    /** About how long it takes to measure a run; for the progress bar and the estimate. */
    default Duration aboutToMeasure(KnobValues knobs) {
        return about(knobs);
    }

    /**
     * The steps of a run that is compared with others under other settings: they yield the {@link #measures()}, with the
     * fault. Where {@link #run} sets sysctls on its way, to show several cases, these steps leave them as the user
     * has set them. Expectations may be observed, or not.
     * @throws EvidenceMissing if a measure isn't available, or was lost
     */
    default void measure(Trial trial) throws InterruptedException {
        run(trial);
    }
}
