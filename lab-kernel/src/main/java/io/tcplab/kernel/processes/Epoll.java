package io.tcplab.kernel.processes;

import io.tcplab.kernel.MalformedException;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a process's epolls watch, by {@code /proc/PID/fdinfo} (ep_show_fdinfo() in fs/eventpoll.c): whether anybody wants
 * to know that a socket can be read.
 */
public final class Epoll {
    // include/uapi/linux/eventpoll.h
    private static final int EPOLLIN = 0x1;
    private static final int EPOLLOUT = 0x4;
    private static final int EPOLLRDHUP = 0x2000;
    private static final int EPOLLEXCLUSIVE = 1 << 28;
    private static final int EPOLLWAKEUP = 1 << 29;
    private static final int EPOLLONESHOT = 1 << 30;
    private static final int EPOLLET = 1 << 31;

    /** EP_PRIVATE_BITS of fs/eventpoll.c: how to tell, not of what. */
    private static final int HOW = EPOLLWAKEUP | EPOLLONESHOT | EPOLLET | EPOLLEXCLUSIVE;

    private static final Pattern WATCHED = Pattern.compile(
            "tfd:\\s*(\\d+)\\s+events:\\s*([0-9a-f]+)\\s+data:\\s*[0-9a-f]+(?:.*\\bino:([0-9a-f]+))?.*");

    private Epoll() {}

    /**
     * A descriptor that an epoll watches.
     *
     * @param epoll the epoll's own descriptor
     * @param fd the one that is watched: its number when the watch was made. If that was closed while another descriptor of the
     *     same file is still open, the watch stays, and the number may be another file's by now: then the inode differs
     * @param events what for, EPOLLIN and so on; the kernel adds EPOLLERR and EPOLLHUP, so that a program that has paused the watch
     *     leaves 0x18
     * @param inode of what is watched: a socket's is that of its "socket:[…]". {@link #UNKNOWN_INODE} of kernels before 4.13
     */
    public record Watch(int epoll, int fd, int events, long inode) {
        public static final long UNKNOWN_INODE = 0;

        /** Whether it reports that there is something to read, including the peer's FIN. */
        public boolean forReading() {
            return has(EPOLLIN);
        }

        /** Whether it reports room to write: nearly always. */
        public boolean forWriting() {
            return has(EPOLLOUT);
        }

        /** Whether it reports the peer's FIN separately from data. */
        public boolean forPeersEnd() {
            return has(EPOLLRDHUP);
        }

        /** Whether it reports each arrival only once, not while something is unread. */
        public boolean edgeTriggered() {
            return has(EPOLLET);
        }

        /** Whether it reports once, and then only after it is rearmed. */
        public boolean oneShot() {
            return has(EPOLLONESHOT);
        }

        /** Whether of several epolls that watch the same, as of a listener, not all are woken. */
        public boolean exclusive() {
            return has(EPOLLEXCLUSIVE);
        }

        /**
         * Whether it has fired and waits to be armed again: of a one-shot watch that has fired, the kernel leaves only how to report
         * (ep_send_events() in fs/eventpoll.c). A watch that the program has paused keeps EPOLLERR and EPOLLHUP.
         */
        public boolean isSpent() {
            return oneShot() && (events & ~HOW) == 0;
        }

        private boolean has(int flag) {
            return (events & flag) != 0;
        }
    }

    /**
     * The epolls that have something to tell once these watches have: their own, and those which watch such an epoll.
     *
     * @param watches what all of the process's epolls watch, as {@link EventLoops#watches}
     */
    public static Set<Integer> telling(Map<Integer, List<Watch>> watches, Collection<Watch> some) {
        Set<Integer> telling = new HashSet<>();
        Deque<Watch> next = new ArrayDeque<>(some);
        while (!next.isEmpty()) {
            int epoll = next.pop().epoll;
            if (telling.add(epoll)) {
                watches.getOrDefault(epoll, List.of()).stream()
                        .filter(Watch::forReading)
                        .forEach(next::push);
            }
        }
        return telling;
    }

    static List<Watch> parse(int epoll, String fdinfo) {
        return MalformedException.unlessRead(
                "/proc/PID/fdinfo",
                fdinfo,
                () -> fdinfo.lines()
                        .map(WATCHED::matcher)
                        .filter(Matcher::matches)
                        .map(line -> watch(epoll, line))
                        .toList());
    }

    private static Watch watch(int epoll, Matcher line) {
        String inode = line.group(3);
        return new Watch(
                epoll,
                Integer.parseInt(line.group(1)),
                Integer.parseUnsignedInt(line.group(2), 16),
                inode == null ? Watch.UNKNOWN_INODE : Long.parseLong(inode, 16));
    }
}
