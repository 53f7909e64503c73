package io.tcplab.cluster;

import java.util.List;
import java.util.Optional;

/** Machines on which a storm's server and clients can be started. */
public interface Cluster {
    /** As {@code --on} has it. */
    String name();

    /** What its next storm's things are labelled with. */
    String run();

    /** Why it can't start a storm, and what to do about it; empty if it can. Changes nothing. */
    Optional<String> problem();

    /**
     * Starts server and clients; returns when all have called.
     *
     * @throws io.tcplab.experiments.EvidenceMissing if one of them doesn't come; by then all is removed again
     */
    Crew start(int clients, Lifetime lifetime) throws InterruptedException;

    /**
     * Removes what storms have left behind whose coordinator, on this machine, has ended.
     *
     * @return what was removed
     */
    List<String> clean();

    /** What there is of storms that is none of this, and stays. */
    List<String> others();

    /** The command by which a user removes one of the {@link #others()}. */
    String removal(String other);

    /** Whether it removes a storm whose coordinator was killed, without anybody's doing. */
    boolean removesByItself();

    /** Removes all that has this label; returns when nothing is left, or after a minute. */
    void remove(String run);
}
