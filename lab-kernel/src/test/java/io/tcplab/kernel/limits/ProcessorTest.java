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
}
