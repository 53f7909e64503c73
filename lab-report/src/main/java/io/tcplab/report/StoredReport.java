package io.tcplab.report;

import com.fasterxml.jackson.annotation.JsonValue;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.json.JsonMapper;

/**
 * What a lab wrote as JSON, here before or in another kernel: to be read, extended and written again with whatever else is in it; or an
 * object within that.
 *
 * @param fields in order; text, numbers, true or false, null, lists and maps of the same
 */
public record StoredReport(@JsonValue Map<String, @Nullable Object> fields) implements Json.Document {
    /**
     * Reads one.
     *
     * @throws IOException if the file can't be read, or isn't one whole JSON object
     */
    public static StoredReport read(Path file) throws IOException {
        return parse(Files.readString(file));
    }

    static StoredReport parse(String text) throws IOException {
        try {
            Map<String, Object> read =
                    JsonMapper.builder().build().readValue(text, new TypeReference<LinkedHashMap<String, Object>>() {});
            Map<String, @Nullable Object> fields = new LinkedHashMap<>();
            read.forEach((name, value) -> fields.put(name, value));
            return new StoredReport(fields);
        } catch (JacksonException e) {
            throw new IOException("broken JSON: " + e.getOriginalMessage(), e);
        }
    }

    @Override
    public String schema() {
        return text("schema");
    }

    /** A field's text; empty if it isn't there. */
    String text(String name) {
        Object value = fields.get(name);
        return value == null ? "" : value.toString();
    }

    /** The object in a field; one without fields if it isn't there. */
    StoredReport object(String name) {
        return of(fields.get(name));
    }

    /** Whether a field says true. */
    boolean isTrue(String name) {
        return Boolean.TRUE.equals(fields.get(name));
    }

    /** The objects in a list; none if it isn't there. */
    List<StoredReport> objects(String name) {
        return elements(name).stream().map(StoredReport::of).toList();
    }

    /** The texts in a list; none if it isn't there. */
    List<String> texts(String name) {
        return elements(name).stream().map(Object::toString).toList();
    }

    /** As a record whose components are the fields. */
    <T> T as(Class<T> type) {
        return JsonMapper.shared().convertValue(fields, type);
    }

    /** The same with a field more, or another. */
    StoredReport with(String name, @Nullable Object value) {
        Map<String, @Nullable Object> more = new LinkedHashMap<>(fields);
        more.put(name, value);
        return new StoredReport(more);
    }

    private List<Object> elements(String name) {
        return fields.get(name) instanceof List<?> list
                ? list.stream().<Object>map(Objects::requireNonNull).toList()
                : List.of();
    }

    private static StoredReport of(@Nullable Object value) {
        Map<String, @Nullable Object> copy = new LinkedHashMap<>();
        if (value instanceof Map<?, ?> map) {
            map.forEach((name, each) -> copy.put(String.valueOf(name), each));
        }
        return new StoredReport(copy);
    }
}
