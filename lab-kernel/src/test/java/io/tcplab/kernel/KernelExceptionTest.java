package io.tcplab.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class KernelExceptionTest {
    @Test
    void messageNamesOperationErrorAndRemedy() {
        KernelException e = new KernelException("create network namespace a", Errno.EPERM, "run as root");
        assertThat(e)
                .hasMessage("create network namespace a: EPERM (Operation not permitted): run as root")
                .hasNoCause();
    }

    @Test
    void messageQuotesTheKernelAndOmitsAMissingRemedy() {
        KernelException e = new KernelException("add a link", Errno.EINVAL, "Invalid MTU", "", new RuntimeException());
        assertThat(e)
                .hasMessage("add a link: EINVAL (Invalid argument; the kernel says: Invalid MTU)")
                .hasCauseInstanceOf(RuntimeException.class);
    }

    @Test
    void errorsAreFoundByNumber() {
        assertThat(Errno.of(1)).isEqualTo(Errno.EPERM);
        assertThat(Errno.of(110)).isEqualTo(Errno.ETIMEDOUT);
        assertThat(Errno.of(133)).isEqualTo(Errno.EHWPOISON);
    }

    @Test
    void unknownNumbersAreNoError() {
        assertThat(Errno.of(0)).isEqualTo(Errno.UNKNOWN);
        assertThat(Errno.of(-1)).isEqualTo(Errno.UNKNOWN);
        assertThat(Errno.of(41)).as("a gap in the kernel's table").isEqualTo(Errno.UNKNOWN);
        assertThat(Errno.of(4095)).isEqualTo(Errno.UNKNOWN);
    }
}
