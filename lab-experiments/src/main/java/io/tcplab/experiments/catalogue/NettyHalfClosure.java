package io.tcplab.experiments.catalogue;

import io.tcplab.experiments.*;
import io.tcplab.kernel.sockets.TcpSocket;
import io.tcplab.server.PlainNetty;
import io.tcplab.transport.Transport;
import java.util.function.Predicate;

/** A Netty server with ALLOW_HALF_CLOSURE and no handler for its event: it reads EOF and keeps the connection. */
public final class NettyHalfClosure extends AbstractExperiment {
    public NettyHalfClosure() {
        super("netty-half-closure", """
                When Netty reads EOF it closes the channel, and most handlers rely on that without knowing. With
                ChannelOption.ALLOW_HALF_CLOSURE it doesn't: it fires ChannelInputShutdownEvent and leaves the rest to
                the handlers, because the peer may only have ended its output (see half-close). If no handler handles
                the event, nobody calls close(). The kernel shows the same as for any forgotten close(): CLOSE_WAIT,
                Recv-Q 0, a descriptor that stays open (see close-wait-leak). All transports do the same.

                The option comes from a library that needs it, from a copied block of ChannelOptions, or from one of
                several protocols on a port. The fix: handle the event in the last handler of the pipeline, and call
                ctx.close() once everything has been sent; or don't set the option.""");
        headline("ALLOW_HALF_CLOSURE without a handler for ChannelInputShutdownEvent: Netty keeps connections that"
                + " its peers closed");
        fault("ALLOW_HALF_CLOSURE is set, and no handler handles the event");
        control("the option isn't set, which is Netty's default");
        descriptors(PEERS, 6, 60);
        takes(7);
    }

    final Knob<Integer> PEERS = integer("peers", 10, 1, 1_000, "peers that connect and close, at each of the servers");

    final Expectation EPOLL_LEAKS =
            deciding(SERVER, SOCK_DIAG, "epoll: all are in CLOSE_WAIT, EOF read (Recv-Q 0), owned by the process");
    final Expectation NIO_LEAKS = deciding(SERVER, SOCK_DIAG, "NIO: the same");
    final Expectation IO_URING_LEAKS = supporting(SERVER, SOCK_DIAG, "io_uring: the same");

    final Measure LEAKED =
            sockets(SERVER, CLOSE_WAIT, LOWER, "for all three transports, after their peers have closed");

    @Override
    public void run(Trial trial) throws InterruptedException {
        int peers = trial.knob(PEERS);
        Predicate<TcpSocket> read = socket -> socket.recvQueue() == 0;
        PlainNettyServers servers = PlainNettyServers.visit(trial, new PlainNetty(false, trial.faulty()), peers);
        trial.measure(LEAKED, trial.server().census().count(CLOSE_WAIT));
        trial.observe(EPOLL_LEAKS, equalTo(peers), () -> servers.inCloseWait(Transport.EPOLL, read));
        trial.observe(NIO_LEAKS, equalTo(peers), () -> servers.inCloseWait(Transport.NIO, read));
        trial.observe(IO_URING_LEAKS, equalTo(peers), () -> servers.inCloseWait(Transport.IO_URING, read));
    }
}
