package io.tcplab.kernel.support;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;

/**
 * Gives a decoder bytes that nobody would write: real ones, mutated. It must return, or throw an error of the kind that it
 * announces, and claim no more memory and processor time than such a message is worth.
 *
 * <p>The same inputs each time in the suite. {@code scripts/torture fuzz} tries ten million, by a seed that it prints.
 */
public final class Fuzz {
    private static final int FEW = 5_000;
    private static final int MANY = 10_000_000;
    private static final int MOST_MUTATIONS = 8;
    private static final int LONGEST = 1 << 16;
    private static final long MOST_MEMORY = 32L << 20;
    /** Of a processor; most take microseconds. Its class is loaded and compiled within it, too. */
    private static final long MOST_NANOS = 2_000_000_000;

    private static final int MOST_FAILURES = 5;
    private static final int[] INTERESTING = {
        0, 1, -1, 2, 3, 4, 7, 8, 16, 0x7f, 0x80, 0xff, 0x7fff, 0x8000, 0xffff, 0x7fffffff, 0x80000000
    };
    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    private final Random random;
    private final List<byte[]> seeds;

    /** Decodes, or throws. */
    @FunctionalInterface
    public interface Decoder {
        void decode(byte[] input) throws Exception;
    }

    /** Of a decoder that takes anything. */
    public static final class Nothing extends Exception {
        private static final long serialVersionUID = 1;

        private Nothing() {}
    }

    private Fuzz(long seed, List<byte[]> seeds) {
        this.random = new Random(seed);
        this.seeds = seeds;
    }

    /**
     * Tries a decoder.
     *
     * @param name of what it decodes, for the figures
     * @param seeds what it decodes well, or has stumbled over before; each is tried as it is, too
     * @param announced the kind of error that it may throw
     * @return what it shouldn't have done; empty if nothing
     */
    public static List<String> failures(
            String name, List<byte[]> seeds, Decoder decoder, Class<? extends Exception> announced) {
        int step = Integer.getInteger("lab.torture", 0);
        long seed = step > 0 ? Long.getLong("lab.seed", System.nanoTime()) : 1;
        return new Fuzz(seed, seeds).run(name, seed, step > 0 ? MANY / step : FEW, decoder, announced);
    }

    private List<String> run(
            String name, long seed, int inputs, Decoder decoder, Class<? extends Exception> announced) {
        List<String> failures = new ArrayList<>();
        long most = 0;
        long slowest = 0;
        int refused = 0;
        for (int i = 0; i < inputs && failures.size() < MOST_FAILURES; i++) {
            byte[] input = i < seeds.size() ? seeds.get(i) : mutated();
            long memory = THREADS.getCurrentThreadAllocatedBytes();
            long begun = THREADS.getCurrentThreadCpuTime();
            try {
                decoder.decode(input.clone());
            } catch (Exception | StackOverflowError e) {
                refused++;
                if (!announced.isInstance(e)) {
                    failures.add(e + " at " + e.getStackTrace()[0] + " from "
                            + HexFormat.of().formatHex(input));
                }
            }
            long nanos = THREADS.getCurrentThreadCpuTime() - begun;
            slowest = Math.max(slowest, nanos);
            if (nanos > MOST_NANOS) {
                failures.add("took " + nanos + " ns of a processor for "
                        + HexFormat.of().formatHex(input));
            }
            long claimed = THREADS.getCurrentThreadAllocatedBytes() - memory;
            most = Math.max(most, claimed);
            if (claimed > MOST_MEMORY) {
                failures.add(
                        "claimed " + claimed + " bytes for " + HexFormat.of().formatHex(input));
            }
        }
        System.out.printf(
                "fuzz: %s: %,d inputs, seed %d: %,d refused, %d failures; at most %,d KiB and %.1f ms for one%n",
                name, inputs, seed, refused, failures.size(), most >> 10, slowest / 1e6);
        return failures;
    }

    private byte[] mutated() {
        byte[] bytes = seeds.get(random.nextInt(seeds.size())).clone();
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
