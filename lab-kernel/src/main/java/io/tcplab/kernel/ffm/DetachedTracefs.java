package io.tcplab.kernel.ffm;

import static io.tcplab.kernel.ffm.CFunctions.bindVariadic;
import static io.tcplab.kernel.ffm.CFunctions.capture;
import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;

/**
 * A tracefs that is mounted nowhere: only this process can reach it, through a file descriptor, and it ends with that.
 *
 * <p>So a machine where nobody has mounted tracefs stays as it was, whichever way this process ends.
 */
public final class DetachedTracefs implements AutoCloseable {
    // The same on every architecture, as all system calls since Linux 5.1; include/uapi/asm-generic/unistd.h.
    private static final long FSOPEN = 430;
    private static final long FSCONFIG = 431;
    private static final long FSMOUNT = 432;

    // include/uapi/linux/mount.h
    private static final int FSOPEN_CLOEXEC = 1;
    private static final int FSCONFIG_CMD_CREATE = 6;
    private static final int FSMOUNT_CLOEXEC = 1;

    private static final MethodHandle SYSCALL_FSOPEN =
            bindVariadic("syscall", 1, JAVA_LONG, JAVA_LONG, ADDRESS, JAVA_INT);
    private static final MethodHandle SYSCALL_FSCONFIG =
            bindVariadic("syscall", 1, JAVA_LONG, JAVA_LONG, JAVA_INT, JAVA_INT, ADDRESS, ADDRESS, JAVA_INT);
    private static final MethodHandle SYSCALL_FSMOUNT =
            bindVariadic("syscall", 1, JAVA_LONG, JAVA_LONG, JAVA_INT, JAVA_INT, JAVA_INT);

    private final int fd;

    private DetachedTracefs(int fd) {
        this.fd = fd;
    }

    /**
     * Makes one.
     *
     * @throws io.tcplab.kernel.KernelException EPERM without CAP_SYS_ADMIN in the initial user namespace, or by a
     *     container's seccomp filter; ENODEV if the kernel has no tracefs; ENOSYS before Linux 5.2
     */
    public static DetachedTracefs open() {
        int context = capture((errno, scratch) -> (long)
                        SYSCALL_FSOPEN.invokeExact(errno, FSOPEN, scratch.allocateFrom("tracefs"), FSOPEN_CLOEXEC))
                .intOrThrow("open a tracefs", "");
        try {
            capture((errno, scratch) -> (long) SYSCALL_FSCONFIG.invokeExact(
                            errno, FSCONFIG, context, FSCONFIG_CMD_CREATE, MemorySegment.NULL, MemorySegment.NULL, 0))
                    .orThrow("create a tracefs", "");
            int mount = capture((errno, scratch) ->
                            (long) SYSCALL_FSMOUNT.invokeExact(errno, FSMOUNT, context, FSMOUNT_CLOEXEC, 0))
                    .intOrThrow("mount a tracefs nowhere", "");
            return new DetachedTracefs(mount);
        } finally {
            // Gone even if this reports an error; the mount must not be lost to that.
            Libc.close(context);
        }
    }

    /** Where its files can be read until {@link #close}, for this process only. */
    public String path() {
        return "/proc/self/fd/" + fd;
    }

    @Override
    public void close() {
        Libc.close(fd).orThrow("close a tracefs", "");
    }
}
