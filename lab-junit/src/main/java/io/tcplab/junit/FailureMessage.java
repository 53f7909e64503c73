package io.tcplab.junit;

import io.tcplab.kernel.sockets.TcpInfoField;
import io.tcplab.kernel.sockets.TcpSocket;
import io.tcplab.kernel.sockets.TcpState;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.LongSummaryStatistics;
import java.util.Map;
import java.util.OptionalInt;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/** What a failed assertion says of the sockets that failed it: who, how many, since when. */
final class FailureMessage {
    /** As many sockets of a group as a person looks at. */
    private static final int EXAMPLES = 3;

    private FailureMessage() {}

    static String of(String expectation, TcpSockets source, List<TcpSocket> found, OptionalInt port) {
        if (found.isEmpty()) {
            return expectation + ", but there were none.";
        }
        return expectation + ", but there " + (found.size() == 1 ? "was " : "were ") + found.size() + ":\n"
                + groups(found) + "\n" + diagnosis(source, port);
    }

    /** An assertion that fails says so, whatever becomes of the diagnosis. */
    private static String diagnosis(TcpSockets source, OptionalInt port) {
        try {
            return source.diagnosis(port);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return "There is no diagnosis: it was interrupted.";
        } catch (RuntimeException e) {
            return "There is no diagnosis: " + e.getMessage();
        }
    }

    /** Those of the same state and service stand together; the largest group comes first. */
    private static String groups(List<TcpSocket> sockets) {
        Map<Integer, Long> local = ports(sockets, socket -> socket.local().getPort());
        Map<Integer, Long> peers = ports(sockets, socket -> socket.peer().getPort());
        // A server's port comes again and again, a client's doesn't.
        Predicate<TcpSocket> served =
                socket -> local.getOrDefault(socket.local().getPort(), 0L)
                        >= peers.getOrDefault(socket.peer().getPort(), 0L);
        Map<String, List<TcpSocket>> groups = sockets.stream()
                .collect(Collectors.groupingBy(
                        socket -> group(socket, served.test(socket)), TreeMap::new, Collectors.toList()));
        return groups.entrySet().stream()
                .sorted(Comparator.comparingInt(group -> -group.getValue().size()))
                .map(group -> group(group.getKey(), group.getValue()))
                .collect(Collectors.joining());
    }

    private static Map<Integer, Long> ports(List<TcpSocket> sockets, Function<TcpSocket, Integer> port) {
        return sockets.stream().collect(Collectors.groupingBy(port, Collectors.counting()));
    }

    private static String group(TcpSocket socket, boolean served) {
        String state = socket.state().label();
        if (socket.state() == TcpState.LISTEN) {
            return state + ", port " + socket.local().getPort();
        }
        return served
                ? "%s, port %d, peer %s"
                        .formatted(
                                state,
                                socket.local().getPort(),
                                socket.peer().getAddress().getHostAddress())
                : state + " to " + text(socket.peer());
    }

    private static String group(String name, List<TcpSocket> sockets) {
        StringBuilder text = new StringBuilder("  ")
                .append(sockets.size())
                .append(' ')
                .append(name)
                .append(silence(sockets))
                .append('\n');
        sockets.stream()
                .limit(EXAMPLES)
                .forEach(socket -> text.append("      ").append(line(socket)).append('\n'));
        if (sockets.size() > EXAMPLES) {
            text.append("      and ").append(sockets.size() - EXAMPLES).append(" more\n");
        }
        return text.toString();
    }

    private static String line(TcpSocket socket) {
        return "%s to %s, Recv-Q %d, Send-Q %d%s"
                .formatted(
                        text(socket.local()),
                        text(socket.peer()),
                        socket.recvQueue(),
                        socket.sendQueue(),
                        socket.hasOwner() ? "" : ", no file descriptor");
    }

    private static String text(InetSocketAddress address) {
        return address.getAddress().getHostAddress() + ":" + address.getPort();
    }

    /** Since when: the kernel keeps no time of a state's beginning, but that of the peer's last segment. */
    private static String silence(List<TcpSocket> sockets) {
        LongSummaryStatistics millis = sockets.stream()
                .filter(socket -> socket.state() != TcpState.LISTEN)
                .flatMap(socket -> socket.info().stream())
                .flatMapToLong(info -> info.get(TcpInfoField.LAST_ACK_RECV).stream())
                .summaryStatistics();
        if (millis.getCount() == 0) {
            return "";
        }
        String least = Durations.text(Duration.ofMillis(millis.getMin()));
        String most = Durations.text(Duration.ofMillis(millis.getMax()));
        return "; the peer's last segment arrived " + (least.equals(most) ? most : least + " to " + most) + " ago";
    }
}
