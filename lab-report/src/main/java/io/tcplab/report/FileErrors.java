package io.tcplab.report;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;

/** Why a file can't be read or written, in a user's words; most such exceptions carry the reason in their class only. */
public final class FileErrors {
    private FileErrors() {}

    /** Such as {@code permission denied: /etc/shadow}. */
    public static String reason(IOException e) {
        return switch (e) {
            case NoSuchFileException missing -> "no such file: " + missing.getFile();
            case AccessDeniedException denied -> "permission denied: " + denied.getFile();
            case FileAlreadyExistsException other -> "this is a file, not a folder: " + other.getFile();
            case NotDirectoryException other -> "this is a file, not a folder: " + other.getFile();
            default -> String.valueOf(e.getMessage());
        };
    }
}
