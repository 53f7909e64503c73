package io.tcplab.kernel.sysctl;

import io.tcplab.kernel.Nearest;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/** The knobs that bear on TCP, those of this kernel and those that others had. */
public final class SysctlCatalogue {
    private static final String FILE = "knobs.txt";

    /** Read when first asked for: most commands need no sysctl. */
    private static final class Knobs {
        static final Map<String, SysctlKnob> BY_NAME = load();
    }

    private SysctlCatalogue() {}

    /** All of them, those that belong together in a row. */
    public static List<SysctlKnob> knobs() {
        return List.copyOf(Knobs.BY_NAME.values());
    }

    /**
     * The knob of that name, with dots or slashes; empty if the catalogue has none.
     *
     * @throws IllegalArgumentException if it can't be a sysctl's name
     */
    public static Optional<SysctlKnob> find(String name) {
        return Optional.ofNullable(Knobs.BY_NAME.get(SysctlName.parse(name).dotted()));
    }

    /**
     * {@code "; did you mean net.ipv4.tcp_fin_timeout?"}, or an empty string if no name is near. What stands behind the
     * last dot must be near, too: most names begin alike.
     */
    static String hint(String name) {
        String last = lastPart(name);
        return Nearest.hint(
                name,
                Knobs.BY_NAME.keySet().stream()
                        .filter(known ->
                                !Nearest.to(last, List.of(lastPart(known))).isEmpty())
                        .toList());
    }

    private static String lastPart(String name) {
        return name.substring(Math.max(name.lastIndexOf('.'), name.lastIndexOf('/')) + 1);
    }

    private static Map<String, SysctlKnob> load() {
        try (InputStream file = Objects.requireNonNull(SysctlCatalogue.class.getResourceAsStream(FILE), FILE)) {
            Map<String, SysctlKnob> knobs = new LinkedHashMap<>();
            for (SysctlKnob knob : KnobFile.parse(new String(file.readAllBytes(), StandardCharsets.UTF_8))) {
                if (knobs.put(knob.name(), knob) != null) {
                    throw new IllegalStateException(FILE + " has two rows for " + knob.name());
                }
            }
            return knobs;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
