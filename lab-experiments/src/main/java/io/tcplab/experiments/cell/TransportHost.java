package io.tcplab.experiments.cell;

import io.tcplab.client.Load;
import io.tcplab.client.LoadPlan;
import io.tcplab.kernel.calls.Socket;
import io.tcplab.kernel.counters.Counters;
import io.tcplab.kernel.memory.TcpMemory;
import io.tcplab.kernel.sockets.Census;
import io.tcplab.kernel.sockets.ProcNetTcp;
import io.tcplab.kernel.sockets.SocketQuery;
import io.tcplab.kernel.sockets.StateCounts;
import io.tcplab.kernel.sockets.TcpSocket;
import io.tcplab.server.Behaviour;
import io.tcplab.transport.Transport;
import java.net.InetAddress;
import java.time.Duration;
import java.util.List;
import java.util.function.Predicate;

/** A host whose servers and loads use one transport. */
record TransportHost(Host host, Transport transport) implements Host {

    @Override
    public RunningServer serve(Behaviour behaviour, ServeOptions options) {
        return host.serve(behaviour, options.withTransport(transport));
    }

    @Override
    public LoadPlan plan(Load load, RunningServer server) {
        return host.plan(load, server).withTransport(transport);
    }

    @Override
    public RunningLoad load(LoadPlan plan) {
        return host.load(plan);
    }

    @Override
    public List<InetAddress> addresses() {
        return host.addresses();
    }

    @Override
    public Socket socket() {
        return host.socket();
    }

    @Override
    public Census census(SocketQuery query) {
        return host.census(query);
    }

    @Override
    public StateCounts states() {
        return host.states();
    }

    @Override
    public Census await(SocketQuery query, Predicate<Census> condition, Duration within) throws InterruptedException {
        return host.await(query, condition, within);
    }

    @Override
    public Counters counters() {
        return host.counters();
    }

    @Override
    public List<ProcNetTcp.Line> procNetTcp() {
        return host.procNetTcp();
    }

    @Override
    public TcpMemory memory() {
        return host.memory();
    }

    @Override
    public String sysctl(String name) {
        return host.sysctl(name);
    }

    @Override
    public void setSysctl(String name, String value) {
        host.setSysctl(name, value);
    }

    @Override
    public long descriptors(List<TcpSocket> sockets) {
        return host.descriptors(sockets);
    }
}
