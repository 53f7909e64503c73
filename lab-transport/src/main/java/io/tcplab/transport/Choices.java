package io.tcplab.transport;

import java.util.Collection;
import java.util.Comparator;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.IntStream;

/** Tells a user who mistyped a name what he may have meant. */
public final class Choices {
    /** A name further away than this share of its length is no misspelling but another word. */
    private static final double FAR = 0.5;

    private Choices() {}

    /**
     * The error for a name that isn't among the choices.
     *
     * @param kind what the name should have been: {@code "behaviour"}
     */
    public static IllegalArgumentException unknown(String kind, String name, Collection<String> choices) {
        String hint = nearest(name, choices)
                .map(near -> ": did you mean \"" + near + "\"?")
                .orElse("");
        String list = choices.isEmpty() ? "there are none" : "choices: " + String.join(", ", choices);
        return new IllegalArgumentException("unknown " + kind + " \"" + name + "\"" + hint + " (" + list + ")");
    }

    /** The choice fewest edits away, unless all are far away. */
    public static Optional<String> nearest(String name, Collection<String> choices) {
        String wanted = name.toLowerCase(Locale.ROOT);
        return choices.stream()
                .filter(choice -> distance(wanted, choice.toLowerCase(Locale.ROOT))
                        <= Math.ceil(FAR * Math.max(wanted.length(), choice.length())))
                .min(Comparator.comparingInt(choice -> distance(wanted, choice.toLowerCase(Locale.ROOT))));
    }

    /** Levenshtein's distance, a row at a time. */
    private static int distance(String a, String b) {
        int[] previous = IntStream.rangeClosed(0, b.length()).toArray();
        for (int i = 1; i <= a.length(); i++) {
            int[] row = new int[b.length() + 1];
            row[0] = i;
            for (int j = 1; j <= b.length(); j++) {
                int substituted = previous[j - 1] + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
                row[j] = Math.min(substituted, 1 + Math.min(previous[j], row[j - 1]));
            }
            previous = row;
        }
        return previous[b.length()];
    }
}
