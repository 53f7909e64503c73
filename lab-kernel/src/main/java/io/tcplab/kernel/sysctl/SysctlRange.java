package io.tcplab.kernel.sysctl;

import io.tcplab.kernel.ffm.ProcFile;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * The values that a knob takes. At least as strict as the kernel: what it would take but could make no sense of, such
 * as a time below 0, is refused too.
 *
 * <p>Numbers are decimal. The kernel also reads 0x10 as 16 and 010 as 8; the latter surprises, so both are refused
 * where a number is meant.
 */
public sealed interface SysctlRange {
    /**
     * What is wrong with a value, as the rest of a sentence that begins with the knob's name; or empty. The value has
     * no space around it.
     */
    Optional<String> problem(String value);

    /** The values in words: "0 to 255". */
    String description();

    /** The value as the kernel shows it when read back. */
    default String canonical(String value) {
        return value.strip().replaceAll("\\s+", " ");
    }

    /** A whole number. */
    record IntRange(long min, long max) implements SysctlRange {
        private static final Pattern DECIMAL = Pattern.compile("-?(0|[1-9]\\d{0,17})");

        @Override
        public Optional<String> problem(String value) {
            if (!DECIMAL.matcher(value).matches()) {
                return Optional.of("takes " + description() + ", not \"" + value + "\" (decimal only)");
            }
            long number = Long.parseLong(value);
            return number < min || number > max
                    ? Optional.of("takes " + description() + ", not " + value)
                    : Optional.empty();
        }

        @Override
        public String description() {
            return min == 0 && max == 1 ? "0 or 1" : min + " to " + max;
        }
    }

    /** Several whole numbers in a row, none smaller than the one before it. */
    record IntVector(int length, IntRange each) implements SysctlRange {
        @Override
        public Optional<String> problem(String value) {
            String[] numbers = value.split("\\s+", -1);
            if (numbers.length != length) {
                return Optional.of("takes " + description() + ", not \"" + value + "\"");
            }
            long previous = Long.MIN_VALUE;
            for (String number : numbers) {
                Optional<String> problem = each.problem(number);
                if (problem.isPresent()) {
                    return problem;
                }
                if (Long.parseLong(number) < previous) {
                    return Optional.of("takes " + description() + ", not \"" + value + "\"");
                }
                previous = Long.parseLong(number);
            }
            return Optional.empty();
        }

        @Override
        public String description() {
            return length + " numbers in ascending order, each " + each.description();
        }
    }

    /**
     * A sum of bits.
     *
     * @param bits what each bit means, by its value
     */
    record Flags(Map<Long, String> bits) implements SysctlRange {
        private static final Pattern NUMBER = Pattern.compile("(0x[0-9a-fA-F]{1,8})|(0|[1-9]\\d{0,9})");

        @Override
        public Optional<String> problem(String value) {
            if (!NUMBER.matcher(value).matches()) {
                return Optional.of("takes " + description() + ", not \"" + value + "\"");
            }
            long known = bits.keySet().stream().reduce(0L, (a, b) -> a | b);
            long unknown = Long.decode(value) & ~known;
            return unknown == 0
                    ? Optional.empty()
                    : Optional.of("takes %s, not 0x%x in %s".formatted(description(), unknown, value));
        }

        @Override
        public String canonical(String value) {
            return Long.decode(value).toString();
        }

        @Override
        public String description() {
            return bits.entrySet().stream()
                    .map(bit -> "0x%x (%s)".formatted(bit.getKey(), bit.getValue()))
                    .collect(Collectors.joining(", ", "a sum of ", ""));
        }
    }

    /** A list of ports and ranges of ports: "8080,9000-9100"; empty for none. */
    record PortList() implements SysctlRange {
        private static final Pattern FORMAT = Pattern.compile("(\\d{1,5}(-\\d{1,5})?(,\\d{1,5}(-\\d{1,5})?)*)?");
        private static final int HIGHEST = 65_535;

        @Override
        public Optional<String> problem(String value) {
            if (!FORMAT.matcher(value).matches()) {
                return Optional.of("takes " + description() + ", not \"" + value + "\"");
            }
            for (String part : parts(value)) {
                int[] ends = ends(part);
                if (ends[0] > ends[1] || ends[1] > HIGHEST) {
                    return Optional.of("takes " + description() + ", not " + part);
                }
            }
            return Optional.empty();
        }

        /** Sorted, with neighbours joined, as proc_do_large_bitmap (kernel/sysctl.c) prints it. */
        @Override
        public String canonical(String value) {
            SortedSet<Integer> ports = new TreeSet<>();
            for (String part : parts(value)) {
                int[] ends = ends(part);
                for (int port = ends[0]; port <= ends[1]; port++) {
                    ports.add(port);
                }
            }
            StringBuilder text = new StringBuilder();
            while (!ports.isEmpty()) {
                int first = ports.removeFirst();
                int last = first;
                while (ports.remove(last + 1)) {
                    last++;
                }
                text.append(text.isEmpty() ? "" : ",").append(first).append(last == first ? "" : "-" + last);
            }
            return text.toString();
        }

        @Override
        public String description() {
            return "ports and ranges of ports, such as 8080,9000-9100";
        }

        private static List<String> parts(String value) {
            return value.isBlank() ? List.of() : List.of(value.strip().split(",", -1));
        }

        private static int[] ends(String part) {
            String[] ends = part.split("-", 2);
            return new int[] {Integer.parseInt(ends[0]), Integer.parseInt(ends[ends.length - 1])};
        }
    }

    /**
     * Words.
     *
     * @param format which words
     * @param description the format in words
     */
    record Text(Pattern format, String description) implements SysctlRange {
        @Override
        public Optional<String> problem(String value) {
            return format.matcher(value).matches()
                    ? Optional.empty()
                    : Optional.of("takes " + description + ", not \"" + value + "\"");
        }
    }

    /**
     * A word that stands in a list, which is another sysctl.
     *
     * @param list the other sysctl's name
     */
    record OneOf(String list) implements SysctlRange {
        @Override
        public Optional<String> problem(String value) {
            String words = ProcFile.read(SysctlName.parse(list).path()).strip();
            return List.of(words.split(" ", -1)).contains(value)
                    ? Optional.empty()
                    : Optional.of("takes one of " + words + " (" + list + "), not \"" + value + "\"");
        }

        @Override
        public String description() {
            return "a word of " + list;
        }
    }
}
