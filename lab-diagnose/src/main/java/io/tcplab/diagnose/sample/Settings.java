package io.tcplab.diagnose.sample;

import io.tcplab.kernel.KernelException;
import io.tcplab.kernel.netns.Namespace;
import io.tcplab.kernel.sysctl.Sysctls;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * The sysctls that a diagnosis looks at, as the namespace has them.
 *
 * @param values by name; those that this kernel or namespace lacks, or this user may not read, are missing
 */
public record Settings(Map<String, String> values) {
    public static final String PORT_RANGE = "net.ipv4.ip_local_port_range";
    public static final String RESERVED_PORTS = "net.ipv4.ip_local_reserved_ports";
    public static final String TW_BUCKETS = "net.ipv4.tcp_max_tw_buckets";
    public static final String TW_REUSE = "net.ipv4.tcp_tw_reuse";
    public static final String TW_REUSE_DELAY = "net.ipv4.tcp_tw_reuse_delay";
    public static final String TIMESTAMPS = "net.ipv4.tcp_timestamps";
    public static final String FIN_TIMEOUT = "net.ipv4.tcp_fin_timeout";
    public static final String SOMAXCONN = "net.core.somaxconn";
    public static final String SYNCOOKIES = "net.ipv4.tcp_syncookies";
    public static final String SYN_BACKLOG = "net.ipv4.tcp_max_syn_backlog";

    private static final List<String> NAMES = List.of(
            PORT_RANGE,
            RESERVED_PORTS,
            TW_BUCKETS,
            TW_REUSE,
            TW_REUSE_DELAY,
            TIMESTAMPS,
            FIN_TIMEOUT,
            SOMAXCONN,
            SYNCOOKIES,
            SYN_BACKLOG);

    public Settings {
        values = Map.copyOf(values);
    }

    /** Reads them. */
    static Settings of(Namespace namespace) {
        Sysctls sysctls = Sysctls.of(namespace);
        Map<String, String> values = new LinkedHashMap<>();
        for (String name : NAMES) {
            try {
                values.put(name, sysctls.read(name));
            } catch (KernelException absent) {
                // said by its absence
            }
        }
        return new Settings(values);
    }

    /** A value that is one number. */
    public OptionalLong number(String name) {
        String value = values.get(name);
        return value == null ? OptionalLong.empty() : OptionalLong.of(Long.parseLong(value));
    }

    /** The value, or a question mark where it couldn't be read. */
    public String shown(String name) {
        return values.getOrDefault(name, "?");
    }

    /** What connect() chooses local ports from; empty if the range couldn't be read. */
    public Optional<LocalPorts> localPorts() {
        return Optional.ofNullable(values.get(PORT_RANGE))
                .map(range -> LocalPorts.of(range, values.getOrDefault(RESERVED_PORTS, "")));
    }
}
