package io.tcplab.kernel.support;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;

/**
 * Inputs that Jazzer has found, each of which reached code, or looped through it, as none before it did. A module's test resources hold a file for each
 * target, {@code fuzz/proc-net-tcp.hex}, with an input a line.
 *
 * <p>As a program it is what {@code scripts/torture jazzer} calls: Jazzer keeps a corpus in a folder.
 */
public final class FuzzCorpus {
    /** Of each target, the shortest; all that Jazzer keeps of some would fill the repository. */
    private static final int MOST = 64;

    private static final int LONGEST = 512;

    /** They are in the test's source. */
    private static final String SEED = "seed-";

    private static final HexFormat HEX = HexFormat.of();

    private FuzzCorpus() {}

    /** The target's; empty if there is no file. */
    static List<byte[]> of(FuzzTarget target) {
        try (InputStream file = FuzzCorpus.class.getResourceAsStream("/fuzz/" + target.fileName() + ".hex")) {
            return file == null
                    ? List.of()
                    : new String(file.readAllBytes(), StandardCharsets.US_ASCII)
                            .lines()
                            .map(HEX::parseHex)
                            .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * {@code unpack FOLDER CLASS…} makes a folder of inputs for each target of these tests, and prints class and folder of each;
     * {@code pack FOLDER FILE} makes a file of a folder.
     */
    public static void main(String[] args) throws Exception {
        Path folder = Path.of(args[1]);
        switch (args[0]) {
            case "unpack" -> {
                for (String tests : List.of(args).subList(2, args.length)) {
                    for (FuzzTarget target : JazzerTarget.of(tests)) {
                        unpack(target, folder.resolve(target.fileName()));
                        System.out.println(tests + " " + target.fileName());
                    }
                }
            }
            case "pack" -> pack(folder, Path.of(args[2]));
            default -> throw new IllegalArgumentException(args[0]);
        }
    }

    private static void unpack(FuzzTarget target, Path folder) throws IOException {
        Files.createDirectories(folder);
        write(target.seeds(), folder, SEED);
        write(of(target), folder, "kept-");
    }

    private static void write(List<byte[]> inputs, Path folder, String prefix) throws IOException {
        for (int i = 0; i < inputs.size(); i++) {
            Files.write(folder.resolve(prefix + i), inputs.get(i));
        }
    }

    /** In an order of their own, so that what stays the same looks the same in a diff. */
    private static void pack(Path folder, Path file) throws IOException {
        try (Stream<Path> inputs = Files.list(folder)) {
            List<String> lines = inputs.filter(
                            input -> !input.getFileName().toString().startsWith(SEED))
                    .map(FuzzCorpus::read)
                    .filter(input -> input.length > 0 && input.length <= LONGEST)
                    .map(HEX::formatHex)
                    .distinct()
                    .sorted(Comparator.comparingInt(String::length).thenComparing(Comparator.naturalOrder()))
                    .limit(MOST)
                    .toList();
            Files.createDirectories(file.getParent());
            Files.write(file, lines);
        }
    }

    private static byte[] read(Path file) {
        try {
            return Files.readAllBytes(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
