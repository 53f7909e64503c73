package io.tcplab.containers.agent;

import java.util.function.Consumer;

/** What an agent can do besides being one host: run another lab's trials, each in a cell of its own on this machine. */
@FunctionalInterface
public interface Trials {
    /** Those of an agent that is only a host. */
    Trials NONE = (study, jobs, results) -> {
        throw new IllegalArgumentException("this agent runs no trials");
    };

    /**
     * Runs all trials of a study; returns when they have ended.
     *
     * @param study as text, which no file belongs to
     * @param jobs how many go side by side at most; 0 for as many as this machine takes
     * @param results is given each trial's result as it ends, on the trial's own thread; must not block
     * @throws io.tcplab.experiments.EvidenceMissing if no trial can be run here
     */
    void run(String study, int jobs, Consumer<String> results) throws InterruptedException;
}
