package io.tcplab.kernel.ffm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tcplab.kernel.Errno;
import io.tcplab.kernel.KernelException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicReference;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LibcTest {
    @TempDir
    Path folder;

    @Test
    void failuresCarryTheErrnoOfTheirOwnCall() {
        SysResult missing = Libc.open(folder.resolve("missing").toString(), Libc.O_RDONLY);
        SysResult notOpen = Libc.close(-1);
        assertThat(missing.error()).isEqualTo(Errno.ENOENT);
        assertThat(notOpen.error()).isEqualTo(Errno.EBADF);
        assertThat(missing.failedWith(Errno.ENOENT)).isTrue();
    }

    @Test
    void successLeavesNoErrno() {
        int fd = Libc.open("/proc/self/stat", Libc.O_RDONLY | Libc.O_CLOEXEC).intOrThrow("open", "");
        SysResult closed = Libc.close(fd);
        assertThat(closed.failed()).isFalse();
        assertThat(closed.errno()).isZero();
    }

    @Test
    void failuresTurnIntoExceptionsWithARemedy() {
        assertThatThrownBy(() -> Libc.close(-1).orThrow("close nothing", errno -> "open it first, " + errno))
                .isInstanceOfSatisfying(
                        KernelException.class, e -> assertThat(e.errno()).isEqualTo(Errno.EBADF))
                .hasMessage("close nothing: EBADF (Bad file descriptor): open it first, EBADF");
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 3})
    void readsAndWritesMoveTheBuffersPosition(int start) throws Exception {
        Path file = Files.createFile(folder.resolve("file"));
        int writing = Libc.open(file.toString(), Libc.O_WRONLY | Libc.O_CLOEXEC).intOrThrow("open", "");
        ByteBuffer out = Libc.buffer(16).position(start).put("hello".getBytes(StandardCharsets.US_ASCII));
        out.flip().position(start);
        assertThat(Libc.write(writing, out).value()).isEqualTo(5);
        assertThat(out.hasRemaining()).isFalse();
        Libc.close(writing);
        int reading = Libc.open(file.toString(), Libc.O_RDONLY | Libc.O_CLOEXEC).intOrThrow("open", "");
        ByteBuffer in = Libc.buffer(16).position(start);
        assertThat(Libc.pread(reading, in, 1).value()).isEqualTo(4);
        assertThat(in.position()).isEqualTo(start + 4);
        assertThat(in.get(start)).isEqualTo((byte) 'e');
        assertThat(Libc.read(reading, in.clear()).value())
                .as("pread left the file's position at 0")
                .isEqualTo(5);
        assertThat(Libc.read(reading, in).value()).as("the end of the file").isZero();
        Libc.close(reading);
        assertThat(file).hasContent("hello");
    }

    @Test
    void pollTellsWhatHappenedAndWhenNothingDid() {
        int fd = Libc.socket(Libc.AF_NETLINK, Libc.SOCK_RAW | Libc.SOCK_CLOEXEC, 0)
                .intOrThrow("socket", "");
        assertThat(Libc.poll(fd, Libc.POLLIN, 0).value()).isZero();
        Libc.close(fd);
        int file = Libc.open("/proc/self/stat", Libc.O_RDONLY | Libc.O_CLOEXEC).intOrThrow("open", "");
        assertThat(Libc.poll(file, Libc.POLLIN, 0).value()).isEqualTo(Libc.POLLIN);
        Libc.close(file);
    }

    @Test
    void virtualThreadsCannotMoveTheirCarrier() throws Exception {
        assertRefusedOnVirtualThread(() -> Libc.unshare(Libc.CLONE_NEWNET));
        assertRefusedOnVirtualThread(() -> Libc.setns(-1, Libc.CLONE_NEWNET));
    }

    private static void assertRefusedOnVirtualThread(ThrowingCallable call) throws Exception {
        AtomicReference<Throwable> thrown = new AtomicReference<>();
        Thread.ofVirtual()
                .start(() -> {
                    try {
                        call.call();
                    } catch (Throwable e) {
                        thrown.set(e);
                    }
                })
                .join();
        assertThat(thrown.get()).isInstanceOf(WrongThreadException.class).hasMessageContaining("platform thread");
    }
}
