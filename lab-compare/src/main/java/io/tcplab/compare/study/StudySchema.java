package io.tcplab.compare.study;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;

/** The JSON Schema of studies, for editors. */
public final class StudySchema {
    private static final String FILE = "lab-study-1.schema.json";
    private static final String ANY_NAME = "\"experiment\": {\"type\": \"string\", \"minLength\": 1}";

    private StudySchema() {}

    /** The schema's text, in which an experiment is one of these, so that an editor can offer them. */
    public static String of(List<String> experiments) {
        String names = experiments.stream().map(name -> "\"" + name + "\"").collect(Collectors.joining(", "));
        return text().replace(ANY_NAME, "\"experiment\": {\"enum\": [" + names + "]}");
    }

    private static String text() {
        try (InputStream file = Objects.requireNonNull(StudySchema.class.getResourceAsStream(FILE), FILE)) {
            return new String(file.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
