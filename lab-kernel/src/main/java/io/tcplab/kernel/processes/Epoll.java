package io.tcplab.kernel.processes;

import io.tcplab.kernel.KernelException;
import io.tcplab.kernel.ffm.ProcFile;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a process's epolls watch, by {@code /proc/PID/fdinfo} (ep_show_fdinfo() in fs/eventpoll.c): whether anybody wants
 * to know that a socket can be read.
 */
public final class Epoll {
    // include/uapi/linux/eventpoll.h
    private static final int EPOLLIN = 0x1;
    private static final int EPOLLET = 1 << 31;
    private static final Pattern WATCHED = Pattern.compile("tfd:\\s*(\\d+)\\s+events:\\s*([0-9a-f]+).*");

    private Epoll() {}

    /**
     * A descriptor that an epoll watches.
     *
     * @param epoll the epoll's own descriptor
     * @param fd the one that is watched
     * @param events what for, EPOLLIN and so on; 0 after a one-shot event, or while the program has paused it
     */
    public record Watch(int epoll, int fd, int events) {
        /** Whether the program is told when there is something to read, the peer's FIN included. */
        public boolean forReading() {
            return (events & EPOLLIN) != 0;
        }

        /** Whether it is told once only for each arrival, not as long as something is unread. */
        public boolean edgeTriggered() {
            return (events & EPOLLET) != 0;
        }
    }

    /**
     * What the process's epolls watch, by the descriptor that is watched.
     *
     * @throws KernelException EACCES if this user may not see; ENOENT if the process has ended
     */
    public static Map<Integer, List<Watch>> watches(int pid) {
        List<Integer> epolls = new ArrayList<>();
        Descriptors.forEach(pid, (fd, target) -> {
            if (target.equals("anon_inode:[eventpoll]")) {
                epolls.add(fd);
            }
        });
        Map<Integer, List<Watch>> watches = new HashMap<>();
        for (int epoll : epolls) {
            parse(epoll, ProcFile.read("/proc/" + pid + "/fdinfo/" + epoll))
                    .forEach(watch -> watches.computeIfAbsent(watch.fd, fd -> new ArrayList<>())
                            .add(watch));
        }
        return watches;
    }

    static List<Watch> parse(int epoll, String fdinfo) {
        return fdinfo.lines()
                .map(WATCHED::matcher)
                .filter(Matcher::matches)
                .map(line ->
                        new Watch(epoll, Integer.parseInt(line.group(1)), Integer.parseUnsignedInt(line.group(2), 16)))
                .toList();
    }
}
