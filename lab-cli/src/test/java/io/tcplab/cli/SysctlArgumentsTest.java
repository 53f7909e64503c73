package io.tcplab.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tcplab.experiments.Role;
import io.tcplab.experiments.UsageException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SysctlArgumentsTest {
    @TempDir
    private Path temporary = Path.of("");

    private final List<String> notes = new ArrayList<>();
    private final SysctlArguments arguments = new SysctlArguments(notes::add);

    @Test
    void goToTheHostThatIsNamedOrToBoth() {
        arguments.add("client:net.ipv4.tcp_tw_reuse=1");
        arguments.add("net.ipv4.tcp_fin_timeout = 5");
        assertThat(arguments.byHost())
                .isEqualTo(Map.of(
                        Role.CLIENT,
                        Map.of("net.ipv4.tcp_tw_reuse", "1", "net.ipv4.tcp_fin_timeout", "5"),
                        Role.SERVER,
                        Map.of("net.ipv4.tcp_fin_timeout", "5")));
    }

    @Test
    void areOfTheSameNameHoweverItIsSpelled() {
        arguments.add("client:net.ipv4.tcp_tw_reuse=1");
        arguments.add("client:net/ipv4/tcp_tw_reuse=2");
        assertThat(arguments.byHost()).isEqualTo(Map.of(Role.CLIENT, Map.of("net.ipv4.tcp_tw_reuse", "2")));
        assertThatThrownBy(() -> arguments.add("=1")).isInstanceOf(UsageException.class);
        assertThatThrownBy(() -> arguments.add("/=1"))
                .isInstanceOf(UsageException.class)
                .hasMessageContaining("isn't a sysctl name");
    }

    @Test
    void comeFromFilesToo() throws Exception {
        Path file = Files.writeString(temporary.resolve("tuning.conf"), """
                net/ipv4/tcp_fin_timeout = 7
                -net.ipv4.tcp_tw_recycle = 1
                """);
        arguments.addFile("server:" + file);
        arguments.add("server:net.ipv4.tcp_fin_timeout=8");
        assertThat(arguments.byHost()).isEqualTo(Map.of(Role.SERVER, Map.of("net.ipv4.tcp_fin_timeout", "8")));
        assertThat(notes).singleElement().asString().contains("tuning.conf:2:").contains("not set");
    }

    @Test
    void aFileGoesOnBehindWhatItCannotSet() throws IOException {
        Path file = file("""
                net.ipv4.tcp_fin_timeout 30
                net.ipv4.tcp_tw_recycle = 1
                net.ipv4.tcp_keepalive_time = 600 # c
                net.ipv4.tcp_sack = 0# c
                net.ipv4.tcp_dsack = 2
                vm.swappiness = 1
                """);
        arguments.addFile("client:" + file);
        assertThat(arguments.byHost())
                .isEqualTo(
                        Map.of(Role.CLIENT, Map.of("net.ipv4.tcp_keepalive_time", "600", "net.ipv4.tcp_dsack", "2")));
        assertThat(notes)
                .satisfiesExactly(
                        note -> assertThat(note).startsWith(file + ":1:1: ").endsWith(" (not set)"),
                        note -> assertThat(note).startsWith(file + ":2:1: net.ipv4.tcp_tw_recycle is gone"),
                        note -> assertThat(note).startsWith(file + ":4:21: net.ipv4.tcp_sack takes 0 or 1, not"),
                        note -> assertThat(note).startsWith(file + ":5:22: ").endsWith(" (set anyway)"),
                        note -> assertThat(note)
                                .startsWith(file + ": about the host")
                                .contains("line 6"));
    }

    @Test
    void aFileThatSetsNothingIsAMistake() throws IOException {
        String file = file("net.ipv4.tcp_tw_recycle = 1\n").toString();
        assertThatThrownBy(() -> arguments.addFile(file))
                .isInstanceOf(UsageException.class)
                .hasMessageContaining("nothing in " + file + " can be set");
    }

    /** Of what is typed there is somebody to ask. */
    @Test
    void whatIsTypedMustMakeSense() {
        arguments.add("server:net.ipv4.tcp_fin_timeout=5");
        assertThat(arguments.byHost()).isEqualTo(Map.of(Role.SERVER, Map.of("net.ipv4.tcp_fin_timeout", "5")));
        assertThatThrownBy(() -> arguments.add("net.ipv4.tcp_fin_timeout=-1"))
                .isInstanceOf(UsageException.class)
                .hasMessageContaining("takes -1, but only 0 to 2147483 makes sense");
    }

    private Path file(String text) throws IOException {
        return Files.writeString(temporary.resolve("lab.conf"), text);
    }
}
