package io.tcplab.cluster;

import io.tcplab.experiments.EvidenceMissing;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;

/** A crew of a cluster's tasks, each an agent that calls the crew's relay. */
public abstract class TaskCrew implements Crew {
    /** For each node's first container, and for JVMs that start side by side on one. */
    private static final Duration TASKS_START = Duration.ofMinutes(2);

    private static final Duration LOOK = Duration.ofSeconds(1);
    private static final Duration ENDING = Duration.ofSeconds(10);

    private final String cluster;
    private final Heartbeat heartbeat = new Heartbeat();
    private List<Member> members = List.of();

    /**
     * Nobody has called.
     *
     * @param cluster as messages call it
     */
    protected TaskCrew(String cluster) {
        this.cluster = cluster;
    }

    /** To the relay. */
    protected abstract RelayLine line();

    /** Why not all tasks will call; empty as long as they may. */
    protected abstract Optional<String> trouble();

    /** What those that are missing wait for, as the end of a sentence. */
    protected abstract String waiting();

    /** How this one's task has ended; empty while it runs. */
    protected abstract Optional<String> end(Member lost);

    /** Removes all; returns when nothing is left. */
    protected abstract void remove();

    /** Waits for that many tasks; throws {@link EvidenceMissing} if one doesn't come. */
    protected final void awaitAll(int count) throws InterruptedException {
        long deadline = System.nanoTime() + TASKS_START.toNanos();
        Collection<Member> called = line().await(count, LOOK);
        while (called.size() < count) {
            trouble().ifPresent(why -> {
                throw new EvidenceMissing(why);
            });
            if (System.nanoTime() > deadline) {
                throw new EvidenceMissing("only %d of %d tasks have called within %d s: %s"
                        .formatted(called.size(), count, TASKS_START.toSeconds(), waiting()));
            }
            called = line().await(count, LOOK);
        }
        members = List.copyOf(called);
        heartbeat.start(members.stream().map(Member::link).toList());
    }

    @Override
    public final List<Member> members() {
        return members;
    }

    @Override
    public final void close() {
        heartbeat.close();
        remove();
    }

    /** A cluster hears of a container's end a moment after the relay. */
    @Override
    public final String fate(Member lost) {
        long deadline = System.nanoTime() + ENDING.toNanos();
        while (true) {
            Optional<String> end = end(lost);
            if (end.isPresent()) {
                return "; %s says: %s".formatted(cluster, end.get());
            }
            if (System.nanoTime() > deadline) {
                return "; %s says that its task is still running".formatted(cluster);
            }
            LockSupport.parkNanos(LOOK.toNanos() / 5);
        }
    }
}
