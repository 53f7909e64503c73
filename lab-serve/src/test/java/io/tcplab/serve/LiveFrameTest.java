package io.tcplab.serve;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The events' JSON, which other programs may read, too. */
class LiveFrameTest {
    /** Keys that are data. */
    private static final Set<String> MAPS = Set.of("states", "rates", "set");

    private static final LiveFrame FRAME = new LiveFrame(
            LiveFrame.SCHEMA,
            1_700_000_000_000L,
            List.of(new LiveFrame.Host(
                    "fault",
                    "client",
                    Map.of("FIN_WAIT_2", 200),
                    List.of(new LiveFrame.Edge("FIN_WAIT_1", "FIN_WAIT_2", LiveJson.figure(381.96))),
                    "tracepoint",
                    "TIME_WAIT isn't traced")),
            Optional.of(new LiveFrame.Target(
                    "port 80",
                    Map.of("opened", BigDecimal.ONE),
                    List.of(new LiveFrame.Finding("c", "t", "CLOSE_WAIT", "likely", "a", "e")),
                    List.of("limit"),
                    3,
                    "")),
            Optional.of(new LiveFrame.Run(
                    "close-wait-leak",
                    Map.of("connections", "200"),
                    "ended",
                    List.of(new LiveFrame.Step("fault", new BigDecimal("0.1"), "200 peers connect")),
                    "confirmed",
                    "",
                    List.of(new LiveFrame.Expectation("s", "fault", "server", "= 200", "200", "confirmed")),
                    "lab-results/x")));

    @Test
    void aFrameIsOneLineWithTheseFields() {
        assertThat(LiveJson.text(FRAME))
                .isEqualTo("{\"schema\":\"lab/live/1\",\"atMillis\":1700000000000,\"hosts\":[{\"arm\":\"fault\","
                        + "\"host\":\"client\",\"states\":{\"FIN_WAIT_2\":200},\"edges\":[{\"from\":\"FIN_WAIT_1\","
                        + "\"to\":\"FIN_WAIT_2\",\"perSecond\":382}],\"edgesBy\":\"tracepoint\","
                        + "\"edgesNote\":\"TIME_WAIT isn't traced\"}],\"target\":{\"label\":\"port 80\","
                        + "\"rates\":{\"opened\":1},\"findings\":[{\"cause\":\"c\",\"title\":\"t\","
                        + "\"state\":\"CLOSE_WAIT\",\"certainty\":\"likely\",\"advice\":\"a\",\"experiment\":\"e\"}],"
                        + "\"limits\":[\"limit\"],\"lookMillis\":3,\"problem\":\"\"},"
                        + "\"run\":{\"experiment\":\"close-wait-leak\",\"set\":{\"connections\":\"200\"},"
                        + "\"state\":\"ended\",\"steps\":[{\"arm\":\"fault\",\"seconds\":0.1,"
                        + "\"what\":\"200 peers connect\"}],\"verdict\":\"confirmed\",\"reason\":\"\","
                        + "\"expectations\":[{\"statement\":\"s\",\"arm\":\"fault\",\"host\":\"server\","
                        + "\"expected\":\"= 200\",\"observed\":\"200\",\"verdict\":\"confirmed\"}],"
                        + "\"results\":\"lab-results/x\"}}");
    }

    @Test
    void whatIsNotThereIsLeftOut() {
        LiveFrame empty = new LiveFrame(LiveFrame.SCHEMA, 1, List.of(), Optional.empty(), Optional.empty());
        assertThat(LiveJson.text(empty)).isEqualTo("{\"schema\":\"lab/live/1\",\"atMillis\":1,\"hosts\":[]}");
    }

    @Test
    void everyFieldIsDocumented() throws IOException {
        String page = Files.readString(Path.of("../docs/serve.md"));
        JsonNode frame = JsonMapper.shared().readTree(LiveJson.text(FRAME));
        assertThat(names(frame))
                .hasSizeGreaterThan(30)
                .allSatisfy(name -> assertThat(page).containsPattern("`([a-z]+(\\[])?\\.)?" + name + "`"));
    }

    @Test
    void anEventEndsWithAnEmptyLine() {
        assertThat(Subscriber.event("frame", "{\"a\":1}")).asString().isEqualTo("event: frame\ndata: {\"a\":1}\n\n");
    }

    @Test
    void whateverAStrangerCallsItselfStaysOnTheLine() {
        assertThat(LiveJson.text(Map.of("name", "a\r\n\nevent: frame\u2028"))).doesNotContain("\n", "\r");
    }

    private static Set<String> names(JsonNode node) {
        Set<String> names = new TreeSet<>();
        node.properties().forEach(property -> {
            names.add(property.getKey());
            if (!MAPS.contains(property.getKey())) {
                names.addAll(names(property.getValue()));
            }
        });
        node.forEach(element -> {
            if (element.isObject() && !node.isObject()) {
                names.addAll(names(element));
            }
        });
        return names;
    }
}
