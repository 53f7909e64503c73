package io.tcplab.kernel.netns;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tcplab.kernel.Errno;
import io.tcplab.kernel.KernelException;
import io.tcplab.kernel.sockets.SockDiag;
import io.tcplab.kernel.sockets.SocketQuery;
import io.tcplab.kernel.sockets.TcpInfo;
import io.tcplab.kernel.sockets.TcpInfoField;
import io.tcplab.kernel.sockets.TcpSocket;
import io.tcplab.kernel.sockets.TcpState;
import io.tcplab.kernel.support.Await;
import io.tcplab.kernel.support.Command;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.OptionalInt;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class VethLinkTest {
    private static final List<Cidr> LEFT = List.of(Cidr.parse("10.78.0.1/24"), Cidr.parse("fd78::1/64"));
    private static final List<Cidr> RIGHT = List.of(Cidr.parse("10.78.0.2/24"), Cidr.parse("fd78::2/64"));

    @AutoClose
    private final Namespace left = Namespace.create("left");

    @AutoClose
    private final Namespace right = Namespace.create("right");

    @ParameterizedTest
    @CsvSource({"10.78.0.1, 10.78.0.2", "fd78::1, fd78::2"})
    void dataCrossesTheLink(String from, String to) throws Exception {
        join(LEFT, RIGHT);
        try (ServerSocketChannel listener = right.call(ServerSocketChannel::open)) {
            listener.bind(new InetSocketAddress(to, 0));
            try (SocketChannel client = left.call(() -> SocketChannel.open(listener.getLocalAddress()));
                    SocketChannel server = listener.accept()) {
                client.write(ByteBuffer.wrap("over the veth".getBytes(StandardCharsets.US_ASCII)));
                ByteBuffer received = ByteBuffer.allocate(64);
                server.read(received);
                assertThat(StandardCharsets.US_ASCII.decode(received.flip()).toString())
                        .isEqualTo("over the veth");
                assertThat(((InetSocketAddress) server.getRemoteAddress())
                                .getAddress()
                                .getHostAddress())
                        .isEqualTo(Cidr.parse(from + "/1").address().getHostAddress());
            }
        }
    }

    /** Repeated, since what could go wrong is a race with workers of the kernel's. */
    @RepeatedTest(10)
    void theFirstSynArrives() throws Exception {
        join(LEFT, RIGHT);
        for (Cidr address : RIGHT) {
            try (ServerSocketChannel listener = right.call(ServerSocketChannel::open)) {
                listener.bind(new InetSocketAddress(address.address(), 0));
                try (SocketChannel client = left.call(() -> SocketChannel.open(listener.getLocalAddress()))) {
                    assertThat(client.isConnected()).isTrue();
                    assertThat(tcpInfo().require(TcpInfoField.TOTAL_RETRANS)).isZero();
                }
            }
        }
    }

    @Test
    void anEndHasAsManyAddressesAsItIsGiven() throws Exception {
        List<Cidr> many = Stream.concat(
                        IntStream.rangeClosed(2, 130).mapToObj(i -> Cidr.parse("10.78.0." + i + "/24")),
                        IntStream.rangeClosed(2, 130)
                                .mapToObj(i -> Cidr.parse("fd78::" + Integer.toHexString(i) + "/64")))
                .toList();
        join(LEFT, many);
        List<String> shown = Command.in(right, "ip", "-oneline", "address", "show", "dev", "eth0");
        assertThat(shown).hasSameSizeAs(many).noneMatch(line -> line.contains("tentative"));
        for (Cidr address : many) {
            assertThat(right.call(() -> ServerSocketChannel.open().bind(new InetSocketAddress(address.address(), 0))))
                    .satisfies(ServerSocketChannel::close);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1280, 9000})
    void theMtuIsThatOfBothEnds(int mtu) throws Exception {
        VethLink.join(
                new VethLink.End(left, "eth0", LEFT), new VethLink.End(right, "eth0", RIGHT), OptionalInt.of(mtu));
        assertThat(Command.in(left, "ip", "link", "show", "eth0").getFirst()).contains("mtu " + mtu + " ");
        assertThat(Command.in(right, "ip", "link", "show", "eth0").getFirst()).contains("mtu " + mtu + " ");
    }

    @Test
    void theLinkIsQuiet() throws Exception {
        join(LEFT, RIGHT);
        assertThat(Command.in(left, "ip", "-oneline", "address", "show", "dev", "eth0"))
                .as("no link-local address, hence no solicitations")
                .noneMatch(line -> line.contains("fe80"));
    }

    @Test
    void theLinkGoesWithEitherNamespace() throws Exception {
        join(LEFT, RIGHT);
        right.close();
        Await.until(
                () -> Command.in(left, "ip", "-oneline", "link"),
                links -> links.stream().noneMatch(line -> line.contains("eth0")));
    }

    @Test
    void aTakenNameIsToldByTheKernel() throws Exception {
        join(LEFT, RIGHT);
        assertThatThrownBy(() -> join(LEFT, RIGHT))
                .isInstanceOfSatisfying(
                        KernelException.class, e -> assertThat(e.errno()).isEqualTo(Errno.EEXIST))
                .hasMessageContaining("create the veth pair eth0, eth0 in left")
                .hasMessageContaining("taken");
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 67, 65_536})
    void anMtuThatNoVethCanHaveIsRefused(int mtu) {
        VethLink.End leftEnd = new VethLink.End(left, "eth0", LEFT);
        VethLink.End rightEnd = new VethLink.End(right, "eth0", RIGHT);
        assertThatThrownBy(() -> VethLink.join(leftEnd, rightEnd, OptionalInt.of(mtu)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("between 68 and 65535");
    }

    @Test
    void aFailureLeavesNoHalfOfALink() throws Exception {
        List<Cidr> twice = List.of(RIGHT.getFirst(), RIGHT.getFirst());
        assertThatThrownBy(() -> join(LEFT, twice))
                .isInstanceOf(KernelException.class)
                .hasMessageContaining("add address 10.78.0.2/24 in right: EEXIST");
        join(LEFT, RIGHT);
        assertThat(Command.in(left, "ip", "-oneline", "link", "show", "type", "veth"))
                .hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "sixteen-letters!", "a b", "a/b"})
    void namesThatNoInterfaceCanHaveAreRefused(String name) {
        assertThatThrownBy(() -> new VethLink.End(left, name, LEFT)).isInstanceOf(IllegalArgumentException.class);
    }

    private void join(List<Cidr> leftAddresses, List<Cidr> rightAddresses) {
        VethLink.join(new VethLink.End(left, "eth0", leftAddresses), new VethLink.End(right, "eth0", rightAddresses));
    }

    private TcpInfo tcpInfo() {
        try (SockDiag diag = SockDiag.open(left)) {
            TcpSocket socket = diag.census(
                            SocketQuery.ofStates(TcpState.ESTABLISHED).withTcpInfo())
                    .sockets()
                    .getFirst();
            return socket.info().orElseThrow();
        }
    }
}
