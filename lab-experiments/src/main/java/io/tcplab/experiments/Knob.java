package io.tcplab.experiments;

import java.time.Duration;
import java.util.Arrays;
import java.util.Locale;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * A setting of an experiment, {@code --set name=value}.
 *
 * @param name as the user types it
 * @param initial the default
 * @param range the accepted values in words: {@code 1 to 50000}
 * @param meaning one line, with the unit
 * @param parser turns what the user typed into a value, or throws {@link IllegalArgumentException} saying what is wrong
 */
public record Knob<T>(String name, T initial, String range, String meaning, Function<String, T> parser) {

    /** A whole number between two bounds, both included. */
    public static Knob<Integer> integer(String name, int initial, int min, int max, String meaning) {
        return new Knob<>(name, initial, min + " to " + max, meaning, text -> {
            int value = parseInt(text);
            if (value < min || value > max) {
                throw new IllegalArgumentException("must be " + min + " to " + max);
            }
            return value;
        });
    }

    /** One of an enum's constants, typed in lower case with hyphens. */
    public static <E extends Enum<E>> Knob<E> choice(String name, E initial, String meaning) {
        E[] constants = initial.getDeclaringClass().getEnumConstants();
        String range = Arrays.stream(constants).map(Knob::spell).collect(Collectors.joining(" | "));
        return new Knob<>(
                name,
                initial,
                range,
                meaning,
                text -> Arrays.stream(constants)
                        .filter(constant -> spell(constant).equals(text))
                        .findFirst()
                        .orElseThrow(() -> new IllegalArgumentException("must be one of " + range)));
    }

    /** A time in whole seconds. */
    public static Knob<Duration> seconds(String name, int initial, int min, int max, String meaning) {
        Knob<Integer> whole = integer(name, initial, min, max, meaning);
        return new Knob<>(
                name,
                Duration.ofSeconds(initial),
                whole.range() + " s",
                meaning,
                text -> Duration.ofSeconds(whole.parser().apply(text.endsWith("s") ? chop(text) : text)));
    }

    /** The value as the user would type it, and as JSON carries it. */
    public Object plain(T value) {
        return switch (value) {
            case Duration time -> time.toSeconds();
            case Enum<?> constant -> spell(constant);
            default -> value;
        };
    }

    private static int parseInt(String text) {
        try {
            return Integer.parseInt(text);
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException("must be a whole number", e);
        }
    }

    private static String spell(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    private static String chop(String text) {
        return text.substring(0, text.length() - 1);
    }
}
