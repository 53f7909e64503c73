package io.tcplab.kernel.processes;

import java.util.List;
import java.util.OptionalInt;

/**
 * What keeps a whole process from doing anything. Its threads' system calls are then those in which they were when it began,
 * and say nothing about what they would do.
 */
public sealed interface Suspension {
    /** It runs, or could; as far as can be seen. */
    record None() implements Suspension {}

    /** SIGSTOP and the like: SIGCONT lets it go on. */
    record Stopped() implements Suspension {}

    /**
     * A debugger holds it.
     *
     * @param tracer the debugger's pid; empty where it isn't to be seen, as from another pid namespace
     */
    record Traced(OptionalInt tracer) implements Suspension {}

    /** Its cgroup is frozen, by docker pause for instance. */
    record Frozen() implements Suspension {}

    /**
     * By its threads' states, since a stop is the whole process's, but a debugger may hold one thread and let the others run.
     * Looked at while it begins, some threads may still be on their way.
     *
     * <p>Any user may see all of it.
     *
     * @param threads all of the process's
     */
    static Suspension of(int pid, List<ThreadCall> threads) {
        if (Freezer.of(pid) == Freezer.FROZEN) {
            return new Frozen();
        }
        List<TaskState> alive = threads.stream()
                .map(thread -> thread.stat().state())
                .filter(state -> !state.hasEnded())
                .toList();
        if (alive.isEmpty()
                || !alive.stream().allMatch(state -> state == TaskState.STOPPED || state == TaskState.TRACED)) {
            return new None();
        }
        return alive.contains(TaskState.TRACED) ? new Traced(Processes.tracer(pid)) : new Stopped();
    }

    /** Whether there is something. */
    default boolean isSuspended() {
        return !(this instanceof None);
    }
}
