package io.tcplab.kernel.sockets;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tcplab.kernel.Errno;
import io.tcplab.kernel.KernelException;
import io.tcplab.kernel.calls.Socket;
import io.tcplab.kernel.calls.Sockets;
import io.tcplab.kernel.support.Await;
import io.tcplab.kernel.support.Command;
import io.tcplab.kernel.support.TestCell;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardProtocolFamily;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** MPTCP sockets on the real kernel; {@code ss -M} is the witness. */
class MptcpTest {
    private static final Duration SOON = Duration.ofSeconds(10);

    private final TestCell cell = new TestCell();
    private final Sockets clients = new Sockets(cell.client());
    private final Sockets servers = new Sockets(cell.server());
    private final SockDiag server = SockDiag.open(cell.server());
    private final SockDiag client = SockDiag.open(cell.client());

    @AfterEach
    void close() throws IOException {
        clients.close();
        servers.close();
        server.close();
        client.close();
        cell.close();
    }

    @Test
    void theProgramsSocketsAreSeenAndTheirSubflowsAreNot() throws Exception {
        Socket listener = listener();
        for (int i = 0; i < 3; i++) {
            connect(listener);
        }
        Census census = server.census(SocketQuery.all().withTcpInfo());
        assertThat(server.mptcpListing()).isEqualTo(MptcpListing.LISTED);
        assertThat(census.sockets()).hasSize(4).extracting(TcpSocket::protocol).containsOnly(Protocol.MPTCP);
        assertThat(census.count(TcpState.ESTABLISHED))
                .isEqualTo(3)
                .isEqualTo(lines("ss", "-MHn", "state", "established"));
        assertThat(census.count(TcpState.LISTEN)).isEqualTo(1);
        assertThat(census.sockets())
                .filteredOn(socket -> socket.state() == TcpState.ESTABLISHED)
                .allSatisfy(socket -> {
                    assertThat(socket.inode()).isNotZero();
                    assertThat(socket.info()).as("its subflow's").isPresent();
                });
        assertThat(lines("ss", "-tHna"))
                .as("the kernel has the subflows as TCP sockets")
                .isEqualTo(4);
    }

    /** The case of a server that forgets close(), which plain TCP's list doesn't show. */
    @Test
    void closeWaitIsThePrograms() throws Exception {
        Socket listener = listener();
        Socket one = connect(listener);
        one.send(5).orThrow("send");
        one.close();
        Census census = Await.until(
                () -> server.census(SocketQuery.ofStates(TcpState.CLOSE_WAIT)),
                found -> found.sockets().size() == 1);
        TcpSocket socket = census.sockets().getFirst();
        assertThat(socket.protocol()).isEqualTo(Protocol.MPTCP);
        assertThat(socket.recvQueue()).as("memory, more than the five bytes").isGreaterThan(5);
        assertThat(lines("ss", "-MHn", "state", "close-wait")).isEqualTo(1);
    }

    @Test
    void bothHalvesTogetherSeeTheSame() throws Exception {
        Socket listener = listener();
        for (int i = 0; i < 20; i++) {
            connect(listener);
        }
        try (ParallelSockDiag halves = ParallelSockDiag.open(cell.server())) {
            Set<TcpState> states = EnumSet.copyOf(TcpState.reported());
            assertThat(halves.rows(states, true, SocketMessage::cookie).rows())
                    .containsExactlyInAnyOrderElementsOf(server.rows(SocketQuery.all(), SocketMessage::cookie)
                            .rows());
        }
    }

    /** accept() makes a plain TCP socket of a plain TCP client. */
    @Test
    void aPlainClientOfAnMptcpListenerIsTcp() throws Exception {
        Socket listener = listener();
        Socket plain = clients.open(StandardProtocolFamily.INET);
        plain.connect(listener.local(), SOON).orThrow("connect");
        listener.accept(SOON).orThrow("accept");
        assertTheOnlyConnectionIs(Protocol.TCP, server);
    }

    /** Then the client's socket stays an MPTCP socket, with one subflow. */
    @Test
    void anMptcpClientOfAPlainServerIsMptcp() throws Exception {
        Socket listener = servers.open(StandardProtocolFamily.INET);
        listener.bind(new InetSocketAddress(TestCell.SERVER, 0)).orThrow("bind");
        listener.listen(8).orThrow("listen");
        Socket mptcp = clients.openMptcp();
        mptcp.connect(listener.local(), SOON).orThrow("connect");
        listener.accept(SOON).orThrow("accept");
        assertTheOnlyConnectionIs(Protocol.MPTCP, client);
    }

