package io.tcplab.suite;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** Several rounds of the same tests, each in another order: which tests weren't the same each time. */
final class Soak {
    private static final String PASSED = Outcome.PASSED.toString();

    private Soak() {}

    /**
     * A line for each test that didn't pass in every round, with the rounds and their seeds; none if all passed.
     *
     * <pre>{@code lab-client FailuresTest.noRoute()[1]: passed 9 times; failed: expected 20 in round 3 (seed 12)}</pre>
     */
    static List<String> differences(List<Round> rounds) {
        List<Map<String, String>> ends = rounds.stream().map(Soak::ends).toList();
        SortedSet<String> tests =
                ends.stream().flatMap(of -> of.keySet().stream()).collect(Collectors.toCollection(TreeSet::new));
        List<String> lines = new ArrayList<>();
        for (String test : tests) {
            Map<String, List<Integer>> roundsByEnd = new LinkedHashMap<>();
            for (int round = 0; round < ends.size(); round++) {
                String end = ends.get(round).getOrDefault(test, "didn't run");
                roundsByEnd.computeIfAbsent(end, key -> new ArrayList<>()).add(round);
            }
            if (!roundsByEnd.keySet().equals(Set.of(PASSED))) {
                lines.add(test + ": " + describe(roundsByEnd, rounds));
            }
        }
        return lines;
    }

    /** How each test ended. Where a name comes twice (a parameterized class has that) it passed only if both did. */
    private static Map<String, String> ends(Round round) {
        Map<String, String> ends = new HashMap<>();
        for (TestResult result : round.results()) {
            ends.merge(result.name(), end(result), (one, other) -> one.equals(PASSED) ? other : one);
        }
        return ends;
    }

    private static String end(TestResult result) {
        return result.message().isEmpty() ? result.outcome().toString() : result.outcome() + ": " + result.message();
    }

    private static String describe(Map<String, List<Integer>> roundsByEnd, List<Round> rounds) {
        return roundsByEnd.entrySet().stream()
                .map(end -> end.getKey().equals(PASSED)
                        ? "passed " + end.getValue().size() + " times"
                        : end.getKey() + " in " + labels(end.getValue(), rounds))
                .collect(Collectors.joining("; "));
    }

    private static String labels(List<Integer> numbers, List<Round> rounds) {
        return numbers.stream()
                .map(number -> {
                    OptionalLong seed = rounds.get(number).selection().seed();
                    return "round " + (number + 1) + (seed.isPresent() ? " (seed " + seed.getAsLong() + ")" : "");
                })
                .collect(Collectors.joining(", "));
    }
}
