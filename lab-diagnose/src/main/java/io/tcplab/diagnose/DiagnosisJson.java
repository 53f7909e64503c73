package io.tcplab.diagnose;

import io.tcplab.diagnose.causes.Certainty;
import io.tcplab.diagnose.causes.Finding;
import io.tcplab.diagnose.causes.Rival;
import io.tcplab.kernel.sockets.TcpState;
import java.io.Writer;
import java.time.Duration;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.PrettyPrinter;
import tools.jackson.core.StreamWriteFeature;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.core.util.DefaultIndenter;
import tools.jackson.core.util.DefaultPrettyPrinter;
import tools.jackson.core.util.Separators;

/** A diagnosis as JSON, schema {@value #SCHEMA}, there and back: it may be taken inside a container and read outside. */
public final class DiagnosisJson {
    /** What the field {@code schema} says. */
    public static final String SCHEMA = "lab/diagnose/1";

    private static final JsonFactory FACTORY =
            JsonFactory.builder().disable(StreamWriteFeature.AUTO_CLOSE_TARGET).build();

    private DiagnosisJson() {}

    /** Writes it, and flushes; doesn't close. */
    public static void write(Diagnosis diagnosis, Writer to) {
        try (JsonGenerator json = generator(to)) {
            json.writeStartObject();
            json.writeStringProperty("schema", SCHEMA);
            writeMembers(json, diagnosis);
            json.writeEndObject();
            json.writeRaw('\n');
        }
    }

    /**
     * Reads what {@link #write} has written, by this version or a later one of the same major.
     *
     * @throws IllegalArgumentException if it is something else
     */
    public static Diagnosis read(String json) {
        Map<?, ?> object = JsonTree.object(json);
        if (!SCHEMA.equals(object.get("schema"))) {
            throw new IllegalArgumentException("no " + SCHEMA + ": schema is " + object.get("schema"));
        }
        return new Diagnosis(
                JsonTree.text(JsonTree.object(object, "target"), "label"),
                seconds(object, "seconds"),
                (int) JsonTree.number(object, "samples"),
                states(JsonTree.object(object, "states")),
                object.containsKey("mptcpSockets") ? (int) JsonTree.number(object, "mptcpSockets") : 0,
                JsonTree.objects(object, "findings").stream()
                        .map(DiagnosisJson::finding)
                        .toList(),
                JsonTree.texts(object, "observations"),
                JsonTree.texts(object, "checked"),
                JsonTree.texts(object, "limits"),
                Boolean.TRUE.equals(object.get("conclusive")),
                seconds(object, "lookSeconds"),
                object.containsKey("firstLookSeconds")
                        ? seconds(object, "firstLookSeconds")
                        : seconds(object, "lookSeconds"));
    }

    private static Duration seconds(Map<?, ?> object, String name) {
        return Duration.ofMillis(Math.round(JsonTree.number(object, name) * 1e3));
    }

    static JsonGenerator generator(Writer to) {
        return FACTORY.createGenerator(new Indented(), to);
    }

    static void writeMembers(JsonGenerator json, Diagnosis diagnosis) {
        json.writeObjectPropertyStart("target");
        json.writeStringProperty("label", diagnosis.target());
        json.writeEndObject();
        json.writeStringProperty("verdict", verdict(diagnosis));
        json.writeNumberProperty("seconds", diagnosis.window().toMillis() / 1e3);
        json.writeNumberProperty("samples", diagnosis.samples());
        json.writeObjectPropertyStart("states");
        new EnumMap<>(withAll(diagnosis.states()))
                .forEach((state, count) -> json.writeNumberProperty(state.label(), count));
        json.writeEndObject();
        json.writeNumberProperty("mptcpSockets", diagnosis.mptcp());
        json.writeArrayPropertyStart("findings");
        diagnosis.findings().forEach(finding -> write(json, finding));
        json.writeEndArray();
        write(json, "observations", diagnosis.observations());
        write(json, "checked", diagnosis.checked());
        write(json, "limits", diagnosis.limits());
        json.writeBooleanProperty("conclusive", diagnosis.conclusive());
        json.writeNumberProperty("lookSeconds", diagnosis.cost().toMillis() / 1e3);
        json.writeNumberProperty("firstLookSeconds", diagnosis.firstCost().toMillis() / 1e3);
    }

