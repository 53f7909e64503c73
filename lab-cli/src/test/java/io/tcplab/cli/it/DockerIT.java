package io.tcplab.cli.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.ResourceLock;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The docker sandbox as a user starts it: its verdicts, its errors, and that nothing of it remains however it ends. */
@Tag("docker")
@ResourceLock("containers")
class DockerIT {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @TempDir
    private Path temporary = Path.of("");

    @Test
    void runsInContainersAndLeavesNothing() throws Exception {
        try (Program run = start("run", "half-close", "stale-syn", "--sandbox", "docker", "--json", "-")) {
            Program.Ended ended = run.awaitEnd();
            Report report = Report.of(ended.outOf(2)); // one confirmed, one inconclusive
            assertThat(report.json().get("sandbox").asString()).isEqualTo("docker");
            assertThat(report.verdicts())
                    .containsExactlyInAnyOrderEntriesOf(Map.of("half-close", "confirmed", "stale-syn", "inconclusive"));
            assertThat(containersOf(run.pid())).isEmpty();
            assertThat(networksOf(run.pid())).isEmpty();
        }
    }

    @Test
    void comparesContainersWithNamespacesAndLeavesNothing() throws Exception {
        try (Program compare = start(
                "compare", "time-wait-buckets", "--sandbox", "namespaces,docker", "--trials", "3", "--jobs", "2")) {
            assertThat(compare.awaitEnd().outOf(0))
                    .contains("client.TIME_WAIT.peak: sandbox=docker: 100 sockets always: no effect, exactly")
                    .contains("client.memory has no samples: this sandbox can't read");
            assertThat(containersOf(compare.pid())).isEmpty();
            assertThat(networksOf(compare.pid())).isEmpty();
        }
    }

    @Test
    void writesNothingToTheUsersHome() throws Exception {
        Path home = Files.createDirectory(temporary.resolve("home"));
        List<String> atHome = List.of("env", "JDK_JAVA_OPTIONS=-Duser.home=" + home);
        try (Program run = Program.start(atHome, temporary, "run", "half-close", "--sandbox", "docker")) {
            run.awaitErr("half-close (fault): ");
            run.awaitEnd(); // Whatever its verdict: on a busy machine it may be inconclusive.
        }
        assertThat(home).isEmptyDirectory();
    }

    @Test
    void leavesNothingAfterCtrlC() throws Exception {
        try (Program run = start("run", "close-wait-leak", "--sandbox", "docker")) {
            run.awaitErr("close-wait-leak (fault): ");
            assertThat(containersOf(run.pid())).isNotEmpty();
            run.signal("INT");

            assertThat(run.awaitEnd().code()).isEqualTo(130);
            assertThat(containersOf(run.pid())).isEmpty();
            assertThat(networksOf(run.pid())).isEmpty();
        }
    }

    @Test
    void leavesNoContainerWhenItIsKilledAndTheNextLabTakesTheRest() throws Exception {
        String killed;
        try (Program run = start("run", "close-wait-leak", "--sandbox", "docker")) {
            run.awaitErr("close-wait-leak (fault): ");
            killed = Long.toString(run.pid());
            assertThat(containersOf(run.pid())).isNotEmpty();
            run.signal("KILL");

            assertThat(run.awaitEnd().code()).isEqualTo(137);
            await().atMost(PATIENCE)
                    .untilAsserted(() -> assertThat(containersOf(run.pid())).isEmpty());
        }
        try (Program doctor = start("doctor")) {
            doctor.awaitEnd();
        }
        assertThat(lines("docker", "network", "ls", "-q", "--filter", "label=io.tcplab.owner.pid=" + killed))
                .isEmpty();
    }

