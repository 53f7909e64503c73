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
            description = "What provides the cells: namespaces (default); docker: two containers each, on the kernel of"
                    + " Docker's engine; or host: this host's loopback, which changes nothing, and leaves what"
                    + " needs more inconclusive.")
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

    /** Whether it isn't available here; if so, says why, and what is. */
    static boolean isMissing(Sandbox sandbox, Screen screen) {
        Optional<String> unavailable = sandbox.unavailable();
        unavailable.ifPresent(reason -> {
            screen.err().println("lab: no cells available: " + reason);
            if (sandbox instanceof NamespaceSandbox) {
                UserNamespaces.obstacles().forEach(obstacle -> screen.err().println("lab: " + obstacle));
            }
            String other =
                    sandbox instanceof NamespaceSandbox ? "with --sandbox host" : "without --sandbox " + sandbox.name();
            screen.err().println("You can run the same %s. `lab doctor` shows what is missing.".formatted(other));
        });
        return unavailable.isPresent();
    }
}
