package io.tcplab.kernel.support;

import io.tcplab.kernel.support.FuzzTarget.Attempt;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;

/**
 * Gives a decoder real bytes, mutated, and those that Jazzer has found to reach other code ({@link FuzzCorpus}).
 *
 * <p>The same inputs each time in the suite. {@code scripts/torture fuzz} tries ten million, by a seed that it prints.
 */
final class Fuzz {
    private static final int FEW = 5_000;
    private static final int MANY = 10_000_000;
    private static final int MOST_MUTATIONS = 8;
    /** A longer one is mutated seldom: it takes a hundred times as long, and reaches little else. */
    private static final int LONG = 1_000;

    private static final int SELDOM = 16;
    private static final int LONGEST = 1 << 16;
    private static final int MOST_FAILURES = 5;
    private static final int[] INTERESTING = {
        0, 1, -1, 2, 3, 4, 7, 8, 16, 0x7f, 0x80, 0xff, 0x7fff, 0x8000, 0xffff, 0x7fffffff, 0x80000000
    };

    private final FuzzTarget target;
    private final long seed;
    private final Random random;
    private final List<byte[]> seeds;

    private Fuzz(FuzzTarget target, long seed) {
        this.target = target;
        this.seed = seed;
        this.random = new Random(seed);
        this.seeds = Stream.concat(target.seeds().stream(), FuzzCorpus.of(target).stream())
                .toList();
    }

    /** What the decoder shouldn't have done; empty if nothing. Each seed is tried as it is, too. */
    static List<String> failures(FuzzTarget target) {
        int step = Integer.getInteger("lab.torture", 0);
        long seed = step > 0 ? Long.getLong("lab.seed", System.nanoTime()) : 1;
        return new Fuzz(target, seed).run(step > 0 ? MANY / step : FEW);
    }

    private List<String> run(int inputs) {
        List<String> failures = new ArrayList<>();
        long most = 0;
        long slowest = 0;
        int refused = 0;
        for (int i = 0; i < inputs && failures.size() < MOST_FAILURES; i++) {
            Attempt attempt = target.attempt(i < seeds.size() ? seeds.get(i) : mutated());
            refused += attempt.refused() ? 1 : 0;
            slowest = Math.max(slowest, attempt.nanos());
            most = Math.max(most, attempt.claimed());
            attempt.failure().ifPresent(failures::add);
        }
        System.out.printf(
                "fuzz: %s: %,d inputs, seed %d: %,d refused, %d failures; at most %,d KiB and %.1f ms for one%n",
                target.name(), inputs, seed, refused, failures.size(), most >> 10, slowest / 1e6);
        return failures;
    }

    private byte[] mutated() {
        byte[] bytes;
        do {
            bytes = seeds.get(random.nextInt(seeds.size()));
        } while (bytes.length > LONG && random.nextInt(SELDOM) > 0);
        for (int i = random.nextInt(MOST_MUTATIONS); i >= 0; i--) {
            bytes = mutate(bytes);
        }
        return bytes;
    }

    private byte[] mutate(byte[] bytes) {
        if (bytes.length == 0) {
            byte[] any = new byte[random.nextInt(64)];
            random.nextBytes(any);
            return any;
        }
        int at = random.nextInt(bytes.length);
        return switch (random.nextInt(8)) {
            case 0 -> with(bytes, at, 1, bytes[at] ^ (1 << random.nextInt(Byte.SIZE)));
            case 1 -> with(bytes, at, 1, random.nextInt());
            case 2 -> with(bytes, at, 1 << random.nextInt(3), interesting());
            case 3 -> with(bytes, at, Integer.BYTES, Integer.reverseBytes(interesting()));
            case 4 -> joined(bytes, at, bytes, bytes.length); // shorter
            case 5 -> joined(bytes, at, bytes, random.nextInt(at + 1)); // a piece twice
            case 6 -> joined(bytes, at, other(), 0);
            default -> joined(bytes, at, Integer.toString(interesting()).getBytes(StandardCharsets.US_ASCII), 0);
        };
    }

    private byte[] other() {
        byte[] other = seeds.get(random.nextInt(seeds.size()));
        int from = random.nextInt(other.length + 1);
        return joined(new byte[0], 0, other, from);
    }

    private int interesting() {
        return INTERESTING[random.nextInt(INTERESTING.length)];
    }

    /** With a little-endian number in place of what was there. */
    private static byte[] with(byte[] bytes, int at, int width, int value) {
        byte[] changed = bytes.clone();
        for (int i = 0; i < width && at + i < changed.length; i++) {
            changed[at + i] = (byte) (value >> (i * Byte.SIZE));
        }
        return changed;
    }

    /** The first's begin and the second's end. */
    private static byte[] joined(byte[] first, int length, byte[] second, int from) {
        byte[] all = new byte[Math.min(LONGEST, length + second.length - from)];
        System.arraycopy(first, 0, all, 0, Math.min(length, all.length));
        if (all.length > length) {
            System.arraycopy(second, from, all, length, all.length - length);
        }
        return all;
    }
}
