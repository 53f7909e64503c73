package io.tcplab.diagnose.causes;

import io.tcplab.diagnose.sample.ProcessSample;
import io.tcplab.diagnose.sample.SocketRow;
import io.tcplab.kernel.processes.SocketHolder;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * Sockets with something to read that nobody reads, and why: by whether the owner runs at all, by its CPU time, and by what
 * {@link Waiting} tells.
 * @param why "unknown" if the evidence isn't visible
 * @param words what says so
 * @param rivals which other reasons would look the same here
 */
record Unread(WhyNotRead why, String words, List<Rival> rivals) {
    /** Of one processor. A loop that spins gets no more where others spin, too. */
    private static final double BUSY = 0.5;

    /** Of what all threads of a process use, this much has to be one's. */
    private static final double MAIN_PART = 0.25;

    /** What a thread that spins gets even where many others want the processor, of which each look finds it runnable. */
    private static final double STARVED = 0.1;

    /** More than an idle loop needs; one that epoll wakes again and again gets at least this much, whatever else wants the processor. */
    private static final double AWAKE = 0.02;

    private static final int NOBODY = -1;

    static final Rival BLOCKED = new Rival(
            "a blocked handler",
            "a dump of threads, goroutines or tasks: does one that holds this connection wait for a lock, a backend"
                    + " or a"
                    + " pool connection?");
    static final Rival PAUSED = new Rival(
            "reading is paused or never started",
            "the program: autoRead, pause() and resume(), a limit on requests in flight");

    /** Anybody sees a process's state and its share of the processors, but not which process has a socket. */
    static final Rival STOPPED_OR_BUSY = new Rival(
            "a process that is stopped, or always busy", "ps -eo pid,stat,pcpu,comm: is it in state T, or at 100 %?");

    private static final Unread NOT_SEEN = new Unread(
            WhyNotRead.UNKNOWN,
            "their descriptors aren't visible, so neither is what their owner's threads do",
            List.of(BLOCKED, PAUSED, STOPPED_OR_BUSY));

    /** A socket and the descriptor by which its owner has it. */
    record Held(SocketRow socket, int fd) {}

    Unread {
        rivals = List.copyOf(rivals);
    }

    /** One reason, and the sockets that it holds for. */
    record Group(Unread unread, List<SocketRow> sockets) {}

    /**
     * By reason, that with the most sockets first: owners for which the same holds are reported together, in the words of the one that has
     * the most of them.
     */
    static List<Group> each(Evidence evidence, List<SocketRow> sockets) {
        Map<WhyNotRead, List<Group>> byWhy = new EnumMap<>(WhyNotRead.class);
        byOwner(evidence, sockets).forEach((pid, held) -> {
            Unread unread = evidence.programs()
                    .process(pid)
                    .map(process -> of(evidence, process, held))
                    .orElse(NOT_SEEN);
            List<SocketRow> theirs = held.stream().map(Held::socket).toList();
            byWhy.computeIfAbsent(unread.why, any -> new ArrayList<>()).add(new Group(unread, theirs));
        });
        return byWhy.values().stream()
                .map(Unread::together)
                .sorted(Comparator.comparingInt((Group group) -> group.sockets.size())
                        .reversed())
                .toList();
    }

    private static Group together(List<Group> groups) {
        Group most = groups.stream()
                .max(Comparator.comparingInt(group -> group.sockets.size()))
                .orElseThrow();
        List<SocketRow> all =
                groups.stream().flatMap(group -> group.sockets.stream()).toList();
        String words = groups.size() == 1
                ? most.unread.words
                : most.unread.words + " (for " + most.sockets.size() + " of the " + all.size() + "; for "
                        + Words.count(groups.size() - 1L, "other process") + ", which "
                        + (groups.size() == 2 ? "has" : "have")
                        + " the rest, the same applies)";
        return new Group(new Unread(most.unread.why, words, most.unread.rivals), all);
    }

    private static Unread of(Evidence evidence, ProcessSample process, List<Held> held) {
        return suspended(process)
                .or(() -> spinning(evidence, process, held))
                .orElseGet(() -> Waiting.of(evidence, process, held));
    }

    /** Whether threads of a process use up a processor. */
    static boolean spins(Evidence evidence, ProcessSample process) {
        return spinning(evidence, process, List.of()).isPresent();
    }

    /** Those of whom no owner is seen belong to {@link #NOBODY}. */
    private static Map<Integer, List<Held>> byOwner(Evidence evidence, List<SocketRow> sockets) {
        Map<Integer, List<Held>> byOwner = new TreeMap<>();
        for (SocketRow socket : sockets) {
            SocketHolder owner = evidence.holders(socket).stream()
                    .min(Comparator.comparingInt(SocketHolder::pid))
                    .orElse(new SocketHolder(NOBODY, NOBODY));
            byOwner.computeIfAbsent(owner.pid(), pid -> new ArrayList<>()).add(new Held(socket, owner.fd()));
        }
        return byOwner;
    }

