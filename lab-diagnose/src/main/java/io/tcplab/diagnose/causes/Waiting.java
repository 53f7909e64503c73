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
            "threads of a pool that are idle, and reading that is paused",
            "a dump of the threads: do they hold these connections, or wait for work?");

    private static final Rival IN_PART =
            new Rival("a program that reads each arrival only in part", "does it read until EAGAIN?");

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
            return handled(
                    watches + " once (EPOLLONESHOT), has told of it, and wasn't asked again: it is with a handler");
        }
        if (reading.stream().allMatch(Epoll.Watch::edgeTriggered)) {
            return handled(
                    watches
                            + ", and tells once of what comes (edge-triggered): so its loop may wait, whatever the handlers do");
        }
        if (threads.areUnseen()) {
            return unknown(watches + "; in which calls its threads wait, this user may not see");
        }
        // It returns at once as long as there is something to read: whoever waits there for long wasn't told of it.
        Set<Integer> telling = Epoll.telling(process.watches().orElse(Map.of()), reading);
        return threads.waitInOneOf(telling)
                ? unknown(watches
                        + " as long as there is something (level-triggered), and a thread waits in it all the same: it"
                        + " was seen between two rounds, the watch isn't this socket's, or the program asks for more than has"
                        + " come (SO_RCVLOWAT)")
                : new Unread(
                        WhyNotRead.BLOCKED,
                        watches + ", but no thread waits in that epoll; " + threads.words(),
                        List.of(new Rival(
                                "a loop whose thread has ended",
                                "a dump of the threads: is the loop's thread among them?")));
    }

    /** A handler has it: what it waits for is to be seen only if it is a thread. */
    private Unread handled(String words) {
        if (threads.areUnseen()) {
            return unknown(words + "; in which calls its threads wait, this user may not see");
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
            return unknown("a thread of " + process.label() + " waits in a read of one of them, for more than has come"
                    + " (SO_RCVLOWAT), or was about to return; " + threads.words());
        }
        if (!process.rings().isEmpty()) {
            return unknown(
                    process.label() + " has an io_uring, whose requests the kernel doesn't show; " + threads.words());
        }
        if (threads.areUnseen()) {
            return unknown("in which calls the threads of " + process.label() + " wait, this user may not see; "
                    + threads.words());
        }
        return unwatchedBySeen();
    }

    /** One thread that polls may be the loop, which can't be told from the one handler. */
    private Unread unwatchedBySeen() {
        long elsewhere = threads.elsewhere();
        long polling = threads.polling();
        if (elsewhere >= held.size() || (polling > 1 && elsewhere + polling >= held.size())) {
            long wait = elsewhere >= held.size() ? elsewhere : elsewhere + polling;
            return blocked("no epoll watches it and no thread waits in a read of it, but " + wait
                    + " wait in something else; " + threads.words());
        }
        if (isServer() && threads.allElsewhere()) {
            return blocked("no thread waits for anything to read, each waits in something else; " + threads.words());
        }
        if (!threads.loop()) {
            return unknown(threads.words());
        }
        if (polling >= held.size()) {
            return unknown("whether a loop or a handler waits in poll() can't be told; " + threads.words());
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
                        "a handler that has taken it off the loop while it works, and is blocked",
                        "a dump of the threads: does one of them have this connection?")));
    }

    /** A loop that hands over to a few threads: what those have no time for waits, and looks like what is paused. */
    private Unread taken(long elsewhere) {
        return unknown("no epoll of " + process.label() + " watches fd "
                + held.getFirst().fd() + " for reading, and its loop waits; " + elsewhere
                + (elsewhere == 1 ? " thread waits" : " threads wait")
                + " in something else: a pool whose threads are all blocked, while the other connections are in its queue,"
                + " looks like that, and so does reading that is paused beside idle threads; " + threads.words());
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
