package io.tcplab.report;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What two reports of the same command differ in: everything that either says, value by value. What differs each time anyway (seconds, the
 * seed, counters that delayed ACKs or retransmissions move, latencies, memory) is left out. A measurement or a time counts as the same within a tenth; a count that an expectation rests on doesn't.
 *
 * @param first name of the one
 * @param second name of the other
 * @param same how many values are the same in both
 */
public record ResultsDiff(String first, String second, int same, List<Difference> differences) {
    private static final Set<String> ALWAYS_NEW = Set.of(
            "schema",
            "seed",
            "seconds",
            "bootSeconds",
            "samples",
            "low",
            "high",
            "jobs",
            "counters",
            "loads",
            "memory");
    /** What an element of a list is called by: all of these that it has. */
    private static final List<String> NAMES =
            List.of("kernel", "experiment", "trial", "number", "name", "arm", "label", "setting", "host");

    private static final String MEASUREMENTS = "measurements";
    private static final double NOTICEABLE = 0.1;

    /**
     * A value that isn't the same.
     *
     * @param what where it is, from the whole to the part: {@code close-wait-leak}, {@code verdict}
     * @param first empty if the one doesn't have it
     * @param second empty if the other doesn't
     */
    public record Difference(List<String> what, String first, String second) {
        /** Copies the list. */
        public Difference {
            what = List.copyOf(what);
        }
    }

    /** Copies the list. */
    public ResultsDiff {
        differences = List.copyOf(differences);
    }

    /** Of two results. */
    public static ResultsDiff of(PastResults.Past first, PastResults.Past second) {
        Map<List<String>, String> one = leaves(first.report());
        Map<List<String>, String> other = leaves(second.report());
        Set<List<String>> all = new LinkedHashSet<>(one.keySet());
        all.addAll(other.keySet());
        List<Difference> differences = new ArrayList<>();
        for (List<String> path : all) {
            String before = one.getOrDefault(path, "");
            String after = other.getOrDefault(path, "");
            boolean exact = !path.contains(MEASUREMENTS) && isCount(before) && isCount(after);
            if (exact ? !before.equals(after) : !isSame(before, after)) {
                differences.add(new Difference(path, before, after));
            }
        }
        return new ResultsDiff(first.name(), second.name(), all.size() - differences.size(), differences);
    }

    /** For a pipe and for a terminal: a line each. */
    public List<String> lines() {
        return differences.stream()
                .map(difference -> "%s: %s -> %s"
                        .formatted(
                                String.join(": ", difference.what()),
                                shown(difference.first()),
                                shown(difference.second())))
                .toList();
    }

    /** How much it is. */
    public String summary() {
        return "different: %d, the same: %d".formatted(differences.size(), same);
    }

    private static String shown(String value) {
        return value.isEmpty() ? "-" : value;
    }

    private static boolean isCount(String value) {
        return value.chars().allMatch(Character::isDigit);
    }

    private static boolean isSame(String before, String after) {
        if (before.equals(after)) {
            return true;
        }
        try {
            double one = new BigDecimal(before).doubleValue();
            double other = new BigDecimal(after).doubleValue();
            return Math.abs(one - other) <= NOTICEABLE * Math.max(Math.abs(one), Math.abs(other));
        } catch (NumberFormatException e) {
            return false;
        }
    }

    private static Map<List<String>, String> leaves(StoredReport report) {
        Map<List<String>, String> leaves = new LinkedHashMap<>();
        report.fields().forEach((name, value) -> collect(List.of(), name, value, leaves));
        return leaves;
    }

    private static void collect(
            List<String> above, String name, @Nullable Object value, Map<List<String>, String> leaves) {
        if (ALWAYS_NEW.contains(name)) {
            return;
        }
        switch (value) {
            case null -> leaves.put(with(above, name), "");
            case Map<?, ?> object ->
                object.forEach((key, each) -> collect(with(above, name), String.valueOf(key), each, leaves));
            case List<?> list -> {
                for (int i = 0; i < list.size(); i++) {
                    element(above, name, i, list.get(i), leaves);
                }
            }
            default -> leaves.put(with(above, name), value.toString());
        }
    }

    private static void element(
            List<String> above, String name, int index, @Nullable Object value, Map<List<String>, String> leaves) {
        if (value instanceof Map<?, ?> object) {
            List<String> names = NAMES.stream()
                    .filter(object::containsKey)
                    .filter(key -> !(key.equals("trial") && "1".equals(String.valueOf(object.get(key)))))
                    .map(key -> String.valueOf(object.get(key)))
                    .toList();
            List<String> path = with(above, names.isEmpty() ? name + " " + (index + 1) : String.join(", ", names));
            object.forEach((key, each) -> collect(path, String.valueOf(key), each, leaves));
        } else {
            collect(above, name + " " + (index + 1), value, leaves);
        }
    }

    private static List<String> with(List<String> above, String name) {
        List<String> longer = new ArrayList<>(above);
        longer.add(name);
        return longer;
    }
}
