package io.tcplab.cli;

import io.tcplab.client.Hold;
import io.tcplab.client.ShortLived;
import io.tcplab.containers.AgentLink;
import io.tcplab.containers.LineOutput;
import io.tcplab.containers.MonotonicOffset;
import io.tcplab.containers.RemoteHost;
import io.tcplab.containers.agent.Agent;
import io.tcplab.experiments.cell.RunningServer;
import io.tcplab.kernel.calls.Socket;
import io.tcplab.kernel.sockets.TcpState;
import io.tcplab.server.NeverClose;
import io.tcplab.server.WellBehaved;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.nio.channels.Channels;
import java.nio.channels.Pipe;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ThreadFactory;

/** Both ends of an agent's line: a container has its agent, and with it what a run asks of a host, as a start of its own. */
final class AgentRehearsal {
    private static final Duration WITHIN = Duration.ofSeconds(60);
    private static final int A_FEW = 20;
    private static final int LOOPBACK_PREFIX = 8;

    private AgentRehearsal() {}

    /** Where these threads are: in a namespace of its own, or with this machine's loopback, of which it changes nothing. */
    static void rehearse(ThreadFactory threads) throws IOException, InterruptedException {
        Pipe pipe = Pipe.open();
        try (OutputStream toAgent = Channels.newOutputStream(pipe.sink());
                InputStream in = Channels.newInputStream(pipe.source())) {
            AgentLink link = new AgentLink("the rehearsed agent", bytes -> write(toAgent, bytes), () -> "");
            threads.newThread(() -> serve(in, link)).start();
            String bootId = link.greeting().bootId();
            runAll(new RemoteHost(
                    link,
                    List.of(InetAddress.getLoopbackAddress()),
                    LOOPBACK_PREFIX,
                    MonotonicOffset.of(link, bootId)));
        }
    }

    private static void runAll(RemoteHost host) throws InterruptedException {
        RunningServer server = host.serve(new WellBehaved());
        host.load(new ShortLived(), server, A_FEW, plan -> plan).awaitEnd(WITHIN);
        RunningServer leaking = host.serve(new NeverClose());
        host.load(new Hold(), leaking, A_FEW, plan -> plan).release();
        host.awaitNone(TcpState.SYN_SENT);
        host.counters();
        host.states();
        host.procNetTcp();
        host.sysctl("net.ipv4.tcp_fin_timeout");
        Socket socket = host.socket();
        socket.connect(server.addresses().getFirst(), WITHIN);
        socket.send(new byte[A_FEW]);
        host.endOf(socket);
        socket.close();
    }

    private static void serve(InputStream in, AgentLink link) {
        try {
            Agent.serve(in, new LineOutput(link), "rehearsal");
        } catch (IOException e) {
            link.cut(String.valueOf(e.getMessage()));
        }
    }

    private static void write(OutputStream out, byte[] bytes) {
        try {
            out.write(bytes);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
