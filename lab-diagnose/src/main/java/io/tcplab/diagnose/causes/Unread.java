package io.tcplab.diagnose.causes;

import io.tcplab.diagnose.sample.ProcessSample;
import io.tcplab.diagnose.sample.SocketRow;
import io.tcplab.kernel.processes.Epoll;
import io.tcplab.kernel.processes.SocketHolder;
import io.tcplab.kernel.processes.SystemCall;
import io.tcplab.kernel.processes.ThreadCall;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Sockets with something to read that nobody reads, and why: by the owner's CPU time, by what its epolls watch, and by the
 * system calls in which its threads wait.
 *
 * @param why as far as it can be told
 * @param words what says so
 */
record Unread(WhyNotRead why, String words) {
    /** Of one processor. A loop that spins gets no more where others spin, too. */
    private static final double BUSY = 0.5;

    /** What a thread that spins gets even where many others want the processor, of which each look finds it runnable. */
    private static final double STARVED = 0.1;

    private static final int THREADS_TOLD = 6;

    /** Threads of the JVM itself, by the beginning of their names. They wait in futex whatever the program does. */
    private static final Pattern OF_THE_JVM = Pattern.compile(
            "(java|GC Thread|G1 |VM |C[12] Comp|Signal Disp|Finalizer|Reference |Common-Clea|Service Thr"
                    + "|Monitor Def|Notificatio|Attach List).*");

    /** Looks at the owner of the first. */
    static Unread of(Evidence evidence, List<SocketRow> sockets) {
        Optional<SocketHolder> holder = sockets.stream()
                .flatMap(socket -> evidence.holders(socket).stream())
                .findFirst();
        Optional<ProcessSample> process = holder.flatMap(found -> evidence.process(found.pid()));
        if (holder.isEmpty() || process.isEmpty()) {
            return new Unread(WhyNotRead.NOT_KNOWN, "whose they are can't be seen, so neither what its threads do");
        }
        return spinning(evidence, process.get())
                .orElseGet(() -> waiting(process.get(), holder.get().fd(), sockets.size()));
    }

    private static Optional<Unread> spinning(Evidence evidence, ProcessSample process) {
        Map<Integer, Double> shares = evidence.cpuShares(process.stat().id());
        double busy = shares.values().stream().mapToDouble(Double::doubleValue).sum();
        if (busy < BUSY) {
            return starved(evidence, process, shares);
        }
        int busiest =
                Collections.max(shares.entrySet(), Map.Entry.comparingByValue()).getKey();
        return Optional.of(new Unread(
                WhyNotRead.SPINNING,
                process.label() + " used " + Math.round(busy * 100) + " % of a processor, most of it in thread "
                        + busiest + name(process, busiest)));
    }

    /** It may want the processor all the time, and not get it. */
    private static Optional<Unread> starved(Evidence evidence, ProcessSample process, Map<Integer, Double> shares) {
        Set<Integer> runnable = evidence.alwaysRunnable(process.stat().id());
        return shares.entrySet().stream()
                .filter(share -> share.getValue() >= STARVED && runnable.contains(share.getKey()))
                .max(Map.Entry.comparingByValue())
                .map(share -> new Unread(
                        WhyNotRead.SPINNING,
                        "thread " + share.getKey() + name(process, share.getKey()) + " of " + process.label()
                                + " was runnable at each look, and got " + Math.round(share.getValue() * 100)
                                + " % of a processor: others wanted it, too"));
    }

    private static Unread waiting(ProcessSample process, int fd, int sockets) {
        List<Epoll.Watch> watches = process.watches().orElse(Map.of()).getOrDefault(fd, List.of()).stream()
                .filter(Epoll.Watch::forReading)
                .toList();
        return watches.isEmpty()
                ? unwatched(process, fd, sockets)
                : watched(process, watches.getFirst().epoll());
    }

    /** An epoll that watches a readable socket returns at once, unless edge-triggered: nobody waits there for long. */
    private static Unread watched(ProcessSample process, int epoll) {
        String watches = "epoll " + epoll + " of " + process.label() + " watches it for reading";
        if (process.threads().stream()
                .anyMatch(thread -> thread.waitsOn(SystemCall.EPOLL_WAIT).orElse(-1) == epoll)) {
            return new Unread(WhyNotRead.NOT_ASKED, watches + ", was told once (edge-triggered), and waits again");
        }
        if (process.threads().stream().anyMatch(thread -> thread.call() == ThreadCall.UNKNOWN)) {
            return new Unread(
                    WhyNotRead.NOT_KNOWN, watches + "; in which calls its threads wait, this user may not see");
        }
        return new Unread(WhyNotRead.BLOCKED, watches + ", but no thread waits in that epoll; " + threads(process));
    }

    private static Unread unwatched(ProcessSample process, int fd, int sockets) {
        List<ThreadCall> threads = process.threads();
        if (threads.stream().anyMatch(thread -> thread.waitsOn(SystemCall.WRITE).orElse(-1) == fd)) {
            return new Unread(WhyNotRead.BLOCKED, "a thread of " + process.label() + " waits in a write to it");
        }
        boolean loops = process.watches().filter(watches -> !watches.isEmpty()).isPresent();
        boolean polls = threads.stream()
                .anyMatch(thread -> thread.waitsIn(SystemCall.EPOLL_WAIT) || thread.waitsIn(SystemCall.IO_URING));
        if (loops && polls) {
            return new Unread(
                    WhyNotRead.NOT_ASKED,
                    "no epoll of " + process.label() + " watches fd " + fd + " for reading, and its loop waits");
        }
        long elsewhere = threads.stream().filter(Unread::waitsElsewhere).count();
        if (!loops && elsewhere >= sockets) {
            return new Unread(
                    WhyNotRead.BLOCKED,
                    "no epoll watches it and no thread waits in a read of it, but " + elsewhere
                            + " wait in something else; " + threads(process));
        }
        return new Unread(WhyNotRead.NOT_KNOWN, threads(process));
    }

    private static boolean waitsElsewhere(ThreadCall thread) {
        return !OF_THE_JVM.matcher(thread.stat().name()).matches()
                && (thread.waitsIn(SystemCall.FUTEX)
                        || thread.waitsIn(SystemCall.SLEEP)
                        || thread.waitsIn(SystemCall.READ)
                        || thread.waitsIn(SystemCall.WAIT_CHILD));
    }

    private static String name(ProcessSample process, int tid) {
        return process.threads().stream()
                .filter(thread -> thread.stat().id() == tid)
                .findFirst()
                .map(thread -> " (" + thread.stat().name() + ")")
                .orElse("");
    }

    /** What the threads wait in; a process of many has many that say nothing. */
    private static String threads(ProcessSample process) {
        List<ThreadCall> threads = process.threads();
        String some = threads.stream()
                .sorted(Comparator.comparingInt(thread -> thread.stat().id()))
                .limit(THREADS_TOLD)
                .map(thread -> thread.stat().name() + " " + call(thread))
                .distinct()
                .reduce((one, next) -> one + ", " + next)
                .orElse("no threads are to be seen");
        return "its threads: " + some + (threads.size() > THREADS_TOLD ? " and more" : "");
    }

    private static String call(ThreadCall thread) {
        if (thread.call() == ThreadCall.UNKNOWN) {
            return "in state " + thread.stat().state().letter();
        }
        for (SystemCall call : SystemCall.values()) {
            if (thread.waitsIn(call)) {
                return "in " + call.name().toLowerCase(Locale.ROOT);
            }
        }
        return thread.call() < 0 ? "runs" : "in system call " + thread.call();
    }
}
