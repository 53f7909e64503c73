package io.tcplab.kernel.ffm;

import io.tcplab.kernel.Errno;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * The symbolic links in a folder, as {@code /proc/PID/fd} has one a descriptor. Each is read relative to the folder, at about half of what
 * {@code java.nio.file} takes: reading hundreds of thousands of them is most of a look at a busy machine.
 */
public final class Symlinks {
    // libc has a function for it only since glibc 2.30. Its number: arch/x86/entry/syscalls/syscall_64.tbl, and
    // include/uapi/asm-generic/unistd.h for all younger architectures.
    private static final long SYS_GETDENTS64 = System.getProperty("os.arch", "").equals("amd64") ? 217 : 61;

    private static final int ENTRIES_BYTES = 1 << 15;
    private static final int PATH_MAX = 4096; // include/uapi/linux/limits.h

    // struct linux_dirent64, include/linux/dirent.h.
    private static final int RECORD_LENGTH = 16;
    private static final int TYPE = 18;
    private static final int NAME = 19;
    private static final byte DT_LNK = 10;

    private static final CFunction SYSCALL = CFunction.ofLong("syscall");
    private static final CFunction READLINKAT = CFunction.ofLong("readlinkat");

    /** Takes a link's name and what it points to, both of which are the next link's as soon as this returns. */
    @FunctionalInterface
    public interface Consumer {
        void link(ByteBuffer name, ByteBuffer target);
    }

    private final int folder;
    private final MemorySegment listed;
    private final ByteBuffer entries;
    private final MemorySegment targetBytes;
    private final ByteBuffer target;

    /** Its memory ends with the arena: a look goes through hundreds of folders, more than direct buffers are collected. */
    private Symlinks(int folder, Arena arena) {
        this.folder = folder;
        this.listed = arena.allocate(ENTRIES_BYTES, Long.BYTES);
        this.entries = listed.asByteBuffer().order(ByteOrder.nativeOrder());
        this.targetBytes = arena.allocate(PATH_MAX);
        this.target = targetBytes.asByteBuffer();
    }

    /**
     * Passes each link that is still there when it is read, in the folder's order.
     *
     * @return 0, or the error of the call that failed: ENOENT, EACCES, ESRCH of a process that has ended, …
     */
    public static SysResult forEach(String folder, Consumer consumer) {
        SysResult opened = Libc.open(folder, Libc.O_RDONLY | Libc.O_CLOEXEC);
        if (opened.failed()) {
            return opened;
        }
        int fd = (int) opened.value();
        try (Arena arena = Arena.ofConfined()) {
            return new Symlinks(fd, arena).passAll(consumer);
        } finally {
            Libc.close(fd);
        }
    }

    private SysResult passAll(Consumer consumer) {
        while (true) {
            SysResult read = list();
            if (read.failed() || read.value() == 0) {
                return read;
            }
            SysResult passed = passListed((int) read.value(), consumer);
            if (passed.failed()) {
                return passed;
            }
        }
    }

    private SysResult list() {
        return SYSCALL.call(SYS_GETDENTS64, folder, listed, listed.byteSize());
    }

    private SysResult passListed(int end, Consumer consumer) {
        for (int at = 0; at < end; at += Short.toUnsignedInt(entries.getShort(at + RECORD_LENGTH))) {
            if (entries.get(at + TYPE) != DT_LNK) {
                continue;
            }
            MemorySegment name = listed.asSlice(at + NAME);
            SysResult read = READLINKAT.call(folder, name, targetBytes, targetBytes.byteSize());
            if (!read.failed()) {
                consumer.link(name(at + NAME), target.clear().limit((int) read.value()));
            } else if (!read.failedWith(Errno.ENOENT)) { // it went between listing and reading
                return read;
            }
        }
        return new SysResult(0, 0);
    }

    private ByteBuffer name(int start) {
        int end = start;
        while (entries.get(end) != 0) {
            end++;
        }
        return entries.slice(start, end - start);
    }
}
