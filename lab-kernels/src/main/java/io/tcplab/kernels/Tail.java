package io.tcplab.kernels;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** Follows a file that somebody else writes to. */
final class Tail {
    private static final int MOST = 1 << 20;

    private final Path file;
    private long read;

    Tail(Path file) {
        this.file = file;
    }

    /** The lines that have ended since the last call. */
    List<String> more() throws IOException {
        if (!Files.exists(file) || Files.size(file) <= read) {
            return List.of();
        }
        try (RandomAccessFile from = new RandomAccessFile(file.toFile(), "r")) {
            from.seek(read);
            byte[] bytes = new byte[(int) Math.min(MOST, from.length() - read)];
            from.readFully(bytes);
            // Up to the last line end only: the rest may end within a character.
            int end = lastLineEnd(bytes) + 1;
            read += end;
            String text = new String(bytes, 0, end, StandardCharsets.UTF_8);
            return text.lines().map(Tail::plain).toList();
        }
    }

    /** Whether it is there. */
    boolean exists() {
        return Files.exists(file);
    }

    /** How long it is by now; 0 if it isn't there. */
    long size() throws IOException {
        return Files.exists(file) ? Files.size(file) : 0;
    }

    /** Whether a line of it contains this. */
    boolean has(String text) throws IOException {
        return lines().anyMatch(line -> line.contains(text));
    }

    /** Its last lines that have anything in them, without a terminal's control sequences. */
    List<String> last(int most) throws IOException {
        List<String> all = lines().filter(line -> !line.isBlank()).toList();
        return all.subList(Math.max(0, all.size() - most), all.size());
    }

    private Stream<String> lines() throws IOException {
        if (!Files.exists(file)) {
            return Stream.empty();
        }
        return new String(Files.readAllBytes(file), StandardCharsets.UTF_8)
                .lines()
                .map(Tail::plain);
    }

    private static String plain(String line) {
        return line.replaceAll("\u001b(\\[[0-9;?=]*[A-Za-z]|c)", "").replaceAll("\\p{Cntrl}", "");
    }

    private static int lastLineEnd(byte[] bytes) {
        for (int i = bytes.length - 1; i >= 0; i--) {
            if (bytes[i] == '\n') {
                return i;
            }
        }
        return -1;
    }
}
