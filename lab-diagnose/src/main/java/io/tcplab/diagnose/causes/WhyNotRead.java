package io.tcplab.diagnose.causes;

import io.tcplab.diagnose.sample.ProcessSample;
import io.tcplab.diagnose.sample.SocketRow;
import io.tcplab.kernel.processes.Epoll;
import io.tcplab.kernel.processes.SocketHolder;
import io.tcplab.kernel.processes.SystemCall;
import io.tcplab.kernel.processes.ThreadCall;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Why a program doesn't read a socket, by what its threads do and what its epolls watch. */
enum WhyNotRead {
    SPINNING(
            "a thread of it is busy all the time",
            Certainty.LIKELY,
            "one thread used a whole processor while nothing was read",
            "Take a few stack dumps (jstack, py-spy, gdb) of the busy thread: a loop that never returns to the event loop.",
            "close-wait-blocked"),
    BLOCKED(
            "whoever should read it is blocked",
            Certainty.LIKELY,
            "an epoll watches it for reading, and no thread waits in that epoll",
            "Take a stack dump: the event loop's thread, or the handler's, waits for something else, such as a lock, a"
                    + " database, a sleep. Move that off the event loop, or give it a timeout.",
            "close-wait-blocked"),
    NOT_ASKED(
            "the program doesn't ask to read it",
            Certainty.LIKELY,
            "its event loop runs, and isn't told of this socket's data",
            "Find where reading is paused or never begun: autoRead=false without read(), a pause() without resume(),"
                    + " interest in writing only, a selector from which the key was removed.",
            "netty-auto-read"),
    NOT_KNOWN(
            "its handler is blocked, or it doesn't read at all",
            Certainty.POSSIBLE,
            "which of them it is, the threads' states don't tell here",
            "Take a stack dump of the program: look for a handler that waits (then it never gets to read()), else for"
                    + " where reading stops (autoRead=false, pause()).",
            "close-wait-blocked");

    private static final double BUSY = 0.8;

    private final String words;
    private final Certainty certainty;
    private final String because;
    private final String advice;
    private final String experiment;

    WhyNotRead(String words, Certainty certainty, String because, String advice, String experiment) {
        this.words = words;
        this.certainty = certainty;
        this.because = because;
        this.advice = advice;
        this.experiment = experiment;
    }

    String words() {
        return words;
    }

    Certainty certainty() {
        return certainty;
    }

    String because() {
        return because;
    }

    String advice() {
        return advice;
    }

    String experiment() {
        return experiment;
    }

    /** Why, and in a sentence what says so. */
    static Map.Entry<WhyNotRead, String> of(Evidence evidence, List<SocketRow> sockets) {
        Optional<SocketHolder> holder = sockets.stream()
                .flatMap(socket -> evidence.holders(socket).stream())
                .findFirst();
        Optional<ProcessSample> process = holder.flatMap(found -> evidence.process(found.pid()));
        if (process.isEmpty()) {
            return Map.entry(NOT_KNOWN, "whose they are can't be seen, so neither what its threads do");
        }
        return of(evidence, process.get(), holder.get());
    }

    private static Map.Entry<WhyNotRead, String> of(Evidence evidence, ProcessSample process, SocketHolder holder) {
        Optional<Map.Entry<Integer, Double>> busiest =
                evidence.cpuShares(process.stat().id()).entrySet().stream().max(Map.Entry.comparingByValue());
        if (busiest.isPresent() && busiest.get().getValue() >= BUSY) {
            return Map.entry(
                    SPINNING,
                    "thread " + busiest.get().getKey()
                            + name(process, busiest.get().getKey()) + " of "
                            + process.label() + " used "
                            + Math.round(busiest.get().getValue() * 100)
                            + " % of a processor");
        }
        List<Epoll.Watch> watches = process.watches().orElse(Map.of()).getOrDefault(holder.fd(), List.of());
        if (watches.stream().anyMatch(Epoll.Watch::forReading)) {
            return watched(process, watches);
        }
        return unwatched(process, holder.fd());
    }

    /** An epoll that watches a readable socket returns at once, unless edge-triggered; so who waits in it has no part in this. */
    private static Map.Entry<WhyNotRead, String> watched(ProcessSample process, List<Epoll.Watch> watches) {
        int epoll = watches.getFirst().epoll();
        boolean polled = process.threads().stream()
                .anyMatch(thread -> thread.waitsOn(SystemCall.EPOLL_WAIT).orElse(-1) == epoll);
        if (polled) {
            return Map.entry(NOT_ASKED, "epoll " + epoll + " watches it, told of it, and waits again: edge-triggered");
        }
        if (process.threads().stream().anyMatch(thread -> thread.call() == ThreadCall.UNKNOWN)) {
            return Map.entry(
                    NOT_KNOWN,
                    "epoll " + epoll + " watches it; in which calls the threads of " + process.label()
                            + " wait, this user may not see");
        }
        return Map.entry(
                BLOCKED,
                "epoll " + epoll + " of " + process.label() + " watches it for reading, but nobody waits there; "
                        + waiting(process.threads()));
    }

    private static Map.Entry<WhyNotRead, String> unwatched(ProcessSample process, int fd) {
        Optional<ThreadCall> writing = process.threads().stream()
                .filter(thread -> thread.waitsOn(SystemCall.WRITE).orElse(-1) == fd)
                .findFirst();
        if (writing.isPresent()) {
            return Map.entry(BLOCKED, "thread " + writing.get().stat().id() + " waits in a write to it");
        }
        boolean loops = process.watches().map(watches -> !watches.isEmpty()).orElse(false);
        boolean waits = process.threads().stream()
                .anyMatch(thread -> thread.waitsIn(SystemCall.EPOLL_WAIT) || thread.waitsIn(SystemCall.IO_URING));
        if (loops && waits) {
            return Map.entry(
                    NOT_ASKED,
                    "no epoll of " + process.label() + " watches fd " + fd + " for reading, and its loop waits");
        }
        return Map.entry(NOT_KNOWN, waiting(process.threads()));
    }

    private static String name(ProcessSample process, int tid) {
        return process.threads().stream()
                .filter(thread -> thread.stat().id() == tid)
                .findFirst()
                .map(thread -> " (" + thread.stat().name() + ")")
                .orElse("");
    }

    /** What the threads wait in; a process of many has many that say nothing. */
    private static String waiting(Collection<ThreadCall> threads) {
        String some = threads.stream()
                .sorted(Comparator.comparingInt(thread -> thread.stat().id()))
                .limit(6)
                .map(thread -> thread.stat().name() + " " + kind(thread))
                .distinct()
                .reduce((one, next) -> one + ", " + next)
                .orElse("no threads are to be seen");
        return "its threads: " + some + (threads.size() > 6 ? " and more" : "");
    }

    private static String kind(ThreadCall thread) {
        if (thread.call() == ThreadCall.UNKNOWN) {
            return "in state " + thread.stat().state();
        }
        for (SystemCall call : SystemCall.values()) {
            if (thread.waitsIn(call)) {
                return "in " + call.name().toLowerCase(java.util.Locale.ROOT);
            }
        }
        return thread.call() < 0 ? "runs" : "in system call " + thread.call();
    }
}
