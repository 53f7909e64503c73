package io.tcplab.suite;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * A module with compiled tests.
 *
 * @param folder what its tests have as their working directory
 */
record TestModule(Path folder) {
    /** The modules below a folder that Maven has built with their tests, by name. */
    static List<TestModule> below(Path root) {
        try (Stream<Path> folders = Files.list(root)) {
            return folders.map(TestModule::new)
                    .filter(module -> Files.exists(module.options()) && Files.isDirectory(module.classes()))
                    .sorted((one, other) -> one.name().compareTo(other.name()))
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    String name() {
        return folder.getFileName().toString();
    }

    /** Maven's word on how the tests' JVM is started: its options and its class path, as an argument file of java(1). */
    Path options() {
        return folder.resolve("target/test.options");
    }

    Path classes() {
        return folder.resolve("target/test-classes");
    }

    /** The classes with this tag on them or on one of their methods, by simple name. */
    List<String> tagged(String tag) {
        Path sources = folder.resolve("src/test/java");
        if (!Files.isDirectory(sources)) {
            return List.of();
        }
        try (Stream<Path> files = Files.walk(sources)) {
            return files.filter(file -> file.toString().endsWith(".java") && mentions(file, "@Tag(\"" + tag + "\")"))
                    .map(file -> file.getFileName().toString().replace(".java", ""))
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static boolean mentions(Path file, String text) {
        try {
            return Files.readString(file).contains(text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