    /** Whichever it is: what the other sees of it is no evidence of the fault. */
    @ParameterizedTest
    @ValueSource(strings = {"client", "server"})
    void aKilledContainerMakesTheRunInconclusive(String host) throws Exception {
        try (Program run = start("run", "close-wait-leak", "--sandbox", "docker", "--json", "-")) {
            run.awaitErr("close-wait-leak (fault): ");
            List<String> faultsAndControls =
                    await().atMost(PATIENCE).until(() -> runningAs(host, run.pid()), both -> both.size() == 2);
            killOneOrBoth(faultsAndControls);

            Program.Ended ended = run.awaitEnd();
            Report report = Report.of(ended.outOf(2));
            assertThat(report.runs().getFirst().get("reason").asString())
                    .contains("the " + host + "'s container is lost");
            assertThat(containersOf(run.pid())).isEmpty();
            assertThat(networksOf(run.pid())).isEmpty();
        }
    }

    @Test
    void saysWhatIsMissingBeforeItStarts() throws Exception {
        assertThat(refusal(List.of("env", "DOCKER_HOST=unix:///nowhere/docker.sock")))
                .contains("no Docker engine answers at DOCKER_HOST, unix:///nowhere/docker.sock");
        assertThat(refusal(List.of("env", "LAB_IMAGE=tcplab/no-such-image:dev")))
                .contains("the engine has no image tcplab/no-such-image:dev", "scripts/image");
    }

    @Test
    void tellsAnOrdinaryUserHowToBeLetIn() throws Exception {
        Installation installation = Installation.copiedTo(temporary);
        List<String> usualSocket = List.of("env", "--unset=DOCKER_HOST");
        try (Program run =
                Program.startAsUser(usualSocket, installation, temporary, "run", "half-close", "--sandbox", "docker")) {
            Program.Ended ended = run.awaitEnd();
            assertThat(ended.code()).isEqualTo(2);
            assertThat(ended.err()).contains("may not use Docker's socket", "usermod -aG docker");
        }
    }

    @Test
    void theDoctorLooksAtEngineImageAndContainers() throws Exception {
        try (Program doctor = start("doctor")) {
            assertThat(doctor.awaitEnd().out())
                    .containsPattern("(?m)^ok +docker +Docker \\S+ \\(API \\S+\\), over Linux ")
                    .containsPattern("(?m)^ok +image +\\S+, of this build$")
                    .containsPattern("(?m)^ok +containers +two on a private network, in ")
                    .containsPattern("(?m)^ok +sysctls +a container can set .* rejected: .*net.ipv4.tcp_mem");
        }
    }

    @Test
    void theAgentRefusesToRunOutsideOfAContainer() throws Exception {
        try (Program agent = start("agent")) {
            Program.Ended ended = agent.awaitEnd();
            assertThat(ended.code()).isEqualTo(64);
            assertThat(ended.err()).contains("lab run --sandbox docker");
        }
    }

    private Program start(String... arguments) throws IOException {
        return Program.start(temporary, arguments);
    }

    private String refusal(List<String> by) throws Exception {
        try (Program run = Program.start(by, temporary, "run", "half-close", "--sandbox", "docker")) {
            Program.Ended ended = run.awaitEnd();
            assertThat(ended.code()).isEqualTo(2);
            return ended.err();
        }
    }

    private static List<String> runningAs(String host, long pid) throws Exception {
        String owner = "label=io.tcplab.owner.pid=" + pid;
        return lines("docker", "ps", "-q", "--filter", owner, "--filter", "label=io.tcplab.host=" + host);
    }

    private static List<String> containersOf(long pid) throws Exception {
        return lines("docker", "ps", "-aq", "--filter", "label=io.tcplab.owner.pid=" + pid);
    }

    private static List<String> networksOf(long pid) throws Exception {
        return lines("docker", "network", "ls", "-q", "--filter", "label=io.tcplab.owner.pid=" + pid);
    }

    /** A run that has lost one ends soon, and may have removed the other before that is killed. */
    private static void killOneOrBoth(List<String> containers) throws Exception {
        List<String> command = new ArrayList<>(List.of("docker", "kill"));
        command.addAll(containers);
        assertThat(Docker.call(command).out().lines().filter(containers::contains))
                .isNotEmpty();
    }

    /** What Docker's own client says: another witness than the library that the lab uses. */
    private static List<String> lines(String... command) throws Exception {
        return Docker.call(List.of(command)).outOf(0).lines().toList();
    }
}
