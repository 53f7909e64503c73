package io.tcplab.cluster;

import java.util.List;
import java.util.Optional;

/** Machines on which tasks can be started: a storm's server and clients, or those that run a comparison's trials. */
public interface Cluster {
    /** As {@code --on} has it. */
    String name();

    /** What the things are labelled with that it starts next. */
    String run();

    /** Why it can't start that, and what to do about it; empty if it can. Changes nothing. */
    Optional<String> problem(CrewPlan plan);

    /**
     * Starts its tasks; returns when all have called.
     *
     * @throws io.tcplab.experiments.EvidenceMissing if one of them doesn't come; by then all is removed again
     */
    Crew start(CrewPlan plan) throws InterruptedException;

    /**
     * Removes what those have left behind whose coordinator, on this machine, has ended.
     *
     * @return what was removed
     */
    List<String> clean();

    /** What there is of others that is none of this, and stays. */
    List<String> others();

    /** The command by which a user removes one of the {@link #others()}. */
    String removal(String other);

    /** Whether it removes what a killed coordinator has started, without anybody's doing. */
    boolean removesByItself();

    /** Removes all that has this label; returns when nothing is left, or after a minute. */
    void remove(String run);
}
