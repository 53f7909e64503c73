package io.tcplab.kernel.sysctl;

import io.tcplab.kernel.sysctl.Written.Refused;
import io.tcplab.kernel.sysctl.Written.Taken;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * One whole number or several, as proc_dointvec() and its relatives in kernel/sysctl.c read them: a number ends where
 * white space is, and whatever stands behind the last one is ignored. Where numbers are missing the old ones stay.
 *
 * @param count how many numbers
 * @param kind how a number is stored
 * @param taken the limits of each that the kernel holds a value against
 * @param meant the values of each that have a meaning
 * @param whole whether several numbers are set together or not at all, and only in ascending order
 * @param bound what else the first number is held against
 */
record NumberRange(int count, NumberKind kind, Span taken, Meaning meant, boolean whole, Optional<Bound> bound)
        implements SysctlRange {
    /** proc_wspace_sep in kernel/sysctl.c. */
    private static final String SEPARATORS = " \t\n";

    private static final BigInteger SECONDS_AT_1000_HZ = BigInteger.valueOf(Integer.MAX_VALUE / 1000);

    /** Which values mean something. */
    sealed interface Meaning permits Span, Bits {
        boolean has(BigInteger value);

        /** In words. */
        String words();
    }

    /** All from one end to the other. */
    record Span(BigInteger min, BigInteger max) implements Meaning {
        static Span of(long min, long max) {
            return new Span(BigInteger.valueOf(min), BigInteger.valueOf(max));
        }

        static Span ofBits(int bits) {
            return new Span(BigInteger.ZERO, BigInteger.TWO.pow(bits).subtract(BigInteger.ONE));
        }

        @Override
        public boolean has(BigInteger value) {
            return value.compareTo(min) >= 0 && value.compareTo(max) <= 0;
        }

        @Override
        public String words() {
            boolean isSwitch = min.signum() == 0 && max.equals(BigInteger.ONE);
            return isSwitch ? "0 or 1" : min + " to " + max;
        }
    }

    /**
     * Sums of bits.
     *
     * @param names what each bit means, by its value
     */
    record Bits(List<Bit> names) implements Meaning {
        /** What it means. */
        record Bit(long value, String name) {}

        @Override
        public boolean has(BigInteger value) {
            long known = names.stream().mapToLong(Bit::value).reduce(0, (a, b) -> a | b);
            return value.signum() >= 0
                    && value.andNot(BigInteger.valueOf(known)).signum() == 0;
        }

        @Override
        public String words() {
            return names.stream()
                    .map(bit -> "0x%x (%s)".formatted(bit.value(), bit.name()))
                    .collect(Collectors.joining(", ", "a sum of ", ""));
        }
    }

    /**
     * A limit that is another sysctl's value.
     *
     * @param upper whether it is the highest value that is taken; else the lowest
     * @param sysctl whose first number counts
     */
    record Bound(boolean upper, String sysctl) {
        /** Why a value isn't taken; empty if it is, or if the other sysctl isn't known. */
        Optional<String> problem(BigInteger value, Standing standing) {
            return standing.of(sysctl)
                    .map(shown -> shown.split("\\s+", 2)[0])
                    .filter(limit -> value.subtract(new BigInteger(limit)).signum() == (upper ? 1 : -1))
                    .map(limit -> "may not be %s %s, which is %s at this line"
                            .formatted(upper ? "above" : "below", sysctl, limit));
        }
    }

    @Override
    public String description() {
        return count == 1 ? meant.words() : count + " numbers in ascending order, each " + meant.words();
    }

    @Override
    public String limit() {
        return bound.map(other -> "%s not %s %s"
                        .formatted(count == 1 ? "," : ", the first", other.upper() ? "above" : "below", other.sysctl()))
                .orElse("");
    }

    @Override
    public Written write(String value, Optional<String> before, Standing standing) {
        List<BigInteger> numbers = new ArrayList<>();
        List<String> doubts = new ArrayList<>();
        KernelNumber.Reader reader = new KernelNumber.Reader(value);
        reader.skipSpaces();
        while (numbers.size() < count && !reader.atEnd()) {
            Optional<KernelNumber> number = reader.next(SEPARATORS);
            Optional<BigInteger> stored = number.flatMap(kind::stored).filter(taken::has);
            if (stored.isEmpty()) {
                return refused(value, numbers, before);
            }
            numbers.add(stored.get());
            number.flatMap(read -> surprise(read, stored.get())).ifPresent(doubts::add);
            reader.skipSpaces();
        }
        return numbers.isEmpty() ? refused(value, "") : taken(value, numbers, reader.rest(), doubts, before, standing);
    }

    /** Numbers before the wrong one are set, unless all are set together. */
    private Refused refused(String value, List<BigInteger> numbers, Optional<String> before) {
        Refused refused = refused(value, hint(value));
        if (whole || numbers.isEmpty()) {
            return refused;
        }
        String left = shown(numbers, before);
        return new Refused(
                refused.topic(),
                refused.why() + "; but the values before the mistake are set: it is " + left + " then",
                Optional.of(left));
    }

    private static Optional<String> surprise(KernelNumber read, BigInteger stored) {
        if (read.surprises()) {
            return Optional.of("is %s: after a leading 0 the kernel reads an octal number".formatted(stored));
        }
        return read.value().equals(stored)
                ? Optional.empty()
                : Optional.of("is %s: the kernel looks at the lowest 32 bits".formatted(stored));
    }

    private Written taken(
            String value,
            List<BigInteger> numbers,
            String rest,
            List<String> doubts,
            Optional<String> before,
            Standing standing) {
        String shown = shown(numbers, before);
        if (whole && !ascends(shown)) {
            return refused(value, "");
        }
        Optional<String> beyond = bound.flatMap(limit -> limit.problem(numbers.getFirst(), standing));
        if (beyond.isPresent()) {
            return Refused.invalid(beyond.get());
        }
        if (numbers.size() < count) {
            doubts.add("takes %d numbers: a missing one keeps its old value".formatted(count));
        }
        if (!rest.isEmpty() && rest.charAt(0) != '#' && rest.charAt(0) != ';') {
            doubts.add("takes %s and ignores the rest: %s".formatted(shown, rest));
        }
        if (kind == NumberKind.SECONDS && numbers.getFirst().compareTo(SECONDS_AT_1000_HZ) > 0) {
            doubts.add("takes more than %s only if the kernel's timer ticks less than 1000 times per second"
                    .formatted(SECONDS_AT_1000_HZ));
        } else if (!numbers.stream().allMatch(meant::has) || !ascends(shown)) {
            doubts.add("takes %s, but only %s makes sense".formatted(shown, description()));
        }
        return new Taken(shown, String.join("; ", doubts));
    }

    /** Those that are read, and behind them those of the old ones that stay. */
    private String shown(List<BigInteger> numbers, Optional<String> before) {
        List<String> all = new ArrayList<>(numbers.stream().map(String::valueOf).toList());
        List<String> old = before.map(text -> Arrays.asList(canonical(text).split(" ", -1)))
                .orElse(List.of());
        if (old.size() == count) {
            all.addAll(old.subList(all.size(), count));
        }
        return String.join(" ", all);
    }

    private static boolean ascends(String shown) {
        List<BigInteger> numbers =
                Arrays.stream(shown.split(" ", -1)).map(BigInteger::new).toList();
        return numbers.equals(numbers.stream().sorted().toList());
    }

    /** Why the kernel may not see the number that a person sees. */
    private static String hint(String value) {
        if (value.endsWith("\\")) {
            return "; a backslash doesn't continue a line";
        }
        if (value.matches("[\"'].*")) {
            return "; quotes are part of the value";
        }
        if (value.matches(".*\\s[#;].*")) {
            return "; a comment can only start at the beginning of a line";
        }
        if (value.matches("-?0\\d*[89]\\d*\\b.*")) {
            return "; after a leading 0 the kernel reads an octal number";
        }
        return value.matches("-?\\d+[^\\d\\s].*") ? "; after a number the kernel accepts only white space" : "";
    }
}
