package io.tcplab.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class NearestTest {
    private static final List<String> KNOWN = List.of("never-read", "never-close", "net.ipv4.tcp_fin_timeout");

    @Test
    void aFewSlipsAreForgivenWhateverTheCase() {
        assertThat(Nearest.to("NEVER-CLOSED", KNOWN)).containsExactly("never-close");
        assertThat(Nearest.to("net.ipv4.tcp_fin_timeuot", KNOWN)).containsExactly("net.ipv4.tcp_fin_timeout");
    }

    @Test
    void theEndOfALongNameIsEnough() {
        assertThat(Nearest.to("tcp_fin_timeout", KNOWN)).containsExactly("net.ipv4.tcp_fin_timeout");
    }

    @Test
    void anotherWordIsNotNear() {
        assertThat(Nearest.to("xyz", KNOWN)).isEmpty();
        assertThat(Nearest.hint("xyz", KNOWN)).isEmpty();
    }

    @Test
    void theHintNamesThem() {
        assertThat(Nearest.hint("never-rea", KNOWN)).isEqualTo("; did you mean never-read?");
    }
}
