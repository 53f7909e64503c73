package io.tcplab.kernel.capture;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tcplab.kernel.support.Command;
import io.tcplab.kernel.support.TestCell;
import io.tcplab.kernel.wire.Direction;
import io.tcplab.kernel.wire.Match;
import io.tcplab.kernel.wire.Rule;
import io.tcplab.kernel.wire.Segment;
import io.tcplab.kernel.wire.TcpFlag;
import io.tcplab.kernel.wire.Wire;
import io.tcplab.kernel.wire.WireCell;
import io.tcplab.kernel.wire.WireSegment;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Captures, read back by tcpdump, which shares no code with the lab. */
class CaptureTest {
    private static final Duration SOON = Duration.ofSeconds(20);

    @TempDir
    private Path folder;

    @Test
    void tcpdumpReadsTheWiresRecordAsWeDo() throws Exception {
        List<WireSegment> segments = segmentsOfAnEventfulConnection();
        Path file = written(segments);
        assertThat(tcpdump(file))
                .containsExactlyElementsOf(segments.stream()
                        .map(segment -> "IP " + segment.segment())
                        .toList());
        assertThat(Pcapng.read(file).packets())
                .extracting(Pcapng.Packet::comment)
                .containsExactlyElementsOf(
                        segments.stream().map(WireSegment::comment).toList())
                .contains("injected", "dropped by 'data lost'");
    }

    @Test
    void timesAreThoseOfTheDayInNanoseconds() throws Exception {
        List<WireSegment> segments = segmentsOfAnEventfulConnection();
        Path file = written(segments);
        List<Pcapng.Packet> packets = Pcapng.read(file).packets();
        for (int i = 1; i < packets.size(); i++) {
            assertThat(packets.get(i).epochNanos() - packets.getFirst().epochNanos())
                    .isEqualTo(segments.get(i).atNanos() - segments.getFirst().atNanos());
        }
        assertThat(Duration.ofNanos(packets.getFirst().epochNanos()))
                .isBetween(
                        Duration.ofMillis(System.currentTimeMillis()).minusSeconds(60),
                        Duration.ofMillis(System.currentTimeMillis()));
        assertThat(Pcapng.read(file).interfaces()).containsExactly("client", "server");
    }

    private Path written(List<WireSegment> segments) throws IOException {
        Path file = folder.resolve("wire.pcapng");
        try (WireCapture capture = WireCapture.open(file)) {
            capture.write(segments);
        }
        return file;
    }

    @Test
    void aPlainLinkIsCapturedAtAHostsInterface() throws Exception {
        Path file = folder.resolve("veth.pcapng");
        try (TestCell cell = new TestCell();
                Capture capture = Capture.start(cell.client(), "eth0", file)) {
            ServerSocketChannel listener = cell.listen(TestCell.SERVER, 1);
            cell.connect(listener);
            Capture.Summary summary = capture.stop();
            assertThat(summary.dropped()).isZero();
            List<String> lines = tcpdump(file).stream()
                    .filter(line -> line.startsWith("IP "))
                    .toList();
            assertThat(lines.get(0)).contains("Flags [S], ");
            assertThat(lines.get(1)).contains("Flags [S.], ");
            assertThat(lines.get(2)).contains("Flags [.], ");
            assertThat(summary.frames()).isGreaterThanOrEqualTo(3);
        }
    }

    @Test
    void aFolderThatIsNoneIsNamed() throws IOException {
        Path file = folder.resolve("none/capture.pcapng");
        assertThatThrownBy(() -> WireCapture.open(file))
                .isInstanceOf(CaptureException.class)
                .hasMessage("can't write the capture " + file + ": no such folder");
        try (TestCell cell = new TestCell()) {
            assertThatThrownBy(() -> Capture.start(cell.client(), "eth0", file)).isInstanceOf(CaptureException.class);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void aFullDiskIsNamed() {
        assertThatThrownBy(() -> WireCapture.open(Path.of("/dev/full")))
                .isInstanceOf(CaptureException.class)
                .hasMessageContaining("/dev/full")
                .hasMessageContaining("No space left on device");
    }

    private static List<WireSegment> segmentsOfAnEventfulConnection() throws Exception {
        try (WireCell cell = new WireCell()) {
            Wire wire = cell.wire();
            wire.add(Rule.drop("data lost", Match.toServer().withData().nth(1)));
            ServerSocketChannel listener = cell.listen();
            SocketChannel client = cell.connect(listener);
            SocketChannel server = cell.accept(listener);
            WireCell.write(client, "it is lost, and sent again");
            assertThat(WireCell.read(server, 26)).endsWith("again");
            wire.inject(
                    Direction.SERVER_TO_CLIENT,
                    Segment.from((InetSocketAddress) listener.getLocalAddress(), new InetSocketAddress("10.77.0.1", 9))
                            .flags(TcpFlag.FIN, TcpFlag.URG)
                            .payload(new byte[] {1, 2, 3})
                            .build());
            client.close();
            assertThat(wire.await(
                            s -> s.direction() == Direction.CLIENT_TO_SERVER
                                    && s.segment().has(TcpFlag.FIN),
                            SOON))
                    .isPresent();
            return wire.segments();
        }
    }

    /** What it prints of each packet, times left out. */
    private static List<String> tcpdump(Path file) throws Exception {
        return Command.run(List.of("tcpdump", "-S", "-nn", "-t", "-r", file.toString())).stream()
                .filter(line -> !line.startsWith("reading from file"))
                .toList();
    }
}
