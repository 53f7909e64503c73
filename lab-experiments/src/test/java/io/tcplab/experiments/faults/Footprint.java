package io.tcplab.experiments.faults;

import static java.util.stream.Collectors.toCollection;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * What this process holds of the system: descriptors by what they refer to, memory that it shares with the kernel, threads
 * by name, and the network namespaces of its threads.
 */
record Footprint(List<String> descriptors, List<String> mappings, List<String> threads, List<String> namespaces) {
    private static final Path SELF = Path.of("/proc/self");
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    /** The JVM's own and Netty's, which come and go as they please and belong to no run. */
    private static final String SHARED_THREADS = "process reaper.*|globalEventExecutor.*|ForkJoinPool.*|C[12] Comp.*"
            + "|Common-Cleaner|Signal.*|Cleaner.*|junit.*|Attach Listener|Java2D.*";

    /** It, now. */
    static Footprint now() {
        return new Footprint(openDescriptors(), sharedMappings(), liveThreads(), ownNamespaces());
    }

    /**
     * What there is beyond an earlier one. Gives threads time to end, since a closed event loop does so a moment later.
     *
     * @return in words; empty if nothing
     */
    static List<String> beyond(Footprint before) throws InterruptedException {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (true) {
            List<String> more = now().minus(before);
            if (more.isEmpty() || System.nanoTime() - deadline > 0) {
                return more;
            }
            TimeUnit.MILLISECONDS.sleep(5);
        }
    }

    private List<String> minus(Footprint before) {
        return Stream.of(
                        more("descriptor", before.descriptors, descriptors),
                        more("mapping", before.mappings, mappings),
                        more("thread", before.threads, threads),
                        more("namespace", before.namespaces, namespaces))
                .flatMap(List::stream)
                .toList();
    }

    private static List<String> more(String kind, List<String> before, List<String> now) {
        List<String> left = new ArrayList<>(now);
        before.forEach(left::remove);
        return left.stream().map(one -> kind + " " + one).toList();
    }

    /** Sockets and files by what they are: a socket's number is new each time. */
    private static List<String> openDescriptors() {
        return list("fd", Function.identity()).stream()
                .map(target -> target.replaceAll("^(socket|pipe):.*", "$1"))
                // The listing's own, and the class path's jars, which the JVM opens when it likes.
                .filter(target -> !target.startsWith("/proc/") || !target.endsWith("/fd"))
                .filter(target -> !target.endsWith(".jar"))
                .sorted()
                .toList();
    }

    private static List<String> sharedMappings() {
        try (Stream<String> lines = Files.lines(SELF.resolve("maps"))) {
            return lines.filter(line -> line.matches(".*(anon_inode|socket):.*"))
                    .map(line -> line.replaceAll(".* ", ""))
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static List<String> liveThreads() {
        return Thread.getAllStackTraces().keySet().stream()
                .map(Thread::getName)
                .filter(name -> !name.matches(SHARED_THREADS))
                .sorted()
                .toList();
    }

    private static List<String> ownNamespaces() {
        return List.copyOf(list("task", task -> task.resolve("ns/net")).stream().collect(toCollection(TreeSet::new)));
    }

    private static List<String> list(String folder, Function<Path, Path> link) {
        try (Stream<Path> entries = Files.list(SELF.resolve(folder))) {
            return entries.map(link)
                    .flatMap(path -> {
                        try {
                            return Stream.of(Files.readSymbolicLink(path).toString());
                        } catch (IOException e) {
                            return Stream.empty(); // gone since it was listed
                        }
                    })
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
