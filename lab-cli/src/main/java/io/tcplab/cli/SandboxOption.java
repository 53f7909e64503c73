package io.tcplab.cli;

import io.tcplab.experiments.cell.NamespaceSandbox;
import io.tcplab.experiments.cell.Sandbox;
import io.tcplab.experiments.cell.Sandboxes;
import io.tcplab.kernel.limits.UserNamespaces;
import java.util.Optional;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The option that says what provides the cells. */
final class SandboxOption {
    @Option(
            names = "--sandbox",
            paramLabel = "NAME",
            defaultValue = "namespaces",
            description =
                    "What provides the cells: namespaces (default); docker: two containers each, over the kernel that"
                            + " Docker's engine has; or host: this host's loopback, where nothing is changed and what"
                            + " needs more is inconclusive.")
    private String name = "namespaces";

    @Mixin
    private final JobsOption jobs = new JobsOption();

    Sandbox sandbox() {
        return Sandboxes.byName(name);
    }

    /** How many runs may go side by side in it. */
    int jobs(Sandbox sandbox) {
        return jobs.wanted().orElseGet(() -> sandbox.capacity().jobs());
    }

    /** Whether it can't be had here; if so, says why and what still can. */
    static boolean isMissing(Sandbox sandbox, Screen screen) {
        Optional<String> unavailable = sandbox.unavailable();
        unavailable.ifPresent(reason -> {
            screen.err().println("lab: no cells here: " + reason);
            if (sandbox instanceof NamespaceSandbox) {
                UserNamespaces.obstacles().forEach(obstacle -> screen.err().println("lab: " + obstacle));
            }
            String other =
                    sandbox instanceof NamespaceSandbox ? "with --sandbox host" : "without --sandbox " + sandbox.name();
            screen.err().println("What can still run: the same %s. `lab doctor` tells more.".formatted(other));
        });
        return unavailable.isPresent();
    }
}
