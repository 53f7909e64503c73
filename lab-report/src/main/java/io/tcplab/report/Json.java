package io.tcplab.report;

import io.tcplab.experiments.Role;
import java.io.Writer;
import java.math.BigDecimal;
import java.math.MathContext;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.PrettyPrinter;
import tools.jackson.core.StreamWriteFeature;
import tools.jackson.core.util.DefaultIndenter;
import tools.jackson.core.util.DefaultPrettyPrinter;
import tools.jackson.core.util.Separators;
import tools.jackson.databind.MapperFeature;
import tools.jackson.databind.ObjectWriter;
import tools.jackson.databind.json.JsonMapper;

/**
 * Writes results as JSON: each command's results are a {@link Document}, a tree of records whose components are the
 * fields, in their order. Two spaces a level, and \n on every platform, so that two reports can be compared by diff.
 *
 * <p>Scripts depend on it: within a schema's major version fields may be added, and none may change its meaning or go.
 * The schemas lie beside this class: {@code lab/run/1} in {@code lab-run-1.schema.json}.
 */
public final class Json {
    private static final MathContext DIGITS = new MathContext(6);

    private Json() {}

    /** What a command has to say, as its JSON has it. */
    public sealed interface Document
            permits RunJson,
                    ClaimsJson,
                    CompareJson,
                    SamplesJson,
                    LoadJson,
                    StormJson,
                    SysctlJson,
                    SysctlJson.Lint,
                    SysctlJson.Diff,
                    DiagnosisJson,
                    DiagnosisJson.Checked,
                    KernelListJson,
                    ResultsJson,
                    ResultsJson.Diff,
                    StoredReport {
        /** Name and major version, such as {@code lab/run/1}. */
        String schema();
    }

    /** The kernel that was asked; {@code release} as {@code uname -r} has it. */
    public record Kernel(String release) {}

    /**
     * Writes a document and a line end, and flushes; doesn't close.
     *
     * @throws tools.jackson.core.exc.JacksonIOException if the writer fails
     */
    public static void write(Document document, Writer to) {
        try (JsonGenerator json = Mapper.WRITER.createGenerator(to)) {
            Mapper.WRITER.writeValue(json, document);
            json.writeRaw('\n');
        }
    }

    /** Made when the first document is written: commands that write none needn't wait for the library. */
    private static final class Mapper {
        static final ObjectWriter WRITER = JsonMapper.builder()
                .disable(StreamWriteFeature.AUTO_CLOSE_TARGET)
                .disable(MapperFeature.SORT_PROPERTIES_ALPHABETICALLY)
                .build()
                .writer()
                .with(indented());

        private static PrettyPrinter indented() {
            DefaultIndenter indenter = new DefaultIndenter("  ", "\n");
            return new DefaultPrettyPrinter()
                    .withObjectIndenter(indenter)
                    .withArrayIndenter(indenter)
                    .withSeparators(PrettyPrinter.DEFAULT_SEPARATORS
                            .withObjectNameValueSpacing(Separators.Spacing.AFTER)
                            .withObjectEmptySeparator("")
                            .withArrayEmptySeparator(""));
        }
    }

    /** A figure of six digits; empty where there is no end of it: JSON has no infinity. */
    static Optional<BigDecimal> significant(double value) {
        return finite(value).map(figure -> {
            BigDecimal rounded = figure.round(DIGITS).stripTrailingZeros();
            return rounded.scale() < 0 ? rounded.setScale(0) : rounded;
        });
    }

    /** Exactly; empty where it isn't a number. */
    private static Optional<BigDecimal> finite(double value) {
        return Double.isFinite(value) ? Optional.of(new BigDecimal(value)) : Optional.empty();
    }

    /** Numbers and flags stay what they are. */
    static Map<String, Object> knobs(Map<String, Object> knobs) {
        Map<String, Object> values = new LinkedHashMap<>();
        knobs.forEach((name, value) -> values.put(
                name,
                switch (value) {
                    case Double number -> Figures.rounded(number);
                    case Integer number -> number;
                    case Long number -> number;
                    case Boolean flag -> flag;
                    default -> value.toString();
                }));
        return values;
    }

    /** By host, name to value. */
    static Map<String, Map<String, String>> sysctls(Map<Role, Map<String, String>> sysctls) {
        Map<String, Map<String, String>> byHost = new LinkedHashMap<>();
        for (Role role : Role.values()) {
            byHost.put(role.label(), new TreeMap<>(sysctls.getOrDefault(role, Map.of())));
        }
        return byHost;
    }
}
