package io.tcplab.experiments.catalogue;

import static java.util.stream.Collectors.joining;

import io.tcplab.experiments.Trial;
import io.tcplab.experiments.cell.Connection;
import io.tcplab.experiments.cell.Host;
import io.tcplab.kernel.wire.Segment;
import io.tcplab.kernel.wire.Side;
import io.tcplab.kernel.wire.TcpFlag;
import io.tcplab.kernel.wire.WireSegment;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * The segments by which a connection was closed, the client first, each the first of its kind: on a busy machine one may
 * come twice, because the other side's answer is still on its way when its sender's timer is up.
 *
 * @param clientsFins how often the client's FIN came
 * @param serversAck the server's first segment that acknowledges the client's FIN; perhaps its FIN
 * @param clientsAck the client's first segment that acknowledges the server's FIN
 */
record ClosingSegments(
        WireSegment clientsFin,
        long clientsFins,
        WireSegment serversAck,
        WireSegment serversFin,
        WireSegment clientsAck) {

    /**
     * Closes a connection from both sides.
     *
     * @param atOnce whether the server closes as soon as it has read EOF, or when its kernel has acknowledged the FIN
     */
    static ClosingSegments of(Trial trial, Connection connection, boolean atOnce) throws InterruptedException {
        int port = connection.port();
        connection.talk(); // without data so far, the server's delayed-ACK time is not 40 ms but none at all
        connection.client().close();
        Predicate<Segment> isClientsFin = segment -> segment.sourcePort() == port && segment.has(TcpFlag.FIN);
        WireSegment clientsFin = await(trial, isClientsFin);
        connection.server().receive(1, Host.SOON).orThrow("read EOF");
        Predicate<Segment> isServersAck =
                segment -> segment.destinationPort() == port && segment.acknowledges(clientsFin.segment());
        if (!atOnce) {
            await(trial, isServersAck);
        }
        connection.server().close();
        WireSegment serversFin = await(trial, segment -> segment.destinationPort() == port && segment.has(TcpFlag.FIN));
        Predicate<Segment> isClientsAck =
                segment -> segment.sourcePort() == port && segment.acknowledges(serversFin.segment());
        WireSegment clientsAck = await(trial, isClientsAck);
        List<Segment> sent = OnTheWire.sentBy(Side.CLIENT, trial.segments());
        long clientsFins = sent.stream().filter(isClientsFin).count();
        return new ClosingSegments(clientsFin, clientsFins, await(trial, isServersAck), serversFin, clientsAck);
    }

    private static WireSegment await(Trial trial, Predicate<Segment> wanted) throws InterruptedException {
        return OnTheWire.require(trial.wire(), wanted, "a segment of the close");
    }

    /** A FIN that comes again is acknowledged at once (tcp_data_queue enters quick-ACK mode), before anybody can close. */
    boolean undisturbed() {
        return clientsFins == 1;
    }

    /** Whether the server's ACK and its FIN are one segment. */
    boolean merged() {
        return serversAck.equals(serversFin);
    }

    /** {@code FIN-ACK, ACK, FIN-ACK, ACK}. */
    String names() {
        return Stream.of(clientsFin, serversAck, serversFin, clientsAck)
                .distinct()
                .map(one -> one.segment().name())
                .collect(joining(", "));
    }

    /** Until one of the server's, since its kernel was given the client's FIN. */
    double secondsUntil(WireSegment servers) {
        return (servers.atNanos() - clientsFin.leftAtNanos().orElse(clientsFin.atNanos())) / 1e9;
    }
}
