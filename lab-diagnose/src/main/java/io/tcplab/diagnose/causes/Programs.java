package io.tcplab.diagnose.causes;

import io.tcplab.diagnose.sample.ProcessSample;
import io.tcplab.diagnose.sample.Sample;
import io.tcplab.kernel.processes.ProcessStat;
import io.tcplab.kernel.processes.TaskState;
import io.tcplab.kernel.processes.ThreadCall;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The processes that hold sockets of the namespace, over the samples.
 *
 * @param samples in their order
 */
public record Programs(List<Sample> samples) {
    /** A process as it was last seen; empty if no sample has it. */
    public Optional<ProcessSample> process(int pid) {
        return samples.reversed().stream()
                .flatMap(sample -> Optional.ofNullable(sample.processes().get(pid)).stream())
                .findFirst();
    }

    /** {@code 4711 (nginx)}, or only the pid if nothing else is known. */
    public String label(int pid) {
        return process(pid).map(ProcessSample::label).orElse(Integer.toString(pid));
    }

    /** All of them, as they were last seen together. */
    Collection<ProcessSample> last() {
        return samples.reversed().stream()
                .map(sample -> sample.processes().values())
                .filter(found -> !found.isEmpty())
                .findFirst()
                .orElse(List.of());
    }

    /** A process's name, if it is known. */
    Optional<String> name(int pid) {
        return process(pid).map(process -> process.stat().name());
    }

    /** Whether one is a copy of the other, by their names: {@code gunicorn: master} and {@code gunicorn: worker} are. */
    boolean areOfOne(int pid, int other) {
        return name(pid).map(Membership::program).equals(name(other).map(Membership::program))
                && name(pid).isPresent();
    }

    /** A process at each look at which it was there, in their order. */
    Stream<ProcessSample> looks(int pid) {
        return samples.stream()
                .flatMap(sample -> Optional.ofNullable(sample.processes().get(pid)).stream());
    }

    /** CPU time of a process's threads during the window, as a share of one processor, by tid. */
    Map<Integer, Double> cpuShares(int pid) {
        Map<Integer, Long> before = new HashMap<>();
        Optional.ofNullable(samples.getFirst().processes().get(pid))
                .ifPresent(process -> process.threads()
                        .forEach(thread ->
                                before.put(thread.stat().id(), thread.stat().cpuTicks())));
        Duration window = Duration.ofNanos(
                samples.getLast().atNanos() - samples.getFirst().atNanos());
        double ticks = window.toNanos() / 1e9 * ProcessStat.TICKS_PER_SECOND;
        Map<Integer, Double> shares = new HashMap<>();
        process(pid)
                .ifPresent(process -> process.threads().forEach(thread -> {
                    Long then = before.get(thread.stat().id());
                    if (then != null && ticks > 0) {
                        shares.put(thread.stat().id(), (thread.stat().cpuTicks() - then) / ticks);
                    }
                }));
        return shares;
    }

    /** Threads of a process that ran, or wanted to, at each look at it, by tid; none if there was but one look. */
    Set<Integer> alwaysRunnable(int pid) {
        List<Set<Integer>> looks = looks(pid).map(Programs::runnable).toList();
        Set<Integer> always = new HashSet<>(looks.size() < 2 ? Set.of() : looks.getFirst());
        looks.forEach(always::retainAll);
        return always;
    }

    private static Set<Integer> runnable(ProcessSample process) {
        return process.threads().stream()
                .map(ThreadCall::stat)
                .filter(stat -> stat.state() == TaskState.RUNNING)
                .map(ProcessStat::id)
                .collect(Collectors.toSet());
    }
}
