package dev.jeton.management;

import dev.jeton.http.ApiError;
import dev.jeton.http.Request;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * The JSON object of a request's body, read field by field; what does not fit is refused with the field named, in the
 * words of Auth0's validator. A field is absent, null, or there: each reader says what null means.
 */
public final class Fields {
    private static final JsonMapper JSON = JsonMapper.builder(JsonFactory.builder()
                    .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                    .streamReadConstraints(
                            StreamReadConstraints.builder().maxNestingDepth(32).build())
                    .build())
            .build();

    /** What was sent is repeated in a refusal no further than this. */
    private static final int MAX_MESSAGE = 1_000;

    private final ObjectNode body;
    private final String prefix;
    private final Set<String> read = new HashSet<>();

    private Fields(ObjectNode body, String prefix) {
        this.body = body;
        this.prefix = prefix;
    }

    /** Reads the body of a request: one JSON object in UTF-8, no member twice. */
    public static Fields of(Request request) {
        return of(parse(request));
    }

    /** The same, if it fits that schema: what is read from it then, is what the schema says. */
    public static Fields of(Request request, Schema schema) {
        return of(parse(request), schema);
    }

    private static Fields of(JsonNode node, Schema schema) {
        Fields fields = of(node);
        requireFit(node, schema);
        return fields;
    }

    private static void requireFit(JsonNode node, Schema schema) {
        schema.misfit(node, "").ifPresent(misfit -> {
            throw misfit(misfit.detail(), misfit.path());
        });
    }

    private static Fields of(JsonNode node) {
        if (node instanceof ObjectNode object) {
            requireText(object, "");
            return new Fields(object, "");
        }
        throw misfit("Expected type object but found type " + type(node), "");
    }

    /** The same; an object without a member if there is no body, or null, which some tools send for none. */
    public static Fields ofOptional(Request request, Schema schema) {
        JsonNode node = request.body().length == 0 ? JSON.nullNode() : parse(request);
        return of(node.isNull() ? JSON.createObjectNode() : node, schema);
    }

    /** Reads the body of a request that is an array of strings, if it fits that schema. */
    public static List<String> strings(Request request, Schema.Items schema) {
        JsonNode node = parse(request);
        requireText(node, "");
        requireFit(node, schema);
        return node.valueStream().map(JsonNode::stringValue).toList();
    }

    private static JsonNode parse(Request request) {
        try {
            return JSON.readTree(request.text());
        } catch (CharacterCodingException e) {
            throw invalid("The body is not UTF-8");
        } catch (JacksonException e) {
            throw invalid("The body is not well-formed JSON: " + withoutHalves(e.getOriginalMessage()));
        }
    }

    /** Refuses what JSON can spell but neither UTF-8 nor PostgreSQL can keep: halves of characters, NUL, infinity. */
    private static void requireText(JsonNode node, String path) {
        if (node.isString()) {
            String value = node.stringValue();
            if (value.indexOf('\0') >= 0) {
                throw misfit("String does not match pattern ^[^\\0]*$", path);
            }
            if (!isWellFormed(value)) {
                throw misfit("String is not well-formed Unicode", path);
            }
        } else if (node.isDouble() && !Double.isFinite(node.doubleValue())) {
            throw misfit("Number is out of range", path);
        } else if (node.isArray()) {
            for (int i = 0; i < node.size(); i++) {
                requireText(node.get(i), path + "[" + i + "]");
            }
        } else if (node instanceof ObjectNode object) {
            object.properties().forEach(entry -> {
                String name = entry.getKey();
                if (name.indexOf('\0') >= 0 || !isWellFormed(name)) {
                    throw misfit("A property name is not text", path);
                }
                requireText(entry.getValue(), path.isEmpty() ? name : path + "." + name);
            });
        }
    }

    private static boolean isWellFormed(String text) {
        return StandardCharsets.UTF_8.newEncoder().canEncode(text);
    }

