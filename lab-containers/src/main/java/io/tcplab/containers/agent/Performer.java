package io.tcplab.containers.agent;

import io.tcplab.containers.protocol.Call;
import io.tcplab.containers.protocol.MessageReader;
import io.tcplab.containers.protocol.MessageWriter;
import io.tcplab.containers.protocol.Values;
import io.tcplab.experiments.cell.LocalHost;
import io.tcplab.experiments.cell.RunningLoad;
import io.tcplab.experiments.cell.RunningServer;
import io.tcplab.kernel.netns.Cidr;
import io.tcplab.kernel.netns.Interface;
import io.tcplab.kernel.netns.Namespace;
import io.tcplab.kernel.sockets.SocketDescriptors;
import io.tcplab.server.Behaviour;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Does what is called for, on the host that this container is. Any thread may use it, several at a time. */
final class Performer {
    private final Handles<RunningServer> servers = new Handles<>("server");
    private final Handles<RunningLoad> loads = new Handles<>("load");
    private final Handles<PreparedLoad> prepared = new Handles<>("prepared load");
    private final TrialCalls trials;
    private Optional<Opened> opened = Optional.empty();

    /** What there is once the host has its addresses. */
    private record Opened(LocalHost host, SocketCalls sockets, CaptureCalls captures) {}

    Performer(Trials trials) {
        this.trials = new TrialCalls(trials);
    }

    /** Reads the call's arguments, does it, and writes what it returns. */
    void perform(Call call, MessageReader in, MessageWriter out) throws InterruptedException {
        switch (call) {
            case CLOCK -> out.number(System.nanoTime());
            case OPEN -> open(in.each(MessageReader::address), in.integer());
            case SERVE -> serve(in, out);
            case RESUME_ACCEPTING -> servers.get(in.integer()).resumeAccepting();
            case LOAD -> out.integer(loads.add(host().load(Values.loadPlan(in))));
            case PREPARE -> out.integer(prepared.add(PreparedLoad.of(host(), Values.loadPlan(in))));
            case BEGIN -> begin(prepared.get(in.integer()), in.number(), out);
            case TIMINGS -> Values.write(out, prepared.get(in.integer()).load().timings());
            case REPORT -> Values.write(out, loads.get(in.integer()).report());
            case RELEASE -> loads.get(in.integer()).release();
            case AWAIT_END -> Values.write(out, loads.get(in.integer()).awaitEnd(in.duration(), in.duration()));
            case CENSUS -> Values.write(out, host().rawCensus(Values.socketQuery(in)));
            case STATES -> Values.write(out, host().states());
            case STATES_OF -> Values.write(out, host().states(Values.socketQuery(in)));
            case COUNTERS -> Values.write(out, host().counters());
            case PROC_NET_TCP -> out.each(host().procNetTcp(), Values::write);
            case SYSCTL -> out.text(host().sysctl(in.text()));
            case SET_SYSCTL -> host().setSysctl(in.text(), in.text());
            case DESCRIPTORS -> out.number(held(in.each(MessageReader::number)));
            case SOCKET -> out.integer(opened().sockets.add(host().socket()));
            case START_CAPTURE, FINISH_CAPTURE, READ_CAPTURE ->
                opened().captures.perform(call, out);
            case BEGIN_TRIALS -> trials.begin(in, out);
            case NEXT_TRIALS -> trials.next(in, out);
            default -> opened().sockets.perform(call, in, out);
        }
    }

    /** The first address is there already, from the engine; the interface that has it gets the others. */
    private synchronized void open(List<InetAddress> addresses, int prefix) {
        if (opened.isPresent()) {
            throw new IllegalArgumentException("the host is open already");
        }
        String name = interfaceOf(addresses.getFirst());
        Interface.of(Namespace.current(), name)
                .add(addresses.stream()
                        .skip(1)
                        .map(address -> new Cidr(address, prefix))
                        .toList());
        opened = Optional.of(new Opened(LocalHost.ofContainer(addresses), new SocketCalls(), new CaptureCalls(name)));
    }

    private static String interfaceOf(InetAddress address) {
        try {
            NetworkInterface found = NetworkInterface.getByInetAddress(address);
            if (found == null) {
                throw new IllegalArgumentException("no interface of this container has " + address.getHostAddress());
            }
            return found.getName();
        } catch (SocketException e) {
            throw new IllegalStateException("the container's interfaces can't be listed", e);
        }
    }

    private void serve(MessageReader in, MessageWriter out) {
        RunningServer server = host().serve(Behaviour.parse(in.text()), Values.serveOptions(in));
        out.integer(servers.add(server)).each(server.addresses(), MessageWriter::endpoint);
    }

    private void begin(PreparedLoad ready, long atNanos, MessageWriter out) throws InterruptedException {
        ready.begin(atNanos);
        out.integer(loads.add(ready.load())).number(ready.load().startedAtNanos());
    }

    private static long held(List<Long> inodes) {
        Set<Long> held = SocketDescriptors.inodes();
        return inodes.stream().filter(held::contains).count();
    }

    private LocalHost host() {
        return opened().host;
    }

    private synchronized Opened opened() {
        return opened.orElseThrow(() -> new IllegalArgumentException("the host isn't open yet"));
    }
}
