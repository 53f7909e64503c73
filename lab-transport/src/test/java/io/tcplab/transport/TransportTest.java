package io.tcplab.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.fail;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class TransportTest {
    @ParameterizedTest
    @EnumSource
    void isAvailableHereAndReadByItsLabel(Transport transport) {
        assertThat(transport.unavailable()).isEmpty();
        assertThat(Transport.parse(transport.label())).isEqualTo(transport);
        assertThat(Transport.parse(transport.name())).isEqualTo(transport);
    }

    @Test
    void unknownNameIsToldWithTheChoices() {
        assertThat(Transport.parse("io-uring")).isEqualTo(Transport.IO_URING);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Transport.parse("epol"))
                .withMessage("unknown transport \"epol\"; did you mean epoll? (choices: epoll, io_uring, nio)");
    }

    /** Netty decides once a process, so this needs another one. */
    @Test
    void unavailableTransportSaysWhyAndWhatHelps() throws IOException, InterruptedException {
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Dio.netty.transport.noNative=true",
                        "-cp",
                        System.getProperty("java.class.path"),
                        WhatIsMissing.class.getName())
                .redirectErrorStream(true)
                .start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

        assertThat(process.waitFor()).isZero();
        assertThat(said.lines())
                .anyMatch(line ->
                        line.startsWith("epoll: ") && line.contains("noNative") && line.contains("transport nio"))
                .anyMatch(line -> line.startsWith("io_uring: ") && line.contains("kernel.io_uring_disabled"))
                .contains("nio: nothing")
                .anyMatch(line -> line.startsWith("told: io_uring isn't usable here, using epoll instead; ")
                        && line.contains("kernel.io_uring_disabled"))
                .endsWith("epoll epoll nio");
    }

    @ParameterizedTest
    @EnumSource
    void isTakenAsItIsWhereItCanBeUsed(Transport transport) {
        assertThat(transport.orEpoll(told -> fail(told))).isEqualTo(transport);
    }

    static final class WhatIsMissing {
        private WhatIsMissing() {}

        public static void main(String[] args) {
            for (Transport transport : Transport.values()) {
                System.out.println(
                        transport.label() + ": " + transport.unavailable().orElse("nothing"));
            }
            System.out.println(Arrays.stream(Transport.values())
                    .map(transport -> transport.orEpoll(told -> System.out.println("told: " + told)))
                    .map(Transport::label)
                    .collect(Collectors.joining(" ")));
        }
    }
}
