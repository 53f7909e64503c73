package io.tcplab.kernel.sysctl;

import io.tcplab.kernel.sysctl.NumberRange.Bits;
import io.tcplab.kernel.sysctl.NumberRange.Bits.Bit;
import io.tcplab.kernel.sysctl.NumberRange.Bound;
import io.tcplab.kernel.sysctl.NumberRange.Meaning;
import io.tcplab.kernel.sysctl.NumberRange.Span;
import io.tcplab.kernel.sysctl.SysctlRange.OneOf;
import io.tcplab.kernel.sysctl.SysctlRange.SomeOf;
import io.tcplab.kernel.sysctl.SysctlRange.Text;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads the column of knobs.txt that says which values a knob takes; the file's first lines tell its format. */
final class RangeColumn {
    private static final Pattern ONE_OF = Pattern.compile("one of (\\S+), in a namespace of (\\S+)");
    private static final Pattern SOME_OF = Pattern.compile("some of (\\S+)");
    private static final Pattern BOUND = Pattern.compile("at (most|least) (\\S+)");
    private static final Pattern NUMBERS = Pattern.compile("(?:(\\d) )?(int|uint|u8|ulong|seconds|ms) (.*)");
    private static final Pattern SPAN = Pattern.compile("(-?\\d+)\\.\\.(-?\\d+)");
    private static final String ONLY = " only";
    private static final String OF = " of ";
    private static final String TOGETHER = "together";
    private static final String WORD = "[a-z0-9_-]{1,15}";
    private static final Text NAME = new Text(Pattern.compile(WORD), "a name, such as fq");
    private static final Text NAMES =
            new Text(Pattern.compile("(" + WORD + "( " + WORD + ")*)?"), "names separated by spaces");

    private RangeColumn() {}

    static SysctlRange parse(String text) {
        return switch (text) {
            case "ports" -> new PortList();
            case "name" -> NAME;
            case "names" -> NAMES;
            case "key" -> new FastOpenKey();
            default -> words(text).orElseGet(() -> numbers(text));
        };
    }

    private static Optional<SysctlRange> words(String text) {
        Matcher one = ONE_OF.matcher(text);
        if (one.matches()) {
            return Optional.of(new OneOf(group(one, 1), group(one, 2)));
        }
        Matcher some = SOME_OF.matcher(text);
        return some.matches() ? Optional.of(new SomeOf(group(some, 1))) : Optional.empty();
    }

    /** {@code 2 int 1..65535 only, together, at least NAME}. */
    private static NumberRange numbers(String text) {
        List<String> clauses = new ArrayList<>(List.of(text.split(", ", -1)));
        Matcher first = NUMBERS.matcher(clauses.removeFirst());
        if (!first.matches()) {
            throw new IllegalArgumentException("not a range: " + text);
        }
        boolean together = clauses.remove(TOGETHER);
        NumberKind kind = NumberKind.of(group(first, 2));
        String values = group(first, 3);
        Meaning meant = meaning(values.replaceFirst("( of \\S+| only)$", ""));
        Span taken = values.contains(OF) ? span(values.substring(values.indexOf(OF) + OF.length())) : kind.limits();
        return new NumberRange(
                first.group(1) == null ? 1 : Integer.parseInt(first.group(1)),
                kind,
                values.endsWith(ONLY) && meant instanceof Span all ? all : taken,
                meant,
                together,
                clauses.stream().map(RangeColumn::bound).findFirst());
    }

    private static Meaning meaning(String text) {
        return text.contains("=") ? bits(text) : span(text);
    }

    private static Span span(String text) {
        Matcher ends = SPAN.matcher(text);
        if (!ends.matches()) {
            throw new IllegalArgumentException("not a span: " + text);
        }
        return new Span(new BigInteger(group(ends, 1)), new BigInteger(group(ends, 2)));
    }

    private static Bits bits(String text) {
        List<Bit> bits = new ArrayList<>();
        for (String bit : text.split("\\+", -1)) {
            String[] sides = bit.strip().split("=", -1);
            bits.add(new Bit(Long.decode(sides[0]), sides[1]));
        }
        return new Bits(List.copyOf(bits));
    }

    private static Bound bound(String text) {
        Matcher matcher = BOUND.matcher(text);
        if (!matcher.matches()) {
            throw new IllegalArgumentException("not a bound: " + text);
        }
        return new Bound(group(matcher, 1).equals("most"), group(matcher, 2));
    }

    private static String group(Matcher matcher, int group) {
        return String.valueOf(matcher.group(group));
    }
}
