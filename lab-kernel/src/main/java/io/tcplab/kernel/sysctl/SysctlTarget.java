package io.tcplab.kernel.sysctl;

import java.util.List;
import java.util.Optional;

/** The host that a file of sysctls is for. */
interface SysctlTarget {
    /** What of all that is there a line's pattern stands for. */
    List<SysctlName> matching(SysctlLine pattern);

    /** What a sysctl is before the file's first line; empty if that isn't known. */
    Optional<String> initial(SysctlName name);

    /** What comes of writing a value; empty if unknown: the name isn't about TCP. */
    Optional<Written> write(SysctlName name, String value, Standing standing);
}
