package io.tcplab.cli;

import io.tcplab.experiments.Experiment;
import io.tcplab.experiments.KnobValues;
import io.tcplab.experiments.SocketNeed;
import io.tcplab.experiments.catalogue.Catalogue;
import io.tcplab.experiments.cell.Capacity;
import io.tcplab.kernel.limits.Capabilities;
import io.tcplab.kernel.limits.FdLimit;
import io.tcplab.kernel.limits.KernelRelease;
import io.tcplab.kernel.limits.Obstacle;
import io.tcplab.kernel.limits.UserNamespaces;
import io.tcplab.transport.Transport;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Checks that need no cell: user, kernel, JDK, descriptors, transports. */
final class MachineChecks {
    /** Both hosts of a cell, and the control's two. */
    private static final int ARMS = 2;

    private final Capabilities capabilities = Capabilities.effective();

    List<Check> all() {
        List<Check> checks = new ArrayList<>();
        checks.add(user());
        checks.add(Check.ok("kernel", "Linux " + KernelRelease.current().text()));
        checks.add(Check.ok("JDK", Runtime.version() + ", " + System.getProperty("java.home")));
        checks.add(descriptors());
        for (Transport transport : Transport.values()) {
            checks.add(transport(transport));
        }
        return checks;
    }

    /** Whether this process may make network namespaces as it is. */
    boolean mayMakeNamespaces() {
        return capabilities.has("CAP_SYS_ADMIN") && capabilities.has("CAP_NET_ADMIN");
    }

    private Check user() {
        String user = System.getProperty("user.name") + (UserNamespaces.inside() ? ", in a user namespace" : "");
        if (mayMakeNamespaces()) {
            return Check.ok("user", user + ", can create network namespaces");
        }
        List<Obstacle> obstacles = UserNamespaces.obstacles();
        if (obstacles.isEmpty()) {
            return Check.ok("user", user + ", without privileges; runs use a user namespace");
        }
        return Check.missing(
                "user",
                user + ", without privileges, and user namespaces are forbidden: "
                        + String.join(
                                "; ", obstacles.stream().map(Obstacle::reason).toList()),
                String.join("; or ", obstacles.stream().map(Obstacle::remedy).toList())
                        + ". What can still run: lab run --sandbox host, lab server, lab client");
    }

    private static Check descriptors() {
        FdLimit limit = FdLimit.current();
        long each = Capacity.ofThisProcess().descriptors() / ARMS;
        String room = "%,d open files (hard limit %,d), which leaves %,d for each arm of a run"
                .formatted(limit.soft(), limit.hard(), each);
        List<String> tooLarge = tooLargeFor(each);
        return tooLarge.isEmpty()
                ? Check.ok("limits", room + ": every experiment fits")
                : Check.missing(
                        "limits",
                        room,
                        "raise it (ulimit -n; root can also raise the hard limit), or run smaller: lab run "
                                + String.join("; ", tooLarge));
    }

    /** The experiments that don't fit as they are, each with the largest size that does. */
    private static List<String> tooLargeFor(long descriptors) {
        List<String> tooLarge = new ArrayList<>();
        for (Experiment experiment : Catalogue.all()) {
            String name = experiment.story().name();
            SocketNeed need = experiment.sockets(KnobValues.of(name, experiment.knobs(), Map.of()));
            long largest = need.largest(descriptors);
            need.knob()
                    .filter(knob -> largest < knob.initial())
                    .ifPresent(knob -> tooLarge.add("%s --set %s=%d".formatted(name, knob.name(), largest)));
        }
        return tooLarge;
    }

    private static Check transport(Transport transport) {
        String what = transport.label();
        return transport
                .unavailable()
                .map(reason -> transport == Transport.EPOLL
                        ? Check.missing(what, "not usable", reason)
                        : Check.limited(what, "not usable; no experiment needs it", reason))
                .orElseGet(() -> Check.ok(what, "usable"));
    }
}
