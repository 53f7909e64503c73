package io.tcplab.cli.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** However a run is ended: nothing of it remains but its results. */
@Tag("slow")
class InterruptedRunIT {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    @TempDir
    private Path temporary = Path.of("");

    @ParameterizedTest
    @CsvSource({"INT,130", "TERM,143"})
    void writesWhatItHasWhenASignalEndsIt(String signal, int code) throws Exception {
        Path json = temporary.resolve("partial.json");
        try (Program run =
                Program.start(temporary, "run", "three-way-handshake", "time-wait-storm", "--json", json.toString())) {
            run.awaitOut("three-way-handshake: confirmed in ");
            Set<String> namespaces = namespacesOf(run.pid());
            assertThat(namespaces).isNotEmpty();
            run.signal(signal);
            Program.Ended ended = run.awaitEnd();
            assertThat(ended.code()).as(ended.err()).isEqualTo(code);
            assertThat(ended.out()).endsWith("1 confirmed, then interrupted\n");
            awaitGone(namespaces);
        }
        assertPartial(Files.readString(json));
        assertPartial(Files.readString(temporary.resolve("lab-results/latest/result.json")));
    }

    @Test
    void stopsForAnOrdinaryUserToo() throws Exception {
        Installation installation = Installation.copiedTo(temporary);
        try (Program run = Program.startAsUser(installation, temporary, "run", "time-wait-storm", "--json", "-")) {
            run.awaitErr("time-wait-storm (fault): ");
            Set<String> namespaces = namespacesOf(run.pid());
            run.signal("INT");
            Program.Ended ended = run.awaitEnd();
            assertThat(Report.of(ended.outOf(130)).runs()).isEmpty();
            awaitGone(namespaces);
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void leavesNothingBehindWhenItIsKilled(boolean asRoot) throws Exception {
        Installation installation = Installation.copiedTo(temporary);
        String[] command = {"run", "close-wait-leak", "half-close", "--json", "-"};
        try (Program run = asRoot
                ? Program.start(installation, temporary, command)
                : Program.startAsUser(installation, temporary, command)) {
            run.awaitErr("close-wait-leak (fault): ");
            run.awaitErr("half-close (control): ");
            // Two runs of two arms of two hosts; a host shows once a server's or client's thread is in it.
            Set<String> namespaces =
                    await().atMost(PATIENCE).until(() -> namespacesOf(run.pid()), found -> found.size() >= 2);
            run.signal("KILL");
            assertThat(run.awaitEnd().code()).isEqualTo(137);
            awaitGone(namespaces);
        }
    }

    private static void assertPartial(String json) throws IOException {
        Report report = Report.of(json);
        assertThat(report.json().get("interrupted").asBoolean()).isTrue();
        assertThat(report.verdicts()).containsExactlyEntriesOf(Map.of("three-way-handshake", "confirmed"));
    }

    /** A namespace without a process is gone, and so are its links; one that is held shows on one thread at least. */
    private static void awaitGone(Set<String> namespaces) {
        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(allNamespaces()).doesNotContainAnyElementsOf(namespaces));
    }

    /** The network namespaces that a process's threads are in, but for this one's. lsns doesn't list these. */
    private static Set<String> namespacesOf(long pid) {
        Set<String> found = namespaces(Path.of("/proc", Long.toString(pid)));
        found.removeAll(namespaces(Path.of("/proc/self")));
        return found;
    }

    private static Set<String> allNamespaces() throws IOException {
        Set<String> all = new HashSet<>();
        try (Stream<Path> processes = Files.list(Path.of("/proc"))) {
            processes
                    .filter(process -> process.getFileName().toString().matches("\\d+"))
                    .forEach(process -> all.addAll(namespaces(process)));
        }
        return all;
    }

    private static Set<String> namespaces(Path process) {
        Set<String> found = new HashSet<>();
        try (Stream<Path> threads = Files.list(process.resolve("task"))) {
            threads.forEach(thread -> {
                try {
                    found.add(Files.readSymbolicLink(thread.resolve("ns/net")).toString());
                } catch (IOException e) {
                    // The thread has just ended.
                }
            });
        } catch (IOException | UncheckedIOException e) {
            // The process has just ended.
        }
        return found;
    }
}
