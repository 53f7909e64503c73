package io.tcplab.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tcplab.experiments.UsageException;
import java.net.InetSocketAddress;
import java.util.Map;
import java.util.OptionalInt;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The small parts of the command line. */
class PartsTest {
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
