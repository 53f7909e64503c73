package io.tcplab.kernel.sysctl;

import io.tcplab.kernel.sysctl.NumberRange.Span;
import java.math.BigInteger;
import java.util.Arrays;
import java.util.Optional;

/** How a handler in kernel/sysctl.c stores a number. */
enum NumberKind {
    /** proc_dointvec(). */
    SIGNED("int"),
    /** proc_douintvec(): no minus, not even before 0. */
    UNSIGNED("uint"),
    /** proc_dou8vec_minmax(): no minus either. */
    BYTE("u8"),
    /** proc_doulongvec_minmax(): no minus either. */
    LONG("ulong"),
    /** proc_dointvec_jiffies(): as many seconds as fit an int in timer ticks, of which there are 100 a second at least. */
    SECONDS("seconds"),
    /** proc_dointvec_ms_jiffies(): milliseconds, of which msecs_to_jiffies() looks at the lowest 32 bits. */
    MILLIS("ms");

    private static final int FEWEST_TICKS = 100;

    private final String label;

    NumberKind(String label) {
        this.label = label;
    }

    /**
     * The kind that knobs.txt calls so.
     *
     * @throws IllegalArgumentException if there is none
     */
    static NumberKind of(String label) {
        return Arrays.stream(values())
                .filter(kind -> kind.label.equals(label))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("not a kind of number: " + label));
    }

    /** All that can be stored. */
    Span limits() {
        return switch (this) {
            case SIGNED -> Span.of(Integer.MIN_VALUE, Integer.MAX_VALUE);
            case UNSIGNED -> Span.ofBits(Integer.SIZE);
            case BYTE -> Span.ofBits(Byte.SIZE);
            case MILLIS -> Span.of(0, Integer.MAX_VALUE);
            case LONG -> Span.ofBits(Long.SIZE);
            case SECONDS -> Span.of(-Integer.MAX_VALUE / FEWEST_TICKS, Integer.MAX_VALUE / FEWEST_TICKS);
        };
    }

    /** What is stored, before it is held against the limits; empty if it can't be. */
    Optional<BigInteger> stored(KernelNumber number) {
        return switch (this) {
            case UNSIGNED, BYTE, LONG -> number.negative() ? Optional.empty() : Optional.of(number.magnitude());
            case SIGNED, SECONDS -> Optional.of(number.value());
            case MILLIS -> Optional.of(BigInteger.valueOf(number.value().intValue()));
        };
    }
}
