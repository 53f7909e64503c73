package io.tcplab.experiments.catalogue;

import static io.tcplab.experiments.Expectation.deciding;
import static io.tcplab.experiments.Expectation.supporting;
import static io.tcplab.experiments.Expected.equalTo;
import static io.tcplab.experiments.Role.SERVER;
import static io.tcplab.experiments.Source.SOCK_DIAG;
import static io.tcplab.kernel.sockets.TcpState.CLOSE_WAIT;

import io.tcplab.experiments.Expectation;
import io.tcplab.experiments.Experiment;
import io.tcplab.experiments.Knob;
import io.tcplab.experiments.KnobValues;
import io.tcplab.experiments.Measure;
import io.tcplab.experiments.Measure.Better;
import io.tcplab.experiments.SocketNeed;
import io.tcplab.experiments.Story;
import io.tcplab.experiments.Trial;
import io.tcplab.experiments.cell.CellPlan;
import io.tcplab.kernel.sockets.TcpSocket;
import io.tcplab.server.PlainNetty;
import io.tcplab.transport.Transport;
import java.time.Duration;
import java.util.List;

/** A Netty server with ALLOW_HALF_CLOSURE and nobody who handles the event: it reads EOF and keeps the connection. */
public final class NettyHalfClosure implements Experiment {
    private static final Knob<Integer> PEERS =
            Knob.integer("peers", 10, 1, 1_000, "peers that connect and close, at each of the servers");

    static final Expectation EPOLL_LEAKS =
            deciding(SERVER, SOCK_DIAG, "epoll: all are in CLOSE_WAIT, EOF read (Recv-Q 0), owned by the process");
    static final Expectation NIO_LEAKS = deciding(SERVER, SOCK_DIAG, "NIO: the same");
    static final Expectation IO_URING_LEAKS = supporting(SERVER, SOCK_DIAG, "io_uring: the same");

    private static final Measure LEAKED =
            Measure.sockets(SERVER, CLOSE_WAIT, Better.LOWER, "of all three transports, when their peers have gone");

    @Override
    public Story story() {
        return new Story(
                "netty-half-closure",
                "ALLOW_HALF_CLOSURE without a handler for ChannelInputShutdownEvent: Netty keeps what its peers closed",
                """
                When Netty reads EOF it closes the channel, and hardly any handler knows that it does. With
                ChannelOption.ALLOW_HALF_CLOSURE it doesn't: it fires ChannelInputShutdownEvent and leaves the rest to the
                handlers, since the peer may only have ended its output (see half-close). If none of them handles the
                event, close() is never called. The kernel shows what it shows for each forgotten close(): CLOSE_WAIT,
                Recv-Q 0, a descriptor that stays (see close-wait-leak). All transports do the same.

                The option is set by libraries that mean it, by a copied block of ChannelOptions, or for one protocol of
                several on a port. Remedy: handle the event in the last handler of the pipeline, by ctx.close() once what is
                to be sent has been sent; or don't set the option.""",
                "ALLOW_HALF_CLOSURE is set, and no handler handles its event",
                "it isn't set, Netty's default",
                List.of());
    }

    @Override
    public List<Knob<?>> knobs() {
        return List.of(PEERS);
    }

    @Override
    public List<Expectation> expectations(KnobValues knobs) {
        return List.of(EPOLL_LEAKS, NIO_LEAKS, IO_URING_LEAKS);
    }

    @Override
    public CellPlan cell(KnobValues knobs, boolean faulty) {
        return CellPlan.plain();
    }

    @Override
    public SocketNeed sockets(KnobValues knobs) {
        return new SocketNeed(PEERS, 6, 60);
    }

    @Override
    public Duration about(KnobValues knobs) {
        return Duration.ofSeconds(7);
    }

    @Override
    public List<Measure> measures() {
        return List.of(LEAKED);
    }

    @Override
    public void run(Trial trial) throws InterruptedException {
        int peers = trial.knob(PEERS);
        PlainNettyServers servers = PlainNettyServers.visit(trial, new PlainNetty(false, trial.faulty()), peers);
        trial.measure(LEAKED, trial.server().census().count(CLOSE_WAIT));
        trial.observe(EPOLL_LEAKS, equalTo(peers), () -> servers.inCloseWait(Transport.EPOLL, NettyHalfClosure::read));
        trial.observe(NIO_LEAKS, equalTo(peers), () -> servers.inCloseWait(Transport.NIO, NettyHalfClosure::read));
        trial.observe(
                IO_URING_LEAKS, equalTo(peers), () -> servers.inCloseWait(Transport.IO_URING, NettyHalfClosure::read));
    }

    private static boolean read(TcpSocket socket) {
        return socket.recvQueue() == 0;
    }
}
