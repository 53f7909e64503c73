package io.tcplab.diagnose;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.json.JsonFactory;

/** JSON as maps, lists, strings, doubles and booleans: enough to read a small report without a library to bind it. */
final class JsonTree {
    private static final JsonFactory FACTORY = new JsonFactory();

    private JsonTree() {}

    /**
     * An object.
     *
     * @throws IllegalArgumentException if the text isn't one
     */
    static Map<?, ?> object(String json) {
        try (JsonParser parser = FACTORY.createParser(ObjectReadContext.empty(), json)) {
            parser.nextToken();
            if (value(parser) instanceof Map<?, ?> object) {
                return object;
            }
            throw new IllegalArgumentException("not a JSON object: " + json);
        } catch (JacksonException e) {
            throw new IllegalArgumentException("not JSON: " + json, e);
        }
    }

    static Map<?, ?> object(Map<?, ?> of, String name) {
        if (of.get(name) instanceof Map<?, ?> object) {
            return object;
        }
        throw missing(name, "object");
    }

    static List<Map<?, ?>> objects(Map<?, ?> of, String name) {
        List<Map<?, ?>> objects = new ArrayList<>();
        for (Object each : array(of, name)) {
            if (each instanceof Map<?, ?> object) {
                objects.add(object);
            }
        }
        return objects;
    }

    static List<String> texts(Map<?, ?> of, String name) {
        return array(of, name).stream().map(String::valueOf).toList();
    }

    static String text(Map<?, ?> of, String name) {
        if (of.get(name) instanceof String text) {
            return text;
        }
        throw missing(name, "string");
    }

    static double number(Map<?, ?> of, String name) {
        if (of.get(name) instanceof Double number) {
            return number;
        }
        throw missing(name, "number");
    }

    private static List<?> array(Map<?, ?> of, String name) {
        if (of.get(name) instanceof List<?> list) {
            return list;
        }
        throw missing(name, "array");
    }

    private static IllegalArgumentException missing(String name, String kind) {
        return new IllegalArgumentException("no " + kind + " called " + name);
    }

    private static Object value(JsonParser parser) {
        return switch (Objects.requireNonNull(parser.currentToken(), "the text ends too soon")) {
            case START_OBJECT -> members(parser);
            case START_ARRAY -> elements(parser);
            case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> parser.getDoubleValue();
            case VALUE_TRUE, VALUE_FALSE -> parser.getBooleanValue();
            default -> parser.getString();
        };
    }

    private static Map<String, Object> members(JsonParser parser) {
        Map<String, Object> members = new LinkedHashMap<>();
        while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
            String name = parser.currentName();
            parser.nextToken();
            members.put(name, value(parser));
        }
        return members;
    }

    private static List<Object> elements(JsonParser parser) {
        List<Object> elements = new ArrayList<>();
        while (parser.nextToken() != JsonToken.END_ARRAY) {
            elements.add(value(parser));
        }
        return elements;
    }
}
