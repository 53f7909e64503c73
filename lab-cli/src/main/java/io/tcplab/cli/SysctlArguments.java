package io.tcplab.cli;

import io.tcplab.experiments.Role;
import io.tcplab.experiments.UsageException;
import io.tcplab.kernel.sysctl.SysctlCatalogue;
import io.tcplab.kernel.sysctl.SysctlFile;
import io.tcplab.kernel.sysctl.SysctlKnob;
import io.tcplab.kernel.sysctl.Sysctls;
import io.tcplab.report.FileErrors;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/** Sysctls from {@code --sysctl-file} and {@code --sysctl}, sorted out by host. What comes later wins. */
final class SysctlArguments {
    private final Map<Role, Map<String, String>> byHost = new EnumMap<>(Role.class);
    private final Consumer<String> notes;

    /** A setting or a file, and the hosts that it is for: both, unless its prefix names one. */
    private record Addressed(List<Role> hosts, String rest) {
        static Addressed parse(String text) {
            for (Role role : Role.values()) {
                String prefix = role.label() + ":";
                if (text.startsWith(prefix)) {
                    return new Addressed(List.of(role), text.substring(prefix.length()));
                }
            }
            return new Addressed(Arrays.asList(Role.values()), text);
        }
    }

    /** None yet; {@code notes} hears what a file lets fail. */
    SysctlArguments(Consumer<String> notes) {
        this.notes = notes;
    }

    /** {@code [client:|server:]FILE}, in the syntax of sysctl.conf(5). */
    void addFile(String argument) {
        Addressed file = Addressed.parse(argument);
        try {
            SysctlFile parsed = SysctlFile.parse(Path.of(file.rest()));
            parsed.told(file.rest()).forEach(notes);
            parsed.values().forEach((name, value) -> put(file.hosts(), name, value));
        } catch (IllegalArgumentException e) {
            throw UsageException.from(e);
        } catch (IOException e) {
            throw new UsageException("--sysctl-file: can't read " + file.rest() + ": " + FileErrors.reason(e), e);
        }
    }

    /** {@code [client:|server:]name=value}, the name with dots or slashes. */
    void add(String argument) {
        Addressed setting = Addressed.parse(argument);
        int equals = setting.rest().indexOf('=');
        if (equals < 1) {
            throw new UsageException("--sysctl " + argument + ": expected [client:|server:]name=value, such as"
                    + " --sysctl client:net.ipv4.tcp_tw_reuse=1");
        }
        String name = setting.rest().substring(0, equals).strip();
        String value = setting.rest().substring(equals + 1).strip();
        put(setting.hosts(), name, value);
        Sysctls.problem(name, value).ifPresent(problem -> {
            throw new UsageException(problem);
        });
    }

    /** Name to value, by host. */
    Map<Role, Map<String, String>> byHost() {
        return byHost;
    }

    private void put(List<Role> hosts, String name, String value) {
        hosts.forEach(host ->
                byHost.computeIfAbsent(host, none -> new LinkedHashMap<>()).put(spelledUsually(name), value));
    }

    /** As experiments spell it, so that it takes the place of theirs. */
    private static String spelledUsually(String name) {
        try {
            return SysctlCatalogue.find(name).map(SysctlKnob::name).orElse(name);
        } catch (IllegalArgumentException e) {
            throw UsageException.from(e);
        }
    }
}
