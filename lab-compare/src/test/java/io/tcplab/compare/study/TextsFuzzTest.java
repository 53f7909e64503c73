package io.tcplab.compare.study;

import io.tcplab.client.Load;
import io.tcplab.compare.threshold.Threshold;
import io.tcplab.compare.threshold.ThresholdException;
import io.tcplab.kernel.support.FuzzTarget;
import io.tcplab.kernel.support.FuzzTests;
import io.tcplab.server.Behaviour;
import io.tcplab.transport.Durations;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** Any text in place of a study, a threshold, a behaviour, a load, a duration: read, or refused in words. */
class TextsFuzzTest extends FuzzTests {
    /** Anchors that refer to each other: each level has ten of the one before. */
    private static final String BOMB = """
            a: &a [x, x, x, x, x, x, x, x, x, x]
            b: &b [*a, *a, *a, *a, *a, *a, *a, *a, *a, *a]
            c: &c [*b, *b, *b, *b, *b, *b, *b, *b, *b, *b]
            experiments: [*c, *c, *c, *c, *c, *c, *c, *c, *c, *c]
            """;

    static List<FuzzTarget> targets() {
        byte[][] behaviours =
                Behaviour.all().stream().map(one -> bytes(one.spec())).toArray(byte[][]::new);
        byte[][] loads = Load.names().stream().map(TextsFuzzTest::bytes).toArray(byte[][]::new);
        return List.of(
                new FuzzTarget(
                        "studies",
                        seeds(StudyFileTest.STUDY, BOMB, "[".repeat(5_000), "a: ".repeat(2_000)),
                        bytes -> StudyFile.parse("any.yaml", text(bytes), Path.of("/nonexistent"), List.of()),
                        StudyException.class),
                new FuzzTarget(
                        "thresholds",
                        seeds("server.CLOSE_WAIT.peak > 4 in tcp_tw_reuse=1", "p99(client.latency) >= 1.5 ms"),
                        bytes -> Threshold.parse(text(bytes)),
                        ThresholdException.class),
                new FuzzTarget(
                        "behaviours",
                        with(behaviours, "half-close-then-send:bytes=100,over=2s"),
                        bytes -> Behaviour.parse(text(bytes)),
                        IllegalArgumentException.class),
                new FuzzTarget(
                        "loads",
                        with(loads, "short-lived:requests=3,closer=server"),
                        bytes -> Load.parse(text(bytes)),
                        IllegalArgumentException.class),
                new FuzzTarget(
                        "durations",
                        seeds("1s", "250ms", "1.5m", "2h"),
                        bytes -> Durations.parse(text(bytes)),
                        IllegalArgumentException.class));
    }

    private static List<byte[]> with(byte[][] seeds, String more) {
        return Stream.concat(Stream.of(seeds), Stream.of(bytes(more))).toList();
    }

    private static List<byte[]> seeds(String... texts) {
        return Stream.of(texts).map(TextsFuzzTest::bytes).toList();
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.UTF_8);
    }
}
