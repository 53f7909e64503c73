package io.tcplab.kernel.processes;

import io.tcplab.kernel.ffm.Symlinks;
import io.tcplab.kernel.ffm.SysResult;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** The descriptors of a process: {@code /proc/PID/fd}. */
final class Descriptors {
    /** "socket:[4711]" (sockfs_dname() in net/socket.c). */
    private static final ByteBuffer SOCKET = ByteBuffer.wrap("socket:[".getBytes(StandardCharsets.US_ASCII));

    /** How listing them came out. */
    enum Outcome {
        LISTED,
        DENIED,
        GONE
    }

    /** Takes a process's descriptors one by one. */
    interface Consumer {
        void socket(int fd, long inode);

        /** Takes what its link says: "/var/log/syslog", "anon_inode:[eventpoll]". */
        void other(int fd, String target);
    }

    private Descriptors() {}

    /** Passes each descriptor that is still there when it is looked at. */
    static Outcome forEach(int pid, Consumer consumer) {
        return outcome(
                Symlinks.forEach("/proc/" + pid + "/fd", (name, target) -> pass((int) digits(name), target, consumer)));
    }

    private static void pass(int fd, ByteBuffer target, Consumer consumer) {
        if (target.mismatch(SOCKET) == SOCKET.remaining()) {
            consumer.socket(fd, digits(target.position(SOCKET.remaining())));
        } else {
            consumer.other(fd, StandardCharsets.UTF_8.decode(target).toString());
        }
    }

    /** The digits up to the first thing that is none. */
    private static long digits(ByteBuffer text) {
        long number = 0;
        while (text.hasRemaining()) {
            int digit = text.get() - '0';
            if (digit < 0 || digit > 9) {
                break;
            }
            number = number * 10 + digit;
        }
        return number;
    }

    private static Outcome outcome(SysResult result) {
        if (!result.failed()) {
            return Outcome.LISTED;
        }
        return switch (result.error()) {
            case EACCES, EPERM -> Outcome.DENIED;
            default -> Outcome.GONE; // ENOENT, or ESRCH if it ends while it is listed
        };
    }
}
