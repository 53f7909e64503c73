package io.tcplab.kernels;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.stream.Stream;

/**
 * A file that has no name any more, so that nothing of it is left, whatever ends this process.
 *
 * @param path by which others can still open it, until it is closed
 */
record UnlinkedFile(FileChannel channel, Path path) implements AutoCloseable {
    private static final Path DESCRIPTORS = Path.of("/proc/self/fd");

    /**
     * Makes one.
     *
     * @param folder on whose disk it is
     * @throws IOException if there is no room, or no right to write there
     */
    static UnlinkedFile in(Path folder, byte[] content) throws IOException {
        Path name = Files.createTempFile(folder, ".", "");
        // On Linux the JDK removes the name when it has opened the file.
        FileChannel channel = FileChannel.open(name, StandardOpenOption.WRITE, StandardOpenOption.DELETE_ON_CLOSE);
        try {
            ByteBuffer left = ByteBuffer.wrap(content);
            while (left.hasRemaining()) {
                channel.write(left);
            }
            return new UnlinkedFile(channel, descriptorOf(folder.toRealPath().resolve(folder.relativize(name))));
        } catch (IOException | RuntimeException e) {
            channel.close();
            throw e;
        }
    }

    private static Path descriptorOf(Path removed) throws IOException {
        String target = removed + " (deleted)";
        try (Stream<Path> all = Files.list(DESCRIPTORS)) {
            return all.filter(descriptor -> leadsTo(descriptor, target))
                    .findFirst()
                    .orElseThrow(() -> new NoSuchFileException(target, null, "this process doesn't hold it open"));
        }
    }

    private static boolean leadsTo(Path descriptor, String target) {
        try {
            return Files.readSymbolicLink(descriptor).toString().equals(target);
        } catch (IOException closedMeanwhile) {
            return false;
        }
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
