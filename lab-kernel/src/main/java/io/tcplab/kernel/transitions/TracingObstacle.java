package io.tcplab.kernel.transitions;

import io.tcplab.kernel.KernelException;
import io.tcplab.kernel.Release;
import io.tcplab.kernel.ffm.ProcFile;
import io.tcplab.kernel.limits.Capabilities;
import io.tcplab.kernel.limits.Obstacle;
import io.tcplab.kernel.limits.UserNamespaces;
import java.util.Optional;

/** Finds out, by trying, whether this process may trace the kernel, and if not, why. */
final class TracingObstacle {
    /** As {@link PerfRing#open} names it. */
    private static final String MAP_RING = "map a perf event's ring";

    private TracingObstacle() {}

    static Optional<Obstacle> find() {
        try {
            Release.all(TransitionRecorder.open(Tracepoint.find(), "", TransitionRecorder.ringBytes()));
            return Optional.empty();
        } catch (KernelException e) {
            return Optional.of(explained(e));
        } catch (IllegalStateException e) {
            return Optional.of(new Obstacle(String.valueOf(e.getMessage()), "report this kernel to the lab's authors"));
        }
    }

    /** What the error comes from. The kernel says EPERM for five reasons. */
    static Obstacle explained(KernelException e) {
        return switch (e.errno()) {
            case EPERM, EACCES -> forbidden(e);
            case ENOENT ->
                new Obstacle(
                        "this kernel has no tracepoint sock:inet_sock_set_state",
                        "use Linux 4.16 or later, built with CONFIG_FTRACE");
            case ENODEV -> new Obstacle("this kernel has no tracefs", "use a kernel built with CONFIG_FTRACE");
            case ENOSYS ->
                new Obstacle(
                        "this kernel, or a container's seccomp filter, lacks a system call (" + e.operation() + ")",
                        "mount -t tracefs nodev /sys/kernel/tracing, or run outside the container");
            default -> new Obstacle("can't open the kernel's tracepoint (" + e.getMessage() + ")", "run as root");
        };
    }

    private static Obstacle forbidden(KernelException e) {
        if (UserNamespaces.inside()) {
            return new Obstacle("user namespaces may not use tracepoints", "run as root (sudo lab …)");
        }
        if (!Capabilities.effective().has("CAP_SYS_ADMIN")) {
            String paranoid =
                    ProcFile.read("/proc/sys/kernel/perf_event_paranoid").strip();
            return new Obstacle(
                    "tracepoints need CAP_SYS_ADMIN, or CAP_PERFMON and a readable /sys/kernel/tracing"
                            + " (kernel.perf_event_paranoid is "
                            + paranoid + ")",
                    "run as root (sudo lab …)");
        }
        if (e.operation().startsWith(MAP_RING) && !Capabilities.effective().has("CAP_IPC_LOCK")) {
            // perf_mmap() in kernel/events/core.c
            return new Obstacle(
                    "the rings for transitions are locked memory, more than ulimit -l and"
                            + " kernel.perf_event_mlock_kb allow",
                    "start the container with --cap-add IPC_LOCK, or raise one of them");
        }
        return new Obstacle(
                "tracepoints are forbidden even for root (" + e.operation() + ": " + e.errno()
                        + "), for example by a container's seccomp filter or by kernel lockdown",
                "run outside the container, or start it with --privileged");
    }
}
