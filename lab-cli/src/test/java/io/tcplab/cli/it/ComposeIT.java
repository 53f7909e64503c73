package io.tcplab.cli.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.ProxySelector;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** docker/compose.yaml, with a real Prometheus. */
@Tag("docker")
class ComposeIT {
    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final Pattern METRIC = Pattern.compile("^\\| `(tcplab_\\w+)` \\| (\\w+)", Pattern.MULTILINE);

    private final String project = "tcplab-test-" + UUID.randomUUID();

    @AfterEach
    void down() throws Exception {
        compose("down", "--volumes");
        for (String kind : List.of("container", "network", "volume")) {
            List<String> left = new ArrayList<>(List.of("docker", kind, "ls", "--quiet"));
            left.addAll(List.of("--filter", "label=com.docker.compose.project=" + project));
            assertThat(Docker.call(left).outOf(0)).as(kind).isEmpty();
        }
    }

    @Test
    void prometheusHasEveryDocumentedMetricOfServerAndClient() throws Exception {
        compose("up", "--detach");
        String prometheus = "http://" + compose("port", "prometheus", "9090").strip();
        await().atMost(PATIENCE)
                .ignoreExceptionsInstanceOf(IOException.class)
                .until(() -> hostsThatAreUp(prometheus), Set.of("client", "server")::equals);
        Set<String> documented = documented();
        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(names(prometheus)).containsAll(documented));
        await().atMost(PATIENCE)
                .until(() -> query(prometheus, "rate(tcplab_client_completed_operations_total[10s])")
                                .path(0)
                                .at("/value/1")
                                .asString("0")
                                .compareTo("1")
                        > 0);
        JsonNode accepted = query(prometheus, "tcplab_server_accepted_connections_total");
        assertThat(accepted.path(0).at("/metric/behaviour").asString()).isEqualTo("well-behaved");
        assertThat(accepted.path(0).at("/metric/host").asString()).isEqualTo("server");
    }

    @Test
    void eachPanelOfTheDashboardHasDataWhileTheServerLeaks() throws Exception {
        compose(Map.of("LAB_BEHAVIOUR", "never-close"), "up", "--detach");
        String prometheus = "http://" + compose("port", "prometheus", "9090").strip();
        List<String> queries = panelQueries();
        assertThat(queries).hasSizeGreaterThan(8);
        await().atMost(PATIENCE).ignoreExceptionsInstanceOf(IOException.class).untilAsserted(() -> {
            for (String query : queries) {
                assertThat(query(prometheus, query)).as(query).isNotEmpty();
            }
        });
        await().atMost(PATIENCE)
                .until(() -> query(prometheus, "deriv(tcplab_server_active_connections[10s])")
                                .path(0)
                                .at("/value/1")
                                .asDouble(0)
                        > 1);
    }

    private static List<String> panelQueries() throws IOException {
        JsonNode dashboard =
                JsonMapper.shared().readTree(Files.readString(Path.of("../docker/grafana/dashboards/tcplab.json")));
        List<String> queries = new ArrayList<>();
        dashboard
                .get("panels")
                .forEach(panel -> panel.get("targets")
                        .forEach(target -> queries.add(target.get("expr").asString())));
        return queries;
    }

    private String compose(String... arguments) throws Exception {
        return compose(Map.of(), arguments);
    }

    private String compose(Map<String, String> variables, String... arguments) throws Exception {
        List<String> command = new ArrayList<>(List.of("scripts/compose"));
        command.addAll(List.of(arguments));
        Map<String, String> environment = new HashMap<>(variables);
        environment.put("COMPOSE_PROJECT_NAME", project);
        environment.put("PROMETHEUS_PORT", "0");
        return Docker.call(command, Path.of(".."), environment).outOf(0);
    }

    private static Set<String> hostsThatAreUp(String prometheus) throws Exception {
        return StreamSupport.stream(query(prometheus, "up == 1").spliterator(), false)
                .map(target -> target.at("/metric/host").asString())
                .collect(Collectors.toSet());
    }

    /** The names that have samples; of a summary those of its parts. */
    private static Set<String> names(String prometheus) throws Exception {
        return StreamSupport.stream(
                        query(prometheus, "count by (__name__) ({__name__=~\"tcplab_.+\"})")
                                .spliterator(),
                        false)
                .map(series -> series.at("/metric/__name__").asString())
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private static Set<String> documented() throws IOException {
        Set<String> names = METRIC.matcher(Files.readString(Path.of("../docs/metrics.md")))
                .results()
                .map(ComposeIT::series)
                .collect(Collectors.toCollection(TreeSet::new));
        assertThat(names).hasSizeGreaterThan(20);
        return names;
    }

    private static String series(MatchResult metric) {
        return metric.group(2).equals("summary") ? metric.group(1) + "_count" : metric.group(1);
    }

    private static JsonNode query(String prometheus, String expression) throws Exception {
        String query = URLEncoder.encode(expression, StandardCharsets.UTF_8);
        HttpRequest request = HttpRequest.newBuilder(URI.create(prometheus + "/api/v1/query?query=" + query))
                .build();
        try (HttpClient client =
                HttpClient.newBuilder().proxy(ProxySelector.of(null)).build()) {
            HttpResponse<String> response = client.send(request, HttpResponse.BodyHandlers.ofString());
            assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
            return JsonMapper.shared().readTree(response.body()).at("/data/result");
        }
    }
}
