package io.tcplab.cli.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.tcplab.experiments.catalogue.Claims;
import io.tcplab.experiments.claims.Claim;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.ResourceLock;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What the kernel says of each claim, by the program as it is installed. */
@Tag("slow")
@ResourceLock("the whole catalogue at once")
class ClaimsIT {
    private static final Pattern ROW = Pattern.compile("\\| (\\d+) \\| (.*?) \\| ([a-z-]+) \\| .*");

    @TempDir
    private Path temporary = Path.of("");

    @Test
    void decidesAllButOneAsTheManualHasThem() throws Exception {
        Installation installation = Installation.copiedTo(temporary);
        try (Program root = Program.start(installation, temporary, "claims", "--json", "-");
                Program user = Program.startAsUser(installation, temporary, "claims", "--json", "-")) {
            Program.Ended asRoot = root.awaitEnd();
            Map<Integer, JsonNode> claims = claims(asRoot.outOf(0));
            assertThat(verdicts(claims)).as(asRoot.out()).isEqualTo(verdictsOfTheManual());
            assertThat(claims.values())
                    .filteredOn(claim -> verdict(claim).equals("not-decidable"))
                    .hasSize(1);
            assertThat(Path.of("../docs/claims.md")).content().contains(texts());

            // The tracepoint is root's: what rests on it is undecided, and says why.
            Map<Integer, JsonNode> usersClaims = claims(user.awaitEnd().outOf(2));
            assertThat(usersClaims.values())
                    .filteredOn(claim -> !verdict(claim).equals(verdict(node(claims, claim))))
                    .isNotEmpty()
                    .allSatisfy(claim -> {
                        assertThat(verdict(claim)).isEqualTo("not-decidable");
                        assertThat(claim.get("evidence").asString()).contains("tracepoint");
                    });
        }
    }

    @Test
    void anotherSettingGetsAnotherVerdict() throws Exception {
        Installation checkout = Installation.checkout();
        String[] arguments = {"claims", "23", "--sysctl", "server:net.ipv4.tcp_tw_reuse=0"};
        try (Program claims = Program.start(checkout, temporary, arguments)) {
            assertThat(claims.awaitEnd().outOf(0))
                    .startsWith("23: true: tcp_tw_reuse is 0 by default: ")
                    .contains(": 0 (time-wait-reuse)")
                    .contains("1 true");
        }
    }

    private static Map<Integer, JsonNode> claims(String json) {
        Map<Integer, JsonNode> claims = new TreeMap<>();
        JsonMapper.builder()
                .build()
                .readTree(json)
                .get("claims")
                .forEach(claim -> claims.put(claim.get("number").asInt(), claim));
        return claims;
    }

    private static JsonNode node(Map<Integer, JsonNode> claims, JsonNode same) {
        return claims.getOrDefault(same.get("number").asInt(), same);
    }

    private static Map<Integer, String> verdicts(Map<Integer, JsonNode> claims) {
        return claims.entrySet().stream()
                .collect(Collectors.toMap(Map.Entry::getKey, claim -> verdict(claim.getValue())));
    }

    private static String verdict(JsonNode claim) {
        return claim.get("verdict").asString();
    }

    private static Map<Integer, String> verdictsOfTheManual() throws IOException {
        return Files.readAllLines(Path.of("../docs/claims.md")).stream()
                .map(ROW::matcher)
                .filter(Matcher::matches)
                .collect(Collectors.toMap(row -> Integer.valueOf(row.group(1)), row -> row.group(3)));
    }

    private static String[] texts() {
        return Claims.all().stream().map(Claim::text).toArray(String[]::new);
    }
}
