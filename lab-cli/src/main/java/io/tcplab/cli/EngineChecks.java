package io.tcplab.cli;

import io.tcplab.containers.DockerSandbox;
import io.tcplab.containers.LabImage;
import io.tcplab.experiments.EvidenceMissing;
import io.tcplab.experiments.Role;
import io.tcplab.experiments.cell.Cell;
import io.tcplab.experiments.cell.CellPlan;
import io.tcplab.experiments.cell.Host;
import io.tcplab.kernel.KernelException;
import io.tcplab.kernel.sysctl.SysctlCatalogue;
import io.tcplab.kernel.sysctl.SysctlKnob;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What {@code --sandbox docker} would find: the engine, the image, and what a container is refused. Nothing else needs it. */
final class EngineChecks {
    private static final String ONLY = "; only --sandbox docker needs it";

    private EngineChecks() {}

    static List<Check> all() {
        DockerSandbox docker = new DockerSandbox();
        Optional<String> unavailable = docker.unavailable();
        Optional<String> engine = docker.engineFound();
        if (engine.isEmpty()) {
            return List.of(Check.limited("docker", "no usable engine" + ONLY, unavailable.orElse("")));
        }
        List<Check> checks = new ArrayList<>();
        checks.add(Check.ok("docker", engine.get()));
        unavailable.ifPresentOrElse(
                reason -> checks.add(Check.limited("image", LabImage.NAME + " isn't usable" + ONLY, reason)), () -> {
                    checks.add(Check.ok("image", LabImage.NAME + ", of this build"));
                    checks.addAll(containers(docker));
                });
        return checks;
    }

    private static List<Check> containers(DockerSandbox docker) {
        long start = System.nanoTime();
        try (Cell cell = docker.open(CellPlan.plain())) {
            String found = "two on a private network, in %.1f s".formatted((System.nanoTime() - start) / 1e9);
            return List.of(Check.ok("containers", found), sysctls(cell.host(Role.SERVER)));
        } catch (EvidenceMissing | KernelException e) {
            return List.of(Check.limited("containers", "can't create a cell" + ONLY, String.valueOf(e.getMessage())));
        }
    }

    /** Tries all that the lab knows and that current kernels let be set, each with the value that it has. */
    private static Check sysctls(Host host) {
        List<SysctlKnob> known = SysctlCatalogue.knobs().stream()
                .filter(knob -> knob.access() == SysctlKnob.Access.READ_WRITE)
                .filter(knob -> knob.until().isEmpty())
                .toList();
        List<String> refused = known.stream()
                .map(SysctlKnob::name)
                .filter(name -> isRefused(host, name))
                .toList();
        String found = "a container can set %d of the %d that the lab knows"
                .formatted(known.size() - refused.size(), known.size());
        return refused.isEmpty()
                ? Check.ok("sysctls", found)
                : Check.ok("sysctls", found + "; rejected: " + String.join(", ", refused));
    }

    private static boolean isRefused(Host host, String name) {
        try {
            host.setSysctl(name, host.sysctl(name));
            return false;
        } catch (KernelException | IllegalArgumentException e) {
            return true;
        }
    }
}
