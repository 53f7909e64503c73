package io.tcplab.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tcplab.experiments.Role;
import io.tcplab.experiments.UsageException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The small parts of the command line. */
class PartsTest {
    @Nested
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
            assertThat(notes)
                    .singleElement()
                    .asString()
                    .contains("tuning.conf:2:")
                    .contains("not set");
        }
    }

    @Nested
    class AddressesTest {
        @ParameterizedTest
        @CsvSource({"192.0.2.7:9000,192.0.2.7,9000", "[2001:db8::7]:80,2001:db8:0:0:0:0:0:7,80"})
        void haveAPort(String text, String address, int port) {
            InetSocketAddress parsed = Addresses.withPort("--target", text);
            assertThat(parsed.getAddress().getHostAddress()).isEqualTo(address);
            assertThat(parsed.getPort()).isEqualTo(port);
        }

        @ParameterizedTest
        @CsvSource({"192.0.2.7,0", "192.0.2.7:5000,5000", "2001:db8::7,0", "[2001:db8::7],0", "[2001:db8::7]:5000,5000"
        })
        void mayDoWithoutOneAsSources(String text, int port) {
            assertThat(Addresses.withOptionalPort("--source", text).getPort()).isEqualTo(port);
        }

        @ParameterizedTest
        @ValueSource(
                strings = {"", ":", "192.0.2.7", "192.0.2.7:", "192.0.2.7:65536", "192.0.2.7:x", "2001:db8::7", ":80"})
        void areRefusedWithTheExpectedForm(String text) {
            assertThatThrownBy(() -> Addresses.withPort("--target", text))
                    .isInstanceOf(UsageException.class)
                    .hasMessageContaining("--target");
        }
    }

    @Nested
    class ScreenTest {
        @ParameterizedTest
        @CsvSource({"'',xterm,true", "1,xterm,false", "'',dumb,false"})
        void coloursAreForThoseWhoWantThem(String noColor, String term, boolean wants) {
            assertThat(Screen.wantsColour(Map.of("NO_COLOR", noColor, "TERM", term)))
                    .isEqualTo(wants);
        }

        @Test
        void theTerminalsWidthIsReadFromStty() {
            assertThat(TerminalWidth.parse("24 132\n")).isEqualTo(OptionalInt.of(132));
            assertThat(TerminalWidth.parse("0 0\n")).isEmpty();
            assertThat(TerminalWidth.parse("")).isEmpty();
        }
    }

    @Nested
    class CheckTest {
        @Test
        void survivesTheWayOutOfTheUserNamespace() {
            Check check = Check.limited("transitions", "can't be\trecorded", "as root:\nsudo lab doctor");
            assertThat(CellChecksProcess.parse(CellChecksProcess.format(check)))
                    .isEqualTo(Check.limited("transitions", "can't be recorded", "as root: sudo lab doctor"));
        }

        @Test
        void whateverElseIsPrintedThereIsShown() {
            assertThat(CellChecksProcess.parse("unshare: write failed"))
                    .isEqualTo(
                            Check.missing("cells", "the check in a user namespace printed", "unshare: write failed"));
        }
    }
}
