package io.tcplab.diagnose.causes;

import io.tcplab.diagnose.causes.Unread.Held;
import io.tcplab.diagnose.sample.ProcessSample;
import io.tcplab.kernel.processes.Epoll;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Why a process that runs, and isn't busy, doesn't read: by what its epolls watch, and where its threads wait. */
final class Waiting {
    /** Of threads that wait one can't see for what. */
    private static final Rival PAUSED_OR_IDLE = new Rival(
            "idle pool threads, and paused reading",
            "a thread dump: do they hold these connections, or wait for work?");

    private static final Rival IN_PART =
            new Rival("a program that reads only part of each arrival", "does it read until EAGAIN?");

    private final Evidence evidence;
    private final ProcessSample process;
    private final List<Held> held;
    private final Threads threads;

    private Waiting(Evidence evidence, ProcessSample process, List<Held> held) {
        this.evidence = evidence;
        this.process = process;
        this.held = held;
        this.threads = Threads.of(evidence, process, held);
    }

    static Unread of(Evidence evidence, ProcessSample process, List<Held> held) {
        Waiting waiting = new Waiting(evidence, process, held);
        List<Epoll.Watch> reading = held.stream()
                .flatMap(each -> watches(process, each).stream())
                .filter(watch -> watch.forReading() || watch.isSpent())
                .toList();
        return reading.isEmpty() ? waiting.unwatched() : waiting.watched(reading);
    }

    /** What watches a socket: by its number, unless that is another file's by now. */
    static List<Epoll.Watch> watches(ProcessSample process, Held held) {
        return process.watches().orElse(Map.of()).getOrDefault(held.fd(), List.of()).stream()
                .filter(watch -> watch.inode() == Epoll.Watch.UNKNOWN_INODE
                        || watch.inode() == held.socket().inode())
                .toList();
    }

    /** {@code  (main)}; empty if the thread isn't known. */
    static String name(ProcessSample process, int tid) {
        return process.threads().stream()
                .filter(thread -> thread.stat().id() == tid)
                .findFirst()
                .map(thread -> " (" + thread.stat().name() + ")")
                .orElse("");
    }

    private Unread watched(List<Epoll.Watch> reading) {
        Epoll.Watch first = reading.getFirst();
        String watches = "epoll " + first.epoll() + " of " + process.label() + " watches it for reading";
        if (reading.stream().allMatch(Epoll.Watch::isSpent)) {
            return handled(watches + " once (EPOLLONESHOT), has reported it, and wasn't rearmed: a handler has it");
        }
        if (reading.stream().allMatch(Epoll.Watch::edgeTriggered)) {
            return handled(watches
                    + ", and reports each arrival once (edge-triggered): so its loop may wait, whatever the"
                    + " handlers do");
        }
        if (threads.areUnseen()) {
            return unknown(watches + "; this user may not see which calls its threads wait in");
        }
        // It returns immediately while there is something to read: a thread that waits there for long wasn't notified.
        Set<Integer> telling = Epoll.telling(process.watches().orElse(Map.of()), reading);
        return threads.waitInOneOf(telling)
                ? unknown(watches
                        + " while anything is unread (level-triggered), but a thread still waits in it: this look fell"
                        + " between two rounds, the watch is another socket's, or the program asks for more"
                        + " than has"
                        + " arrived (SO_RCVLOWAT)")
                : new Unread(
                        WhyNotRead.BLOCKED,
                        watches + ", but no thread waits in that epoll; " + threads.words(),
                        List.of(new Rival(
                                "a loop whose thread has ended", "a thread dump: is the loop's thread in it?")));
    }

    /** A handler has it: what it waits for is to be seen only if it is a thread. */
    private Unread handled(String words) {
        if (threads.areUnseen()) {
            return unknown(words + "; this user may not see which calls its threads wait in");
        }
        long elsewhere = threads.elsewhere() + threads.polling();
        return elsewhere < held.size()
                ? unknown(words + "; " + threads.words())
                : blocked(
                        words + "; " + Words.count(elsewhere, "thread") + (elsewhere == 1 ? " waits" : " wait")
                                + " in something else; " + threads.words(),
                        IN_PART);
    }

    private Unread unwatched() {
        if (threads.write()) {
            return blocked("a thread of " + process.label() + " waits in a write to one of them; " + threads.words());
        }
        if (threads.read()) {
            return unknown("a thread of " + process.label() + " waits in a read of one of them, for more than has"
                    + " arrived"
                    + " (SO_RCVLOWAT), or was about to return; " + threads.words());
        }
        if (!process.rings().isEmpty()) {
            return unknown(
                    process.label() + " has an io_uring, whose requests the kernel doesn't show; " + threads.words());
        }
        if (threads.areUnseen()) {
            return unknown("this user may not see which calls the threads of " + process.label() + " wait in; "
                    + threads.words());
        }
        return unwatchedBySeen();
    }

    /** A single polling thread may be the loop or the only handler. */
    private Unread unwatchedBySeen() {
        long elsewhere = threads.elsewhere();
        long polling = threads.polling();
        if (elsewhere >= held.size() || (polling > 1 && elsewhere + polling >= held.size())) {
            long wait = elsewhere >= held.size() ? elsewhere : elsewhere + polling;
            return blocked("no epoll watches it and no thread waits in a read of it, but " + wait
                    + " wait in something else; " + threads.words());
        }
        if (isServer() && threads.allElsewhere()) {
            return blocked("no thread waits for something to read, each waits in something else; " + threads.words());
        }
        if (!threads.loop()) {
            return unknown(threads.words());
        }
        if (polling >= held.size()) {
            return unknown("it is unknown whether a loop or a handler waits in poll(); " + threads.words());
        }
        return elsewhere == 0 || isLeftWatched() ? paused() : taken(elsewhere);
    }

    /** A client's threads may do anything; a server's one of which should wait for what its clients send. */
    private boolean isServer() {
        return held.stream().allMatch(each -> evidence.isAccepted(each.socket()));
    }

    /** The loop still has them, and asks for something else than what there is to read. */
    private boolean isLeftWatched() {
        return held.stream().noneMatch(each -> watches(process, each).isEmpty());
    }

    private Unread paused() {
        return new Unread(
                WhyNotRead.PAUSED,
                "no epoll of " + process.label() + " watches fd "
                        + held.getFirst().fd() + " for reading, and its loop waits",
                List.of(new Rival(
                        "a handler that took it off the loop while it works, and is blocked",
                        "a thread dump: does a thread hold this connection?")));
    }

    /** A loop that hands over to a few threads: what those have no time for waits, and looks like what is paused. */
    private Unread taken(long elsewhere) {
        return unknown("no epoll of " + process.label() + " watches fd "
                + held.getFirst().fd() + " for reading, and its loop waits; " + elsewhere
                + (elsewhere == 1 ? " thread waits" : " threads wait")
                + " in something else: a pool whose threads are all blocked, with the other connections in its queue,"
                + " looks like this, and so does paused reading with idle threads; " + threads.words());
    }

    private static Unread blocked(String words, Rival... others) {
        return new Unread(
                WhyNotRead.BLOCKED,
                words,
                others.length == 0 ? List.of(PAUSED_OR_IDLE) : List.of(PAUSED_OR_IDLE, others[0]));
    }

    private static Unread unknown(String words) {
        return new Unread(WhyNotRead.UNKNOWN, words, List.of(Unread.BLOCKED, Unread.PAUSED));
    }
}
