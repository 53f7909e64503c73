package io.tcplab.kernel.sockets;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Which sockets this process holds file descriptors of: the links in {@code /proc/self/fd} name their inodes. */
public final class SocketDescriptors {
    private static final Path DESCRIPTORS = Path.of("/proc/self/fd");
    private static final Pattern SOCKET = Pattern.compile("socket:\\[(\\d+)]");

    private SocketDescriptors() {}

    /** The inodes, as {@link TcpSocket#inode} has them. */
    public static Set<Long> inodes() {
        Set<Long> inodes = new HashSet<>();
        try (DirectoryStream<Path> links = Files.newDirectoryStream(DESCRIPTORS)) {
            for (Path link : links) {
                target(link)
                        .map(SOCKET::matcher)
                        .filter(Matcher::matches)
                        .ifPresent(socket -> inodes.add(Long.parseLong(socket.group(1))));
            }
        } catch (IOException e) {
            throw new UncheckedIOException("can't list " + DESCRIPTORS, e);
        }
        return inodes;
    }

    /** Empty for a descriptor that was closed after it had been listed. */
    private static Optional<String> target(Path link) throws IOException {
        try {
            return Optional.of(Files.readSymbolicLink(link).toString());
        } catch (NoSuchFileException closed) {
            return Optional.empty();
        }
    }
}
