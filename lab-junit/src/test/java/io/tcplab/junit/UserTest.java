package io.tcplab.junit;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.engine.discovery.DiscoverySelectors;
import org.junit.platform.testkit.engine.EngineTestKit;
import org.junit.platform.testkit.engine.Events;

/** Tests in cells, run by those who aren't root. */
class UserTest {
    /** Runs a test in a cell, and prints what came of it. */
    static final class Runner {
        private Runner() {}

        public static void main(String[] args) {
            Events tests = EngineTestKit.engine("junit-jupiter")
                    .selectors(DiscoverySelectors.selectClass(InCellTest.Body.Inner.class))
                    .execute()
                    .allEvents();
            System.out.println("started " + tests.started().count() + ", aborted "
                    + tests.aborted().count() + ", skipped " + tests.skipped().count());
            tests.finished().stream()
                    .flatMap(event -> event.getPayload(TestExecutionResult.class).stream())
                    .forEach(System.out::println);
        }
    }

    @Test
    void aUserNamespaceWillDo() throws Exception {
        assertThat(run("unshare", "--user", "--map-root-user"))
                .contains("aborted 0, skipped 0")
                .contains("SUCCESSFUL")
                .doesNotContain("FAILED");
    }

    @Test
    void whereCellsAreForbiddenTestsFailWithReasonAndRemedy() throws Exception {
        assertThat(run("setpriv", "--bounding-set", "-sys_admin", "--inh-caps", "-sys_admin"))
                .contains("aborted 0, skipped 0")
                .contains("FAILED")
                .contains("create network namespace client: EPERM")
                .contains("Run the tests as root, or, without root, in a user namespace:")
                .contains("unshare --user --map-root-user mvn verify");
    }

    private static String run(String... wrapper) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(wrapper));
        command.addAll(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--enable-native-access=ALL-UNNAMED",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                Runner.class.getName()));
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(output).isZero();
        return output;
    }
}
