package io.tcplab.kernel.transitions;

import static io.tcplab.kernel.sockets.TcpState.CLOSE;
import static io.tcplab.kernel.sockets.TcpState.ESTABLISHED;
import static io.tcplab.kernel.sockets.TcpState.FIN_WAIT1;
import static io.tcplab.kernel.sockets.TcpState.LISTEN;
import static io.tcplab.kernel.sockets.TcpState.SYN_RECV;
import static io.tcplab.kernel.sockets.TcpState.SYN_SENT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tcplab.kernel.sockets.TcpState;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.assertj.core.groups.Tuple;
import org.junit.jupiter.api.Test;

class TransitionTimelineTest {
    private static final TraceFormat FORMAT = TraceFormat.parse("""
            name: inet_sock_set_state
            ID: 2287
            format:
            	field:unsigned short common_type;	offset:0;	size:2;	signed:0;
            	field:int common_pid;	offset:4;	size:4;	signed:1;

            	field:const void * skaddr;	offset:8;	size:8;	signed:0;
            	field:int oldstate;	offset:16;	size:4;	signed:1;
            	field:int newstate;	offset:20;	size:4;	signed:1;
            	field:__u16 sport;	offset:24;	size:2;	signed:0;
            	field:__u16 dport;	offset:26;	size:2;	signed:0;
            	field:__u16 family;	offset:28;	size:2;	signed:0;
            	field:__u16 protocol;	offset:30;	size:2;	signed:0;
            	field:__u8 saddr[4];	offset:32;	size:4;	signed:0;
            	field:__u8 daddr[4];	offset:36;	size:4;	signed:0;
            	field:__u8 saddr_v6[16];	offset:40;	size:16;	signed:0;
            	field:__u8 daddr_v6[16];	offset:56;	size:16;	signed:0;

            print fmt: "family=%s", REC->family
            """);

    private static final InetSocketAddress CLIENT = address("10.9.0.1", 40_000);
    private static final InetSocketAddress SERVER = address("10.9.0.2", 80);
    private static final InetSocketAddress NO_PORT = address("10.9.0.1", 0);
    private static final InetSocketAddress NONE = address("0.0.0.0", 0);
    private static final long ONE = 0xffff888000000040L;
    private static final long TWO = 0xffff888000000080L;

    private final TransitionLog log = new TransitionLog(FORMAT);

    @Test
    void readsTheFormatOfTheKernel() {
        assertThat(FORMAT).isEqualTo(new TraceFormat(8, 16, 20, 24, 26, 40, 56));
        assertThatThrownBy(() -> TraceFormat.parse("\tfield:const void * skaddr;\toffset:8;\tsize:8;\tsigned:0;\n"))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("no field oldstate of 4 bytes");
    }

    @Test
    void ordersByTime() {
        add(30, ONE, ESTABLISHED, FIN_WAIT1, CLIENT, SERVER);
        add(10, ONE, CLOSE, SYN_SENT, CLIENT, SERVER);
        add(20, ONE, SYN_SENT, ESTABLISHED, CLIENT, SERVER);
        assertThat(timeline())
                .extracting(Transition::atNanos, Transition::socket, Transition::to)
                .containsExactly(tuple(10, SYN_SENT), tuple(20, ESTABLISHED), tuple(30, FIN_WAIT1));
    }

    private static Tuple tuple(long atNanos, TcpState to) {
        return Tuple.tuple(atNanos, 1L, to);
    }

    @Test
    void anOpeningGetsItsPortFromTheNextTransition() {
        add(1, ONE, CLOSE, SYN_SENT, address("10.9.0.1", 0), SERVER);
        add(2, ONE, SYN_SENT, ESTABLISHED, CLIENT, SERVER);
        assertThat(timeline()).extracting(Transition::local).containsExactly(CLIENT, CLIENT);
    }

    @Test
    void aChildThatShowsItsListenersAddressesGetsItsOwn() {
        add(1, ONE, LISTEN, SYN_RECV, address("0.0.0.0", 80), NONE);
        add(2, TWO, LISTEN, SYN_RECV, address("0.0.0.0", 80), NONE);
        add(3, ONE, SYN_RECV, ESTABLISHED, SERVER, CLIENT);
        add(4, TWO, SYN_RECV, ESTABLISHED, SERVER, address("10.9.0.77", 1));
        assertThat(timeline()).extracting(Transition::peer).containsExactly(CLIENT, CLIENT);
    }

