package io.tcplab.experiments.cell;

import io.tcplab.experiments.Role;
import io.tcplab.kernel.KernelException;
import io.tcplab.kernel.netns.Cidr;
import io.tcplab.kernel.netns.Namespace;
import io.tcplab.kernel.netns.VethLink;
import io.tcplab.kernel.wire.Wire;
import io.tcplab.transport.Transport;
import java.net.InetAddress;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Cells of two network namespaces of this process, joined by a veth pair or the wire. They end with the process,
 * however it ends.
 */
public final class NamespaceSandbox implements Sandbox {
    private static final String INTERFACE = "veth0";
    private static final int PREFIX = 24;

    private static boolean nettyHasLooked;

    @Override
    public String name() {
        return "namespaces";
    }

    @Override
    public Optional<String> unavailable() {
        try {
            Namespace.create("probe").close();
            return Optional.empty();
        } catch (KernelException e) {
            return Optional.of(String.valueOf(e.getMessage()));
        }
    }

    @Override
    public Optional<String> obstacle(CellPlan plan) {
        List<String> problems = plan.sysctls().values().stream()
                .flatMap(sysctls -> sysctls.entrySet().stream())
                .flatMap(sysctl -> sysctlProblem(sysctl.getKey(), sysctl.getValue()).stream())
                .distinct()
                .sorted()
                .toList();
        return problems.isEmpty() ? Optional.empty() : Optional.of(String.join("; ", problems));
    }

    @Override
    public Cell open(CellPlan plan) {
        Deque<AutoCloseable> made = new ArrayDeque<>();
        try {
            return open(plan, made);
        } catch (RuntimeException e) {
            throw Closing.after(e, made);
        }
    }

    private static Cell open(CellPlan plan, Deque<AutoCloseable> made) {
        Joined cell = Namespace.visiting(() -> join(plan, made));
        // A thread of the recording's may outlive the cell, and must not have begun in one of its namespaces.
        CellRecording recording =
                CellRecording.start(plan.transitions(), cell.client().addresses());
        made.push(recording);
        return new LocalCell(cell.client(), cell.server(), cell.link(), recording, made);
    }

    private record Joined(LocalHost client, LocalHost server, CellLink link) {}

    private static Joined join(CellPlan plan, Deque<AutoCloseable> made) {
        Namespace clientSpace = Namespace.createWithOwnTable("client");
        made.push(clientSpace);
        letNettyLook(clientSpace);
        CellAddresses.Network network = CellAddresses.of(clientSpace);
        List<InetAddress> clientAddresses = network.clients(plan.clientAddresses());
        List<InetAddress> serverAddresses = network.servers(plan.serverAddresses());
        Namespace serverSpace = Namespace.createWithOwnTable("server");
        made.push(serverSpace);
        CellLink link = join(
                plan.link(),
                new VethLink.End(clientSpace, INTERFACE, cidrs(clientAddresses)),
                new VethLink.End(serverSpace, INTERFACE, cidrs(serverAddresses)));
        if (link instanceof CellLink.OfWire joined) {
            made.push(joined.wire());
        }
        LocalHost client = new LocalHost(new HostView(clientSpace, clientAddresses, NamespaceSharing.EXCLUSIVE));
        made.push(client);
        LocalHost server = new LocalHost(new HostView(serverSpace, serverAddresses, NamespaceSharing.EXCLUSIVE));
        made.push(server);
        apply(plan.settings(Role.CLIENT), client);
        apply(plan.settings(Role.SERVER), server);
        return new Joined(client, server, link);
    }

    /** Netty looks once in a process, so that a thread for it is needed once, and not for each cell. */
    private static synchronized void letNettyLook(Namespace space) {
        if (!nettyHasLooked) {
            space.run(Transport::findLoopback);
            nettyHasLooked = true;
        }
    }

    private static CellLink join(Link link, VethLink.End client, VethLink.End server) {
        return switch (link) {
            case VETH -> {
                VethLink.join(client, server);
                yield new CellLink.OfVeth(client.namespace(), client.name());
            }
            case WIRE -> new CellLink.OfWire(Wire.join(client, server));
        };
    }

    private static void apply(Map<String, String> sysctls, LocalHost host) {
        sysctls.forEach(host::setSysctl);
    }

    private static List<Cidr> cidrs(List<InetAddress> addresses) {
        return addresses.stream().map(address -> new Cidr(address, PREFIX)).toList();
    }
}
