package io.tcplab.experiments;

import io.tcplab.transport.Choices;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The values of an experiment's knobs for one run: the defaults, and what the user set. */
public final class KnobValues {
    private final Map<Knob<?>, Object> values = new LinkedHashMap<>();

    private KnobValues() {}

    /**
     * Reads what the user set.
     *
     * @param settings name to text, each name one of the knobs'
     * @throws UsageException naming the knob, what it accepts and the nearest name of a misspelt one
     */
    public static KnobValues of(String experiment, List<Knob<?>> knobs, Map<String, String> settings) {
        KnobValues result = new KnobValues();
        knobs.forEach(knob -> result.values.put(knob, knob.initial()));
        settings.forEach((name, text) -> {
            Knob<?> knob = knobs.stream()
                    .filter(k -> k.name().equals(name))
                    .findFirst()
                    .orElseThrow(() -> unknown(experiment, name, knobs));
            result.values.put(knob, parse(experiment, knob, text));
        });
        return result;
    }

    /** The value of one of the experiment's own knobs. */
    @SuppressWarnings("unchecked") // a knob's value was put in by its own parser, or is its own default
    public <T> T get(Knob<T> knob) {
        Object value = values.get(knob);
        if (value == null) {
            throw new IllegalArgumentException("not a knob of this experiment: " + knob.name());
        }
        return (T) value;
    }

    /** Name to number or text, in the order in which the experiment declares them. */
    public Map<String, Object> plain() {
        Map<String, Object> plain = new LinkedHashMap<>();
        values.forEach((knob, value) -> plain.put(knob.name(), plain(knob)));
        return plain;
    }

    private <T> Object plain(Knob<T> knob) {
        return knob.plain(get(knob));
    }

    private static Object parse(String experiment, Knob<?> knob, String text) {
        try {
            return knob.parser().apply(text);
        } catch (IllegalArgumentException e) {
            throw new UsageException("%s: knob %s=%s: %s".formatted(experiment, knob.name(), text, e.getMessage()), e);
        }
    }

    private static UsageException unknown(String experiment, String name, List<Knob<?>> knobs) {
        List<String> names = knobs.stream().map(Knob::name).toList();
        return UsageException.from(Choices.unknown("knob of " + experiment, name, names));
    }
}
