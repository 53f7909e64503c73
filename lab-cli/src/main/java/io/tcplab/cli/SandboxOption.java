package io.tcplab.cli;

import io.tcplab.experiments.cell.Sandbox;
import io.tcplab.experiments.cell.Sandboxes;
import io.tcplab.kernel.limits.UserNamespaces;
import java.util.Optional;
import picocli.CommandLine.Option;

/** The option that says what provides the cells. */
final class SandboxOption {
    @Option(
            names = "--sandbox",
            paramLabel = "NAME",
            defaultValue = "namespaces",
            description =
                    "What provides the cells: namespaces (default), or host: this host's loopback, where nothing is"
                            + " changed and what needs more is inconclusive.")
    private String name = "namespaces";

    Sandbox sandbox() {
        return Sandboxes.byName(name);
    }

    /** Whether it can't be had here; if so, says why and what still can. */
    boolean isMissing(Sandbox sandbox, Screen screen) {
        Optional<String> unavailable = sandbox.unavailable();
        unavailable.ifPresent(reason -> {
            screen.err().println("lab: no cells here: " + reason);
            UserNamespaces.obstacles().forEach(obstacle -> screen.err().println("lab: " + obstacle));
            screen.err().println("What can still run: the same with --sandbox host. `lab doctor` tells more.");
        });
        return unavailable.isPresent();
    }
}
