package io.tcplab.kernel.limits;

import io.tcplab.kernel.ffm.ProcFile;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * The capabilities (capabilities(7)) that hold for this process, by name: "CAP_NET_ADMIN".
 *
 * <p>In a user namespace they hold for what that namespace owns: {@link UserNamespaces#inside()}.
 *
 * @param names in the kernel's order; a number newer than this table reads "CAP_41"
 */
public record Capabilities(Set<String> names) {
    /** By number, include/uapi/linux/capability.h. */
    private static final List<String> NAMES = List.of(
            "CAP_CHOWN",
            "CAP_DAC_OVERRIDE",
            "CAP_DAC_READ_SEARCH",
            "CAP_FOWNER",
            "CAP_FSETID",
            "CAP_KILL",
            "CAP_SETGID",
            "CAP_SETUID",
            "CAP_SETPCAP",
            "CAP_LINUX_IMMUTABLE",
            "CAP_NET_BIND_SERVICE",
            "CAP_NET_BROADCAST",
            "CAP_NET_ADMIN",
            "CAP_NET_RAW",
            "CAP_IPC_LOCK",
            "CAP_IPC_OWNER",
            "CAP_SYS_MODULE",
            "CAP_SYS_RAWIO",
            "CAP_SYS_CHROOT",
            "CAP_SYS_PTRACE",
            "CAP_SYS_PACCT",
            "CAP_SYS_ADMIN",
            "CAP_SYS_BOOT",
            "CAP_SYS_NICE",
            "CAP_SYS_RESOURCE",
            "CAP_SYS_TIME",
            "CAP_SYS_TTY_CONFIG",
            "CAP_MKNOD",
            "CAP_LEASE",
            "CAP_AUDIT_WRITE",
            "CAP_AUDIT_CONTROL",
            "CAP_SETFCAP",
            "CAP_MAC_OVERRIDE",
            "CAP_MAC_ADMIN",
            "CAP_SYSLOG",
            "CAP_WAKE_ALARM",
            "CAP_BLOCK_SUSPEND",
            "CAP_AUDIT_READ",
            "CAP_PERFMON",
            "CAP_BPF",
            "CAP_CHECKPOINT_RESTORE");

    public Capabilities {
        names = Collections.unmodifiableSet(new LinkedHashSet<>(names));
    }

    /** The effective set of this process. */
    public static Capabilities effective() {
        return parse(ProcFile.read("/proc/self/status"));
    }

    /**
     * Whether the capability holds.
     *
     * @param name such as "CAP_NET_ADMIN"
     * @throws IllegalArgumentException if there is no capability of that name
     */
    public boolean has(String name) {
        if (!NAMES.contains(name) && !names.contains(name)) {
            throw new IllegalArgumentException("no capability is called \"" + name + "\"");
        }
        return names.contains(name);
    }

    static Capabilities parse(String status) {
        long bits = Long.parseUnsignedLong(ProcFile.field(status, "CapEff"), 16);
        Set<String> names = new LinkedHashSet<>();
        for (int number = 0; number < Long.SIZE; number++) {
            if ((bits >>> number & 1) != 0) {
                names.add(number < NAMES.size() ? NAMES.get(number) : "CAP_" + number);
            }
        }
        return new Capabilities(names);
    }
}