    @Test
    void aConnectThatGotNoPortKeepsZero() {
        add(1, ONE, CLOSE, SYN_SENT, NO_PORT, SERVER);
        add(2, ONE, SYN_SENT, CLOSE, NO_PORT, SERVER);
        assertThat(timeline()).extracting(Transition::local).containsExactly(NO_PORT, NO_PORT);
    }

    @Test
    void aPlaceInMemoryThatIsUsedAgainIsAnotherSocket() {
        add(1, ONE, CLOSE, SYN_SENT, CLIENT, SERVER);
        add(2, ONE, SYN_SENT, CLOSE, CLIENT, SERVER);
        add(3, ONE, CLOSE, SYN_SENT, CLIENT, SERVER);
        assertThat(timeline()).extracting(Transition::socket).containsExactly(1L, 1L, 2L);
    }

    @Test
    void anOpeningWhoseNextTransitionWasLostTakesNothingFromALaterSocket() {
        add(1, ONE, CLOSE, SYN_SENT, NO_PORT, SERVER);
        add(2, ONE, ESTABLISHED, FIN_WAIT1, CLIENT, SERVER);
        assertThat(timeline()).extracting(Transition::local).containsExactly(NO_PORT, CLIENT);
        assertThat(timeline()).extracting(Transition::socket).containsExactly(1L, 2L);
    }

    @Test
    void leavesOutWhatTheFilterDoesNotCover() {
        add(1, ONE, CLOSE, SYN_SENT, address("10.9.0.7", 5), SERVER);
        add(2, TWO, CLOSE, SYN_SENT, CLIENT, SERVER);
        assertThat(timeline()).extracting(Transition::local).containsExactly(CLIENT);
    }

    @Test
    void showsNoAddressOfTheKernel() {
        add(1, ONE, CLOSE, SYN_SENT, CLIENT, SERVER);
        assertThat(TransitionTimeline.transition(log, 0).socket()).isNotEqualTo(ONE);
    }

    @Test
    void holdsMoreThanOneChunk() {
        int rows = 100_000;
        IntStream.range(0, rows).forEach(row -> add(rows - row, ONE + row, CLOSE, SYN_SENT, CLIENT, SERVER));
        assertThat(timeline()).hasSize(rows).element(rows - 1).returns((long) rows, Transition::atNanos);
    }

    @Test
    void filtersInTheKernelsWords() {
        assertThat(filter("10.9.0.1").text())
                .isEqualTo("protocol==6&&((oldstate==10&&newstate==3&&dport==0)||saddr==0x100090a||daddr==0x100090a)");
        assertThat(filter("fd00::1").text())
                .isEqualTo("protocol==6&&((oldstate==10&&newstate==3&&dport==0)||family==10)");
    }

    @Test
    void aFilterOfTooManyAddressesIsLeftToTheReader() {
        String[] many = IntStream.range(0, 200).mapToObj(i -> "10.9.1." + i).toArray(String[]::new);
        assertThat(filter(many).text()).isEqualTo("protocol==6");
        assertThatThrownBy(() -> new TransitionFilter(Set.of())).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void knowsTheProcessors() {
        assertThat(Processors.parse("0-3,6,8-9\n")).containsExactly(0, 1, 2, 3, 6, 8, 9);
        assertThat(Processors.online())
                .hasSizeGreaterThanOrEqualTo(Runtime.getRuntime().availableProcessors());
    }

    private List<Transition> timeline() {
        return TransitionTimeline.of(log, filter("10.9.0.1"));
    }

    private static TransitionFilter filter(String... addresses) {
        return new TransitionFilter(
                Set.of(Arrays.stream(addresses).map(InetAddress::ofLiteral).toArray(InetAddress[]::new)));
    }

    private static InetSocketAddress address(String address, int port) {
        return new InetSocketAddress(InetAddress.ofLiteral(address), port);
    }

    private void add(
            long atNanos, long skaddr, TcpState from, TcpState to, InetSocketAddress local, InetSocketAddress peer) {
        ByteBuffer raw = ByteBuffer.allocate(72).order(ByteOrder.nativeOrder());
        raw.putLong(8, skaddr).putInt(16, from.number()).putInt(20, to.number());
        raw.putShort(24, (short) local.getPort()).putShort(26, (short) peer.getPort());
        raw.put(40, mapped(local)).put(56, mapped(peer));
        log.add(atNanos, raw, 0);
    }

    private static byte[] mapped(InetSocketAddress address) {
        return HexFormat.of()
                .parseHex("00000000000000000000ffff"
                        + HexFormat.of().formatHex(address.getAddress().getAddress()));
    }
}
