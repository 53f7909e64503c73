package io.tcplab.kernel.sysctl;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * When a rule applies: {@code < default}, {@code = 1 and net.ipv4.tcp_timestamps = 0}. All clauses must hold.
 *
 * @param clauses none: always
 */
record LintCondition(List<Clause> clauses) {
    private static final Pattern CLAUSE = Pattern.compile("(?:(net\\.\\S+) )?([=<>]|!=) (\\S+)");
    private static final String DEFAULT = "default";

    /** Where a clause looks. */
    interface Values {
        /** What a sysctl will be once the file is in force. */
        Optional<String> of(String name);

        /** Its default. */
        Optional<String> defaultOf(String name);
    }

    /**
     * A comparison. Of several numbers the first counts for less and more.
     *
     * @param other the sysctl that is compared; empty for the rule's own
     * @param operand a value, or "default"
     */
    record Clause(String other, String operator, String operand) {
        /** An unknown value compares with nothing. */
        boolean holds(String own, Values values) {
            String name = other.isEmpty() ? own : other;
            Optional<String> right = operand.equals(DEFAULT) ? values.defaultOf(name) : Optional.of(operand);
            Optional<String> left = values.of(name).map(String::strip);
            return left.isPresent() && right.isPresent() && compare(left.get(), right.get());
        }

        private boolean compare(String left, String right) {
            return switch (operator) {
                case "=" -> left.equals(right);
                case "!=" -> !left.equals(right);
                default -> order(left, right);
            };
        }

        private boolean order(String left, String right) {
            Optional<Long> a = first(left);
            Optional<Long> b = first(right);
            return a.isPresent() && b.isPresent() && (operator.equals("<") ? a.get() < b.get() : a.get() > b.get());
        }

        private static Optional<Long> first(String value) {
            String word = value.split("\\s+", 2)[0];
            return word.matches("-?\\d{1,18}") ? Optional.of(Long.valueOf(word)) : Optional.empty();
        }
    }

    static LintCondition parse(String text) {
        return new LintCondition(
                text.isBlank()
                        ? List.of()
                        : Arrays.stream(text.split(" and ", -1))
                                .map(LintCondition::clause)
                                .toList());
    }

    boolean holds(String own, Values values) {
        return clauses.stream().allMatch(clause -> clause.holds(own, values));
    }

    private static Clause clause(String text) {
        Matcher matcher = CLAUSE.matcher(text.strip());
        if (!matcher.matches()) {
            throw new IllegalArgumentException("not a condition: " + text.strip());
        }
        return new Clause(
                Optional.ofNullable(matcher.group(1)).orElse(""),
                String.valueOf(matcher.group(2)),
                String.valueOf(matcher.group(3)));
    }
}
