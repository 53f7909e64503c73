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
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
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
    /** More than a look asks the kernel for all details of. */
    private static final int MANY = 60_000;
    /** A few of a crowd fail, on a busy machine. */
    private static final Pattern NEARLY_ALL = Pattern.compile("\"CLOSE_WAIT\":(59|60)\\d{3}\\b");

    @TempDir
    private Path temporary = Path.of("");

    @ParameterizedTest
    @CsvSource({"INT,130", "TERM,143"})
    void aSignalEndsItAndTheRunningExperiment(String signal, int code) throws Exception {
        try (Program serve = Program.start(temporary, "serve");
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
    void anOrdinaryUserSeesHisOwnAndStartsExperiments() throws Exception {
        Installation installation = Installation.copiedTo(temporary);
        try (Program server = Program.startAsUser(installation, temporary, "server", "--bind", "127.0.0.1");
                HttpClient client = client()) {
            int port = ProgramsIT.port(server);
            try (Program serve =
                    Program.startAsUser(installation, temporary, "serve", "--port", Integer.toString(port))) {
                URI url = URI.create(serve.awaitOut("\n").strip());
                assertThat(send(client, request(url, "/").GET().build())).contains("TCP Lab");
                assertThat(send(client, request(url, "/catalogue").GET().build()))
                        .contains("\"unavailable\":\"\"");
                assertThat(post(client, url, "/start", "{\"experiment\":\"close-wait-leak\"}"))
                        .isEqualTo("{\"ok\":true}");
                Set<String> cells = await().atMost(PATIENCE)
                        .until(() -> namespacesOfChildren(serve.pid()), found -> found.size() >= 3);
                serve.signal("TERM");
                assertThat(serve.awaitEnd().outOf(143)).contains("token=");
                await().atMost(PATIENCE)
                        .untilAsserted(() -> assertThat(namespaces()).doesNotContainAnyElementsOf(cells));
                assertThat(Files.readString(serve.folder().resolve("lab-results/latest/result.json")))
                        .contains("\"interrupted\": true");
            }
        }
    }

    @Test
    void whereUserNamespacesAreForbiddenThePageSaysWhatHelps() throws Exception {
        Installation installation = Installation.copiedTo(temporary);
        try (Program serve = Program.start(Program.WITHOUT_USER_NAMESPACES, installation, temporary, "serve");
                HttpClient client = client()) {
            URI url = URI.create(serve.awaitOut("\n").strip());
            assertThat(send(client, request(url, "/catalogue").GET().build()))
                    .contains("user.max_user_namespaces is 0: sudo sysctl -w user.max_user_namespaces=")
                    .contains("--sandbox host");
            assertThat(post(client, url, "/start", "{\"experiment\":\"close-wait-leak\"}"))
                    .contains("{\"error\":\"experiments can't run here: ")
                    .contains("user.max_user_namespaces is 0");
        }
    }

    /** scripts/bench page has the figures, and more sockets. */
    @Test
    void framesDoNotWaitForALookAtVeryManySockets() throws Exception {
        List<String> inside = List.of(
                "unshare",
                "--net",
                "bash",
                "-c",
                "ip link set lo up && sysctl -qw net.core.somaxconn=1000000 net.ipv4.tcp_max_syn_backlog=1000000"
                        + " && exec \"$@\"",
                "bash");
        String[] server = {"server", "--bind", "0.0.0.0", "--behaviour", "stop-accepting", "--backlog", "1000000"};
        try (Program full = Program.start(inside, temporary, server);
                HttpClient client = client()) {
            String namespace = "/proc/" + full.pid() + "/ns/net";
            fill(namespace, ProgramsIT.port(full));
            try (Program serve = Program.start(temporary, "serve", "--netns", namespace)) {
                URI url = URI.create(serve.awaitOut("\n").strip());
                List<String> frames = framesWith(client, url, NEARLY_ALL);
                Set<String> looks = frames.stream()
                        .map(frame -> frame.replaceAll(".*(\"lookMillis\":\\d+).*", "$1"))
                        .collect(Collectors.toSet());
                assertThat(looks).hasSizeLessThan(frames.size() / 2);
                assertThat(frames).allSatisfy(frame -> assertThat(frame).hasSizeLessThan(10_000));
            }
        }
    }

    /** The client closes, and nobody accepts: so it takes no descriptors. Each address has all the ports. */
    private void fill(String namespace, int port) throws Exception {
        List<String> load = new ArrayList<>(List.of("client", "--payload", "0", "--count", Integer.toString(MANY)));
        IntStream.rangeClosed(1, 4).forEach(host -> load.addAll(List.of("--target", "127.0.0." + host + ":" + port)));
        try (Program client =
                Program.start(List.of("nsenter", "--net=" + namespace), temporary, load.toArray(String[]::new))) {
            client.awaitEnd().outOf(0);
        }
    }

    private static List<String> framesWith(HttpClient client, URI url, Pattern wanted) throws Exception {
        HttpResponse<Stream<String>> events =
                client.send(request(url, "/events").GET().build(), HttpResponse.BodyHandlers.ofLines());
        try (Stream<String> lines = events.body()) {
            return lines.filter(line -> line.contains("\"lab/live/1\"")
                            && wanted.matcher(line).find())
                    .limit(40)
                    .toList();
        }
    }

    @Test
    void anotherAddressThanTheLoopbackComesWithAWarning() throws Exception {
        try (Program serve = Program.start(temporary, "serve", "--listen", "0.0.0.0:0")) {
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

    private static Set<String> namespacesOfChildren(long pid) {
        return ProcessHandle.of(pid).stream()
                .flatMap(ProcessHandle::descendants)
                .flatMap(child -> namespacesOf(child.pid()).stream())
                .collect(Collectors.toSet());
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
