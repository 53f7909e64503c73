package io.tcplab.kernel.sysctl;

import io.tcplab.kernel.limits.KernelRelease;
import io.tcplab.kernel.sysctl.SysctlKnob.Access;
import io.tcplab.kernel.sysctl.SysctlKnob.Default;
import io.tcplab.kernel.sysctl.SysctlKnob.Scope;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Reads knobs.txt, whose first lines say its format. */
final class KnobFile {
    private static final int COLUMNS = 6;
    private static final String INDENT = "    ";

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
                RangeColumn.parse(columns[1].strip()),
                defaultValue(columns[3].strip()),
                scope(columns[4].strip()),
                access(columns[4].strip()),
                release(kernels, 0),
                release(kernels, 1));
    }

    private static Default defaultValue(String text) {
        return text.startsWith("~") ? new Default.Varies(text.substring(1).strip()) : new Default.Constant(text);
    }

    private static Scope scope(String text) {
        return switch (text) {
            case "namespace", "namespace ro" -> Scope.PER_NAMESPACE;
            case "global", "global ro", "global never" -> Scope.GLOBAL;
            default -> throw new IllegalArgumentException("not a scope: " + text);
        };
    }

    private static Access access(String scope) {
        if (scope.endsWith(" never")) {
            return Access.NEVER;
        }
        return scope.endsWith(" ro") ? Access.READ_ONLY : Access.READ_WRITE;
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
