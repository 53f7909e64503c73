package io.tcplab.experiments.catalogue;

import io.tcplab.experiments.*;
import io.tcplab.server.PlainNetty;
import io.tcplab.transport.Transport;

/** A Netty server that has paused reading: on NIO it never learns that its peers have closed. */
public final class NettyAutoRead extends AbstractExperiment {
    public NettyAutoRead() {
        super("netty-auto-read", """
                A proxy, or any code with back-pressure, pauses reading with setAutoRead(false), and resumes when its
                other side is writable again. On NIO a paused channel has no interest in OP_READ, and the JDK's selector
                has no other way to report a FIN. So if the peer closes in the meantime, nothing happens: CLOSE_WAIT
                with Recv-Q 1 (the FIN) for as long as reading is paused; forever, if nobody resumes it.

                On epoll and io_uring Netty also asks the kernel for RDHUP, reads to the end and closes, paused or not.
                So a change of transport may cause a leak, or the leak appears only where the native library wasn't
                found and Netty fell back to NIO.

                Fixes: pair every pause with a resume that also runs when the other side fails; an IdleStateHandler,
                which needs no read; the native transport. Recv-Q distinguishes this from a forgotten close(): 1 or more
                here, 0 there.""");
        headline("autoRead=false hides the peer's FIN from Netty on NIO: CLOSE_WAIT until somebody reads");
        fault("autoRead is off and stays off");
        control("autoRead is on, Netty's default");
        descriptors(PEERS, 6, 60);
        takes(4);
    }

    final Knob<Integer> PEERS = integer("peers", 10, 1, 1_000, "peers that connect and close, at each of the servers");

    final Expectation NIO_LEAKS =
            deciding(SERVER, SOCK_DIAG, "NIO: all are in CLOSE_WAIT, the FIN unread (Recv-Q 1), owned by the process");
    final Expectation EPOLL_CLOSES = supporting(
            SERVER, SOCK_DIAG, "epoll: none is in CLOSE_WAIT, because EPOLLRDHUP makes Netty read to the end");
    final Expectation IO_URING_CLOSES =
            supporting(SERVER, SOCK_DIAG, "io_uring: none is in CLOSE_WAIT, for the same reason (POLLRDHUP)");

    final Measure LEAKED =
            sockets(SERVER, CLOSE_WAIT, LOWER, "for all three transports, after their peers have closed");

    @Override
    public void run(Trial trial) throws InterruptedException {
        int peers = trial.knob(PEERS);
        PlainNettyServers servers = PlainNettyServers.visit(trial, new PlainNetty(trial.faulty(), false), peers);
        trial.measure(LEAKED, trial.server().census().count(CLOSE_WAIT));
        trial.observe(NIO_LEAKS, equalTo(peers), () -> servers.inCloseWait(Transport.NIO, one -> one.recvQueue() == 1));
        trial.observe(EPOLL_CLOSES, equalTo(0), () -> servers.inCloseWait(Transport.EPOLL, any -> true));
        trial.observe(IO_URING_CLOSES, equalTo(0), () -> servers.inCloseWait(Transport.IO_URING, any -> true));
    }
}
