package io.tcplab.kernel.netns;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tcplab.kernel.support.Await;
import io.tcplab.kernel.support.NamespaceScan;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class NamespaceTest {
    @AutoClose
    private final Namespace namespace = Namespace.create("test");

    @Test
    void actionsRunInsideAndTheirThreadsNowhereElse() throws Exception {
        String before = whereAmI();
        assertThat(namespace.call(NamespaceTest::whereAmI)).isEqualTo("net:[" + namespace.inode() + "]");
        assertThat(whereAmI()).isEqualTo(before);
    }

    @Test
    void namespacesAreDifferent() {
        try (Namespace other = Namespace.create("other")) {
            assertThat(other.inode()).isNotEqualTo(namespace.inode());
            assertThat(namespace.inode()).isNotEqualTo(Namespace.current().inode());
        }
    }

    @Test
    void actionsNest() {
        try (Namespace other = Namespace.create("other")) {
            assertThat(namespace.<String>call(
                            () -> other.call(() -> Namespace.current().call(NamespaceTest::whereAmI))))
                    .isEqualTo("net:[" + Namespace.current().inode() + "]");
        }
    }

    @Test
    void oneThreadMakesSeveralVisitsAndActionsOfAVisitStillNest() {
        try (Namespace other = Namespace.create("other")) {
            Thread visitor = Namespace.visiting(() -> {
                assertThat(namespace.call(NamespaceTest::whereAmI)).isEqualTo(link(namespace));
                assertThat(namespace.<Thread>call(Thread::currentThread)).isSameAs(Thread.currentThread());
                assertThat(other.<List<String>>call(() -> List.of(namespace.call(NamespaceTest::whereAmI), whereAmI())))
                        .containsExactly(link(namespace), link(other));
                try (Namespace made = Namespace.create("made")) {
                    assertThat(other.call(NamespaceTest::whereAmI)).isEqualTo(link(other));
                    assertThat(made.call(NamespaceTest::whereAmI)).isEqualTo(link(made));
                }
                return Thread.currentThread();
            });
            assertThat(visitor).isNotSameAs(Thread.currentThread());
        }
    }

    @Test
    void aVisitThatFailsIsFollowedByOthers() {
        IllegalArgumentException failure = new IllegalArgumentException("mine");
        String where = Namespace.visiting(() -> {
            assertThatThrownBy(() -> namespace.run(() -> {
                        throw failure;
                    }))
                    .isSameAs(failure);
            return namespace.call(NamespaceTest::whereAmI);
        });
        assertThat(where).isEqualTo(link(namespace));
    }

    @ParameterizedTest
    @ValueSource(strings = {"127.0.0.1", "::1"})
    void loopbackIsUp(String loopback) throws Exception {
        try (ServerSocketChannel listener = namespace.call(ServerSocketChannel::open)) {
            listener.bind(new InetSocketAddress(InetAddress.ofLiteral(loopback), 0));
            try (SocketChannel client = namespace.call(() -> SocketChannel.open(listener.getLocalAddress()))) {
                assertThat(client.isConnected()).isTrue();
            }
        }
    }

    @Test
    void runtimeExceptionsAndErrorsComeOutAsTheyAre() {
        IllegalArgumentException unchecked = new IllegalArgumentException("mine");
        assertThatThrownBy(() -> namespace.run(() -> {
                    throw unchecked;
                }))
                .isSameAs(unchecked);
        AssertionError error = new AssertionError("mine");
        assertThatThrownBy(() -> namespace.run(() -> {
                    throw error;
                }))
                .isSameAs(error);
    }

    @Test
    void checkedExceptionsComeOutWrapped() {
        IOException io = new IOException("mine");
        assertThatThrownBy(() -> namespace.call(() -> {
                    throw io;
                }))
                .isInstanceOf(UncheckedIOException.class)
                .hasCause(io);
        TimeoutException other = new TimeoutException("mine");
        assertThatThrownBy(() -> namespace.call(() -> {
                    throw other;
                }))
                .isInstanceOf(CompletionException.class)
                .hasCause(other);
    }

    @Test
    void interruptionReachesTheActionAndTheCallerKeepsItsMark() throws Exception {
        CountDownLatch inside = new CountDownLatch(1);
        AtomicBoolean marked = new AtomicBoolean();
        FutureTask<Object> call = new FutureTask<>(() -> {
            try {
                return namespace.call(() -> {
                    inside.countDown();
                    new CountDownLatch(1).await();
                    return "never";
                });
            } finally {
                marked.set(Thread.currentThread().isInterrupted());
            }
        });
        Thread caller = Thread.ofPlatform().start(call);
        inside.await();
        caller.interrupt();
        caller.join();
        assertThat(marked).isTrue();
        assertThatThrownBy(call::get)
                .cause()
                .isInstanceOf(CancellationException.class)
                .hasCauseInstanceOf(InterruptedException.class);
    }

    @Test
    void anActionThatIgnoresInterruptionIsWaitedFor() throws Exception {
        CountDownLatch inside = new CountDownLatch(1);
        CountDownLatch mayEnd = new CountDownLatch(1);
        FutureTask<String> call = new FutureTask<>(() -> namespace.call(() -> {
            inside.countDown();
            boolean interrupted = false;
            while (mayEnd.getCount() > 0) {
                try {
                    mayEnd.await();
                } catch (InterruptedException e) {
                    interrupted = true;
                    mayEnd.countDown();
                }
            }
            return "interrupted: " + interrupted;
        }));
        Thread caller = Thread.ofPlatform().start(call);
        inside.await();
        caller.interrupt();
        assertThat(call.get()).isEqualTo("interrupted: true");
    }

    @Test
    void threadsOfTheFactoryAreInsideFromTheStart() throws Exception {
        ThreadFactory threads = namespace.threadFactory("loop");
        FutureTask<String> first = new FutureTask<>(NamespaceTest::whereAmI);
        Thread thread = threads.newThread(first);
        thread.start();
        assertThat(first.get()).isEqualTo("net:[" + namespace.inode() + "]");
        assertThat(thread.isDaemon()).isTrue();
        assertThat(thread.getName()).isEqualTo("loop-0");
        assertThat(threads.newThread(() -> {}).getName()).isEqualTo("loop-1");
    }

    @Test
    void virtualThreadsMayCallButNotEnter() throws Exception {
        FutureTask<String> call = new FutureTask<>(() -> namespace.call(NamespaceTest::whereAmI));
        Thread.ofVirtual().start(call);
        assertThat(call.get()).isEqualTo("net:[" + namespace.inode() + "]");
        FutureTask<Boolean> enter = new FutureTask<>(namespace::enter, true);
        Thread.ofVirtual().start(enter);
        assertThatThrownBy(enter::get)
                .cause()
                .isInstanceOf(WrongThreadException.class)
                .hasMessageContaining("virtual thread");
    }

    @Test
    void aClosedNamespaceIsGoneAndRefusesToWork() throws Exception {
        Namespace closing = Namespace.create("closing");
        Await.until(() -> NamespaceScan.holders(closing.inode()), holders -> holders.size() == 1);
        closing.run(() -> {});
        closing.close();
        closing.close();
        Await.until(() -> NamespaceScan.holders(closing.inode()), List::isEmpty);
        assertThatThrownBy(() -> closing.run(() -> {}))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("namespace closing is closed");
    }

    /** As an event loop's thread may be while its host is closed. */
    @Test
    void aThreadThatIsTooLateEndsWithoutHavingRun() throws Exception {
        Namespace closing = Namespace.create("closing");
        AtomicBoolean ran = new AtomicBoolean();
        AtomicReference<Throwable> uncaught = new AtomicReference<>();
        Thread late = closing.threadFactory("late").newThread(() -> ran.set(true));
        late.setUncaughtExceptionHandler((thread, thrown) -> uncaught.set(thrown));
        closing.close();
        late.start();
        late.join();
        assertThat(ran).isFalse();
        assertThat(uncaught).hasNullValue();
    }

    @Test
    void theCurrentNamespaceStaysOpen() {
        Namespace current = Namespace.current();
        current.close();
        assertThat(current.call(NamespaceTest::whereAmI)).isEqualTo("net:[" + current.inode() + "]");
    }

    private static String link(Namespace namespace) {
        return "net:[" + namespace.inode() + "]";
    }

    private static String whereAmI() throws IOException {
        return Files.readSymbolicLink(Path.of("/proc/thread-self/ns/net")).toString();
    }
}