    private static Optional<Unread> suspended(ProcessSample process) {
        return Words.suspension(process)
                .map(words -> new Unread(
                        WhyNotRead.STOPPED,
                        words,
                        List.of(new Rival(
                                "something that kept it from reading even before it was stopped",
                                "resume it, and run this again"))));
    }

    private static Optional<Unread> spinning(Evidence evidence, ProcessSample process, List<Held> held) {
        Map<Integer, Double> shares =
                evidence.programs().cpuShares(process.stat().id());
        double busy = shares.values().stream().mapToDouble(Double::doubleValue).sum();
        Optional<Map.Entry<Integer, Double>> most = shares.entrySet().stream().max(Map.Entry.comparingByValue());
        // Many threads that do a little each are a server at work.
        if (busy < BUSY || most.isEmpty() || most.get().getValue() < busy * MAIN_PART) {
            return starved(evidence, process, shares, held);
        }
        int busiest = most.get().getKey();
        String words = process.label() + " used " + Math.round(busy * 100) + " % of a processor, "
                + Math.round(most.get().getValue() * 100) + " % in thread " + busiest + Waiting.name(process, busiest);
        return Optional.of(spinningOrNot(evidence, process, held, shares, words));
    }

    private static Unread spinningOrNot(
            Evidence evidence, ProcessSample process, List<Held> held, Map<Integer, Double> shares, String words) {
        return besides(evidence, process, held, shares, words).orElseGet(() -> spinning(process, held, words));
    }

    /** A busy thread, and beside it as many that rest in something else as there are sockets, which no loop has. */
    private static Optional<Unread> besides(
            Evidence evidence, ProcessSample process, List<Held> held, Map<Integer, Double> shares, String words) {
        boolean rest = !held.isEmpty()
                && !tellsAgainAndAgain(process, held)
                && Threads.of(evidence, process, held).elsewhere(shares, AWAKE) >= held.size();
        return Optional.of(Waiting.of(evidence, process, held))
                .filter(waiting -> rest && waiting.why == WhyNotRead.BLOCKED)
                .map(waiting -> new Unread(
                        waiting.why,
                        waiting.words + "; " + words,
                        List.of(
                                new Rival(
                                        "spinning: the busy thread holds these connections, or what the others wait"
                                                + " for",
                                        "a few thread dumps: what does the busy thread hold?"),
                                waiting.rivals.getFirst())));
    }

    /** It may want the processor all the time, and not get it. */
    private static Optional<Unread> starved(
            Evidence evidence, ProcessSample process, Map<Integer, Double> shares, List<Held> held) {
        Set<Integer> runnable =
                evidence.programs().alwaysRunnable(process.stat().id());
        boolean tellsAgain = tellsAgainAndAgain(process, held);
        return shares.entrySet().stream()
                .filter(share -> runnable.contains(share.getKey())
                        ? share.getValue() >= STARVED || tellsAgain
                        : share.getValue() >= AWAKE && tellsAgain)
                .max(Map.Entry.comparingByValue())
                .map(share -> spinningOrNot(
                        evidence,
                        process,
                        held,
                        shares,
                        "thread " + share.getKey() + Waiting.name(process, share.getKey()) + " of " + process.label()
                                + (runnable.contains(share.getKey()) ? " was runnable at every look, and" : "")
                                + " got "
                                + Math.round(share.getValue() * 100)
                                + " % of a processor, competing with other threads"));
    }

    private static Unread spinning(ProcessSample process, List<Held> held, String words) {
        return new Unread(
                WhyNotRead.SPINNING,
                tellsAgainAndAgain(process, held)
                        ? words
                                + "; one of its epolls watches them only for writing, which is nearly always"
                                + " possible: it reports that"
                                + " again and again, and never that there is something to read"
                        : words,
                List.of(new Rival(
                        "a server that is busy with other connections, while the handlers of these are blocked",
                        "a few thread dumps: is the busy thread always in the same place?")));
    }

    /** Whether an epoll has to wake up for one of these at once, each time, though not for what there is to read. */
    private static boolean tellsAgainAndAgain(ProcessSample process, List<Held> held) {
        return held.stream()
                .filter(each -> each.socket().sendQueue() == 0)
                .flatMap(each -> Waiting.watches(process, each).stream())
                .anyMatch(watch -> watch.forWriting() && !watch.forReading() && !watch.edgeTriggered());
    }
}
