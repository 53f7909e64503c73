package io.tcplab.kernel.sysctl;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.function.IntPredicate;
import java.util.function.Predicate;
import java.util.regex.PatternSyntaxException;

/**
 * A pattern of glob(7) for one part of a name: {@code *}, {@code ?}, {@code [a-z]}, {@code [!a-z]}, and a backslash before what
 * stands for itself.
 *
 * <p>It looks at each character at most once for each of the pattern's. The JDK's globs are regular expressions, and take twice as long
 * for each further star: a line of thirty characters in a file kept them busy for half a minute.
 */
final class Glob implements Predicate<String> {
    private final List<Element> elements;

    /**
     * What stands for any text, or for one character.
     *
     * @param one which characters
     */
    private record Element(boolean star, IntPredicate one) {
        static Element of(IntPredicate one) {
            return new Element(false, one);
        }
    }

    private Glob(List<Element> elements) {
        this.elements = elements;
    }

    /**
     * Reads a pattern.
     *
     * @throws PatternSyntaxException if it is no pattern
     */
    static Glob of(String pattern) {
        List<Element> elements = new ArrayList<>();
        for (int at = 0; at < pattern.length(); at++) {
            char character = pattern.charAt(at);
            switch (character) {
                case '*' -> elements.add(new Element(true, any -> true));
                case '?' -> elements.add(Element.of(any -> true));
                case '[' -> {
                    int end = endOfSet(pattern, at);
                    elements.add(set(pattern, at, end));
                    at = end;
                }
                case '\\' -> {
                    at++;
                    if (at == pattern.length()) {
                        throw new PatternSyntaxException("No character to escape", pattern, at - 1);
                    }
                    elements.add(only(pattern.charAt(at)));
                }
                default -> elements.add(only(character));
            }
        }
        return new Glob(List.copyOf(elements));
    }

    private static Element only(char wanted) {
        return Element.of(character -> character == wanted);
    }

    /** Where the bracket closes; one that stands first is a member of the set. */
    private static int endOfSet(String pattern, int open) {
        int first = isNegated(pattern, open) ? open + 2 : open + 1;
        int end = pattern.indexOf(']', first + 1);
        if (end < 0) {
            throw new PatternSyntaxException("Missing ']'", pattern, open);
        }
        return end;
    }

    private static boolean isNegated(String pattern, int open) {
        return pattern.startsWith("!", open + 1) || pattern.startsWith("^", open + 1);
    }

    private static Element set(String pattern, int open, int end) {
        boolean negated = isNegated(pattern, open);
        BitSet members = new BitSet();
        for (int at = negated ? open + 2 : open + 1; at < end; at++) {
            char from = pattern.charAt(at);
            boolean range = at + 2 < end && pattern.charAt(at + 1) == '-';
            char to = range ? pattern.charAt(at + 2) : from;
            if (from <= to) {
                members.set(from, to + 1);
            }
            at += range ? 2 : 0;
        }
        return Element.of(character -> members.get(character) != negated);
    }

    /** Goes back to the last star only: what an earlier one could take, that one can, too. */
    @Override
    public boolean test(String text) {
        int at = 0;
        int element = 0;
        int star = -1;
        int resume = 0;
        while (at < text.length()) {
            if (isStar(element)) {
                star = element++;
                resume = at;
            } else if (element < elements.size() && elements.get(element).one().test(text.charAt(at))) {
                element++;
                at++;
            } else if (star >= 0) {
                element = star + 1;
                at = ++resume;
            } else {
                return false;
            }
        }
        while (isStar(element)) {
            element++;
        }
        return element == elements.size();
    }

    private boolean isStar(int element) {
        return element < elements.size() && elements.get(element).star();
    }
}
