package io.tcplab.kernel.capture;

import static org.assertj.core.api.Assertions.assertThat;

import io.tcplab.kernel.support.TestCell;
import io.tcplab.kernel.wire.Direction;
import io.tcplab.kernel.wire.Side;
import io.tcplab.kernel.wire.TcpFlag;
import io.tcplab.kernel.wire.WireSegment;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class SegmentTapTest {
    private static final Duration SOON = Duration.ofSeconds(20);

    @Test
    void keepsWhatIsWantedInTheOrderOfTimeAndSaysWhoSentIt() throws Exception {
        try (TestCell cell = new TestCell();
                SegmentTap tap = SegmentTap.start(
                        cell.client(), "eth0", Side.CLIENT, one -> one.segment().has(TcpFlag.SYN))) {
            long before = System.nanoTime();
            cell.connect(cell.listen(TestCell.SERVER, 1));
            assertThat(tap.awaitMoreThan(1, SOON)).isEqualTo(2);
            assertThat(tap.stop()).isZero();
            assertThat(tap.segments())
                    .extracting(WireSegment::direction)
                    .containsExactly(Direction.CLIENT_TO_SERVER, Direction.SERVER_TO_CLIENT);
            assertThat(tap.segments())
                    .extracting(WireSegment::atNanos)
                    .isSorted()
                    .allSatisfy(at -> assertThat(at).isBetween(before, System.nanoTime()));
        }
    }

    @Test
    void tellsTheLengthOfASegmentThatIsLongerThanWhatIsKeptOfIt() throws Exception {
        int bytes = 20_000;
        try (TestCell cell = new TestCell();
                SegmentTap tap = SegmentTap.start(
                        cell.server(), "eth0", Side.SERVER, one -> one.segment().payloadLength() > 0)) {
            ServerSocketChannel listener = cell.listen(TestCell.SERVER, 1);
            SocketChannel client = cell.connect(listener);
            SocketChannel server = cell.accept(listener);
            ByteBuffer data = ByteBuffer.allocate(bytes);
            while (data.hasRemaining()) {
                client.write(data);
            }
            ByteBuffer read = ByteBuffer.allocate(bytes);
            while (read.hasRemaining()) {
                server.read(read);
            }
            tap.stop();
            List<WireSegment> segments = tap.segments();
            assertThat(segments).allMatch(one -> one.direction() == Direction.CLIENT_TO_SERVER);
            assertThat(segments.stream()
                            .mapToInt(one -> one.segment().payloadLength())
                            .sum())
                    .isEqualTo(bytes);
        }
    }

    @Test
    void doesNotWaitForWhatNeverComes() throws Exception {
        try (TestCell cell = new TestCell();
                SegmentTap tap = SegmentTap.start(cell.client(), "eth0", Side.CLIENT, one -> true)) {
            assertThat(tap.awaitMoreThan(0, Duration.ofMillis(1))).isZero();
        }
    }
}
