package io.tcplab.cli.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.tcplab.kernel.netns.Namespace;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.awaitility.Awaitility;

/**
 * A host for the lab alone: its own network, its own /tmp, /var/tmp, /dev/shm and /run. What the lab leaves on it can be seen, whatever
 * else runs on this machine. Closing it ends what is left inside.
 */
final class World implements AutoCloseable {
    /** Inside; where commands work. */
    static final String FOLDER = "/tmp/work";

    /** The checkout stays visible, wherever it is. */
    private static final String SETUP = """
            for folder in /tmp /var/tmp /dev/shm /run; do
                mount -t tmpfs -o mode=1777 world /mnt
                case $1 in
                    $folder/*)
                        mkdir -p "/mnt/${1#"$folder"/}"
                        mount --bind "$1" "/mnt/${1#"$folder"/}"
                        ;;
                esac
                mount --move /mnt $folder
            done
            mkdir -p /tmp/work /tmp/home
            ip link set lo up
            echo ready
            exec sleep infinity
            """;

    /** In the environment of all that is started inside, and of what that starts. */
    private static final String MARK = "TCP_LAB_WORLD";

    private final Process holder;

    private World(Process holder) {
        this.holder = holder;
    }

    static World create() throws IOException {
        Process holder = new ProcessBuilder(
                        "unshare",
                        "--net",
                        "--mount",
                        "--propagation",
                        "private",
                        "sh",
                        "-c",
                        SETUP,
                        "sh",
                        Installation.CHECKOUT.toString())
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        World world = new World(holder);
        assertThat(holder.inputReader().readLine()).isEqualTo("ready");
        return world;
    }

    /** A command inside, to be started. Whatever it starts is inside too. */
    ProcessBuilder command(String... command) {
        List<String> all = new ArrayList<>(List.of(
                "nsenter", "--target", Long.toString(holder.pid()), "--net", "--mount", "--wd=" + path(FOLDER)));
        all.addAll(List.of(command));
        ProcessBuilder builder = new ProcessBuilder(all);
        builder.environment().put("HOME", "/tmp/home");
        builder.environment().put(MARK, mark());
        builder.environment().remove("JAVA_TOOL_OPTIONS");
        return builder;
    }

    /** The lab inside. */
    ProcessBuilder lab(String... arguments) {
        return command(Stream.concat(Stream.of(Installation.checkout().lab().toString()), Stream.of(arguments))
                .toArray(String[]::new));
    }

    /** What a command inside prints; it must end well. */
    String output(String... command) throws IOException, InterruptedException {
        Process process = command(command).redirectErrorStream(true).start();
        String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor())
                .as(String.join(" ", command) + ": " + text)
                .isZero();
        return text;
    }

    /** A path inside, as this process reaches it. */
    Path path(String inside) {
        return Path.of("/proc", Long.toString(holder.pid()), "root", inside.substring(1));
    }

    /** Its network; to be closed. */
    Namespace network() {
        return Namespace.open("/proc/" + holder.pid() + "/ns/net", "world");
    }

    /** Interfaces, sysctls of the network, mounts, and files: all that a process could leave here but itself. */
    List<String> contents() throws IOException, InterruptedException {
        List<String> all = new ArrayList<>();
        for (String what : List.of(
                "ip -o link | sed 's/ state .*//'",
                "ip -o address",
                "nft list ruleset 2>/dev/null || true",
                "grep -rs '' /proc/sys/net/ipv4/tcp_* /proc/sys/net/ipv4/ip_local_port_range /proc/sys/net/core/somaxconn",
                "cut -d' ' -f 5 /proc/self/mountinfo",
                "ls -AR /run",
                "find /tmp /var/tmp /dev/shm -xdev -type f -o -type l -o -type s")) {
            output("sh", "-c", what)
                    .lines()
                    .map(line -> what.substring(0, 8) + " " + line)
                    .forEach(all::add);
        }
        return all;
    }

    /** The processes inside, besides the one that holds it. */
    Set<Long> processes() throws IOException {
        Set<Long> found = new TreeSet<>();
        String mine = mountNamespace(holder.pid());
        try (DirectoryStream<Path> all = Files.newDirectoryStream(Path.of("/proc"), "[0-9]*")) {
            for (Path process : all) {
                long pid = Long.parseLong(process.getFileName().toString());
                if (pid != holder.pid() && mountNamespace(pid).equals(mine)) {
                    found.add(pid);
                }
            }
        }
        return found;
    }

    /** The network namespaces besides this world's own that its processes are in or refer to. */
    Set<String> cells() throws IOException {
        Set<String> found = new TreeSet<>();
        for (long pid : processes()) {
            found.addAll(namespacesOf(Path.of("/proc", Long.toString(pid))));
        }
        found.remove(link(Path.of("/proc", Long.toString(holder.pid()), "ns/net")));
        return found;
    }

    /**
     * Those of these network namespaces that a process which comes from here is in or refers to, wherever it is by now. Another's may be
     * called the same: the kernel gives a number again as soon as it is free (proc_free_inum() in fs/proc/generic.c).
     */
    Set<String> held(Set<String> namespaces) throws IOException {
        Set<String> found = new TreeSet<>();
        try (DirectoryStream<Path> all = Files.newDirectoryStream(Path.of("/proc"), "[0-9]*")) {
            for (Path process : all) {
                if (comesFromHere(process)) {
                    found.addAll(namespacesOf(process));
                }
            }
        }
        found.retainAll(namespaces);
        return found;
    }

    private boolean comesFromHere(Path process) {
        try {
            String environment = Files.readString(process.resolve("environ"), StandardCharsets.ISO_8859_1);
            return List.of(environment.split("\0")).contains(MARK + "=" + mark());
        } catch (IOException e) {
            return false; // it has ended
        }
    }

    private String mark() {
        return Long.toString(holder.pid());
    }

    /** What is waited for. */
    @FunctionalInterface
    interface State {
        boolean is() throws Exception;
    }

    static void await(State state) {
        Awaitility.await().atMost(Duration.ofMinutes(1)).until(state::is);
    }

    @Override
    public void close() throws IOException {
        for (long pid : processes()) {
            ProcessHandle.of(pid).ifPresent(ProcessHandle::destroyForcibly);
        }
        holder.destroyForcibly();
        holder.onExit().join();
    }

    private static Set<String> namespacesOf(Path process) {
        Set<String> found = new TreeSet<>();
        addLinks(process.resolve("task"), "ns/net", found);
        addLinks(process.resolve("fd"), "", found);
        return found;
    }

    private static void addLinks(Path folder, String below, Set<String> found) {
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(folder)) {
            entries.forEach(entry -> {
                String target = link(below.isEmpty() ? entry : entry.resolve(below));
                if (target.startsWith("net:")) {
                    found.add(target);
                }
            });
        } catch (IOException | DirectoryIteratorException | UncheckedIOException e) {
            // It has ended since it was listed.
        }
    }

    private static String mountNamespace(long pid) {
        return link(Path.of("/proc", Long.toString(pid), "ns/mnt"));
    }

    /** Where it points; empty if it has gone, or is a kernel thread's. */
    private static String link(Path path) {
        try {
            return Files.readSymbolicLink(path).toString();
        } catch (IOException e) {
            return "";
        }
    }
}
