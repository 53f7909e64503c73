package io.tcplab.kernel.limits;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ProcessorTest {
    @Test
    void isRecognisedByItsName() {
        assertThat(Processor.isEmulated(
                        "processor\t: 0\nvendor_id\t: AuthenticAMD\nmodel name\t: QEMU TCG CPU version 2.5+\n"))
                .isTrue();
        assertThat(Processor.isEmulated("processor\t: 0\nmodel name\t: AMD EPYC\n"))
                .isFalse();
        assertThat(Processor.isEmulated("")).isFalse();
    }

    @Test
    void isRecognisedByWhoMadeItOnArm() {
        String about = """
                processor\t: 0
                BogoMIPS\t: 125.00
                CPU implementer\t: %s
                CPU architecture: 8
                CPU variant\t: 0x0
                CPU part\t: %s
                """;
        assertThat(Processor.isEmulated(about.formatted("0x00", "0x051"))).isTrue();
        assertThat(Processor.isEmulated(about.formatted("0x41", "0xd0c"))).isFalse();
    }
}
