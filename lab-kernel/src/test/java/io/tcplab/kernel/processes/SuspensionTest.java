package io.tcplab.kernel.processes;

import static org.assertj.core.api.Assertions.assertThat;

import io.tcplab.kernel.ffm.ProcFile;
import io.tcplab.kernel.support.Await;
import io.tcplab.kernel.support.Command;
import java.io.BufferedReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalInt;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A process that is kept from running, in each of the ways. */
class SuspensionTest {
    private static final String MOUNTS = ProcFile.read("/proc/self/mountinfo");

    private Process process;
    private int pid;

    @BeforeEach
    void start() throws Exception {
        process = new ProcessBuilder("sleep", "1000").start();
        pid = Math.toIntExact(process.pid());
        Await.until(this::call, call -> call.waitsIn(SystemCall.SLEEP));
    }

    @AfterEach
    void end() throws Exception {
        process.destroyForcibly().waitFor();
    }

    @Test
    void nothingSuspendsWhatSleeps() {
        assertThat(suspension()).isEqualTo(new Suspension.None());
        assertThat(call().stat().state()).isEqualTo(TaskState.SLEEPING);
    }

    /** collect_syscall() reads the registers that the thread entered the kernel with. */
    @Test
    void aStoppedThreadStillShowsItsCall() throws Exception {
        Command.run(List.of("kill", "-STOP", Integer.toString(pid)));
        Await.until(this::call, call -> call.stat().state() == TaskState.STOPPED);
        assertThat(suspension()).isEqualTo(new Suspension.Stopped());
        assertThat(call().waitsIn(SystemCall.SLEEP)).isTrue();
        Command.run(List.of("kill", "-CONT", Integer.toString(pid)));
        Await.until(this::suspension, new Suspension.None()::equals);
        Await.until(this::call, call -> call.waitsIn(SystemCall.RESTARTED));
    }

    @Test
    void whoTraces() throws Exception {
        String attach = """
                import ctypes, os, sys
                libc = ctypes.CDLL(None)
                ATTACH, pid = 16, int(sys.argv[1])
                assert libc.ptrace(ATTACH, pid, None, None) == 0
                os.waitpid(pid, 0)
                print("attached", flush=True)
                sys.stdin.read()
                """;
        Process tracer = new ProcessBuilder("python3", "-c", attach, Integer.toString(pid)).start();
        try (BufferedReader output = tracer.inputReader(StandardCharsets.UTF_8)) {
            assertThat(output.readLine()).isEqualTo("attached");
            assertThat(suspension()).isEqualTo(new Suspension.Traced(OptionalInt.of(Math.toIntExact(tracer.pid()))));
            assertThat(call().waitsIn(SystemCall.SLEEP)).isTrue();
        } finally {
            tracer.destroyForcibly().waitFor();
        }
    }

    /** The cgroup above is frozen, as it may be of a container's. */
    @Test
    void aFrozenCgroup() throws Exception {
        List<Path> hierarchies = Stream.of(hierarchy("cgroup2", ""), hierarchy("cgroup", "freezer"))
                .flatMap(List::stream)
                .toList();
        assertThat(hierarchies).isNotEmpty();
        for (Path hierarchy : hierarchies) {
            assertThat(Freezer.of(pid)).isEqualTo(Freezer.THAWED);
            Path above = Files.createTempDirectory(hierarchy, "lab");
            Path cgroup = Files.createDirectory(above.resolve("below"));
            try {
                write(cgroup.resolve("cgroup.procs"), Integer.toString(pid));
                freeze(above, true);
                Await.until(this::suspension, new Suspension.Frozen()::equals);
                assertThat(call().stat().state()).isIn(TaskState.SLEEPING, TaskState.DISK_SLEEP);
                assertThat(call())
                        .matches(call -> call.waitsIn(SystemCall.SLEEP) || call.waitsIn(SystemCall.RESTARTED));
            } finally {
                freeze(above, false);
                write(hierarchy.resolve("cgroup.procs"), Integer.toString(pid));
                Files.delete(cgroup);
                Files.delete(above);
            }
        }
    }

    @Test
    void theHierarchyMayBeMountedInPart() {
        String mounts = """
                41 31 0:38 / /sys/fs/cgroup/unified rw,relatime - cgroup2 cgroup2 rw,nsdelegate
                42 31 0:39 /docker/4711 /sys/fs/cgroup/freezer ro,relatime shared:7 - cgroup cgroup rw,freezer
                """;
        assertThat(Freezer.directory(mounts, "cgroup2", "", "/system.slice/a.service"))
                .hasValue("/sys/fs/cgroup/unified/system.slice/a.service");
        assertThat(Freezer.directory(mounts, "cgroup2", "", "/")).hasValue("/sys/fs/cgroup/unified/");
        assertThat(Freezer.directory(mounts, "cgroup", "freezer", "/docker/4711/sub"))
                .hasValue("/sys/fs/cgroup/freezer/sub");
        assertThat(Freezer.directory(mounts, "cgroup", "freezer", "/docker/47112"))
                .isEmpty();
        assertThat(Freezer.directory(mounts, "cgroup2", "", "/../elsewhere")).isEmpty();
    }

    private ThreadCall call() {
        return Processes.threads(pid).getFirst();
    }

    private Suspension suspension() {
        return Suspension.of(pid, Processes.threads(pid));
    }

    /** Where the cgroup of this JVM is, if this is mounted. */
    private static List<Path> hierarchy(String type, String option) {
        String cgroup = ProcFile.read("/proc/self/cgroup")
                .lines()
                .map(line -> line.split(":", 3))
                .filter(fields -> option.equals(fields[1]))
                .map(fields -> fields[2])
                .findFirst()
                .orElse("/none");
        return Freezer.directory(MOUNTS, type, option, cgroup).map(Path::of).stream()
                .toList();
    }

    private static void freeze(Path cgroup, boolean frozen) {
        if (Files.exists(cgroup.resolve("cgroup.freeze"))) {
            write(cgroup.resolve("cgroup.freeze"), frozen ? "1" : "0");
        } else {
            write(cgroup.resolve("freezer.state"), frozen ? "FROZEN" : "THAWED");
        }
    }

    private static void write(Path file, String text) {
        ProcFile.write(file.toString(), text);
    }
}
