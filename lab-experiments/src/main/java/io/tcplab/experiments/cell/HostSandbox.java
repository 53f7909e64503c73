package io.tcplab.experiments.cell;

import io.tcplab.experiments.Role;
import io.tcplab.kernel.KernelException;
import io.tcplab.kernel.netns.Namespace;
import io.tcplab.kernel.sysctl.Sysctls;
import java.net.InetAddress;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Cells on this host's own loopback, two addresses of 127.0.0.0/8 each. Nothing on the host is changed, so it needs no
 * privilege, and tells less: what needs a sysctl of its own, or counters of its own, is inconclusive here.
 */
public final class HostSandbox implements Sandbox {
    @Override
    public String name() {
        return "host";
    }

    @Override
    public Optional<String> unavailable() {
        return Optional.empty();
    }

    @Override
    public Optional<String> obstacle(CellPlan plan) {
        List<String> missing = new ArrayList<>();
        for (Role role : Role.values()) {
            plan.sysctls().getOrDefault(role, Map.of()).forEach((name, wanted) -> {
                String actual = actual(name);
                if (!actual.equals(wanted)) {
                    missing.add("%s=%s on the %s, this host has %s".formatted(name, wanted, role.label(), actual));
                }
            });
        }
        if (plan.clientAddresses() > 1) {
            missing.add("%d addresses on the client".formatted(plan.clientAddresses()));
        }
        if (plan.serverAddresses() > 1) {
            missing.add("%d addresses on the server".formatted(plan.serverAddresses()));
        }
        if (plan.link() == Link.WIRE) {
            missing.add("a wire between two hosts");
        }
        return missing.isEmpty()
                ? Optional.empty()
                : Optional.of(
                        "the host sandbox changes nothing on this host, and the run needs %s; use --sandbox namespaces"
                                .formatted(String.join("; ", missing)));
    }

    @Override
    public Cell open(CellPlan plan) {
        obstacle(plan).ifPresent(reason -> {
            throw new IllegalArgumentException(reason);
        });
        CellAddresses.Network network = CellAddresses.onLoopback();
        Deque<AutoCloseable> made = new ArrayDeque<>();
        try {
            List<InetAddress> clientAddresses = network.clients(1);
            LocalHost client = open(clientAddresses, made);
            LocalHost server = open(network.servers(1), made);
            CellRecording recording = CellRecording.start(plan.transitions(), clientAddresses);
            made.push(recording);
            return new LocalCell(client, server, new CellLink.OfHost(), recording, made);
        } catch (RuntimeException e) {
            throw Closing.after(e, made);
        }
    }

    private static LocalHost open(List<InetAddress> addresses, Deque<AutoCloseable> made) {
        LocalHost host = new LocalHost(new HostView(Namespace.current(), addresses, NamespaceSharing.SHARED));
        made.push(host);
        return host;
    }

    private static String actual(String name) {
        try {
            return Sysctls.of(Namespace.current()).read(name);
        } catch (KernelException e) {
            return "no such sysctl";
        }
    }
}
