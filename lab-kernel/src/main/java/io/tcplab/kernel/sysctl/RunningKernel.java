package io.tcplab.kernel.sysctl;

import io.tcplab.kernel.limits.KernelRelease;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Predicate;

/**
 * The kernel that is to take a value.
 *
 * @param release tells why it lacks a sysctl, but not whether: stable kernels and distributions take sysctls over from
 *     later ones
 * @param files whether it has a sysctl, in the namespace of the thread that asks
 */
record RunningKernel(KernelRelease release, Predicate<SysctlName> files) {
    static RunningKernel current() {
        return new RunningKernel(KernelRelease.current(), name -> Files.isRegularFile(Path.of(name.path())));
    }

    boolean has(SysctlName name) {
        return files.test(name);
    }
}
