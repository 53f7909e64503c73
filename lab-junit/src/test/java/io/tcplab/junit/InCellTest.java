package io.tcplab.junit;

import static io.tcplab.kernel.sockets.TcpState.CLOSE_WAIT;
import static io.tcplab.kernel.sockets.TcpState.ESTABLISHED;
import static io.tcplab.kernel.sockets.TcpState.FIN_WAIT2;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.platform.testkit.engine.EventConditions.finishedSuccessfully;
import static org.junit.platform.testkit.engine.EventConditions.finishedWithFailure;
import static org.junit.platform.testkit.engine.TestExecutionResultConditions.instanceOf;
import static org.junit.platform.testkit.engine.TestExecutionResultConditions.message;

import io.tcplab.kernel.netns.Namespace;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Consumer;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtensionConfigurationException;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.engine.discovery.DiscoverySelectors;
import org.junit.platform.testkit.engine.EngineTestKit;
import org.junit.platform.testkit.engine.Events;
import org.opentest4j.AssertionFailedError;

/** What @InCell does for tests, and to them. */
class InCellTest {
    /** Tests as users write them, run by the tests around. */
    @InCell
    static class Body {
        @BeforeEach
        void isBeforeOnTheClientToo(TcpCell cell) throws IOException {
            assertThat(namespaceOfThisThread())
                    .isEqualTo(cell.client().namespace().inode());
        }

        @Test
        void runsOnTheClient(TcpCell cell) throws Exception {
            assertThat(namespaceOfThisThread())
                    .isEqualTo(cell.client().namespace().inode());
            try (ServerSocket listener = cell.server().call(() -> new ServerSocket(0));
                    Socket client = new Socket(cell.server().address(), listener.getLocalPort());
                    Socket accepted = listener.accept()) {
                assertThat(accepted.getInetAddress()).isEqualTo(cell.client().address());
                assertThat(client.isConnected()).isTrue();
            }
        }

        @Test
        void failsAsItFails() throws IOException {
            throw new IOException("the body's own");
        }

        @RepeatedTest(2)
        void templatesToo(TcpCell cell) throws IOException {
            assertThat(namespaceOfThisThread())
                    .isEqualTo(cell.client().namespace().inode());
        }

        @Nested
        class Inner {
            @Test
            void runsOnTheClientToo(TcpCell cell) throws IOException {
                assertThat(namespaceOfThisThread())
                        .isEqualTo(cell.client().namespace().inode());
            }
        }
    }

    static class Outside {
        @Test
        @InCell(bodyOnClient = false)
        void runsOutsideIfAsked(TcpCell cell) throws IOException {
            assertThat(cell.server().address().getHostAddress()).isEqualTo("10.77.0.2");
            assertThat(namespaceOfThisThread()).isEqualTo(Namespace.current().inode());
        }
    }

    @InCell(settleMillis = 200)
    static class Leaving {
        @Test
        void closeWait(TcpCell cell) throws Exception {
            leak(cell);
        }

        @Test
        @InCell(settleMillis = 200, mayLeave = CLOSE_WAIT)
        void closeWaitAsAllowed(TcpCell cell) throws Exception {
            leak(cell);
        }

        private static void leak(TcpCell cell) throws Exception {
            LeakyServer server = LeakyServer.start(cell.server(), true);
            for (int i = 0; i < 5; i++) {
                new Socket(cell.server().address(), server.port()).close();
            }
        }

        @Test
        void timeWaitAndEstablished(TcpCell cell) throws Exception {
            LeakyServer server = LeakyServer.start(cell.server(), false);
            new Socket(cell.server().address(), server.port()).close();
            new Socket(cell.server().address(), server.port());
        }

        @Test
        @InCell(settleMillis = 200, mustNotLeave = ESTABLISHED)
        void establishedAlthoughForbidden(TcpCell cell) throws Exception {
            LeakyServer server = LeakyServer.start(cell.server(), false);
            new Socket(cell.server().address(), server.port());
        }

        @Test
        @InCell(settleMillis = 200, mayLeave = CLOSE_WAIT, mustNotLeave = FIN_WAIT2)
        void finWait2AlthoughForbidden(TcpCell cell) throws Exception {
            leak(cell);
        }

        @Test
        void anAssertionWithoutEnd(TcpCell cell) {
            TimedAssert unfinished = TcpAssertions.assertThat(cell.server()).haveNone(CLOSE_WAIT);
            assertThat(unfinished).isNotNull();
        }
    }

    @InCell
    @Sysctl(name = "net.ipv4.tcp_fin_timeout", value = "7")
    static class Setting {
        @Test
        @Sysctl(name = "net.ipv4.tcp_fin_timeout", value = "5", host = Role.SERVER)
        @Sysctl(name = "net.ipv4.ip_local_port_range", value = "40000 41000", host = Role.CLIENT)
        void theMethodsComeAfterTheClasss(TcpCell cell) {
            assertThat(cell.client().sysctl("net.ipv4.tcp_fin_timeout")).isEqualTo("7");
            assertThat(cell.server().sysctl("net.ipv4.tcp_fin_timeout")).isEqualTo("5");
            assertThat(cell.client().sysctl("net.ipv4.ip_local_port_range")).isEqualTo("40000\t41000");
        }

