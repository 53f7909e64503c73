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

    /** Storms' services that are none of these, and stay. */
    List<String> others();

    /** Removes all that has this label; returns when nothing is left, or after a minute. */
    void remove(String run);
}
