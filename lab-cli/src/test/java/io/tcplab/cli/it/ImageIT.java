package io.tcplab.cli.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The image that {@code scripts/image} has built. */
@Tag("docker")
class ImageIT {
    private static final Path PROGRAM = Path.of("target/lab");
    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final String NET_ADMIN_AND_NET_RAW = "0000000000003000";
    private static final String NONE = "0000000000000000";

    @RegisterExtension
    final Docker docker = new Docker();

    @TempDir
    private Path temporary = Path.of("");

    @Test
    void holdsTheProgramThatWasBuilt() throws Exception {
        assertThat(Docker.inspect(Docker.IMAGE, "{{index .Config.Labels \"io.tcplab.build\"}}"))
                .as("the image is of another build: scripts/image")
                .isEqualTo(build());
        Program.Ended again = Docker.call(List.of("scripts/image"));
        assertThat(again.err()).contains("is up to date");
        assertThat(again.code()).isZero();
    }

    @Test
    void scriptSaysWhatIsMissing() throws Exception {
        Map<String, String> nowhere = Map.of("DOCKER_HOST", "unix:///nonexistent.sock");
        Program.Ended noEngine = Docker.call(List.of("scripts/image"), Path.of(".."), nowhere);
        assertThat(noEngine.code()).isEqualTo(2);
        assertThat(noEngine.err()).contains("no Docker engine answers at unix:///nonexistent.sock. Start it: ");
        Program.Ended mistake = Docker.call(List.of("scripts/image", "--bse", "local"));
        assertThat(mistake.code()).isEqualTo(64);
        assertThat(mistake.err()).contains("unknown argument: --bse");
    }

    @Test
    void commandsRunAsAnywhere() throws Exception {
        assertThat(docker.run(List.of(), "list").outOf(0)).contains("close-wait-leak");
        Program.Ended mistake = docker.run(List.of(), "server", "--behaviour", "neverclose");
        assertThat(mistake.code()).isEqualTo(64);
        assertThat(mistake.err()).contains("never-close");
    }

    @Test
    void serverIsAnOrdinaryUserThatKeepsTwoCapabilities() throws Exception {
        Map<String, String> status = serverStatus("--cap-add", "NET_ADMIN");
        assertThat(status)
                .containsEntry("Uid", "65532\t65532\t65532\t65532")
                .containsEntry("Gid", "65532\t65532\t65532\t65532")
                .containsEntry("Groups", "")
                .containsEntry("CapEff", NET_ADMIN_AND_NET_RAW)
                .containsEntry("CapPrm", NET_ADMIN_AND_NET_RAW)
                .containsEntry("NoNewPrivs", "1");
    }

    @Test
    void serverHasNoCapabilityThatTheContainerHasNot() throws Exception {
        assertThat(serverStatus("--cap-drop", "NET_RAW"))
                .containsEntry("Uid", "65532\t65532\t65532\t65532")
                .containsEntry("CapEff", NONE);
    }

    @Test
    void serverStaysWhoItIsWhereItMayNotChange() throws Exception {
        assertThat(serverStatus("--cap-drop", "ALL")).containsEntry("Uid", "0\t0\t0\t0");
        assertThat(serverStatus("--user", "1234")).containsEntry("Uid", "1234\t1234\t1234\t1234");
        assertThat(serverStatus("--env", "LAB_RUN_AS=root")).containsEntry("Uid", "0\t0\t0\t0");
    }

    @Test
    void takesEpollWhereIoUringIsForbidden() throws Exception {
        Path profile = temporary.resolve("seccomp.json");
        Files.writeString(profile, """
                {"defaultAction": "SCMP_ACT_ALLOW",
                 "syscalls": [{"names": ["io_uring_setup"], "action": "SCMP_ACT_ERRNO"}]}
                """);
        String server = server("--security-opt", "seccomp=" + profile);
        assertThat(Docker.logs(server)).contains("io_uring isn't usable here, using epoll instead");
    }

    @Test
    void aServerIsHealthyOnceItListens() throws Exception {
        String server = server();
        await().atMost(PATIENCE)
                .until(() -> Docker.inspect(server, "{{.State.Health.Status}}").equals("healthy"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"server", "client"})
    void onlyAServerIsUnhealthyWithoutListening(String command) throws Exception {
        String waiting = docker.start(List.of("--interactive", "--entrypoint", "bash"), "-c", "read -r _", command);
        Program.Ended health = Docker.exec(waiting, "/opt/lab/docker/health");
        assertThat(health.code()).isEqualTo(command.equals("server") ? 1 : 0);
        assertThat(health.out())
                .isEqualTo(command.equals("server") ? "nothing listens in this network namespace\n" : "");
    }

    @Test
    void doctorNamesWhatTheContainerLacks() throws Exception {
        List<String> options = List.of("--cap-add", "SYS_ADMIN", "--cap-add", "NET_ADMIN");
        Program.Ended doctor = docker.run(options, "doctor");
        assertThat(doctor.code()).isEqualTo(2);
        assertThat(doctor.out()).contains("systempaths=unconfined").contains("--cap-add IPC_LOCK");
    }

    /** As docs/ci.md tells users to. */
    @Test
    void documentedCommandConfirmsExperiments() throws Exception {
        Matcher block = Pattern.compile("<!-- A test runs this. -->\n```bash\n(.*?)```", Pattern.DOTALL)
                .matcher(Files.readString(Path.of("../docs/ci.md")));
        assertThat(block.find()).isTrue();
        String command = block.group(1).replace("tcplab/lab:dev", Docker.IMAGE);
        Program.Ended ended = Docker.call(List.of("bash", "-ec", command), temporary, Map.of());
        assertThat(ended.code()).as(ended.out() + ended.err()).isZero();
        assertThat(ended.out()).contains("2 confirmed");
        assertThat(Files.readString(temporary.resolve("lab-results/junit.xml")))
                .contains("<testsuite")
                .doesNotContain("<failure", "<error");
    }

    /** Starts a server and waits until it listens; gives the container's id. */
    private String server(String... options) throws Exception {
        String server = docker.start(
                List.of(options), "server", "--transport", "io_uring", "--port", "9000", "--metrics-port", "9100");
        await().atMost(PATIENCE).until(() -> Docker.logs(server).contains("listening on * port 9000"));
        return server;
    }

    /** What /proc/PID/status says of a server, by field. */
    private Map<String, String> serverStatus(String... options) throws Exception {
        Pattern field = Pattern.compile("(\\w+):\\s*(.*?)\\s*");
        return Docker.exec(server(options), "cat", "/proc/1/status")
                .outOf(0)
                .lines()
                .map(field::matcher)
                .filter(Matcher::matches)
                .collect(Collectors.toMap(line -> line.group(1), line -> line.group(2)));
    }

    /** The label's value, as the Dockerfile defines it. */
    private static String build() throws Exception {
        StringBuilder sums = new StringBuilder(line("lab.jar"));
        try (Stream<Path> jars = Files.list(PROGRAM.resolve("lib"))) {
            for (Path jar : jars.sorted().toList()) {
                sums.append(line(PROGRAM.relativize(jar).toString()));
            }
        }
        return sha256(sums.toString().getBytes(StandardCharsets.UTF_8));
    }

    private static String line(String name) throws Exception {
        return sha256(Files.readAllBytes(PROGRAM.resolve(name))) + "  " + name + "\n";
    }

    private static String sha256(byte[] content) throws Exception {
        return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(content));
    }
}
