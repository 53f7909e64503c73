package io.tcplab.kernel.processes;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Objects;

/** The descriptors of a process: {@code /proc/PID/fd}. */
final class Descriptors {
    /** How listing them came out. */
    enum Outcome {
        LISTED,
        DENIED,
        GONE
    }

    /** Takes a descriptor and what its link says: "socket:[4711]", "/var/log/syslog", "anon_inode:[eventpoll]". */
    @FunctionalInterface
    interface Consumer {
        void descriptor(int fd, String target);
    }

    private Descriptors() {}

    /** Passes each descriptor that is still there when it is looked at. */
    static Outcome forEach(int pid, Consumer consumer) {
        try (DirectoryStream<Path> links = Files.newDirectoryStream(Path.of("/proc", Integer.toString(pid), "fd"))) {
            for (Path link : links) {
                pass(link, consumer);
            }
            return Outcome.LISTED;
        } catch (DirectoryIteratorException e) {
            return outcome(Objects.requireNonNull(e.getCause()));
        } catch (IOException e) {
            return outcome(e);
        }
    }

    private static void pass(Path link, Consumer consumer) throws IOException {
        try {
            consumer.descriptor(
                    Integer.parseInt(link.getFileName().toString()),
                    Files.readSymbolicLink(link).toString());
        } catch (NoSuchFileException closed) {
            // between listing and looking
        }
    }

    /** A process that ends while it is listed answers ESRCH, which Java has no class for. */
    private static Outcome outcome(IOException e) {
        return switch (e) {
            case AccessDeniedException denied -> Outcome.DENIED;
            case FileSystemException gone -> Outcome.GONE;
            default -> throw new UncheckedIOException(e);
        };
    }
}
