package io.tcplab.kernel.sysctl;

import io.tcplab.kernel.limits.KernelRelease;
import io.tcplab.kernel.sysctl.SysctlKnob.Access;
import io.tcplab.kernel.sysctl.SysctlKnob.Default;
import io.tcplab.kernel.sysctl.SysctlKnob.Scope;
import io.tcplab.kernel.sysctl.SysctlRange.Flags;
import io.tcplab.kernel.sysctl.SysctlRange.IntRange;
import io.tcplab.kernel.sysctl.SysctlRange.IntVector;
import io.tcplab.kernel.sysctl.SysctlRange.OneOf;
import io.tcplab.kernel.sysctl.SysctlRange.PortList;
import io.tcplab.kernel.sysctl.SysctlRange.Text;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/** Reads knobs.txt, whose first lines tell its format. */
final class KnobFile {
    private static final int COLUMNS = 6;
    private static final String ONE_OF = "one of ";
    private static final String INDENT = "    ";
    private static final String WORD = "[a-z0-9_-]{1,15}";
    private static final String KEY = "[0-9a-f]{1,8}(-[0-9a-f]{1,8}){3}";
    private static final Text NAME = new Text(Pattern.compile(WORD), "a name, such as cubic");
    private static final Text NAMES =
            new Text(Pattern.compile("(" + WORD + "( " + WORD + ")*)?"), "names with a space between");
    private static final Text FASTOPEN_KEY = new Text(
            Pattern.compile(KEY + "(," + KEY + ")?"),
            "a key, such as 0a1b2c3d-0a1b2c3d-0a1b2c3d-0a1b2c3d, or two with a comma between");

    private KnobFile() {}

    static List<SysctlKnob> parse(String text) {
        List<SysctlKnob> knobs = new ArrayList<>();
        String row = "";
        StringBuilder meaning = new StringBuilder();
        for (String line : text.lines().toList()) {
            if (line.startsWith(INDENT)) {
                meaning.append(' ').append(line.strip());
            } else if (!line.isBlank() && !line.startsWith("#")) {
                addKnob(row, meaning, knobs);
                row = line;
            }
        }
        addKnob(row, meaning, knobs);
        return List.copyOf(knobs);
    }

    private static void addKnob(String row, StringBuilder meaning, List<SysctlKnob> knobs) {
        if (!row.isEmpty()) {
            knobs.add(knob(row, meaning.toString()));
        }
        meaning.setLength(0);
    }

    private static SysctlKnob knob(String row, String meaning) {
        String[] columns = row.split("\\|", -1);
        if (columns.length > COLUMNS || columns.length < COLUMNS - 1 || meaning.isBlank()) {
            throw new IllegalArgumentException("not a knob: " + row + "\n" + meaning);
        }
        String kernels = columns.length == COLUMNS ? columns[5].strip() : "";
        return new SysctlKnob(
                columns[0].strip(),
                meaning.strip(),
                columns[2].strip(),
                range(columns[1].strip()),
                defaultValue(columns[3].strip()),
                scope(columns[4].strip()),
                columns[4].strip().endsWith(" ro") ? Access.READ_ONLY : Access.READ_WRITE,
                release(kernels, 0),
                release(kernels, 1));
    }

    private static SysctlRange range(String text) {
        return switch (text) {
            case "ports" -> new PortList();
            case "name" -> NAME;
            case "names" -> NAMES;
            case "key" -> FASTOPEN_KEY;
            default -> other(text);
        };
    }

    private static SysctlRange other(String text) {
        if (text.startsWith(ONE_OF)) {
            return new OneOf(text.substring(ONE_OF.length()));
        }
        if (text.contains("=")) {
            return flags(text);
        }
        String[] sides = text.split(" x ", -1);
        return sides.length == 2 ? new IntVector(Integer.parseInt(sides[0]), intRange(sides[1])) : intRange(text);
    }

    private static IntRange intRange(String text) {
        String[] ends = text.split("\\.\\.", -1);
        return new IntRange(Long.parseLong(ends[0]), Long.parseLong(ends[1]));
    }

    private static Flags flags(String text) {
        Map<Long, String> bits = new LinkedHashMap<>();
        for (String bit : text.split("\\+", -1)) {
            String[] sides = bit.strip().split("=", -1);
            bits.put(Long.decode(sides[0]), sides[1]);
        }
        return new Flags(bits);
    }

    private static Default defaultValue(String text) {
        return text.startsWith("~") ? new Default.Varies(text.substring(1).strip()) : new Default.Constant(text);
    }

    private static Scope scope(String text) {
        return switch (text) {
            case "namespace", "namespace ro" -> Scope.PER_NAMESPACE;
            case "global", "global ro" -> Scope.GLOBAL;
            default -> throw new IllegalArgumentException("not a scope: " + text);
        };
    }

    /** The release on one side of the dash. */
    private static Optional<KernelRelease> release(String kernels, int side) {
        if (kernels.isEmpty()) {
            return Optional.empty();
        }
        String release = kernels.split("-", -1)[side].strip();
        return release.isEmpty() ? Optional.empty() : Optional.of(KernelRelease.parse(release));
    }
}
