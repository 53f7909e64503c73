import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Compares the JSON schemas of two folders, and prints a line for each change: the part of a semantic version that it asks for, the file, the
 * place, and what changed. {@code java -cp ... SchemaChanges.java OLD NEW}
 *
 * <p>Reports are written by the lab and read by programs of its users: what was always there must stay so, with its type. A
 * study is written by users: nothing more may be asked of it.
 */
final class SchemaChanges {
    private static final Set<String> READ_BY_THE_LAB = Set.of("lab-study");
    private static final JsonMapper JSON = new JsonMapper();

    private final String file;
    private final boolean input;
    private final List<String> changes = new ArrayList<>();

    private SchemaChanges(String file) {
        this.file = file;
        this.input = READ_BY_THE_LAB.stream().anyMatch(file::startsWith);
    }

    public static void main(String[] args) throws IOException {
        Map<String, JsonNode> before = schemas(Path.of(args[0]));
        Map<String, JsonNode> after = schemas(Path.of(args[1]));
        Set<String> all = new TreeSet<>(before.keySet());
        all.addAll(after.keySet());
        for (String file : all) {
            SchemaChanges one = new SchemaChanges(file);
            one.compare("", before.get(file), after.get(file));
            one.changes.forEach(System.out::println);
        }
    }

    private static Map<String, JsonNode> schemas(Path folder) throws IOException {
        Map<String, JsonNode> schemas = new HashMap<>();
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.filter(f -> f.toString().endsWith(".schema.json")).toList()) {
                schemas.put(file.getFileName().toString(), JSON.readTree(file));
            }
        }
        return schemas;
    }

    /** Every keyword but those that only explain; what is nested is compared in the same way. */
    private void compare(String place, JsonNode before, JsonNode after) {
        if (place.endsWith("/required") && !place.endsWith("/properties/required")) {
            compareValues(place, orNone(before), orNone(after));
        } else if (before == null) {
            add("minor", place, "is new");
        } else if (after == null) {
            add("major", place, "is gone");
        } else if (before.isObject() && after.isObject()) {
            compareObjects(place, before, after);
        } else if (!before.equals(after)) {
            compareValues(place, before, after);
        }
    }

    private void compareObjects(String place, JsonNode before, JsonNode after) {
        Set<String> names = new TreeSet<>(before.propertyNames());
        names.addAll(after.propertyNames());
        boolean properties = place.endsWith("/properties");
        for (String name : names) {
            if (properties || !Set.of("description", "title", "$comment", "$id", "examples").contains(name)) {
                compare(place + "/" + name, before.get(name), after.get(name));
            } else if (!Objects.equals(before.get(name), after.get(name))) {
                add("patch", place + "/" + name, "reads differently");
            }
        }
    }

    private void compareValues(String place, JsonNode before, JsonNode after) {
        if (!before.isArray() || !after.isArray()) {
            add("major", place, before + " became " + after);
            return;
        }
        Set<JsonNode> gone = elements(before);
        gone.removeAll(elements(after));
        Set<JsonNode> added = elements(after);
        added.removeAll(elements(before));
        // Fewer that are required, or more that are allowed: a report may break its reader, and a study has more freedom.
        boolean required = place.endsWith("/required");
        gone.forEach(one -> add(required && input ? "minor" : "major", place, one + " is gone"));
        added.forEach(one -> add(required && input ? "major" : "minor", place, one + " is new"));
    }

    /** Nothing is required where the keyword is missing. */
    private static JsonNode orNone(JsonNode array) {
        return array == null ? JSON.createArrayNode() : array;
    }

    private static Set<JsonNode> elements(JsonNode array) {
        Set<JsonNode> elements = new LinkedHashSet<>();
        array.forEach(elements::add);
        return elements;
    }

    private void add(String part, String place, String what) {
        changes.add(part + " " + file + " " + (place.isEmpty() ? "the schema" : place) + ": " + what);
    }
}
