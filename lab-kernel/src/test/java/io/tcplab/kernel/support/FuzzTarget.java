package io.tcplab.kernel.support;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * A decoder that is given bytes that nobody would write. It must return, or throw an error of the kind that it announces, and
 * claim no more memory and processor time than such a message is worth.
 *
 * @param name of what it decodes, for the figures
 * @param seeds what it decodes well, or has stumbled over before
 * @param announced the kind of error that it may throw
 */
public record FuzzTarget(String name, List<byte[]> seeds, Decoder decoder, Class<? extends Exception> announced) {
    private static final long MOST_MEMORY = 32L << 20;
    /** Of a processor; most take microseconds. Its class is loaded and compiled within it, too. */
    private static final long MOST_NANOS = 2_000_000_000;

    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    public FuzzTarget {
        seeds = List.copyOf(seeds);
    }

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

    /**
     * One input's.
     *
     * @param refused whether it threw
     * @param nanos of a processor
     * @param claimed bytes of memory, whether they are free again or not
     * @param failure what it shouldn't have done
     */
    public record Attempt(boolean refused, long nanos, long claimed, Optional<String> failure) {}

    /** Its name as a file's: {@code proc-net-tcp}. */
    public String fileName() {
        return name.toLowerCase(Locale.ROOT)
                .replace("'", "")
                .replaceAll("[^a-z0-9_]+", "-")
                .replaceAll("^-|-$", "");
    }

    /** Tries one input. */
    public Attempt attempt(byte[] input) {
        Optional<Throwable> thrown = Optional.empty();
        byte[] own = input.clone();
        long memory = THREADS.getCurrentThreadAllocatedBytes();
        long begun = THREADS.getCurrentThreadCpuTime();
        try {
            decoder.decode(own);
        } catch (Exception | StackOverflowError e) {
            thrown = Optional.of(e);
        }
        long nanos = THREADS.getCurrentThreadCpuTime() - begun;
        long claimed = THREADS.getCurrentThreadAllocatedBytes() - memory;
        return new Attempt(thrown.isPresent(), nanos, claimed, failure(input, thrown, nanos, claimed));
    }

    private Optional<String> failure(byte[] input, Optional<Throwable> thrown, long nanos, long claimed) {
        if (thrown.isPresent() && !announced.isInstance(thrown.get())) {
            return Optional.of(thrown.get() + " at " + thrown.get().getStackTrace()[0] + from(input));
        }
        if (nanos > MOST_NANOS) {
            return Optional.of("took " + nanos + " ns of a processor" + from(input));
        }
        return claimed > MOST_MEMORY ? Optional.of("claimed " + claimed + " bytes" + from(input)) : Optional.empty();
    }

    private static String from(byte[] input) {
        return " from " + HexFormat.of().formatHex(input);
    }

    @Override
    public String toString() {
        return name;
    }
}
