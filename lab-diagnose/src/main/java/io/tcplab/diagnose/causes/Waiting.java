package io.tcplab.diagnose.causes;

import io.tcplab.diagnose.causes.Unread.Held;
import io.tcplab.diagnose.sample.ProcessSample;
import io.tcplab.kernel.processes.Epoll;
import io.tcplab.kernel.processes.SystemCall;
import io.tcplab.kernel.processes.ThreadCall;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Why a process that runs, and isn't busy, doesn't read: by what its epolls watch, and where its threads wait. */
final class Waiting {
    private static final int THREADS_TOLD = 6;

    /** Threads of the JVM itself, by the beginning of their names. They wait in futex whatever the program does. */
    private static final Pattern OF_THE_JVM = Pattern.compile(
            "(java|GC Thread|G1 |VM |C[12] Comp|Signal Disp|Finalizer|Reference |Common-Clea|Service Thr"
                    + "|Monitor Def|Notificatio|Attach List).*");

    private Waiting() {}

    static Unread of(ProcessSample process, List<Held> held) {
        List<Epoll.Watch> reading = held.stream()
                .flatMap(each -> watches(process, each).stream())
                .filter(watch -> watch.forReading() || watch.isSpent())
                .toList();
        return reading.isEmpty() ? unwatched(process, held) : watched(process, reading, held.size());
    }

    /** What watches a socket: by its number, unless that is another file's by now. */
    static List<Epoll.Watch> watches(ProcessSample process, Held held) {
        return process.watches().orElse(Map.of()).getOrDefault(held.fd(), List.of()).stream()
                .filter(watch -> watch.inode() == Epoll.Watch.UNKNOWN_INODE
                        || watch.inode() == held.socket().inode())
                .toList();
    }

    /** Threads that wait, but not for what an event loop waits for: handlers that are blocked do, and so do idle ones. */
    static long elsewhere(ProcessSample process) {
        return process.threads().stream().filter(Waiting::waitsElsewhere).count();
    }

    /** {@code  (main)}; empty if the thread isn't known. */
    static String name(ProcessSample process, int tid) {
        return process.threads().stream()
                .filter(thread -> thread.stat().id() == tid)
                .findFirst()
                .map(thread -> " (" + thread.stat().name() + ")")
                .orElse("");
    }

    private static Unread watched(ProcessSample process, List<Epoll.Watch> reading, int sockets) {
        Epoll.Watch first = reading.getFirst();
        String watches = "epoll " + first.epoll() + " of " + process.label() + " watches it for reading";
        if (reading.stream().allMatch(Epoll.Watch::isSpent)) {
            return handled(
                    process,
                    sockets,
                    watches + " once (EPOLLONESHOT), has told of it, and wasn't asked again: it is with a handler");
        }
        if (reading.stream().allMatch(Epoll.Watch::edgeTriggered)) {
            return handled(
                    process,
                    sockets,
                    watches
                            + ", and tells once of what comes (edge-triggered): so its loop may wait, whatever the handlers do");
        }
        if (areUnseen(process)) {
            return unknown(watches + "; in which calls its threads wait, this user may not see");
        }
        // It returns at once as long as there is something to read: whoever waits there for long wasn't told of it.
        Set<Integer> telling = Epoll.telling(process.watches().orElse(Map.of()), reading);
        boolean waits = process.threads().stream().anyMatch(thread -> waitsOnOneOf(thread, telling));
        return waits
                ? unknown(watches
                        + " as long as there is something (level-triggered), and a thread waits in it all the same: it"
                        + " was seen between two rounds, or the watch isn't this socket's")
                : new Unread(
                        WhyNotRead.BLOCKED,
                        watches + ", but no thread waits in that epoll; " + threads(process),
                        List.of(new Rival(
                                "a loop whose thread has ended",
                                "a dump of the threads: is the loop's thread among them?")));
    }

    /** A handler has it: what it waits for is to be seen only if it is a thread. */
    private static Unread handled(ProcessSample process, int sockets, String words) {
        if (areUnseen(process)) {
            return unknown(words + "; in which calls its threads wait, this user may not see");
        }
        long elsewhere = elsewhere(process);
        if (elsewhere < sockets) {
            return unknown(words + "; " + threads(process));
        }
        return new Unread(
                WhyNotRead.BLOCKED,
                words + "; " + Words.count(elsewhere, "thread") + (elsewhere == 1 ? " waits" : " wait")
                        + " in something else; " + threads(process),
                List.of(
                        PAUSED_OR_IDLE,
                        new Rival("a program that reads each arrival only in part", "does it read until EAGAIN?")));
    }