    /** The same text with a question mark for each half of a surrogate pair, so that it can be answered. */
    private static String withoutHalves(String text) {
        return new String(text.getBytes(StandardCharsets.UTF_8), StandardCharsets.UTF_8);
    }

    /** The whole object, as it was sent; secrets still in it. */
    public ObjectNode json() {
        return body;
    }

    public boolean has(String name) {
        return body.has(name);
    }

    /** The whole object, if every member is a string. */
    public Map<String, String> allStrings() {
        Map<String, String> values = new LinkedHashMap<>();
        body.properties()
                .forEach(entry ->
                        values.put(entry.getKey(), text(entry.getValue(), entry.getKey(), 0, Integer.MAX_VALUE)));
        return values;
    }

    /** A truth value. */
    public Optional<Boolean> flag(String name) {
        return node(name).map(node -> {
            if (!node.isBoolean()) {
                throw wrongType("boolean", node, name);
            }
            return node.booleanValue();
        });
    }

    /** A truth value, or null, which is as empty as absence: ask {@link #has} to tell them apart. */
    public Optional<Boolean> nullableFlag(String name) {
        return node(name).filter(node -> !node.isNull()).flatMap(_ -> flag(name));
    }

    /** A string that must be there. */
    public String requireString(String name, int minLength, int maxLength) {
        return string(name, minLength, maxLength).orElseThrow(() -> missing(name));
    }

    /** The refusal of a body that lacks a field. */
    public ApiError.ApiException missing(String name) {
        return misfit("Missing required property: " + name, withoutDot(prefix));
    }

    private static String withoutDot(String prefix) {
        return prefix.isEmpty() ? "" : prefix.substring(0, prefix.length() - 1);
    }

    /** A string; null is a wrong type. */
    public Optional<String> string(String name, int minLength, int maxLength) {
        return node(name).map(node -> text(node, name, minLength, maxLength));
    }

    /** A string, or null, which is as empty as absence: ask {@link #has} to tell them apart. */
    public Optional<String> nullableString(String name, int minLength, int maxLength) {
        return node(name).filter(node -> !node.isNull()).map(node -> text(node, name, minLength, maxLength));
    }

    private String text(JsonNode node, String name, int minLength, int maxLength) {
        if (!node.isString()) {
            throw wrongType("string", node, name);
        }
        String value = node.stringValue();
        if (value.length() < minLength) {
            throw invalid("String is too short (" + value.length() + " chars), minimum " + minLength, name);
        }
        if (value.length() > maxLength) {
            throw invalid("String is too long (" + value.length() + " chars), maximum " + maxLength, name);
        }
        return value;
    }

    /** One of the values that {@code find} knows. */
    public <T> Optional<T> oneOf(String name, Function<String, Optional<T>> find) {
        return string(name, 0, 256)
                .map(value -> find.apply(value).orElseThrow(() -> invalid("No enum match for: " + value, name)));
    }

    /** A whole number within bounds. */
    public Optional<Long> integer(String name, long min, long max) {
        return node(name).map(node -> {
            if (!node.isIntegralNumber() || !node.canConvertToLong()) {
                throw wrongType("integer", node, name);
            }
            long value = node.longValue();
            if (value < min) {
                throw invalid("Value " + value + " is less than minimum " + min, name);
            }
            if (value > max) {
                throw invalid("Value " + value + " is greater than maximum " + max, name);
            }
            return value;
        });
    }

    /** An array of strings, none twice. */
    public Optional<List<String>> strings(String name, int maxItems, int maxLength) {
        return array(name, maxItems).map(node -> {
            List<String> values = new ArrayList<>();
            for (int i = 0; i < node.size(); i++) {
                String value = text(node.get(i), name + "[" + i + "]", 1, maxLength);
                int before = values.indexOf(value);
                if (before >= 0) {
                    throw invalid("Array items are not unique (indexes " + before + " and " + i + ")", name);
                }
                values.add(value);
            }
            return List.copyOf(values);
        });
    }

