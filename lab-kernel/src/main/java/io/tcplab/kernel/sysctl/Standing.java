package io.tcplab.kernel.sysctl;

import java.util.Optional;

/** What sysctls are when a value is written: some values depend on another sysctl's. */
@FunctionalInterface
interface Standing {
    /** Empty if it isn't known, and then nothing is held against it. */
    Optional<String> of(String name);
}
