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

/** A Netty server that has paused reading: on NIO it never learns that its peers have closed. */
public final class NettyAutoRead implements Experiment {
    private static final Knob<Integer> PEERS =
            Knob.integer("peers", 10, 1, 1_000, "peers that connect and close, at each of the servers");

    static final Expectation NIO_LEAKS =
            deciding(SERVER, SOCK_DIAG, "NIO: all are in CLOSE_WAIT, the FIN unread (Recv-Q 1), owned by the process");
    static final Expectation EPOLL_CLOSES =
            supporting(SERVER, SOCK_DIAG, "epoll: none is in CLOSE_WAIT, as EPOLLRDHUP makes Netty read to the end");
    static final Expectation IO_URING_CLOSES =
            supporting(SERVER, SOCK_DIAG, "io_uring: none is, for the same reason (POLLRDHUP)");

    private static final Measure LEAKED =
            Measure.sockets(SERVER, CLOSE_WAIT, Better.LOWER, "of all three transports, when their peers have gone");

    @Override
    public Story story() {
        return new Story(
                "netty-auto-read",
                "autoRead=false hides the peer's FIN from Netty on NIO: CLOSE_WAIT until somebody reads",
                """
                A proxy, or whoever does back-pressure, pauses reading by setAutoRead(false), and reads on when its own
                peer is writable again. On NIO a paused channel has no interest in OP_READ, and the JDK's selector has no
                other way to tell of a FIN. So if the peer goes away meanwhile, nothing happens: CLOSE_WAIT with Recv-Q 1,
                the FIN, for as long as reading is paused; for ever, if the resume was lost.

                On epoll and io_uring Netty asks the kernel for RDHUP besides, and reads to the end and closes, paused or
                not. So a leak may come with a change of transport, or appear only where the native library wasn't found
                and Netty fell back to NIO.

                Remedies: pair every pause with a resume that also runs when the other side fails; an IdleStateHandler,
                which needs no read; the native transport. What tells it from a forgotten close() is Recv-Q: 1 or more here,
                0 there.""",
                "autoRead is off, and never on again",
                "autoRead is on, Netty's default",
                List.of());
    }

    @Override
    public List<Knob<?>> knobs() {
        return List.of(PEERS);
    }

    @Override
    public List<Expectation> expectations(KnobValues knobs) {
        return List.of(NIO_LEAKS, EPOLL_CLOSES, IO_URING_CLOSES);
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
        return Duration.ofSeconds(4);
    }

    @Override
    public List<Measure> measures() {
        return List.of(LEAKED);
    }

    @Override
    public void run(Trial trial) throws InterruptedException {
        int peers = trial.knob(PEERS);
        PlainNettyServers servers = PlainNettyServers.visit(trial, new PlainNetty(trial.faulty(), false), peers);
        trial.measure(LEAKED, trial.server().census().count(CLOSE_WAIT));
        trial.observe(
                NIO_LEAKS, equalTo(peers), () -> servers.inCloseWait(Transport.NIO, socket -> socket.recvQueue() == 1));
        trial.observe(EPOLL_CLOSES, equalTo(0), () -> servers.inCloseWait(Transport.EPOLL, NettyAutoRead::any));
        trial.observe(IO_URING_CLOSES, equalTo(0), () -> servers.inCloseWait(Transport.IO_URING, NettyAutoRead::any));
    }

    private static boolean any(TcpSocket socket) {
        return true;
    }
}