        @Test
        @Sysctl(name = "net.ipv4.tcp_fin_timeuot", value = "5")
        @Sysctl(name = "net.ipv4.tcp_tw_reuse", value = "perhaps")
        void whatIsWrongIsToldBeforeTheTest(TcpCell cell) {
            throw new AssertionError("must not run");
        }
    }

    @InCell
    @TestInstance(TestInstance.Lifecycle.PER_CLASS)
    static class Shared {
        private long cell;

        @BeforeAll
        void ask(TcpCell cell) {
            this.cell = cell.client().namespace().inode();
        }

        @Test
        void isTheClasss(TcpCell cell) {
            assertThat(cell.client().namespace().inode()).isEqualTo(this.cell);
        }

        @Test
        void isStillTheClasss(TcpCell cell) {
            assertThat(cell.client().namespace().inode()).isEqualTo(this.cell);
        }
    }

    @Test
    void theBodyRunsOnTheClientAndFailsAsItFails() {
        Events tests = run(Body.class);
        tests.assertStatistics(stats -> stats.succeeded(4).failed(1));
        tests.failed()
                .assertThatEvents()
                .haveExactly(1, finishedWithFailure(instanceOf(IOException.class), message("the body's own")));
    }

    @Test
    void theBodyRunsOutsideIfAsked() {
        succeeds(Outside.class, "runsOutsideIfAsked");
    }

    @Test
    void socketsLeftInCloseWaitFailTheTestAndAreDescribed() {
        fails(
                Leaving.class,
                "closeWait",
                AssertionFailedError.class,
                text -> assertThat(text)
                        .contains("Expecting the test to leave no sockets of server (10.77.0.2) in a transient state")
                        .contains("there were 5:")
                        .contains("5 CLOSE_WAIT, port ")
                        .contains("peer 10.77.0.1")
                        .contains("the peer's last segment arrived")
                        .contains("Recv-Q 0")
                        .contains("and 2 more")
                        .contains("eof-read-not-closed (CLOSE_WAIT): 5 connections"));
    }

    @Test
    void whatMayBeLeftDoesNotFailTheTest() {
        succeeds(Leaving.class, "closeWaitAsAllowed");
        succeeds(Leaving.class, "timeWaitAndEstablished");
    }

    @Test
    void whatMustNotBeLeftFailsTheTest() {
        fails(
                Leaving.class,
                "establishedAlthoughForbidden",
                AssertionFailedError.class,
                text -> assertThat(text).contains("1 ESTABLISHED, port "));
        fails(
                Leaving.class,
                "finWait2AlthoughForbidden",
                AssertionFailedError.class,
                text -> assertThat(text)
                        .contains("no sockets of client (10.77.0.1)")
                        .contains("5 FIN_WAIT_2 to 10.77.0.2:"));
    }

    @Test
    void anAssertionWithoutEndFailsTheTest() {
        fails(
                Leaving.class,
                "anAssertionWithoutEnd",
                IllegalStateException.class,
                text -> assertThat(text)
                        .contains("asserted nothing: the sockets of server should have no CLOSE_WAIT;"
                                + " add .within(duration), .throughout(duration) or .now()"));
    }

    @Test
    void sysctlsAreSet() {
        succeeds(Setting.class, "theMethodsComeAfterTheClasss");
    }

    @Test
    void aWrongSysctlFailsTheTestBeforeItStarts() {
        fails(
                Setting.class,
                "whatIsWrongIsToldBeforeTheTest",
                ExtensionConfigurationException.class,
                text -> assertThat(text)
                        .contains("net.ipv4.tcp_fin_timeuot doesn't exist")
                        .contains("net.ipv4.tcp_fin_timeout")
                        .contains("net.ipv4.tcp_tw_reuse"));
    }

    @Test
    void aCellAskedForBeforeAllIsShared() {
        run(Shared.class).assertStatistics(stats -> stats.succeeded(2).failed(0));
    }

    private static Events run(Class<?> tests) {
        return EngineTestKit.engine("junit-jupiter")
                .selectors(DiscoverySelectors.selectClass(tests))
                .execute()
                .testEvents();
    }

    private static Events run(Class<?> tests, String method) {
        return EngineTestKit.engine("junit-jupiter")
                .selectors(DiscoverySelectors.selectMethod(tests, method, TcpCell.class))
                .execute()
                .testEvents();
    }

    private static void succeeds(Class<?> tests, String method) {
        run(tests, method).assertThatEvents().haveExactly(1, finishedSuccessfully());
    }

    private static void fails(
            Class<?> tests, String method, Class<? extends Throwable> type, Consumer<String> ofMessage) {
        Throwable thrown = run(tests, method).failed().stream()
                .flatMap(event -> event.getPayload(TestExecutionResult.class).stream())
                .flatMap(result -> result.getThrowable().stream())
                .findFirst()
                .orElseThrow();
        assertThat(thrown).isInstanceOf(type);
        ofMessage.accept(thrown.getMessage());
    }

    private static long namespaceOfThisThread() throws IOException {
        String link =
                Files.readSymbolicLink(Path.of("/proc/thread-self/ns/net")).toString();
        return Long.parseLong(link.replaceAll("\\D", ""));
    }
}