    private static void assertTheOnlyConnectionIs(Protocol protocol, SockDiag diag) {
        assertThat(diag.census(SocketQuery.ofStates(TcpState.ESTABLISHED)).sockets())
                .singleElement()
                .extracting(TcpSocket::protocol)
                .isEqualTo(protocol);
    }

    @Test
    void whereItIsOffThereAreNone() throws Exception {
        cell.client().call(() -> Files.writeString(Path.of("/proc/sys/net/mptcp/enabled"), "0"));
        assertThatThrownBy(clients::openMptcp)
                .isInstanceOfSatisfying(
                        KernelException.class, e -> assertThat(e.errno()).isEqualTo(Errno.ENOPROTOOPT))
                .hasMessageContaining("net.mptcp.enabled=1");
        assertThat(client.census(SocketQuery.all()).sockets()).isEmpty();
    }

    /** Of a kernel without the module: asked once, since each question starts modprobe. */
    @Test
    void aKernelThatDoesNotListThemIsAskedOnce() {
        int[] asked = {0};
        MptcpDiag diag = new MptcpDiag(
                (request, messages) -> {
                    asked[0]++;
                    throw new KernelException("list", Errno.ENOENT, "");
                },
                true,
                () -> true);
        for (int i = 0; i < 3; i++) {
            assertThat(diag.ask(false).complete()).isTrue();
        }
        assertThat(asked[0]).isEqualTo(1);
        assertThat(diag.listing()).isEqualTo(MptcpListing.UNLISTED);
    }

    /** To list them the kernel walks the whole machine's table. */
    @Test
    void whereThereAreNoneTheKernelIsNotAsked() {
        boolean[] mayBe = {false};
        int[] asked = {0};
        MptcpDiag diag = new MptcpDiag(
                (request, messages) -> {
                    asked[0]++;
                    return true;
                },
                true,
                () -> mayBe[0]);
        assertThat(diag.ask(false).complete()).isTrue();
        assertThat(asked[0]).isZero();
        mayBe[0] = true;
        assertThat(diag.ask(false).complete()).isTrue();
        assertThat(asked[0]).isEqualTo(2);
    }

    @Test
    void theKernelsCountSaysWhetherThereAreAny() throws Exception {
        try (MptcpUse use = MptcpUse.open(cell.server())) {
            assertThat(use.mayBe()).isEqualTo(lines("ss", "-MHan") > 0).isFalse();
            Socket listener = listener();
            assertThat(use.mayBe()).isTrue();
            connect(listener);
            assertThat(use.mayBe()).isTrue();
            servers.close();
            clients.close();
            Await.until(use::mayBe, may -> !may);
            assertThat(server.census(SocketQuery.all()).sockets())
                    .noneMatch(socket -> socket.protocol() == Protocol.MPTCP);
        }
    }

    @Test
    void whatIsNoCountIsTakenForSome() {
        String head = "protocol  size sockets  memory press maxhdr  slab module     cl co\n";
        assertThat(MptcpUse.mayBe(head + "MPTCPv6   2064      0       0   no       0   yes  kernel\nTCP 2432 7 1\n"))
                .isFalse();
        assertThat(MptcpUse.mayBe(head + "MPTCP     1936      3       0   no       0   yes  kernel\n"))
                .isTrue();
        assertThat(MptcpUse.mayBe(head + "MPTCP     1936     -1\n")).isTrue();
        assertThat(MptcpUse.mayBe(head + "MPTCP")).isTrue();
    }

    private Socket listener() {
        Socket listener = servers.openMptcp();
        listener.bind(new InetSocketAddress(TestCell.SERVER, 0)).orThrow("bind");
        listener.listen(64).orThrow("listen");
        return listener;
    }

    private Socket connect(Socket listener) throws InterruptedException {
        Socket mptcp = clients.openMptcp();
        mptcp.connect(listener.local(), SOON).orThrow("connect");
        listener.accept(SOON).orThrow("accept");
        return mptcp;
    }

    private long lines(String... command) throws Exception {
        List<String> lines = Command.in(cell.server(), command);
        return lines.stream().filter(line -> !line.isBlank()).count();
    }
}
