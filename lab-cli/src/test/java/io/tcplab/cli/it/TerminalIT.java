package io.tcplab.cli.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a user sees and presses on a terminal, which is left as it was. */
@Tag("slow")
class TerminalIT {
    private static final String ESCAPE = "\u001b";
    private static final String CTRL_C = "\u0003";

    @TempDir
    private Path temporary = Path.of("");

    @Test
    void watchDrawsInPlaceAndQEndsIt() throws Exception {
        try (Program server = Program.start(temporary, "server", "--bind", "127.0.0.1", "--behaviour", "never-close")) {
            new Socket(InetAddress.ofLiteral("127.0.0.1"), ProgramsIT.port(server)).close();
            try (Terminal watch = Terminal.start(temporary, "watch --pid " + server.pid())) {
                watch.awaitText("eof-read-not-closed");
                // The next look is drawn over the one before.
                watch.awaitPattern(ESCAPE + "\\[\\d*A");
                watch.type("q");
                String shown = watch.awaitEnd();
                assertThat(shown).contains("q ends").contains("CLOSE_WAIT").contains("code=0");
                assertLeftAsItWas(shown);
            }
        }
    }

    @Test
    void runShowsItsProgressAndCtrlCEndsIt() throws Exception {
        try (Terminal run = Terminal.start(temporary, "run syn-retry-schedule")) {
            run.awaitText("syn-retry-schedule");
            run.type(CTRL_C);
            String shown = run.awaitEnd();
            assertThat(shown).contains("code=130").contains(ESCAPE + "[");
            assertLeftAsItWas(shown);
        }
    }

    @Test
    void colourIsForTerminalsWhoseUserWantsIt() throws Exception {
        try (Terminal coloured = Terminal.start(temporary, "list");
                Terminal plain = Terminal.start(temporary, Map.of("NO_COLOR", "1"), "list")) {
            assertThat(coloured.awaitEnd()).contains("code=0").contains(ESCAPE + "[1m");
            assertThat(plain.awaitEnd()).contains("code=0").doesNotContain(ESCAPE);
        }
    }

    /** It echoes, takes lines, and shows its cursor. */
    private static void assertLeftAsItWas(String shown) {
        assertThat(shown).containsPattern("(?<!-)\\bicanon").containsPattern("(?<!-)\\becho\\b");
        assertThat(shown.lastIndexOf(ESCAPE + "[?25l")).isLessThanOrEqualTo(shown.lastIndexOf(ESCAPE + "[?25h"));
    }
}
