package io.tcplab.cli.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The packaged program in another kernel; {@code scripts/test} fetches that, and names it in LAB_TEST_KERNEL. */
@Tag("slow")
@Order(3)
class KernelsIT {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    static final String KERNEL = System.getenv().getOrDefault("LAB_TEST_KERNEL", "6.1");
    /** The programs under test have a home of their own; the kernel is in the suite's cache. */
    static final List<String> WITH_CACHE = List.of(
            "env",
            "XDG_CACHE_HOME="
                    + System.getenv()
                            .getOrDefault("XDG_CACHE_HOME", System.getenv().getOrDefault("HOME", "/root") + "/.cache"));

    @TempDir
    private Path temporary = Path.of("");

    @Test
    void runsExperimentsThereAndHereSideBySide() throws Exception {
        String[] command = {"run", "stale-syn", "three-way-handshake", "--kernel", KERNEL + ",host", "--json", "-"};
        try (Program run = Program.start(WITH_CACHE, temporary, command)) {
            Program.Ended ended = run.awaitEnd();
            Report report = Report.of(ended.outOf(0));
            assertThat(report.json().get("kernels"))
                    .hasSize(2)
                    .allSatisfy(kernel ->
                            assertThat(kernel.get("problem").asString()).isEmpty());
            assertThat(report.json().get("kernels").get(0).get("release").asString())
                    .startsWith(KERNEL + ".");
            assertThat(report.runs())
                    .hasSize(4)
                    .extracting(each -> each.get("verdict").asString())
                    .containsOnly("confirmed");
            assertThat(report.runs())
                    .extracting(each -> each.get("kernel").asString())
                    .containsExactly(KERNEL, KERNEL, "host", "host");
            assertThat(ended.err()).contains("2 the same on 2 kernels");
        }
    }

    @Test
    void comparesKernelsByEachOnesSamples() throws Exception {
        String[] command = {
            "compare",
            "port-exhaustion",
            "--kernel",
            KERNEL + ",host",
            "--sysctl",
            "client:net.ipv4.tcp_tw_reuse=0,1",
            "--trials",
            "3",
            "--fail-if",
            "client.again < 1 in kernel=host, client:tcp_tw_reuse=0",
            "--json",
            "-"
        };
        try (Program compare = Program.start(WITH_CACHE, temporary, command)) {
            Program.Ended ended = compare.awaitEnd();
            JsonNode json = JsonMapper.builder().build().readTree(ended.outOf(1));
            assertThat(json.get("kernels")).hasSize(2);
            JsonNode comparison = json.get("comparisons").get(0);
            assertThat(comparison.get("settings"))
                    .allSatisfy(
                            setting -> assertThat(setting.get("kept").asInt()).isEqualTo(3))
                    .extracting(setting -> setting.get("label").asString())
                    .containsExactly(
                            "kernel=" + KERNEL + ", client:tcp_tw_reuse=0",
                            "kernel=" + KERNEL + ", client:tcp_tw_reuse=1",
                            "kernel=host, client:tcp_tw_reuse=0",
                            "kernel=host, client:tcp_tw_reuse=1");
            assertThat(comparison.get("notes").toString()).contains("QEMU").contains("this machine's own kernel");
        }
    }

    @Test
    void leavesNoGuestWhenItIsKilled() throws Exception {
        try (Program run = Program.start(WITH_CACHE, temporary, "run", "time-wait-storm", "--kernel", KERNEL)) {
            run.awaitErr("booting Linux " + KERNEL);
            await().atMost(PATIENCE).until(this::hasGuest);
            run.signal("KILL");
            run.awaitEnd();
            await().atMost(PATIENCE).until(() -> !hasGuest());
            try (Stream<Path> left = Files.walk(temporary)) {
                assertThat(left.filter(path -> path.getFileName().toString().startsWith(".")))
                        .isEmpty();
            }
        }
    }

    @Test
    void aGuestThatSaysNothingIsInconclusive() throws Exception {
        try (Program run =
                Program.start(WITH_CACHE, temporary, "claims", "18", "--kernel", KERNEL, "--kernel-silence", "1")) {
            assertThat(run.awaitEnd().outOf(2)).contains("it didn't boot within 1 s");
            assertThat(hasGuest()).isFalse();
        }
    }

    @Test
    void whatIsMissingIsSaidBeforeAnythingStarts() throws Exception {
        // In a mount namespace of its own, where QEMU isn't a program.
        List<String> withoutQemu = List.of(
                "unshare",
                "--mount",
                "sh",
                "-c",
                "mount --bind /dev/null \"$(command -v qemu-system-x86_64)\" && exec env \"$@\"",
                WITH_CACHE.get(1),
                WITH_CACHE.get(1));
        try (Program run = Program.start(withoutQemu, temporary, "run", "half-close", "--kernel", KERNEL)) {
            assertThat(run.awaitEnd())
                    .returns(2, Program.Ended::code)
                    .extracting(Program.Ended::err)
                    .asString()
                    .contains("qemu-system-x86_64 is missing: sudo apt-get install qemu-system-x86");
        }
        try (Program run = Program.start(temporary, "run", "half-close", "--kernel", "2.4")) {
            assertThat(run.awaitEnd())
                    .returns(64, Program.Ended::code)
                    .extracting(Program.Ended::err)
                    .asString()
                    .contains("`lab kernels --fetch 2.4` gets one");
        }
        assertThat(temporary.resolve("lab-results")).doesNotExist();
    }

    /** Whether a QEMU runs in this test's folder, which it has from the lab. */
    private boolean hasGuest() {
        return ProcessHandle.allProcesses()
                .filter(process -> process.info().command().orElse("").contains("qemu-system"))
                .anyMatch(process -> folderOf(process).equals(temporary.toAbsolutePath()));
    }

    private static Path folderOf(ProcessHandle process) {
        try {
            return Files.readSymbolicLink(Path.of("/proc/" + process.pid() + "/cwd"));
        } catch (IOException ended) {
            return Path.of("/");
        }
    }
}
