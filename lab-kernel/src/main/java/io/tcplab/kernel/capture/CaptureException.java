package io.tcplab.kernel.capture;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/** A capture's file can't be written: no such folder, no permission, disk full. The message names file and reason. */
public final class CaptureException extends RuntimeException {
    private static final long serialVersionUID = 1;

    CaptureException(Path file, long packets, IOException cause) {
        super(
                "can't write the capture %s: %s%s"
                        .formatted(
                                file.toAbsolutePath(),
                                reason(cause),
                                packets == 0 ? "" : "; it ends after %,d packets".formatted(packets)),
                cause);
    }

    /** Some of these exceptions have nothing but the file's name as their message. */
    private static String reason(IOException cause) {
        return switch (cause) {
            case NoSuchFileException missing -> "no such folder";
            case AccessDeniedException denied -> "permission denied";
            case FileSystemException e -> String.valueOf(e.getReason());
            default -> String.valueOf(cause.getMessage());
        };
    }
}
