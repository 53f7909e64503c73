package io.tcplab.cli;

import io.tcplab.experiments.Role;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import picocli.CommandLine.Option;

/** The options that set sysctls in the cells. */
final class SysctlOptions {
    @Option(
            names = "--sysctl",
            paramLabel = "[HOST:]NAME=VALUE",
            description = "Set a sysctl in the cells, on the host `client` or `server`, or on both. Overrides files.")
    private List<String> sysctls = List.of();

    @Option(
            names = "--sysctl-file",
            paramLabel = "[HOST:]FILE",
            description = "Set the sysctls of a file in the syntax of sysctl.conf, as `sysctl -p` does: lines that this"
                    + " kernel"
                    + " rejects are reported and skipped.")
    private List<String> sysctlFiles = List.of();

    /** By host, name to value; {@code notes} hears what a file lets fail. */
    Map<Role, Map<String, String>> byHost(Consumer<String> notes) {
        SysctlArguments arguments = new SysctlArguments(notes);
        sysctlFiles.forEach(arguments::addFile);
        sysctls.forEach(arguments::add);
        return arguments.byHost();
    }
}
