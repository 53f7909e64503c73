package io.tcplab.cli;

import io.tcplab.experiments.EvidenceMissing;
import io.tcplab.experiments.Role;
import io.tcplab.experiments.catalogue.Catalogue;
import io.tcplab.experiments.cell.Cell;
import io.tcplab.experiments.cell.CellPlan;
import io.tcplab.experiments.cell.Host;
import io.tcplab.experiments.cell.Sandboxes;
import io.tcplab.kernel.KernelException;
import io.tcplab.kernel.sysctl.SysctlCatalogue;
import io.tcplab.kernel.sysctl.SysctlKnob;
import io.tcplab.kernel.transitions.TransitionRecorder;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;

/** What only a cell can tell: makes one, as a run would, and asks it for each kind of evidence. */
final class CellChecks {
    private static final String NEEDED = "expectations that need it are inconclusive";

    private CellChecks() {}

    static List<Check> all() {
        List<Check> checks = new ArrayList<>();
        long start = System.nanoTime();
        try (Cell cell = Sandboxes.byName("namespaces").open(CellPlan.plain())) {
            checks.add(Check.ok(
                    "cells",
                    "two network namespaces, connected by veth, in %d ms"
                            .formatted((System.nanoTime() - start) / 1_000_000)));
            Host server = cell.host(Role.SERVER);
            checks.add(evidence("sock_diag", "censuses of sockets", server::census));
            checks.add(evidence("counters", "netstat and snmp", server::counters));
            checks.add(sysctls(server));
        } catch (KernelException e) {
            checks.add(Check.missing("cells", "can't create one", String.valueOf(e.getMessage())));
        }
        checks.add(TransitionRecorder.unavailable()
                .map(reason -> Check.limited(
                        "transitions", "can't be recorded; a few supporting expectations are inconclusive", reason))
                .orElseGet(() -> Check.ok("transitions", "tracepoint sock:inet_sock_set_state")));
        return checks;
    }

    private static Check evidence(String what, String found, Runnable question) {
        try {
            question.run();
            return Check.ok(what, found);
        } catch (KernelException | EvidenceMissing e) {
            return Check.missing(what, found + " not available; " + NEEDED, String.valueOf(e.getMessage()));
        }
    }

    /** The host's own, which no cell has. */
    private static boolean isGlobal(String name) {
        return SysctlCatalogue.find(name)
                .filter(knob -> knob.scope() == SysctlKnob.Scope.GLOBAL)
                .isPresent();
    }

    private static Check sysctls(Host host) {
        var names = new TreeSet<String>();
        Catalogue.all().forEach(experiment -> names.addAll(experiment.story().sysctls()));
        names.removeIf(CellChecks::isGlobal);
        List<String> absent = new ArrayList<>();
        for (String name : names) {
            try {
                host.sysctl(name);
            } catch (KernelException e) {
                absent.add(name);
            }
        }
        try {
            String first = names.first();
            host.setSysctl(first, host.sysctl(first));
        } catch (KernelException e) {
            return Check.missing(
                    "sysctls",
                    "can't be set; " + NEEDED,
                    e.getMessage() + "; in a container, start it with --security-opt systempaths=unconfined");
        }
        String found = "%d of the %d that the experiments use".formatted(names.size() - absent.size(), names.size());
        return absent.isEmpty()
                ? Check.ok("sysctls", found)
                : Check.limited(
                        "sysctls",
                        found,
                        "this kernel lacks " + String.join(", ", absent)
                                + "; knobs and --sysctl that set them are rejected");
    }
}
