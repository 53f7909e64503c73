package io.tcplab.compare.threshold;

import io.tcplab.kernel.Nearest;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Reads a threshold from left to right. */
final class ThresholdParser {
    static final String EXAMPLE = "such as client.EADDRNOTAVAIL > 0";

    private static final Pattern NAME = Pattern.compile("[A-Za-z][A-Za-z0-9_.-]*");
    private static final Pattern NUMBER = Pattern.compile("[-+]?(\\d+(\\.\\d+)?)([eE][-+]?\\d+)?");
    private static final Pattern UNIT = Pattern.compile("[A-Za-z/%µ]+");
    private static final Pattern SPACE = Pattern.compile("\\s+");
    private static final Pattern IN = Pattern.compile("in(?=\\s|$)");

    private final String text;
    private int at;

    ThresholdParser(String text) {
        this.text = text;
    }

    Threshold parse() {
        space();
        String first = name("a measure, " + EXAMPLE);
        Statistic statistic = Statistic.ANY;
        int statisticAt = at - first.length();
        if (accept("(")) {
            statistic = statistic(first, statisticAt);
            space();
            first = name("a measure in " + statistic.label() + "(…)");
        }
        String experiment = "";
        String measure = first;
        if (accept("/")) {
            experiment = first;
            measure = name("a measure after " + first + "/");
        }
        space();
        if (statistic != Statistic.ANY && !accept(")")) {
            throw unexpected(")");
        }
        space();
        Operator operator = operator(measure);
        space();
        double bound = number(operator);
        space();
        String unit = isAt(IN) ? "" : take(UNIT);
        space();
        String setting = setting();
        if (at < text.length()) {
            throw unexpected("the end, or: in SETTING");
        }
        return new Threshold(text.strip(), statistic, experiment, measure, operator, bound, unit, setting);
    }

    private static Statistic statistic(String name, int column) {
        return Arrays.stream(Statistic.values())
                .filter(each -> each != Statistic.ANY && each.label().equals(name))
                .findFirst()
                .orElseThrow(() -> new ThresholdException(
                        column + 1,
                        "unknown statistic %s; known ones are %s%s"
                                .formatted(
                                        name,
                                        String.join(", ", Statistic.names()),
                                        Nearest.hint(name, Statistic.names()))));
    }

    private Operator operator(String measure) {
        // The longer ones first: >= before >.
        List<Operator> longestFirst = Arrays.stream(Operator.values())
                .sorted(Comparator.comparingInt(
                        (Operator operator) -> -operator.sign().length()))
                .toList();
        return longestFirst.stream()
                .filter(operator -> accept(operator.sign()))
                .findFirst()
                .orElseThrow(() -> unexpected(
                        Arrays.stream(Operator.values()).map(Operator::sign).collect(Collectors.joining(" "))
                                + " after " + measure));
    }

    private double number(Operator operator) {
        String number = take(NUMBER);
        if (number.isEmpty()) {
            throw unexpected("a number after " + operator.sign());
        }
        return Double.parseDouble(number);
    }

    /** What stands after {@code in}, to the end: labels have spaces. */
    private String setting() {
        if (take(IN).isEmpty()) {
            return "";
        }
        space();
        String setting = text.substring(at).strip();
        if (setting.isEmpty()) {
            throw unexpected("a setting after in");
        }
        at = text.length();
        return setting;
    }

    private String name(String expected) {
        String name = take(NAME);
        if (name.isEmpty()) {
            throw unexpected(expected);
        }
        return name;
    }

    private void space() {
        take(SPACE);
    }

    private boolean accept(String sign) {
        if (text.startsWith(sign, at)) {
            at += sign.length();
            return true;
        }
        return false;
    }

    private boolean isAt(Pattern pattern) {
        return pattern.matcher(text).region(at, text.length()).lookingAt();
    }

    private String take(Pattern pattern) {
        Matcher matcher = pattern.matcher(text).region(at, text.length());
        if (!matcher.lookingAt()) {
            return "";
        }
        at = matcher.end();
        return matcher.group();
    }

    private ThresholdException unexpected(String expected) {
        String rest = text.substring(at).strip();
        return new ThresholdException(
                at + 1, "expected " + expected + (rest.isEmpty() ? "" : ", not \"" + rest + "\""));
    }
}
