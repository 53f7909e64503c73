package io.tcplab.diagnose.causes;

import io.tcplab.diagnose.sample.ProcessSample;
import io.tcplab.diagnose.sample.SocketRow;
import io.tcplab.kernel.processes.SocketHolder;
import io.tcplab.kernel.processes.Suspension;
import io.tcplab.kernel.sockets.TcpState;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;

/** How findings say things. */
public final class Words {
    private static final int EXAMPLES = 3;
    private static final int GROUPS = 4;

    private Words() {}

    /** {@code 1 socket}, {@code 3 sockets}. */
    public static String count(long number, String one) {
        String plural = one.endsWith("s") ? "es" : "s";
        return String.format(Locale.ROOT, "%,d %s%s", number, one, number == 1 ? "" : plural);
    }

    /** {@code 1,222}. */
    static String number(long number) {
        return String.format(Locale.ROOT, "%,d", number);
    }

    /** {@code 0.4 s}, {@code 35 s}, {@code 12 min}, {@code 3 h}. */
    public static String time(Duration time) {
        double seconds = time.toMillis() / 1e3;
        if (seconds < 10) {
            return String.format(Locale.ROOT, "%.1f s", seconds);
        }
        if (seconds < 120) {
            return Math.round(seconds) + " s";
        }
        return seconds < 7200 ? Math.round(seconds / 60) + " min" : Math.round(seconds / 3600) + " h";
    }

    /** {@code +3 in 10 s}, or that none were added. */
    static String growth(Evidence evidence, int change) {
        if (evidence.window().isZero()) {
            return "only one look, so it is unknown whether they grow";
        }
        String during = " during the " + time(evidence.window()) + " of observation";
        return change > 0
                ? String.format(Locale.ROOT, "%,d of them appeared", change) + during
                : "none appeared" + during;
    }

    /** How long the oldest has been like this, and how many appeared during the diagnosis. */
    static String age(Evidence evidence, Collection<SocketRow> sockets, int growth) {
        return "the oldest has been like this for at least " + time(oldest(evidence, sockets)) + "; "
                + growth(evidence, growth);
    }

    /** Some of the sockets, each in a line. */
    static List<String> examples(Evidence evidence, Collection<SocketRow> sockets) {
        List<String> lines = new ArrayList<>();
        longestSilent(evidence, sockets).forEach(socket -> lines.add(describe(evidence, socket)));
        if (sockets.size() > EXAMPLES) {
            lines.add(String.format(Locale.ROOT, "and %,d more", sockets.size() - EXAMPLES));
        }
        return lines;
    }

    /** Of very many a few are found without sorting all. Which of several that have been silent for as long doesn't depend on the kernel's order. */
    private static List<SocketRow> longestSilent(Evidence evidence, Collection<SocketRow> sockets) {
        Comparator<SocketRow> longestFirst = Comparator.<SocketRow>comparingLong(evidence::silentMillis)
                .reversed()
                .thenComparingLong(SocketRow::cookie);
        List<SocketRow> longest = new ArrayList<>();
        for (SocketRow socket : sockets) {
            if (longest.size() == EXAMPLES && longestFirst.compare(longest.getLast(), socket) <= 0) {
                continue;
            }
            longest.add(socket);
            longest.sort(longestFirst);
            if (longest.size() > EXAMPLES) {
                longest.removeLast();
            }
        }
        return longest;
    }

    /** What waits in a socket's Recv-Q after the peer's FIN: {@code with 480 bytes unread before the FIN}. */
    static String unread(SocketRow socket) {
        if (socket.mptcp()) {
            return "with something unread";
        }
        return socket.recvQueue() == 1
                ? "with nothing unread but the FIN"
                : "with " + count(socket.recvQueue() - 1, "byte") + " unread before the FIN";
    }

