package io.tcplab.client;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.zip.DataFormatException;
import org.HdrHistogram.Histogram;

/**
 * How long something took each time, as a histogram in nanoseconds with 3 significant digits. Those of several generators can
 * be added: the sum is what one histogram would be that had recorded all their values. Percentiles can't be added.
 */
public final class Timings {
    static final int SIGNIFICANT_DIGITS = 3;

    private final Histogram histogram;

    private Timings(Histogram histogram) {
        this.histogram = histogram;
    }

    /** None so far. */
    public static Timings none() {
        return new Timings(new Histogram(SIGNIFICANT_DIGITS));
    }

    static Timings of(Histogram histogram) {
        return new Timings(histogram.copy());
    }

    /**
     * Reads what {@link #toBytes} wrote.
     *
     * @throws IllegalArgumentException if it isn't that
     */
    public static Timings ofBytes(byte[] bytes) {
        try {
            Histogram histogram = Histogram.decodeFromCompressedByteBuffer(ByteBuffer.wrap(bytes), 0);
            if (histogram.getNumberOfSignificantValueDigits() != SIGNIFICANT_DIGITS) {
                throw new IllegalArgumentException("a histogram of other digits");
            }
            return new Timings(histogram);
        } catch (DataFormatException | RuntimeException e) {
            throw new IllegalArgumentException("not a histogram: " + e.getMessage(), e);
        }
    }

    /** Compressed, in HdrHistogram's own format (V2). */
    public byte[] toBytes() {
        ByteBuffer buffer = ByteBuffer.allocate(histogram.getNeededByteBufferCapacity());
        int length = histogram.encodeIntoCompressedByteBuffer(buffer);
        return Arrays.copyOf(buffer.array(), length);
    }

    /** These and those. */
    public Timings plus(Timings others) {
        Histogram sum = histogram.copy();
        sum.add(others.histogram);
        return new Timings(sum);
    }

    /** What they come to. */
    public Percentiles percentiles() {
        return Percentiles.of(histogram);
    }
}
