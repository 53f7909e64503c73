package io.tcplab.kernel.ffm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tcplab.kernel.Errno;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import org.junit.jupiter.api.Test;

class CFunctionTest {
    private static final CFunction LSEEK = CFunction.ofLong("lseek");
    private static final CFunction GETPPID = CFunction.ofInt("getppid");
    private static final int SEEK_SET = 0;
    private static final int NO_DESCRIPTOR = -1;

    @Test
    void aLongIsPassedAndReturnedWhole() {
        long beyondAnInt = 1L << 40;
        int fd = Libc.open("/proc/self/exe", Libc.O_RDONLY).intOrThrow("open", "");
        try {
            assertThat(LSEEK.call(fd, beyondAnInt, SEEK_SET)).isEqualTo(new SysResult(beyondAnInt, 0));
        } finally {
            Libc.close(fd);
        }
    }

    @Test
    void anIntIsReturnedAsOne() {
        assertThat(GETPPID.call().value())
                .isEqualTo(ProcessHandle.current().parent().orElseThrow().pid());
        assertThat(CFunction.ofInt("close").call(NO_DESCRIPTOR))
                .returns(-1L, SysResult::value)
                .returns(Errno.EBADF, SysResult::error);
    }

    @Test
    void memoryMustBeTheKernelsToReachAndAlive() {
        CFunction read = CFunction.ofLong("read");
        assertThatThrownBy(() -> read.call(NO_DESCRIPTOR, ByteBuffer.allocate(1), 1))
                .isInstanceOf(IllegalArgumentException.class);
        MemorySegment freed;
        try (Arena arena = Arena.ofConfined()) {
            freed = arena.allocate(1);
        }
        assertThatThrownBy(() -> read.call(NO_DESCRIPTOR, freed, 1)).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void whatCDoesNotTakeIsRefused() {
        assertThatThrownBy(() -> GETPPID.call(1.5))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("1.5");
        assertThatThrownBy(() -> GETPPID.call(1, 2, 3, 4, 5, 6, 7)).isInstanceOf(IllegalArgumentException.class);
    }
}
