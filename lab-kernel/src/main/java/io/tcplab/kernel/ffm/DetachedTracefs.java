package io.tcplab.kernel.ffm;

import java.lang.foreign.MemorySegment;

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

    private static final CFunction SYSCALL = CFunction.ofLong("syscall");

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
        int context = SYSCALL.call(FSOPEN, "tracefs", FSOPEN_CLOEXEC).intOrThrow("open a tracefs", "");
        try {
            SYSCALL.call(FSCONFIG, context, FSCONFIG_CMD_CREATE, MemorySegment.NULL, MemorySegment.NULL, 0)
                    .orThrow("create a tracefs", "");
            int mount = SYSCALL.call(FSMOUNT, context, FSMOUNT_CLOEXEC, 0).intOrThrow("mount a tracefs nowhere", "");
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
