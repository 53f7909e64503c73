package io.tcplab.cli.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** {@code lab diagnose}, {@code check} and {@code watch}, as a user starts them, on a server that leaks. */
@Tag("slow")
class DiagnoseIT {
    private static final int COUNT = 5;
    private static final String[] SERVER = {"server", "--bind", "127.0.0.1", "--behaviour", "never-close"};

    @TempDir
    private Path temporary = Path.of("");

    @Test
    void rootIsToldTheCauseInEachOfThem() throws Exception {
        try (Program server = leakingServer();
                Program diagnose = lab("diagnose", "--pid", pid(server), "--for", "3s", "--json", "-");
                Program check = lab("check", "--pid", pid(server), "--for", "3s");
                Program forgiving = lab("check", "--pid", pid(server), "--max", "CLOSE_WAIT=5", "--for", "3s");
                Program watch = lab("watch", "--pid", pid(server), "--for", "4s")) {
            Program.Ended diagnosed = diagnose.awaitEnd();
            JsonNode finding = onlyFinding(diagnosed);
            assertThat(finding.get("cause").asString()).isEqualTo("eof-read-not-closed");
            assertThat(finding.get("sockets").asInt()).isEqualTo(COUNT);
            assertThat(diagnosed.err()).contains("eof-read-not-closed");
            assertThat(check.awaitEnd().outOf(1))
                    .contains("CLOSE_WAIT=0: broken: 5 at the end")
                    .contains("eof-read-not-closed");
            assertThat(forgiving.awaitEnd().outOf(0)).contains("CLOSE_WAIT=5: held");
            assertThat(watch.awaitEnd().outOf(0))
                    .contains("5 CLOSE_WAIT")
                    .contains("finding: eof-read-not-closed")
                    .doesNotContain("\u001b");
        }
    }

    @Test
    void anOrdinaryUserSeesHisOwnAndIsToldWhatHeCannotSee() throws Exception {
        Installation installation = Installation.copiedTo(temporary);
        try (Program own = leaking(Program.startAsUser(installation, temporary, SERVER));
                Program others = leakingServer();
                Program ofOwn = Program.startAsUser(
                        installation, temporary, "diagnose", "--pid", pid(own), "--for", "3s", "--json", "-");
                Program ofOthers =
                        Program.startAsUser(installation, temporary, "diagnose", "--pid", pid(others), "--for", "3s");
                Program byPort = Program.startAsUser(
                        installation,
                        temporary,
                        "diagnose",
                        "--port",
                        Integer.toString(ProgramsIT.port(others)),
                        "--for",
                        "3s")) {
            assertThat(onlyFinding(ofOwn.awaitEnd()).get("cause").asString()).isEqualTo("eof-read-not-closed");
            Program.Ended denied = ofOthers.awaitEnd();
            assertThat(denied.code()).isEqualTo(2);
            assertThat(denied.err())
                    .contains("belongs to another user")
                    .contains("run as root")
                    .contains("--port");
            assertThat(byPort.awaitEnd().outOf(1))
                    .contains("eof-read-not-closed")
                    .contains("not seen: ")
                    .contains("CAP_SYS_PTRACE");
        }
    }

    @Test
    void aProcessThatEndsMeanwhileIsTold() throws Exception {
        try (Program server = leakingServer();
                Program diagnose = lab("diagnose", "--pid", pid(server), "--for", "60s")) {
            diagnose.awaitErr("observing");
            server.signal("TERM");
            server.awaitEnd();
            Program.Ended ended = diagnose.awaitEnd();
            assertThat(ended.code()).isIn(1, 2, 64);
            assertThat(ended.out() + ended.err()).containsAnyOf("the target ended", "no process has the pid");
        }
    }

    @Test
    void aPortThatNobodyHasIsToldWithThoseThatAreTaken() throws Exception {
        try (Program server = leakingServer();
                Program diagnose = lab("diagnose", "--port", "1")) {
            Program.Ended ended = diagnose.awaitEnd();
            assertThat(ended.code()).isEqualTo(64);
            assertThat(ended.err())
                    .contains("nobody listens on port 1")
                    .contains("listening: ")
                    .doesNotContain("internal error");
            assertThat(ProgramsIT.port(server)).isPositive();
        }
    }

    private static JsonNode onlyFinding(Program.Ended diagnosed) {
        JsonNode findings =
                JsonMapper.builder().build().readTree(diagnosed.outOf(1)).get("findings");
        assertThat(findings.size()).isEqualTo(1);
        return findings.get(0);
    }

    /** With connections that their clients have closed. */
    private Program leakingServer() throws Exception {
        return leaking(Program.start(temporary, SERVER));
    }

    private static Program leaking(Program server) throws Exception {
        int port = ProgramsIT.port(server);
        for (int i = 0; i < COUNT; i++) {
            new Socket(InetAddress.ofLiteral("127.0.0.1"), port).close();
        }
        return server;
    }

    private Program lab(String... arguments) throws Exception {
        return Program.start(temporary, arguments);
    }

    private static String pid(Program program) {
        return Long.toString(program.pid());
    }
}