    /** {@code 10.0.0.1:80 with 10.0.0.2:4711, Recv-Q 0, silent for 35 s, fd 7 of 99 (java)}. */
    static String describe(Evidence evidence, SocketRow socket) {
        StringBuilder line = new StringBuilder(socket.local())
                .append(" with ")
                .append(socket.peer())
                .append(": ")
                .append(socket.state().label())
                .append(socket.mptcp() ? " (MPTCP)" : "")
                .append(", Recv-Q ")
                .append(socket.recvQueue())
                .append(socket.mptcp() ? " of memory" : "")
                .append(", Send-Q ")
                .append(socket.sendQueue());
        long silentMillis = evidence.silentMillis(socket);
        if (silentMillis >= 0) {
            line.append(", silent for ").append(time(Duration.ofMillis(silentMillis)));
        }
        return line.append(holders(evidence, socket)).toString();
    }

    /** Who has a descriptor of it, as far as this user may see: {@code , fd 7 of 99 (java)}. */
    static String holders(Evidence evidence, SocketRow socket) {
        List<SocketHolder> holders = evidence.holders(socket);
        String some = holders.stream()
                .limit(EXAMPLES)
                .map(holder ->
                        ", fd " + holder.fd() + " of " + evidence.programs().label(holder.pid()))
                .collect(Collectors.joining());
        return holders.size() > EXAMPLES ? some + " and " + (holders.size() - EXAMPLES) + " more" : some;
    }

    /** {@code 12 on port 8080, 3 on port 8081}: the largest groups. */
    static String grouped(Collection<SocketRow> sockets, Function<SocketRow, String> by) {
        Map<String, Integer> groups = new HashMap<>();
        sockets.forEach(socket -> groups.merge(by.apply(socket), 1, Integer::sum));
        String largest = groups.entrySet().stream()
                .sorted(Map.Entry.<String, Integer>comparingByValue()
                        .reversed()
                        .thenComparing(Map.Entry.comparingByKey()))
                .limit(GROUPS)
                .map(group -> String.format(Locale.ROOT, "%,d %s", group.getValue(), group.getKey()))
                .collect(Collectors.joining(", "));
        return groups.size() > GROUPS ? largest + " and " + (groups.size() - GROUPS) + " more" : largest;
    }

    /** What keeps a process from doing anything: {@code 4711 (java) is stopped (SIGSTOP or the like)}; empty if nothing does. */
    static Optional<String> suspension(ProcessSample process) {
        return switch (process.suspension()) {
            case Suspension.None none -> Optional.empty();
            case Suspension.Stopped stopped ->
                Optional.of(process.label() + " is stopped (SIGSTOP or the like): state T");
            case Suspension.Frozen frozen ->
                Optional.of("the cgroup of " + process.label() + " is frozen, as by docker pause");
            case Suspension.Traced traced ->
                Optional.of("a debugger holds " + process.label() + " (state t)"
                        + (traced.tracer().isPresent()
                                ? ": process " + traced.tracer().getAsInt()
                                : ""));
        };
    }

    /** The same for the holders of these sockets, once each. */
    static List<String> suspensions(Evidence evidence, Collection<SocketRow> sockets) {
        return sockets.stream()
                .flatMap(socket -> evidence.holders(socket).stream())
                .map(SocketHolder::pid)
                .distinct()
                .flatMap(pid -> evidence.programs().process(pid).stream())
                .flatMap(process -> suspension(process).stream())
                .toList();
    }

    /** The state in which all of these are; empty if they are in several. */
    static Optional<TcpState> state(Collection<SocketRow> sockets) {
        Set<TcpState> states = sockets.stream().map(SocketRow::state).collect(Collectors.toSet());
        return states.size() == 1 ? states.stream().findFirst() : Optional.empty();
    }

    /** How long the oldest has been silent. */
    static Duration oldest(Evidence evidence, Collection<SocketRow> sockets) {
        return sockets.stream().map(evidence::silence).max(Duration::compareTo).orElse(Duration.ZERO);
    }
}
