package io.tcplab.containers;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.github.dockerjava.api.model.Capability;
import com.github.dockerjava.api.model.HostConfig;
import com.github.dockerjava.api.model.LogConfig;
import com.github.dockerjava.api.model.Ulimit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * What the engine grants a container. All capabilities are dropped but these: NET_ADMIN, for sysctls, further addresses and
 * SOCK_DESTROY; NET_RAW, only where something is to be captured; SETUID and SETGID, with which the image's entrypoint gives
 * up root and these two as well.
 */
public final class ContainerHost extends HostConfig {
    private static final long serialVersionUID = 1;

    /** A limit, not a reservation: the JVM, its sockets' kernel memory included. */
    private static final long MEMORY_BYTES = 1L << 30;

    /**
     * The engine's usual ones but /proc/sys, since runs change sysctls as they go on. The agent is no root, so all that it may
     * write below is what its own network namespace has (net_ctl_permissions() in net/sysctl_net.c); the machine's own
     * sysctls are root's.
     */
    private static final List<String> READ_ONLY = List.of("/proc/bus", "/proc/fs", "/proc/irq", "/proc/sysrq-trigger");

    /** Descriptors of a container. */
    static final long DESCRIPTORS = 20_000;

    private ContainerHost() {}

    /** For a container on this network, with these sysctls from the start. */
    public static HostConfig of(String network, Map<String, String> sysctls, boolean capture) {
        List<Capability> capabilities =
                new ArrayList<>(List.of(Capability.NET_ADMIN, Capability.SETUID, Capability.SETGID));
        if (capture) {
            capabilities.add(Capability.NET_RAW);
        }
        return new ContainerHost()
                .withNetworkMode(network)
                .withAutoRemove(true)
                .withCapDrop(Capability.ALL)
                .withCapAdd(capabilities.toArray(Capability[]::new))
                .withSecurityOpts(List.of("no-new-privileges"))
                .withSysctls(sysctls)
                .withMemory(MEMORY_BYTES)
                .withUlimits(List.of(new Ulimit("nofile", DESCRIPTORS, DESCRIPTORS)))
                // Standard output carries messages; the engine need not write them to a file.
                .withLogConfig(new LogConfig(LogConfig.LoggingType.NONE, Map.of()));
    }

    @JsonProperty("ReadonlyPaths")
    List<String> readonlyPaths() {
        return READ_ONLY;
    }
}