    /** Of threads that wait one can't see for what. */
    private static final Rival PAUSED_OR_IDLE = new Rival(
            "threads of a pool that are idle, and reading that is paused",
            "a dump of the threads: do they hold these connections, or wait for work?");

    private static Unread unwatched(ProcessSample process, List<Held> held) {
        List<ThreadCall> threads = process.threads();
        Set<Long> fds = held.stream().map(each -> (long) each.fd()).collect(Collectors.toSet());
        if (threads.stream().anyMatch(thread -> isOn(thread, SystemCall.WRITE, fds))) {
            return new Unread(
                    WhyNotRead.BLOCKED,
                    "a thread of " + process.label() + " waits in a write to it",
                    List.of(PAUSED_OR_IDLE));
        }
        if (!process.rings().isEmpty()) {
            return unknown(
                    process.label() + " has an io_uring, whose requests the kernel doesn't show; " + threads(process));
        }
        if (areUnseen(process)) {
            return unknown("in which calls the threads of " + process.label() + " wait, this user may not see; "
                    + threads(process));
        }
        long elsewhere = elsewhere(process);
        if (elsewhere >= held.size()) {
            return new Unread(
                    WhyNotRead.BLOCKED,
                    "no epoll watches it and no thread waits in a read of it, but " + elsewhere
                            + " wait in something else; " + threads(process),
                    List.of(PAUSED_OR_IDLE));
        }
        return loops(process)
                ? new Unread(
                        WhyNotRead.PAUSED,
                        "no epoll of " + process.label() + " watches fd "
                                + held.getFirst().fd() + " for reading, and its loop waits",
                        List.of(new Rival(
                                "a handler that has taken it off the loop while it works, and is blocked",
                                "a dump of the threads: does one of them have this connection?")))
                : unknown(threads(process));
    }

    /** Whether it has an event loop that waits: poll() and select() would return at once if they asked for this socket. */
    private static boolean loops(ProcessSample process) {
        boolean watches = process.watches().filter(all -> !all.isEmpty()).isPresent();
        return process.threads().stream()
                .anyMatch(thread ->
                        thread.waitsIn(SystemCall.POLL) || (watches && thread.waitsIn(SystemCall.EPOLL_WAIT)));
    }

    private static Unread unknown(String words) {
        return new Unread(WhyNotRead.UNKNOWN, words, List.of(Unread.BLOCKED, Unread.PAUSED));
    }

    private static boolean areUnseen(ProcessSample process) {
        return process.threads().stream().anyMatch(thread -> thread.call() == ThreadCall.UNKNOWN);
    }

    private static boolean waitsOnOneOf(ThreadCall thread, Set<Integer> epolls) {
        return isOn(
                thread,
                SystemCall.EPOLL_WAIT,
                epolls.stream().map(Integer::longValue).collect(Collectors.toSet()));
    }

    private static boolean isOn(ThreadCall thread, SystemCall call, Set<Long> fds) {
        return thread.waitsOn(call).stream().anyMatch(fds::contains);
    }

    private static boolean waitsElsewhere(ThreadCall thread) {
        return !thread.isOfRing()
                && !OF_THE_JVM.matcher(thread.stat().name()).matches()
                && (thread.waitsIn(SystemCall.FUTEX)
                        || thread.waitsIn(SystemCall.SLEEP)
                        || thread.waitsIn(SystemCall.READ)
                        || thread.waitsIn(SystemCall.WRITE)
                        || thread.waitsIn(SystemCall.CONNECT)
                        || thread.waitsIn(SystemCall.FILE_LOCK)
                        || thread.waitsIn(SystemCall.WAIT_CHILD));
    }

    /** What the threads wait in; a process of many has many that say nothing. */
    private static String threads(ProcessSample process) {
        List<ThreadCall> threads = process.threads();
        String some = threads.stream()
                .sorted(Comparator.comparingInt(thread -> thread.stat().id()))
                .limit(THREADS_TOLD)
                .map(thread -> thread.stat().name() + " " + call(thread))
                .distinct()
                .collect(Collectors.joining(", "));
        return "its threads: " + (some.isEmpty() ? "none are to be seen" : some)
                + (threads.size() > THREADS_TOLD ? " and more" : "");
    }

    private static String call(ThreadCall thread) {
        if (thread.call() == ThreadCall.UNKNOWN) {
            return thread.waitChannel()
                    .map(channel -> "sleeps in the kernel's " + channel)
                    .orElse("in state " + thread.stat().state().letter());
        }
        Optional<String> name = thread.name();
        return name.map(call -> "in " + call).orElse(thread.call() < 0 ? "runs" : "in system call " + thread.call());
    }
}
