package io.tcplab.kernel;

import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;

/** Finds what a user may have meant by a name that nobody knows. */
public final class Nearest {
    private static final int AT_MOST = 3;

    private Nearest() {}

    /**
     * Up to three known names that a few slips of the finger away, the nearest first; empty if none is.
     *
     * <p>A few are a quarter of the name's length, and at least two. A known name that contains the wanted one counts as near.
     */
    public static List<String> to(String wanted, Collection<String> known) {
        int few = Math.max(2, wanted.length() / 4);
        String lower = wanted.toLowerCase(Locale.ROOT);
        return known.stream()
                .filter(name -> couldBeNear(lower, name.toLowerCase(Locale.ROOT), few))
                .map(name -> new Candidate(name, distance(lower, name.toLowerCase(Locale.ROOT))))
                .filter(candidate -> candidate.distance <= few)
                .sorted(Comparator.comparingInt(Candidate::distance).thenComparing(Candidate::name))
                .limit(AT_MOST)
                .map(Candidate::name)
                .toList();
    }

    /** {@code "; did you mean A or B?"}, or an empty string if nothing is near. */
    public static String hint(String wanted, Collection<String> known) {
        List<String> near = to(wanted, known);
        return near.isEmpty() ? "" : "; did you mean " + String.join(" or ", near) + "?";
    }

    private record Candidate(String name, int distance) {}

    /** Names whose lengths differ by more are further away: so a line of many thousand characters costs nothing. */
    private static boolean couldBeNear(String wanted, String name, int few) {
        return Math.abs(wanted.length() - name.length()) <= few || name.endsWith(wanted);
    }

    /** Levenshtein's distance, a row at a time; none if the known name ends like the wanted one. */
    private static int distance(String a, String b) {
        if (b.endsWith(a)) {
            return 0;
        }
        int[] previous = IntStream.rangeClosed(0, b.length()).toArray();
        for (int i = 1; i <= a.length(); i++) {
            int[] row = new int[b.length() + 1];
            row[0] = i;
            for (int j = 1; j <= b.length(); j++) {
                int replaced = previous[j - 1] + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
                row[j] = Math.min(replaced, 1 + Math.min(previous[j], row[j - 1]));
            }
            previous = row;
        }
        return previous[b.length()];
    }
}
