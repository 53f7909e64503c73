package io.tcplab.kernel.netns;

import static org.assertj.core.api.Assertions.assertThat;

import io.tcplab.kernel.ffm.ProcFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/** A table of its own is all that distinguishes such a namespace. */
class OwnTableTest {
    private static final String ENTRIES = "tcp_ehash_entries";

    @AutoClose
    private final Namespace shared = Namespace.create("shared");

    @AutoClose
    private final Namespace own = Namespace.createWithOwnTable("own");

    @Test
    void everySysctlIsAsInAnyOtherNamespace() {
        Map<String, String> sysctls = own.call(OwnTableTest::sysctls);
        assertThat(sysctls).containsKey("tcp_max_tw_buckets").isEqualTo(shared.call(OwnTableTest::sysctls));
    }

    @Test
    void theTableIsSmallWhereTheKernelCan() {
        if (Files.exists(Path.of("/proc/sys/net/ipv4", ENTRIES))) {
            assertThat(own.<Integer>call(OwnTableTest::entries)).isEqualTo(32_768);
            assertThat(shared.<Integer>call(OwnTableTest::entries))
                    .as("negative: shared with all")
                    .isNegative();
        }
    }

    @Test
    void theUsersNamespaceStaysAsItWas() {
        assertThat(Namespace.current().<Integer>call(OwnTableTest::entries))
                .isNotEqualTo(own.<Integer>call(OwnTableTest::entries));
    }

    private static int entries() {
        return Integer.parseInt(read(ENTRIES));
    }

    /** But for the one that tells of the table, and what names a point in time. */
    private static Map<String, String> sysctls() throws Exception {
        Map<String, String> sysctls = new TreeMap<>();
        try (Stream<Path> files = Files.list(Path.of("/proc/sys/net/ipv4"))) {
            files.map(file -> file.getFileName().toString())
                    .filter(name -> name.startsWith("tcp_") && !name.equals(ENTRIES) && !name.contains("fastopen_key"))
                    .forEach(name -> sysctls.put(name, read(name)));
        }
        return sysctls;
    }

    private static String read(String name) {
        return ProcFile.read("/proc/sys/net/ipv4/" + name).strip();
    }
}
