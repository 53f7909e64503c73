package io.tcplab.kernel.sysctl;

import io.tcplab.kernel.support.FuzzTarget;
import io.tcplab.kernel.support.FuzzTests;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;

/** Any bytes in place of a sysctl.conf: its problems are part of what was read, never an error. */
class SysctlFilesFuzzTest extends FuzzTests {
    /** A pattern with which a regular expression was busy for minutes. */
    private static final String STARS = "net.ipv4." + "*?".repeat(14) + "Z = 1\n";

    /** One namespace for all: the kernel takes milliseconds for each, and a file is read within microseconds. */
    private static final NamespaceTarget TARGET = new NamespaceTarget();

    static List<FuzzTarget> targets() {
        List<byte[]> files = Stream.concat(
                        Stream.of("comments.conf", "distribution.conf", "dump.conf", "ports.conf")
                                .map(SysctlFilesFuzzTest::file),
                        Stream.of(STARS.getBytes(StandardCharsets.US_ASCII)))
                .toList();
        return List.of(new FuzzTarget(
                "sysctl files",
                files,
                bytes -> SysctlFile.parse(new String(bytes, StandardCharsets.ISO_8859_1), TARGET),
                FuzzTarget.Nothing.class));
    }

    @AfterAll
    static void close() {
        TARGET.close();
    }

    private static byte[] file(String name) {
        try (InputStream file = SysctlFilesFuzzTest.class.getResourceAsStream(name)) {
            if (file == null) {
                throw new AssertionError("no " + name);
            }
            return file.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
