package io.tcplab.kernel.netns;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CidrTest {
    @ParameterizedTest
    @CsvSource({"10.9.0.1/24, 10.9.0.1, 24", "0.0.0.0/0, 0.0.0.0, 0", "fd00::1/128, fd00:0:0:0:0:0:0:1, 128"})
    void parses(String text, String address, int prefix) {
        Cidr cidr = Cidr.parse(text);
        assertThat(cidr.address().getHostAddress()).isEqualTo(address);
        assertThat(cidr.prefix()).isEqualTo(prefix);
        assertThat(cidr).hasToString(address + "/" + prefix);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"10.9.0.1", "10.9.0.1/33", "10.9.0.1/-1", "fd00::1/129", "localhost/8", "10.9.0.1/", "/24", ""})
    void refusesWhatIsNoAddressWithPrefix(String text) {
        assertThatIllegalArgumentException().isThrownBy(() -> Cidr.parse(text));
    }
}