    /** An object. */
    public Optional<Fields> object(String name) {
        return node(name).map(node -> {
            if (!(node instanceof ObjectNode object)) {
                throw wrongType("object", node, name);
            }
            return new Fields(object, prefix + name + ".");
        });
    }

    /** An object, or null, which is as empty as absence. */
    public Optional<Fields> nullableObject(String name) {
        return node(name).filter(node -> !node.isNull()).flatMap(_ -> object(name));
    }

    /** An array of objects. */
    public Optional<List<Fields>> objects(String name, int maxItems) {
        return array(name, maxItems).map(node -> {
            List<Fields> items = new ArrayList<>();
            for (int i = 0; i < node.size(); i++) {
                String path = prefix + name + "[" + i + "]";
                if (!(node.get(i) instanceof ObjectNode item)) {
                    throw wrongType("object", node.get(i), name + "[" + i + "]");
                }
                items.add(new Fields(item, path + "."));
            }
            return items;
        });
    }

    private Optional<JsonNode> array(String name, int maxItems) {
        return node(name).map(node -> {
            if (!node.isArray()) {
                throw wrongType("array", node, name);
            }
            if (node.size() > maxItems) {
                throw invalid("Array is too long (" + node.size() + "), maximum " + maxItems, name);
            }
            return node;
        });
    }

    /** An object of strings; null as a value removes the key. */
    public Optional<Map<String, Optional<String>>> stringMap(String name, int maxKeys, int maxLength) {
        return node(name).map(node -> {
            if (!(node instanceof ObjectNode object)) {
                throw wrongType("object", node, name);
            }
            if (object.size() > maxKeys) {
                throw invalid("Too many properties defined (" + object.size() + "), maximum " + maxKeys, name);
            }
            Map<String, Optional<String>> values = new LinkedHashMap<>();
            object.properties().forEach(entry -> {
                String path = name + "." + entry.getKey();
                if (entry.getKey().isEmpty() || entry.getKey().length() > maxLength) {
                    throw invalid("A key has 1 to " + maxLength + " characters", name);
                }
                values.put(
                        entry.getKey(),
                        entry.getValue().isNull()
                                ? Optional.empty()
                                : Optional.of(text(entry.getValue(), path, 0, maxLength)));
            });
            return values;
        });
    }

    /** What has not been read put over what was kept before; null takes a member away. */
    public ObjectNode rest(ObjectNode before) {
        ObjectNode rest = before.deepCopy();
        body.properties().forEach(member -> {
            if (read.contains(member.getKey())) {
                return;
            }
            if (member.getValue().isNull()) {
                rest.remove(member.getKey());
            } else {
                rest.set(member.getKey(), member.getValue());
            }
        });
        return rest;
    }

    private Optional<JsonNode> node(String name) {
        read.add(name);
        return Optional.ofNullable(body.get(name));
    }

    /** A refusal in the validator's words. */
    public ApiError.ApiException invalid(String detail, String name) {
        return misfit(detail, prefix + name);
    }

    private static ApiError.ApiException misfit(String detail, String path) {
        return invalid(
                "Payload validation error: '" + detail + (path.isEmpty() ? "'." : "' on property " + path + "."));
    }

    private ApiError.ApiException wrongType(String expected, JsonNode found, String name) {
        return invalid("Expected type " + expected + " but found type " + type(found), name);
    }

    private static ApiError.ApiException invalid(String message) {
        return ApiError.badRequest(
                message.length() <= MAX_MESSAGE ? message : withoutHalves(message.substring(0, MAX_MESSAGE)) + "…",
                "invalid_body");
    }

    static String type(JsonNode node) {
        return switch (node.getNodeType()) {
            case ARRAY -> "array";
            case OBJECT -> "object";
            case STRING -> "string";
            case BOOLEAN -> "boolean";
            case NULL -> "null";
            case NUMBER -> node.isIntegralNumber() ? "integer" : "number";
            default -> "nothing";
        };
    }
}
