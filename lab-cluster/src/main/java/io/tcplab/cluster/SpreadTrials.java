package io.tcplab.cluster;

import io.tcplab.containers.RemoteTrials;
import io.tcplab.experiments.EvidenceMissing;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** Has each machine of a crew run its own trials, all at the same time, and collects what comes of them. */
public final class SpreadTrials implements AutoCloseable {
    private final Crew crew;
    private final Listener listener;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();

    /** Hears each result as it comes; called by a thread of each machine. */
    @FunctionalInterface
    public interface Listener {
        /** A trial has ended there, with this result. */
        void ended(Member machine, String result);
    }

    /** Not yet begun. */
    public SpreadTrials(Crew crew, Listener listener) {
        this.crew = crew;
        this.listener = listener;
    }

    /**
     * Runs them.
     *
     * @param studies of each machine, in the order of the crew's members
     * @param jobs how many runs go side by side on a machine at most; 0 for as many as it takes
     * @return why a machine's trials are missing, for each in the same order; empty if none are
     * @throws InterruptedException if the calling thread was interrupted; what was heard by then counts
     */
    public List<Optional<String>> run(List<String> studies, int jobs) throws InterruptedException {
        List<Future<Boolean>> parts = new ArrayList<>();
        for (int i = 0; i < studies.size(); i++) {
            Member machine = crew.members().get(i);
            String study = studies.get(i);
            parts.add(threads.submit(() -> {
                part(machine, study, jobs);
                return true;
            }));
        }
        List<Optional<String>> problems = new ArrayList<>();
        for (int i = 0; i < parts.size(); i++) {
            problems.add(problem(crew.members().get(i), parts.get(i)));
        }
        return problems;
    }

    private void part(Member machine, String study, int jobs) throws InterruptedException {
        machine.requireOwnProtocol();
        RemoteTrials trials = RemoteTrials.begin(machine.link(), study, jobs);
        boolean ended = false;
        while (!ended) {
            RemoteTrials.Next next = trials.next();
            next.results().forEach(result -> listener.ended(machine, result));
            ended = next.ended();
        }
    }

    private Optional<String> problem(Member machine, Future<Boolean> part) throws InterruptedException {
        try {
            part.get();
            return Optional.empty();
        } catch (ExecutionException e) {
            if (!(e.getCause() instanceof EvidenceMissing missing)) {
                throw e.getCause() instanceof RuntimeException mistake ? mistake : new IllegalStateException(e);
            }
            boolean lost = machine.link().lost().isPresent();
            return Optional.of(
                    lost ? missing.getMessage() + crew.fate(machine) : machine.name() + ": " + missing.getMessage());
        }
    }

    /** Ends its threads, which wait for agents; ends no agent. */
    @Override
    public void close() {
        threads.shutdownNow();
    }
}
