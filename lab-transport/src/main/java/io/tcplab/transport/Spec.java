package io.tcplab.transport;

import static java.util.stream.Collectors.joining;

import java.time.Duration;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * One choice with its settings, as a user writes it and as it is sent to another process: {@code name} or
 * {@code name:key=value,key=value}. A behaviour of the server and a load of the client are both written so.
 *
 * <p>To read one: {@link #parse}, {@link #allow} the keys its name has, then ask for each by its type. To write one:
 * {@link #of} and {@link #with}; {@link #toString} of it parses to an equal spec.
 *
 * <p>Durations are a number and {@code us}, {@code ms}, {@code s}, {@code m} or {@code h}. Sizes are a number of bytes,
 * or one with {@code KiB}, {@code MiB} or {@code GiB}.
 *
 * @param settings in the order in which they were written
 */
public record Spec(String name, Map<String, String> settings) {
    public Spec {
        settings = Collections.unmodifiableMap(new LinkedHashMap<>(settings));
    }

    /** A spec without settings. */
    public static Spec of(String name) {
        return new Spec(name, Map.of());
    }

    /** Reads {@code name:key=value,key=value}; throws {@link IllegalArgumentException} saying what is malformed. */
    public static Spec parse(String text) {
        int colon = text.indexOf(':');
        String name = (colon < 0 ? text : text.substring(0, colon)).strip();
        if (name.isEmpty()) {
            throw new IllegalArgumentException("\"" + text + "\" has no name; write name or name:key=value,key=value");
        }
        Map<String, String> settings = new LinkedHashMap<>();
        if (colon >= 0) {
            for (String setting : text.substring(colon + 1).split(",", -1)) {
                put(settings, name, setting);
            }
        }
        return new Spec(name, settings);
    }

    private static void put(Map<String, String> settings, String name, String setting) {
        int equals = setting.indexOf('=');
        if (equals < 1 || equals == setting.length() - 1) {
            throw new IllegalArgumentException(name + ": \"" + setting + "\" is not key=value");
        }
        String key = setting.substring(0, equals).strip();
        if (settings.put(key, setting.substring(equals + 1).strip()) != null) {
            throw new IllegalArgumentException(name + ": \"" + key + "\" is given twice");
        }
    }

    /**
     * Itself, when it has no other keys than these; throws {@link IllegalArgumentException} naming the nearest
     * otherwise.
     */
    public Spec allow(String... keys) {
        List<String> known = List.of(keys);
        settings.keySet().stream()
                .filter(key -> !known.contains(key))
                .findFirst()
                .ifPresent(key -> {
                    throw Choices.unknown("setting of " + name, key, known);
                });
        return this;
    }

    public boolean flag(String key, boolean otherwise) {
        return find(key)
                .map(text -> switch (text) {
                    case "true" -> true;
                    case "false" -> false;
                    default -> throw bad(key, text, "true or false");
                })
                .orElse(otherwise);
    }

    /** A whole number from {@code least} up. */
    public long number(String key, long least, long otherwise) {
        return find(key)
                .map(text -> {
                    long value = parsed(key, text, text, 1, "a whole number");
                    return atLeast(key, text, value, least);
                })
                .orElse(otherwise);
    }

    /** A whole number from {@code least} up that fits an int. */
    public int integer(String key, int least, int otherwise) {
        long value = number(key, least, otherwise);
        if (value > Integer.MAX_VALUE) {
            throw bad(key, Long.toString(value), "at most " + Integer.MAX_VALUE);
        }
        return (int) value;
    }

    /** A number of bytes from {@code least} up. */
    public long bytes(String key, long least, long otherwise) {
        return find(key)
                .map(text -> {
                    ByteUnit unit = ByteUnit.of(text);
                    String digits = text.substring(0, text.length() - unit.suffix.length());
                    long value = parsed(key, text, digits, unit.bytes, "a size such as 512, 64KiB or 1MiB");
                    return atLeast(key, text, value, least);
                })
                .orElse(otherwise);
    }

    /** A time span, zero included. */
    public Duration duration(String key, Duration otherwise) {
        return find(key)
                .map(text -> {
                    try {
                        return Durations.parse(text);
                    } catch (IllegalArgumentException notOne) {
                        throw new IllegalArgumentException(name + ": " + key + ": " + notOne.getMessage(), notOne);
                    }
                })
                .orElse(otherwise);
    }

    /** One of an enum's constants, written in small letters with {@code -} for {@code _}. */
    public <E extends Enum<E>> E choice(String key, Class<E> type, E otherwise) {
        return find(key)
                .map(text -> Arrays.stream(type.getEnumConstants())
                        .filter(constant -> label(constant).equals(text))
                        .findFirst()
                        .orElseThrow(() -> Choices.unknown(
                                key + " of " + name,
                                text,
                                Arrays.stream(type.getEnumConstants())
                                        .map(Spec::label)
                                        .toList())))
                .orElse(otherwise);
    }

    public Spec with(String key, boolean value) {
        return plus(key, Boolean.toString(value));
    }

    public Spec with(String key, long value) {
        return plus(key, Long.toString(value));
    }

    public Spec with(String key, Duration value) {
        return plus(key, Durations.format(value));
    }

    public Spec with(String key, Enum<?> value) {
        return plus(key, label(value));
    }

    /** A size, in the largest unit that divides it. */
    public Spec withBytes(String key, long bytes) {
        return plus(key, ByteUnit.format(bytes));
    }

    @Override
    public String toString() {
        return settings.isEmpty()
                ? name
                : settings.entrySet().stream()
                        .map(setting -> setting.getKey() + "=" + setting.getValue())
                        .collect(joining(",", name + ":", ""));
    }

    private Optional<String> find(String key) {
        return Optional.ofNullable(settings.get(key));
    }

    private Spec plus(String key, String value) {
        Map<String, String> more = new LinkedHashMap<>(settings);
        more.put(key, value);
        return new Spec(name, more);
    }

    private long parsed(String key, String text, String digits, long unit, String expected) {
        try {
            return Math.multiplyExact(Long.parseLong(digits), unit);
        } catch (NumberFormatException | ArithmeticException notOne) {
            throw bad(key, text, expected, notOne);
        }
    }

    private long atLeast(String key, String text, long value, long least) {
        if (value < least) {
            throw bad(key, text, "at least " + least);
        }
        return value;
    }

    private IllegalArgumentException bad(String key, String text, String expected) {
        return new IllegalArgumentException(describe(key, text, expected));
    }

    private IllegalArgumentException bad(String key, String text, String expected, Throwable cause) {
        return new IllegalArgumentException(describe(key, text, expected), cause);
    }

    private String describe(String key, String text, String expected) {
        return name + ": " + key + "=" + text + " is not " + expected;
    }

    private static String label(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
