package dev.jeton.management;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import tools.jackson.databind.JsonNode;

/**
 * The fields of one of Auth0's entities that Jeton keeps and gives back but does not act on: their names and, so that
 * what comes back is what Auth0 would have taken, the JSON type of each.
 */
public final class KeptFields {
    public static final KeptFields NONE = new KeptFields(Map.of());

    private static final int MAX_TEXT = 100_000;
    private static final int MAX_ITEMS = 1_000;

    /** Finds what is wrong with a value at a path. */
    private interface Shape {
        Optional<Misfit> misfit(JsonNode value, String path);
    }

    /** What is wrong, in the words of Auth0's validator, and where. */
    record Misfit(String detail, String path) {}

    private final Map<String, Shape> shapes;

    private KeptFields(Map<String, Shape> shapes) {
        this.shapes = shapes;
    }

    public KeptFields withFlags(String... names) {
        return with((value, path) -> ofType("boolean", value.isBoolean(), value, path), names);
    }

    public KeptFields withIntegers(String... names) {
        return with(
                (value, path) -> ofType("integer", value.isIntegralNumber() && value.canConvertToLong(), value, path),
                names);
    }

    public KeptFields withTexts(String... names) {
        return with(KeptFields::text, names);
    }

    /** Arrays of strings. */
    public KeptFields withTextLists(String... names) {
        return with((value, path) -> list(value, path, KeptFields::text), names);
    }

    /** Arrays of objects. */
    public KeptFields withObjectLists(String... names) {
        return with((value, path) -> list(value, path, KeptFields::object), names);
    }

    public KeptFields withObjects(String... names) {
        return with(KeptFields::object, names);
    }

    /** A string that is one of these values. */
    public KeptFields withOneOf(String name, String... values) {
        Set<String> known = Set.of(values);
        return with(
                (value, path) -> text(value, path)
                        .or(() -> known.contains(value.stringValue())
                                ? Optional.empty()
                                : Optional.of(new Misfit("No enum match for: " + value.stringValue(), path))),
                name);
    }

    private KeptFields with(Shape shape, String... names) {
        Map<String, Shape> more = new HashMap<>(shapes);
        List.of(names).forEach(name -> more.put(name, shape));
        return new KeptFields(Map.copyOf(more));
    }

    boolean has(String name) {
        return shapes.containsKey(name);
    }

    /** What is wrong with the value of a field that is kept; null never is, it removes the field. */
    Optional<Misfit> misfit(String name, JsonNode value) {
        Shape shape = shapes.get(name);
        return shape == null || value.isNull() ? Optional.empty() : shape.misfit(value, name);
    }

    private static Optional<Misfit> text(JsonNode value, String path) {
        return ofType("string", value.isString(), value, path)
                .or(() -> value.stringValue().length() > MAX_TEXT
                        ? Optional.of(new Misfit(
                                "String is too long (" + value.stringValue().length() + " chars), maximum " + MAX_TEXT,
                                path))
                        : Optional.empty());
    }

    private static Optional<Misfit> object(JsonNode value, String path) {
        return ofType("object", value.isObject(), value, path);
    }

    private static Optional<Misfit> list(JsonNode value, String path, Shape item) {
        if (!value.isArray()) {
            return ofType("array", false, value, path);
        }
        if (value.size() > MAX_ITEMS) {
            return Optional.of(new Misfit("Array is too long (" + value.size() + "), maximum " + MAX_ITEMS, path));
        }
        for (int i = 0; i < value.size(); i++) {
            Optional<Misfit> misfit = item.misfit(value.get(i), path + "[" + i + "]");
            if (misfit.isPresent()) {
                return misfit;
            }
        }
        return Optional.empty();
    }

    private static Optional<Misfit> ofType(String expected, boolean fits, JsonNode found, String path) {
        return fits
                ? Optional.empty()
                : Optional.of(new Misfit("Expected type " + expected + " but found type " + Fields.type(found), path));
    }
}
