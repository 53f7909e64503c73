package io.tcplab.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.netty.channel.EventLoopGroup;
import io.tcplab.kernel.Errno;
import io.tcplab.kernel.KernelException;
import io.tcplab.kernel.netns.Namespace;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class EventLoopsTest {
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    @ParameterizedTest
    @EnumSource
    void loopsLiveInTheirNamespaceAndNothingIsLeftThere(Transport transport) throws Exception {
        try (Namespace namespace = Namespace.create("loops-test")) {
            EventLoopGroup loops = EventLoops.start(transport, 2, namespace.threadFactory("loops-test"));
            loops.next().submit(() -> {}).await();
            loops.next().submit(() -> {}).await();
            // The thread that made the namespace may not have ended yet.
            await().atMost(PATIENCE).until(() -> threadsIn(namespace) == 2);

            EventLoops.stop(loops, PATIENCE);
            EventLoops.stop(loops, PATIENCE);
            // Loops are done when they say so; their threads have a few instructions left.
            await().atMost(PATIENCE).until(() -> threadsIn(namespace) == 0);
        }
    }

    @Test
    void loopThatIsBlockedIsTold() throws InterruptedException {
        EventLoopGroup loops = EventLoops.start(Transport.NIO, 1, Thread::new);
        CountDownLatch blocked = new CountDownLatch(1);
        CountDownLatch release = new CountDownLatch(1);
        loops.execute(() -> {
            blocked.countDown();
            awaitUninterrupted(release);
        });
        blocked.await();

        assertThatIllegalStateException()
                .isThrownBy(() -> EventLoops.stop(loops, Duration.ofMillis(50)))
                .withMessageContaining("a handler blocks its loop");
        release.countDown();
        EventLoops.stop(loops, PATIENCE);
    }

    @Test
    void interruptedCallerGoesOnInterrupted() {
        EventLoopGroup loops = EventLoops.start(Transport.NIO, 1, Thread::new);
        Thread.currentThread().interrupt();
        EventLoops.stop(loops, PATIENCE);

        assertThat(Thread.interrupted()).isTrue();
        EventLoops.stop(loops, PATIENCE);
    }

    @Test
    void threadsThatDoNotRunAreSaidSo() {
        Thread idle = Thread.ofPlatform().unstarted(() -> {});
        assertThatIllegalStateException()
                .isThrownBy(() -> EventLoops.start(Transport.NIO, 1, task -> idle, Duration.ofMillis(50)))
                .withMessageContaining("factory");
    }

    /** As one that can't enter its network namespace: nothing that the loops have opened is left. */
    @ParameterizedTest
    @EnumSource
    void aThreadThatDoesNotStartSaysWhy(Transport transport) {
        long before = descriptors();
        AtomicInteger made = new AtomicInteger();
        ThreadFactory secondFails = task -> new Thread(task) {
            @Override
            public void start() {
                if (made.incrementAndGet() == 2) {
                    throw new KernelException("start a thread", Errno.EMFILE, "");
                }
                super.start();
            }
        };
        assertThatThrownBy(() -> EventLoops.start(transport, 3, secondFails))
                .isInstanceOf(KernelException.class)
                .hasMessageContaining("EMFILE");
        await().atMost(PATIENCE).until(() -> descriptors() <= before);
    }

    @Test
    void noLoopsAreRefused() {
        assertThatIllegalArgumentException().isThrownBy(() -> EventLoops.start(Transport.NIO, 0, Thread::new));
    }

    private static long descriptors() {
        try (Stream<Path> open = Files.list(Path.of("/proc/self/fd"))) {
            return open.count();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void awaitUninterrupted(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException interrupted) {
            throw new AssertionError(interrupted);
        }
    }

    private static long threadsIn(Namespace namespace) throws IOException {
        String wanted = "net:[" + namespace.inode() + "]";
        try (Stream<Path> threads = Files.list(Path.of("/proc/self/task"))) {
            return threads.filter(thread -> wanted.equals(namespaceOf(thread))).count();
        }
    }

    private static String namespaceOf(Path thread) {
        try {
            return Files.readSymbolicLink(thread.resolve("ns/net")).toString();
        } catch (NoSuchFileException ended) {
            return "";
        } catch (IOException failure) {
            throw new AssertionError(failure);
        }
    }
}