    private static String verdict(Diagnosis diagnosis) {
        if (diagnosis.hasFindings()) {
            return "findings";
        }
        return diagnosis.conclusive() ? "nothing-wrong" : "inconclusive";
    }

    /** In the kernel's order, and an EnumMap can't be made of an empty map. */
    private static EnumMap<TcpState, Integer> withAll(Map<TcpState, Integer> states) {
        EnumMap<TcpState, Integer> sorted = new EnumMap<>(TcpState.class);
        sorted.putAll(states);
        return sorted;
    }

    private static void write(JsonGenerator json, Finding finding) {
        json.writeStartObject();
        json.writeStringProperty("cause", finding.cause());
        json.writeStringProperty("title", finding.title());
        json.writeStringProperty("state", finding.state().map(TcpState::label).orElse(""));
        json.writeNumberProperty("sockets", finding.sockets());
        json.writeNumberProperty("change", finding.change());
        json.writeStringProperty("certainty", finding.certainty().label());
        json.writeStringProperty("because", finding.because());
        json.writeArrayPropertyStart("rivals");
        finding.rivals().forEach(rival -> {
            json.writeStartObject();
            json.writeStringProperty("what", rival.what());
            json.writeStringProperty("apart", rival.apart());
            json.writeEndObject();
        });
        json.writeEndArray();
        write(json, "evidence", finding.evidence());
        json.writeStringProperty("advice", finding.advice());
        json.writeStringProperty("experiment", finding.experiment());
        if (!finding.why().isEmpty()) {
            json.writeStringProperty("why", finding.why());
        }
        json.writeEndObject();
    }

    private static void write(JsonGenerator json, String name, List<String> texts) {
        json.writeArrayPropertyStart(name);
        texts.forEach(json::writeString);
        json.writeEndArray();
    }

    private static Finding finding(Map<?, ?> object) {
        return new Finding(
                JsonTree.text(object, "cause"),
                JsonTree.text(object, "title"),
                Optional.of(JsonTree.text(object, "state"))
                        .filter(label -> !label.isEmpty())
                        .map(DiagnosisJson::state),
                (int) JsonTree.number(object, "sockets"),
                (int) JsonTree.number(object, "change"),
                Certainty.valueOf(JsonTree.text(object, "certainty").toUpperCase(Locale.ROOT)),
                JsonTree.text(object, "because"),
                JsonTree.objects(object, "rivals").stream()
                        .map(rival -> new Rival(JsonTree.text(rival, "what"), JsonTree.text(rival, "apart")))
                        .toList(),
                JsonTree.texts(object, "evidence"),
                JsonTree.text(object, "advice"),
                JsonTree.text(object, "experiment"),
                object.containsKey("why") ? JsonTree.text(object, "why") : "");
    }

    private static Map<TcpState, Integer> states(Map<?, ?> object) {
        Map<TcpState, Integer> states = new EnumMap<>(TcpState.class);
        object.keySet()
                .forEach(label ->
                        states.put(state(String.valueOf(label)), (int) JsonTree.number(object, String.valueOf(label))));
        return states;
    }

    private static TcpState state(String label) {
        return Arrays.stream(TcpState.values())
                .filter(state -> state.label().equals(label))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("no TCP state is called " + label));
    }

    /** Two spaces a level, and \n on every platform, as all of the lab's JSON. */
    private static final class Indented extends ObjectWriteContext.Base {
        @Override
        public PrettyPrinter getPrettyPrinter() {
            DefaultIndenter indenter = new DefaultIndenter("  ", "\n");
            return new DefaultPrettyPrinter()
                    .withObjectIndenter(indenter)
                    .withArrayIndenter(indenter)
                    .withSeparators(PrettyPrinter.DEFAULT_SEPARATORS
                            .withObjectNameValueSpacing(Separators.Spacing.AFTER)
                            .withObjectEmptySeparator("")
                            .withArrayEmptySeparator(""));
        }

        @Override
        public boolean hasPrettyPrinter() {
            return true;
        }
    }
}
