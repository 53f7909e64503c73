package io.tcplab.experiments;

import java.util.List;
import java.util.Locale;
import java.util.function.Predicate;
import java.util.stream.IntStream;

/**
 * The value that an expectation expects to observe.
 *
 * @param text as reports print it: {@code = 500}
 * @param test whether an observed value is the expected one
 * @param difference what this kernel lacks or does otherwise, since when, and what is expected of it instead; empty if it is
 *     expected what the statement says
 */
public record Expected<T>(String text, Predicate<T> test, String difference) {

    /** What is expected of every kernel. */
    public Expected(String text, Predicate<T> test) {
        this(text, test, "");
    }

    /** The same, expected of this kernel alone; {@code why} says what it lacks and since when others have it. */
    public Expected<T> differing(String why) {
        return new Expected<>(text, test, why);
    }

    /** As {@link #differing}, if this kernel lacks it at all. */
    public Expected<T> differingIf(boolean lacking, String why) {
        return lacking ? differing(why) : this;
    }

    /** Either of the two. */
    public Expected<T> or(Expected<T> other) {
        return new Expected<>(text + " or " + other.text, test.or(other.test), difference);
    }

    /** Exactly this number. */
    public static Expected<Long> equalTo(long value) {
        return new Expected<>("= " + value, observed -> observed == value);
    }

    /** Exactly this text. */
    public static Expected<String> equalTo(String value) {
        return new Expected<>("= " + value, value::equals);
    }

    /** This number or more. */
    public static Expected<Long> atLeast(long value) {
        return new Expected<>(">= " + value, observed -> observed >= value);
    }

    /** This number or less. */
    public static Expected<Long> atMost(long value) {
        return new Expected<>("<= " + value, observed -> observed <= value);
    }

    /** Between the two, both included. */
    public static Expected<Long> between(long low, long high) {
        return new Expected<>(low + " to " + high, observed -> low <= observed && observed <= high);
    }

    /** Between the two numbers of seconds, both included. */
    public static Expected<Double> seconds(double low, double high) {
        return new Expected<>(
                String.format(Locale.ROOT, "%.1f to %.1f s", low, high),
                observed -> low <= observed && observed <= high);
    }

    /** These times in seconds, each within this many per cent. */
    public static Expected<List<Double>> times(List<Double> times, int percent) {
        return new Expected<>(times + " ± " + percent + " %", observed -> allNear(times, observed, percent / 100.0));
    }

    /**
     * These times in seconds, each at most 3 % early; and late by at most 3 % and this many seconds, because whoever looks
     * at a clock looks late.
     */
    public static Expected<List<Double>> notBefore(List<Double> times, double late) {
        return new Expected<>(
                "%s, up to %.1f s late".formatted(times, late),
                observed -> times.size() == observed.size()
                        && IntStream.range(0, times.size())
                                .allMatch(i -> observed.get(i) >= times.get(i) * 0.97
                                        && observed.get(i) <= latest(times.get(i), late)));
    }

    /** The latest that {@link #notBefore} takes for one of its times, in seconds. */
    public static double latest(double time, double late) {
        return time * 1.03 + late;
    }

    /**
     * These times in seconds, the wait before each 3 % early or late at most, and later by an eighth of it: the
     * kernel's timer wheel rounds up by this much (LVL_GRAN in kernel/time/timer.c). That shifts all that follow.
     */
    public static Expected<List<Double>> onTimetable(List<Double> times) {
        return new Expected<>(
                times + ", waits ± 3 %, late by up to 1/8",
                observed -> times.size() == observed.size()
                        && IntStream.range(0, times.size()).allMatch(i -> {
                            double share = waitBefore(observed, i) / waitBefore(times, i);
                            return 0.97 <= share && share <= 1.03 + 1 / 8.0;
                        }));
    }

    private static double waitBefore(List<Double> times, int i) {
        return i == 0 ? times.getFirst() : times.get(i) - times.get(i - 1);
    }

    private static boolean allNear(List<Double> wanted, List<Double> observed, double share) {
        return wanted.size() == observed.size()
                && IntStream.range(0, wanted.size())
                        .allMatch(i -> Math.abs(observed.get(i) - wanted.get(i)) <= share * wanted.get(i));
    }
}
