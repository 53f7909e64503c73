package io.tcplab.cli.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ConnectException;
import java.net.ProxySelector;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** {@code lab serve}, as a user starts it. */
@Tag("slow")
class ServeIT {
    private static final Duration PATIENCE = Duration.ofMinutes(1);

    @TempDir
    private Path temporary = Path.of("");

    @ParameterizedTest
    @CsvSource({"INT,130", "TERM,143"})
    void aSignalEndsItAndTheRunningExperiment(String signal, int code) throws Exception {
        try (Program serve = Program.start(Installation.checkout(), temporary, "serve");
                HttpClient client = client()) {
            URI url = URI.create(serve.awaitOut("\n").strip());
            Set<String> before = namespacesOf(serve.pid());
            assertThat(post(client, url, "/start", "{\"experiment\":\"close-wait-leak\"}"))
                    .isEqualTo("{\"ok\":true}");
            assertThat(post(client, url, "/start", "{\"experiment\":\"half-close\"}"))
                    .contains("an experiment is running");
            // Two arms of two hosts; a host shows once a server's or client's thread is in it.
            Set<String> cells = await().atMost(PATIENCE)
                    .until(() -> without(before, namespacesOf(serve.pid())), found -> found.size() >= 2);
            serve.signal(signal);
            assertThat(serve.awaitEnd().code()).isEqualTo(code);
            await().atMost(PATIENCE)
                    .untilAsserted(() -> assertThat(namespaces()).doesNotContainAnyElementsOf(cells));
            assertThatExceptionOfType(ConnectException.class).isThrownBy(() -> post(client, url, "/stop", "{}"));
            assertThat(Files.readString(temporary.resolve("lab-results/latest/result.json")))
                    .contains("\"interrupted\": true");
        }
    }

    @Test
    void anOrdinaryUserSeesHisOwnAndIsToldWhatNeedsRoot() throws Exception {
        Installation installation = Installation.copiedTo(temporary);
        try (Program server = Program.startAsUser(installation, temporary, "server", "--bind", "127.0.0.1");
                HttpClient client = client()) {
            int port = ProgramsIT.port(server);
            try (Program serve =
                    Program.startAsUser(installation, temporary, "serve", "--port", Integer.toString(port))) {
                URI url = URI.create(serve.awaitOut("\n").strip());
                assertThat(send(client, request(url, "/").GET().build())).contains("TCP Lab");
                assertThat(post(client, url, "/start", "{\"experiment\":\"close-wait-leak\"}"))
                        .contains("{\"error\":")
                        .contains("root");
                serve.signal("INT");
                assertThat(serve.awaitEnd().outOf(130)).contains("token=");
            }
        }
    }

    @Test
    void anotherAddressThanTheLoopbackComesWithAWarning() throws Exception {
        try (Program serve = Program.start(Installation.checkout(), temporary, "serve", "--listen", "0.0.0.0:0")) {
            serve.awaitOut("\n");
            assertThat(serve.awaitErr("Ctrl-C")).contains("other machines can reach this page");
        }
    }

    private static HttpClient client() {
        return HttpClient.newBuilder().proxy(ProxySelector.of(null)).build();
    }

    private static String post(HttpClient client, URI url, String path, String json)
            throws IOException, InterruptedException {
        return send(
                client,
                request(url, path)
                        .header("Content-Type", "application/json")
                        .header("Origin", "http://" + url.getAuthority())
                        .POST(HttpRequest.BodyPublishers.ofString(json))
                        .build());
    }

    private static HttpRequest.Builder request(URI url, String path) {
        return HttpRequest.newBuilder(url.resolve(path))
                .header("Authorization", "Bearer " + url.getQuery().replace("token=", ""));
    }

    private static String send(HttpClient client, HttpRequest request) throws IOException, InterruptedException {
        return client.send(request, HttpResponse.BodyHandlers.ofString()).body();
    }

    private static Set<String> without(Set<String> before, Set<String> now) {
        return now.stream().filter(each -> !before.contains(each)).collect(Collectors.toSet());
    }

    private static Set<String> namespaces() {
        try (Stream<Path> processes = Files.list(Path.of("/proc"))) {
            return processes
                    .filter(process -> process.getFileName().toString().matches("\\d+"))
                    .flatMap(process -> namespacesOf(process.resolve("task")).stream())
                    .collect(Collectors.toSet());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Set<String> namespacesOf(long pid) {
        return namespacesOf(Path.of("/proc", Long.toString(pid), "task"));
    }

    /** Threads come and go while they are listed. */
    private static Set<String> namespacesOf(Path tasks) {
        try (Stream<Path> all = Files.list(tasks)) {
            return all.map(task -> task.resolve("ns/net"))
                    .flatMap(ServeIT::target)
                    .collect(Collectors.toSet());
        } catch (IOException | UncheckedIOException gone) {
            return Set.of();
        }
    }

    private static Stream<String> target(Path link) {
        try {
            return Stream.of(Files.readSymbolicLink(link).toString());
        } catch (IOException gone) {
            return Stream.empty();
        }
    }
}
