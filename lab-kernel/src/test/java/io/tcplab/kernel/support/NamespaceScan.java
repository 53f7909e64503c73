package io.tcplab.kernel.support;

import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Finds what holds a network namespace; lsns would miss a thread that is alone inside. */
public final class NamespaceScan {
    private NamespaceScan() {}

    /** The threads that are in the namespace and the descriptors that refer to it, of all processes. */
    public static List<Path> holders(long inode) throws IOException {
        String name = "net:[" + inode + "]";
        List<Path> holders = new ArrayList<>();
        try (DirectoryStream<Path> processes = Files.newDirectoryStream(Path.of("/proc"), "[0-9]*")) {
            for (Path process : processes) {
                addMatching(holders, process.resolve("task"), "ns/net", name);
                addMatching(holders, process.resolve("fd"), "", name);
            }
        }
        return holders;
    }

    private static void addMatching(List<Path> holders, Path folder, String within, String name) throws IOException {
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(folder)) {
            for (Path entry : entries) {
                Path link = entry.resolve(within);
                if (pointsTo(link, name)) {
                    holders.add(link);
                }
            }
        } catch (NoSuchFileException | DirectoryIteratorException e) {
            // The process has ended since it was listed, or while its threads were, so it holds nothing.
            return;
        }
    }

    private static boolean pointsTo(Path link, String name) {
        try {
            return Files.readSymbolicLink(link).toString().equals(name);
        } catch (IOException e) {
            // The thread or descriptor has gone since it was listed, or is a kernel's.
            return false;
        }
    }
}
