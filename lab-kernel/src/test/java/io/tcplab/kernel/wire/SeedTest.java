package io.tcplab.kernel.wire;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Random;
import java.util.zip.CRC32;
import org.junit.jupiter.api.Test;

/**
 * The same seed, the same faults: what leaves a wire with all kinds of rules is the same today as when the file was written, byte for
 * byte, and at the same time on the test's clock. Else a fault that somebody reports by its seed couldn't be had again.
 */
class SeedTest {
    private static final Path GOLDEN = Path.of("src/test/resources/io/tcplab/kernel/wire/faults-of-seed-4711.txt");
    private static final InetSocketAddress CLIENT = new InetSocketAddress("10.0.0.1", 4242);
    private static final InetSocketAddress SERVER = new InetSocketAddress("10.0.0.2", 80);
    private static final long SEED = 4711;
    private static final int SEGMENTS = 200;

    private final StringBuilder left = new StringBuilder();
    private long now;

    @Test
    void theSameSeedCausesTheSameFaults() throws IOException {
        String faults = faults(SEED);
        if ("write".equals(System.getenv("GOLDEN"))) {
            Files.createDirectories(GOLDEN.getParent());
            Files.writeString(GOLDEN, faults);
        }
        assertThat(faults).isEqualTo(Files.readString(GOLDEN)).isEqualTo(faults(SEED));
        assertThat(faults).isNotEqualTo(faults(SEED + 1));
    }

    private String faults(long seed) {
        left.setLength(0);
        now = 0;
        Relay relay = new Relay(this::send, new Tape(1 << 20), () -> now);
        relay.add(new RuleState(Rule.pass("SYN", Match.anyDirection().syn())));
        relay.add(new RuleState(Rule.lose("some", Match.toServer(), 0.2, seed)));
        relay.add(new RuleState(Rule.lose("others", Match.toClient(), 0.1, ~seed)));
        relay.add(new RuleState(Rule.reorder("swap", Match.toServer().payload(1, 40))));
        relay.add(new RuleState(Rule.duplicate("twice", Match.toServer().payload(41, 60))));
        relay.add(new RuleState(Rule.delay("late", Match.toClient().payload(1, 50), Duration.ofNanos(35))));
        relay.add(new RuleState(Rule.replay("again", Match.toClient(), Duration.ofNanos(77))));
        Random segments = new Random(seed);
        for (int i = 0; i < SEGMENTS; i++) {
            now += 10;
            relay.runDue();
            Direction direction = segments.nextInt(3) == 0 ? Direction.SERVER_TO_CLIENT : Direction.CLIENT_TO_SERVER;
            relay.arrived(direction, now, segment(direction, i, segments.nextInt(80)));
        }
        now += 1_000;
        relay.runDue();
        return left.toString();
    }

    private static Segment segment(Direction direction, int number, int payload) {
        boolean toServer = direction == Direction.CLIENT_TO_SERVER;
        byte[] bytes = new byte[payload];
        new Random(number).nextBytes(bytes);
        return Segment.from(toServer ? CLIENT : SERVER, toServer ? SERVER : CLIENT)
                .sequence(1_000 + number)
                .flags(number == 0 ? TcpFlag.SYN : TcpFlag.ACK)
                .payload(number == 0 ? new byte[0] : bytes)
                .build();
    }

    private static long checksum(byte[] frame) {
        CRC32 checksum = new CRC32();
        checksum.update(frame);
        return checksum.getValue();
    }

    private boolean send(Direction direction, byte[] frame) {
        left.append(now)
                .append(direction == Direction.CLIENT_TO_SERVER ? " > " : " < ")
                .append(Segment.decode(frame).orElseThrow().sequence())
                .append(" %d bytes, CRC %08x".formatted(frame.length, checksum(frame)))
                .append('\n');
        return true;
    }
}
