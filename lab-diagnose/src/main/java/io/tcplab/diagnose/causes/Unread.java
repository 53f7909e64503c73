package io.tcplab.diagnose.causes;

import io.tcplab.diagnose.sample.ProcessSample;
import io.tcplab.diagnose.sample.SocketRow;
import io.tcplab.kernel.processes.SocketHolder;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * Sockets with something to read that nobody reads, and why: by whether the owner runs at all, by its CPU time, and by what
 * {@link Waiting} tells. Of several owners the one that has the most of them is judged.
 *
 * @param why as far as it can be told
 * @param words what says so
 * @param rivals which other reasons would look the same here
 */
record Unread(WhyNotRead why, String words, List<Rival> rivals) {
    /** Of one processor. A loop that spins gets no more where others spin, too. */
    private static final double BUSY = 0.5;

    /** What a thread that spins gets even where many others want the processor, of which each look finds it runnable. */
    private static final double STARVED = 0.1;

    /** More than a loop needs that rests; one that is told again and again gets at least so much, whoever else wants the processor. */
    private static final double AWAKE = 0.02;

    static final Rival BLOCKED = new Rival(
            "a handler that is blocked",
            "a dump of the threads, goroutines or tasks: does one that has this connection wait for a lock, a backend or a"
                    + " connection of a pool?");
    static final Rival PAUSED = new Rival(
            "reading that is paused or was never begun",
            "the program's own switches: autoRead, pause() and resume(), a limit on requests in flight");

    /** A socket and the descriptor by which its owner has it. */
    record Held(SocketRow socket, int fd) {}

    Unread {
        rivals = List.copyOf(rivals);
    }

    static Unread of(Evidence evidence, List<SocketRow> sockets) {
        Map<Integer, List<Held>> byOwner = byOwner(evidence, sockets);
        Optional<ProcessSample> owner = byOwner.entrySet().stream()
                .max(Comparator.comparingInt(each -> each.getValue().size()))
                .flatMap(most -> evidence.process(most.getKey()));
        if (owner.isEmpty()) {
            return new Unread(
                    WhyNotRead.UNKNOWN,
                    "whose they are can't be seen, so neither what its threads do",
                    List.of(BLOCKED, PAUSED));
        }
        ProcessSample process = owner.get();
        List<Held> held = byOwner.getOrDefault(process.stat().id(), List.of());
        Unread unread = suspended(process)
                .or(() -> spinning(evidence, process, held))
                .orElseGet(() -> Waiting.of(process, held));
        return byOwner.size() == 1
                ? unread
                : new Unread(
                        unread.why,
                        unread.words + " (" + process.label() + " has " + held.size() + " of the " + sockets.size()
                                + ", other processes the rest)",
                        unread.rivals);
    }

    /** Whether threads of a process use up a processor. */
    static boolean spins(Evidence evidence, ProcessSample process) {
        return spinning(evidence, process, List.of()).isPresent();
    }

    private static Map<Integer, List<Held>> byOwner(Evidence evidence, List<SocketRow> sockets) {
        Map<Integer, List<Held>> byOwner = new TreeMap<>();
        for (SocketRow socket : sockets) {
            evidence.holders(socket).stream()
                    .min(Comparator.comparingInt(SocketHolder::pid))
                    .ifPresent(holder -> byOwner.computeIfAbsent(holder.pid(), pid -> new ArrayList<>())
                            .add(new Held(socket, holder.fd())));
        }
        return byOwner;
    }

    private static Optional<Unread> suspended(ProcessSample process) {
        return Words.suspension(process)
                .map(words -> new Unread(
                        WhyNotRead.STOPPED,
                        words,
                        List.of(new Rival(
                                "something that kept it from reading before it was stopped",
                                "let it go on, and look again"))));
    }

    private static Optional<Unread> spinning(Evidence evidence, ProcessSample process, List<Held> held) {
        Map<Integer, Double> shares = evidence.cpuShares(process.stat().id());
        double busy = shares.values().stream().mapToDouble(Double::doubleValue).sum();
        if (busy < BUSY) {
            return starved(evidence, process, shares, held);
        }
        int busiest =
                Collections.max(shares.entrySet(), Map.Entry.comparingByValue()).getKey();
        return Optional.of(spinning(
                process,
                held,
                process.label() + " used " + Math.round(busy * 100) + " % of a processor, "
                        + Math.round(shares.getOrDefault(busiest, 0.0) * 100) + " % in thread " + busiest
                        + Waiting.name(process, busiest)));
    }

    /** It may want the processor all the time, and not get it. */
    private static Optional<Unread> starved(
            Evidence evidence, ProcessSample process, Map<Integer, Double> shares, List<Held> held) {
        Set<Integer> runnable = evidence.alwaysRunnable(process.stat().id());
        boolean tellsAgain = tellsAgainAndAgain(process, held);
        return shares.entrySet().stream()
                .filter(share -> runnable.contains(share.getKey())
                        ? share.getValue() >= STARVED || tellsAgain
                        : share.getValue() >= AWAKE && tellsAgain)
                .max(Map.Entry.comparingByValue())
                .map(share -> spinning(
                        process,
                        held,
                        "thread " + share.getKey() + Waiting.name(process, share.getKey()) + " of " + process.label()
                                + (runnable.contains(share.getKey()) ? " was runnable at each look, and" : "") + " got "
                                + Math.round(share.getValue() * 100)
                                + " % of a processor, which others may have wanted, too"));
    }

    private static Unread spinning(ProcessSample process, List<Held> held, String words) {
        return new Unread(
                WhyNotRead.SPINNING,
                tellsAgainAndAgain(process, held)
                        ? words
                                + "; an epoll of it watches them for writing only, which is nearly always possible: it tells"
                                + " so again and again, and never of what there is to read"
                        : words,
                List.of(new Rival(
                        "a server that is busy with others, while the handlers of these are blocked",
                        "a few dumps of the threads: is the busy one always at the same place?")));
    }

    /** Whether an epoll has to wake up for one of these at once, each time, though not for what there is to read. */
    private static boolean tellsAgainAndAgain(ProcessSample process, List<Held> held) {
        return held.stream()
                .filter(each -> each.socket().sendQueue() == 0)
                .flatMap(each -> Waiting.watches(process, each).stream())
                .anyMatch(watch -> watch.forWriting() && !watch.forReading() && !watch.edgeTriggered());
    }
}
