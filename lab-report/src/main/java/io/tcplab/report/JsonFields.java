package io.tcplab.report;

import io.tcplab.experiments.Role;
import java.math.BigDecimal;
import java.math.MathContext;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import tools.jackson.core.JsonGenerator;

/** Fields that several reports have, written the same way. */
record JsonFields(JsonGenerator json) {
    private static final MathContext DIGITS = new MathContext(6);

    /** Name to number or text. */
    void knobs(Map<String, Object> knobs) {
        json.writeObjectPropertyStart("knobs");
        knobs.forEach((name, value) -> {
            switch (value) {
                case Integer number -> json.writeNumberProperty(name, number);
                case Long number -> json.writeNumberProperty(name, number);
                case Double number -> json.writeNumberProperty(name, Figures.rounded(number));
                case Boolean flag -> json.writeBooleanProperty(name, flag);
                default -> json.writeStringProperty(name, value.toString());
            }
        });
        json.writeEndObject();
    }

    /** By host, name to value. */
    void sysctls(Map<Role, Map<String, String>> sysctls) {
        json.writeObjectPropertyStart("sysctls");
        for (Role role : Role.values()) {
            json.writeObjectPropertyStart(role.label());
            new TreeMap<>(sysctls.getOrDefault(role, Map.of())).forEach(json::writeStringProperty);
            json.writeEndObject();
        }
        json.writeEndObject();
    }

    /** A list of texts. */
    void strings(String name, List<String> values) {
        json.writeArrayPropertyStart(name);
        values.forEach(json::writeString);
        json.writeEndArray();
    }

    /** A figure of six digits; null where there is none, or no end of it: JSON has no infinity. */
    void number(String name, Optional<Double> value) {
        if (value.isPresent() && Double.isFinite(value.get())) {
            json.writeNumberProperty(name, rounded(value.get()));
        } else {
            json.writeNullProperty(name);
        }
    }

    /** The same, in a list. */
    void element(double value) {
        if (Double.isFinite(value)) {
            json.writeNumber(rounded(value));
        } else {
            json.writeNull();
        }
    }

    private static BigDecimal rounded(double value) {
        BigDecimal rounded = new BigDecimal(value).round(DIGITS).stripTrailingZeros();
        return rounded.scale() < 0 ? rounded.setScale(0) : rounded;
    }
}
