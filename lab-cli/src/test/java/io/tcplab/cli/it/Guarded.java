package io.tcplab.cli.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** A process of the lab with little memory, and what it uses of its host. */
final class Guarded implements AutoCloseable {
    /** The heap's bound. */
    static final int HEAP_MEGABYTES = 256;

    private static final Pattern USED = Pattern.compile("total \\d+K, used (\\d+)K");

    private final World world;
    private final Process process;
    private final Path log;

    /**
     * What a process uses.
     *
     * @param descriptors open ones
     * @param threads of the process, the JVM's included
     * @param residentMegabytes at most so far (VmHWM of proc_pid_status(5))
     */
    record Use(long descriptors, int threads, int residentMegabytes) {}

    private Guarded(World world, Process process, Path log) {
        this.world = world;
        this.process = process;
        this.log = log;
    }

    /** Starts it, and takes the first out of memory for its end. */
    static Guarded start(World world, int heapMegabytes, String... command) throws IOException {
        ProcessBuilder builder = world.lab(command);
        Path log = Files.createTempFile("lab", ".err");
        builder.redirectError(log.toFile());
        builder.environment()
                .put(
                        "LAB_JAVA_OPTS",
                        "-XX:+UseSerialGC -XX:TieredStopAtLevel=1 -XX:+ExitOnOutOfMemoryError -Xmx" + heapMegabytes
                                + "m");
        return new Guarded(world, builder.start(), log);
    }

    /** The next line of its standard output. */
    String line() throws IOException {
        String line = process.inputReader().readLine();
        assertThat(line).as(said()).isNotNull();
        return line;
    }

    long pid() {
        return process.pid();
    }

    Process process() {
        return process;
    }

    /** All of its standard error so far. */
    String said() throws IOException {
        return Files.readString(log);
    }

    Use use() throws IOException {
        assertThat(process.isAlive()).as("alive; it said " + said()).isTrue();
        String status = Files.readString(Path.of("/proc", Long.toString(pid()), "status"));
        return new Use(descriptors(), number(status, "Threads"), number(status, "VmHWM") >> 10);
    }

    /** After a collection. */
    int heapMegabytes() throws IOException, InterruptedException {
        String jcmd = Path.of(System.getProperty("java.home"), "bin", "jcmd").toString();
        world.output(jcmd, Long.toString(pid()), "GC.run");
        String heap = world.output(jcmd, Long.toString(pid()), "GC.heap_info");
        Matcher used = USED.matcher(heap);
        long kilobytes = 0;
        while (used.find()) {
            kilobytes += Long.parseLong(used.group(1));
        }
        assertThat(kilobytes).as(heap).isPositive();
        return Math.toIntExact(kilobytes >> 10);
    }

    private long descriptors() throws IOException {
        try (Stream<Path> open = Files.list(Path.of("/proc", Long.toString(pid()), "fd"))) {
            return open.count();
        } catch (NoSuchFileException gone) {
            return 0;
        }
    }

    private static int number(String status, String name) {
        Matcher line =
                Pattern.compile("^" + name + ":\\s+(\\d+)", Pattern.MULTILINE).matcher(status);
        assertThat(line.find()).as(name).isTrue();
        return Integer.parseInt(line.group(1));
    }

    @Override
    public void close() throws IOException {
        process.destroyForcibly();
        process.onExit().join();
        Files.deleteIfExists(log);
    }
}
