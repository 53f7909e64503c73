package io.tcplab.suite;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Tests for {@link RoundTest} to run; its name keeps it from being run by itself. */
class OneFails {
    @Test
    void passes() {
        assertThat(List.of()).isEmpty();
    }

    @Test
    void fails() {
        assertThat(18).as("connections").isEqualTo(20);
    }

    @Test
    @Tag("slow")
    void endsItsJvm() {
        Runtime.getRuntime().halt(3);
    }
}
