package io.tcplab.transport;

import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Time spans as users write them: {@code 500us}, {@code 200ms}, {@code 5s}, {@code 2m}, {@code 1h}. */
public final class Durations {
    private static final Pattern SHAPE = Pattern.compile("(\\d{1,12})(us|ms|s|m|h)");

    /** Far beyond any run, and far from where nanoseconds overflow a long. */
    private static final Duration LONGEST = Duration.ofDays(1000);

    private record Unit(String suffix, ChronoUnit unit) {}

    // From large to small: the first that divides a span is the one to write it in.
    private static final List<Unit> UNITS = List.of(
            new Unit("h", ChronoUnit.HOURS),
            new Unit("m", ChronoUnit.MINUTES),
            new Unit("s", ChronoUnit.SECONDS),
            new Unit("ms", ChronoUnit.MILLIS),
            new Unit("us", ChronoUnit.MICROS));

    private Durations() {}

    /**
     * Throws {@link IllegalArgumentException} when the text isn't a whole number with a unit, or is more than 1000
     * days.
     */
    public static Duration parse(String text) {
        Matcher matcher = SHAPE.matcher(text);
        if (!matcher.matches()) {
            throw new IllegalArgumentException("\"" + text + "\" is not a duration such as 500us, 200ms, 5s, 2m or 1h");
        }
        Duration span = Duration.of(Long.parseLong(matcher.group(1)), unit(matcher.group(2)));
        if (span.compareTo(LONGEST) > 0) {
            throw new IllegalArgumentException("\"" + text + "\" is more than " + LONGEST.toDays() + " days");
        }
        return span;
    }

    private static ChronoUnit unit(String suffix) {
        return UNITS.stream()
                .filter(candidate -> candidate.suffix.equals(suffix))
                .findFirst()
                .orElseThrow()
                .unit;
    }

    /** The shortest text that {@link #parse} reads back; what is finer than a microsecond is cut off. */
    public static String format(Duration span) {
        if (span.isZero()) {
            return "0s";
        }
        return UNITS.stream()
                .filter(unit -> span.toNanos() % unit.unit.getDuration().toNanos() == 0)
                .findFirst()
                .map(unit -> span.dividedBy(unit.unit.getDuration()) + unit.suffix)
                .orElseGet(() -> span.dividedBy(ChronoUnit.MICROS.getDuration()) + "us");
    }
}
