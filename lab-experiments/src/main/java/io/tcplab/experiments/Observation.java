package io.tcplab.experiments;

import static java.util.stream.Collectors.joining;

import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * What the kernel said about one expectation in one arm.
 *
 * @param expected the expected value in words
 * @param observed the observed value in words; empty where there is no evidence
 * @param holds whether it is the expected one; empty where there is no evidence
 * @param reason why there is no evidence, or what is different on this kernel; empty otherwise
 */
public record Observation(
        Expectation expectation, String expected, String observed, Optional<Boolean> holds, String reason) {

    static <T> Observation of(Expectation expectation, Expected<T> expected, T observed) {
        boolean holds = expected.test().test(observed);
        return new Observation(expectation, expected.text(), text(observed), Optional.of(holds), expected.difference());
    }

    /** No evidence, and why. */
    public static Observation missing(Expectation expectation, String expected, String reason) {
        return new Observation(expectation, expected, "", Optional.empty(), reason);
    }

    /** What a kernel never did took forever, and no reader expects the JDK's word for that. */
    private static String seconds(double number) {
        return number == Double.POSITIVE_INFINITY ? "never" : String.format(Locale.ROOT, "%.1f", number);
    }

    private static String text(Object value) {
        return switch (value) {
            case Double number -> seconds(number);
            case List<?> values -> values.stream().map(Observation::text).collect(joining(", ", "[", "]"));
            default -> value.toString();
        };
    }
}
