package io.tcplab.kernel.sysctl;

import io.tcplab.kernel.KernelException;
import io.tcplab.kernel.ffm.ProcFile;
import io.tcplab.kernel.limits.KernelRelease;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
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

    /** What the namespace of the calling thread has; empty if it lacks it, or doesn't let this user read it. */
    static Optional<String> value(SysctlName name) {
        if (!Files.isReadable(Path.of(name.path()))) {
            return Optional.empty();
        }
        try {
            return Optional.of(ProcFile.read(name.path()).strip());
        } catch (KernelException e) {
            return Optional.empty(); // such as one that can only be written
        }
    }
}
