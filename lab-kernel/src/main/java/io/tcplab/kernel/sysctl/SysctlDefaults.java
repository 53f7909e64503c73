package io.tcplab.kernel.sysctl;

import io.tcplab.kernel.KernelException;
import io.tcplab.kernel.limits.Capabilities;
import io.tcplab.kernel.netns.Namespace;
import io.tcplab.kernel.sysctl.SysctlKnob.Default;
import io.tcplab.kernel.sysctl.SysctlKnob.Scope;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The defaults: those of a new namespace of the running kernel, or, where none can be made, what the
 * catalogue says of current kernels.
 *
 * @param values of the new namespace, by name; empty if none could be made
 * @param obstacle why none could be made; empty if one was
 */
public record SysctlDefaults(Map<String, String> values, String obstacle) {
    /** What a new namespace takes over from the host as it is just now (net/ipv4/tcp_ipv4.c, tcp_sk_init). */
    private static final Set<String> INHERITED = Set.of(
            "net.ipv4.tcp_rmem",
            "net.ipv4.tcp_wmem",
            "net.ipv4.tcp_congestion_control",
            "net.ipv4.tcp_available_congestion_control");

    private static final String ROOT = "/proc/sys/";

    public SysctlDefaults {
        values = Map.copyOf(values);
    }

    /** Makes a namespace, reads it and lets it go; the host is only looked at. */
    public static SysctlDefaults read() throws InterruptedException {
        Capabilities mine = Capabilities.effective();
        return mine.has("CAP_SYS_ADMIN") && mine.has("CAP_NET_ADMIN") ? ofNamespace() : ofUserNamespace();
    }

    /** Those of the catalogue alone. */
    static SysctlDefaults ofCatalogue(String obstacle) {
        return new SysctlDefaults(Map.of(), obstacle);
    }

    /** Whether they were read, not looked up. */
    public boolean isMeasured() {
        return !values.isEmpty();
    }

    /** The default, as the kernel shows it; empty if it isn't the same everywhere and couldn't be read. */
    public Optional<String> of(SysctlKnob knob) {
        // What is global shows the host's value in a new namespace, or nothing; that isn't its default.
        boolean own = knob.scope() == Scope.PER_NAMESPACE && !INHERITED.contains(knob.name());
        if (own && values.containsKey(knob.name())) {
            return Optional.ofNullable(values.get(knob.name())).map(knob.range()::canonical);
        }
        return knob.defaultValue() instanceof Default.Constant constant
                ? Optional.of(constant.value())
                : Optional.empty();
    }

    private static SysctlDefaults ofNamespace() {
        try (Namespace fresh = Namespace.create("defaults")) {
            return new SysctlDefaults(Sysctls.of(fresh).list(), "");
        } catch (KernelException e) {
            return ofCatalogue(String.valueOf(e.getMessage()));
        }
    }

    /** A JVM can't enter a user namespace, since it has several threads; grep(1) can, and names what it reads. */
    private static SysctlDefaults ofUserNamespace() throws InterruptedException {
        List<String> command = new ArrayList<>(
                List.of("unshare", "--user", "--map-root-user", "--net", "grep", "--no-messages", "-H", ""));
        SysctlCatalogue.knobs()
                .forEach(knob -> command.add(SysctlName.parse(knob.name()).path()));
        try {
            Process grep = new ProcessBuilder(command).redirectErrorStream(true).start();
            grep.getOutputStream().close();
            String output = new String(grep.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            grep.waitFor();
            Map<String, String> values = parse(output);
            return values.isEmpty()
                    ? ofCatalogue("no user namespace: " + output.strip())
                    : new SysctlDefaults(values, "");
        } catch (IOException e) {
            return ofCatalogue("no user namespace: " + e.getMessage());
        }
    }

    /** Lines of {@code /proc/sys/net/ipv4/tcp_sack:1}. */
    static Map<String, String> parse(String output) {
        return output.lines()
                .filter(line -> line.startsWith(ROOT) && line.indexOf(':') > 0)
                .collect(Collectors.toMap(
                        line -> SysctlName.parse(line.substring(ROOT.length(), line.indexOf(':')))
                                .dotted(),
                        line -> line.substring(line.indexOf(':') + 1).strip(),
                        (first, second) -> first));
    }
}
