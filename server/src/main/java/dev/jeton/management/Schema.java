package dev.jeton.management;

import java.math.BigInteger;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;

/**
 * What a value in the body of a request may be. It says what does not fit in the words of Auth0's validator, which tools
 * match on.
 */
public sealed interface Schema {
    /** The longest string and array where nothing else bounds them: what is only kept must not fill a disk either. */
    int MAX_TEXT = 100_000;

    int MAX_ITEMS = 1_000;
    int MAX_MEMBERS = 1_000;

    /** What is wrong, and at which path, as in {@code groups[0].email}; the empty one is the body itself. */
    record Misfit(String detail, String path) {}

    /** The first thing that is wrong with a value at a path. */
    Optional<Misfit> misfit(JsonNode value, String path);

    static Text text() {
        return text(0, MAX_TEXT);
    }

    static Text text(int minLength, int maxLength) {
        return new Text(minLength, maxLength, Optional.empty(), Set.of(), "");
    }

    static Text oneOf(String... values) {
        return new Text(
                0, MAX_TEXT, Optional.empty(), Collections.unmodifiableSet(new LinkedHashSet<>(List.of(values))), "");
    }

    static Flag flag() {
        return new Flag();
    }

    static Whole whole(long min, long max) {
        return new Whole(min, max);
    }

    /** A number, whole or not. */
    static Amount amount(double min, double max) {
        return new Amount(min, max);
    }

    static Items listOf(Schema item) {
        return new Items(item, 0, MAX_ITEMS, false);
    }

    /** An object without a member; {@link Members#with} and {@link Members#require} add what it may hold. */
    static Members object() {
        return new Members(Map.of(), Set.of(), 0, MAX_MEMBERS, Optional.empty());
    }

    /** An object of any members: what Jeton keeps and gives back without looking into it. */
    static Members anyObject() {
        return object().others(anything());
    }

    /** One of several things: only answers are so. */
    static EitherOf eitherOf(Schema... schemas) {
        return new EitherOf(List.of(schemas));
    }

    static Anything anything() {
        return new Anything();
    }

    /** The same, which the description has once under that name. */
    default Named named(String name) {
        return new Named(name, this);
    }

    /** The same, or null. */
    default Schema orNull() {
        return new OrNull(this);
    }

    /**
     * A string.
     *
     * @param values if there are any, it is one of these
     * @param hint what a person is told besides, who sent another or one that does not match the pattern; may be empty
     */
    record Text(int minLength, int maxLength, Optional<Pattern> pattern, Set<String> values, String hint)
            implements Schema {
        public Text pattern(String regex) {
            return new Text(minLength, maxLength, Optional.of(Pattern.compile(regex)), values, hint);
        }

        public Text hint(String more) {
            return new Text(minLength, maxLength, pattern, values, more);
        }

        @Override
        public Optional<Misfit> misfit(JsonNode value, String path) {
            if (!value.isString()) {
                return wrongType("string", value, path);
            }
            String text = value.stringValue();
            if (text.length() < minLength) {
                return wrong("String is too short (" + text.length() + " chars), minimum " + minLength, path);
            }
            if (text.length() > maxLength) {
                return wrong("String is too long (" + text.length() + " chars), maximum " + maxLength, path);
            }
            if (pattern.isPresent() && !pattern.get().matcher(text).find()) {
                return wrong("String does not match pattern " + pattern.get() + ": " + text + hinted(), path);
            }
            if (!values.isEmpty() && !values.contains(text)) {
                return wrong("No enum match for: " + text + hinted(), path);
            }
            return Optional.empty();
        }

        private String hinted() {
            return hint.isEmpty() ? "" : "; " + hint;
        }
    }

    /** A truth value. */
    record Flag() implements Schema {
        @Override
        public Optional<Misfit> misfit(JsonNode value, String path) {
            return value.isBoolean() ? Optional.empty() : wrongType("boolean", value, path);
        }
    }

    /** A whole number within bounds. */
    record Whole(long min, long max) implements Schema {
        @Override
        public Optional<Misfit> misfit(JsonNode value, String path) {
            if (!value.isIntegralNumber()) {
                return wrongType("integer", value, path);
            }
            BigInteger number = value.bigIntegerValue();
            if (number.compareTo(BigInteger.valueOf(min)) < 0) {
                return wrong("Value " + number + " is less than minimum " + min, path);
            }
            if (number.compareTo(BigInteger.valueOf(max)) > 0) {
                return wrong("Value " + number + " is greater than maximum " + max, path);
            }
            return Optional.empty();
        }
    }

    /** A number within bounds, whole or not. */
    record Amount(double min, double max) implements Schema {
        @Override
        public Optional<Misfit> misfit(JsonNode value, String path) {
            if (!value.isNumber()) {
                return wrongType("number", value, path);
            }
            double number = value.doubleValue();
            if (number < min) {
                return wrong("Value " + value + " is less than minimum " + min, path);
            }
            if (number > max) {
                return wrong("Value " + value + " is greater than maximum " + max, path);
            }
            return Optional.empty();
        }
    }

    /** An array. */
    record Items(Schema item, int min, int max, boolean isUnique) implements Schema {
        public Items between(int fewest, int most) {
            return new Items(item, fewest, most, isUnique);
        }

        public Items unique() {
            return new Items(item, min, max, true);
        }

        @Override
        public Optional<Misfit> misfit(JsonNode value, String path) {
            if (!value.isArray()) {
                return wrongType("array", value, path);
            }
            if (value.size() < min) {
                return wrong("Array is too short (" + value.size() + "), minimum " + min, path);
            }
            if (value.size() > max) {
                return wrong("Array is too long (" + value.size() + "), maximum " + max, path);
            }
            Map<JsonNode, Integer> seen = new HashMap<>();
            for (int i = 0; i < value.size(); i++) {
                Optional<Misfit> misfit = item.misfit(value.get(i), path + "[" + i + "]");
                if (misfit.isPresent()) {
                    return misfit;
                }
                Integer before = isUnique ? seen.putIfAbsent(value.get(i), i) : null;
                if (before != null) {
                    return wrong("Array items are not unique (indexes " + before + " and " + i + ")", path);
                }
            }
            return Optional.empty();
        }
    }

    /**
     * An object.
     *
     * @param known its members by their names
     * @param others what any other member may be; if empty, there may be none
     */
    record Members(Map<String, Schema> known, Set<String> required, int min, int max, Optional<Schema> others)
            implements Schema {
        public Members {
            known = Collections.unmodifiableMap(new LinkedHashMap<>(known));
            required = Collections.unmodifiableSet(new LinkedHashSet<>(required));
        }

        /** The same with more members, which all may be that. */
        public Members with(Schema schema, String... names) {
            Map<String, Schema> more = new LinkedHashMap<>(known);
            List.of(names).forEach(name -> more.put(name, schema));
            return new Members(more, required, min, max, others);
        }

        /** The same with more members, which must be there. */
        public Members require(Schema schema, String... names) {
            Set<String> more = new LinkedHashSet<>(required);
            more.addAll(List.of(names));
            Members all = with(schema, names);
            return new Members(all.known, more, min, max, others);
        }

        /** The same without members of those names. */
        public Members without(String... names) {
            Map<String, Schema> fewer = new LinkedHashMap<>(known);
            Set<String> stillRequired = new LinkedHashSet<>(required);
            List.of(names).forEach(name -> {
                fewer.remove(name);
                stillRequired.remove(name);
            });
            return new Members(fewer, stillRequired, min, max, others);
        }

        /** The same, where null in a member of these names is allowed: it removes what is kept. */
        public Members nullable(String... names) {
            Map<String, Schema> changed = new LinkedHashMap<>(known);
            List.of(names).forEach(name -> changed.computeIfPresent(name, (_, schema) -> schema.orNull()));
            return new Members(changed, required, min, max, others);
        }

        /** The same, as a change of a thing: nothing has to be there. */
        public Members optional() {
            return new Members(known, Set.of(), min, max, others);
        }

        public Members between(int fewest, int most) {
            return new Members(known, required, fewest, most, others);
        }

        public Members others(Schema schema) {
            return new Members(known, required, min, max, Optional.of(schema));
        }

        @Override
        public Optional<Misfit> misfit(JsonNode value, String path) {
            if (!value.isObject()) {
                return wrongType("object", value, path);
            }
            List<String> unknown = others.isPresent()
                    ? List.of()
                    : value.propertyNames().stream()
                            .filter(name -> !known.containsKey(name))
                            .toList();
            if (!unknown.isEmpty()) {
                return wrong("Additional properties not allowed: " + String.join(",", unknown), path);
            }
            for (String name : required) {
                if (!value.has(name)) {
                    return wrong("Missing required property: " + name, path);
                }
            }
            if (value.size() < min) {
                return wrong("Too few properties defined (" + value.size() + "), minimum " + min, path);
            }
            if (value.size() > max) {
                return wrong("Too many properties defined (" + value.size() + "), maximum " + max, path);
            }
            for (Map.Entry<String, JsonNode> member : value.properties()) {
                Optional<Schema> schema =
                        Optional.ofNullable(known.get(member.getKey())).or(() -> others);
                String at = path.isEmpty() ? member.getKey() : path + "." + member.getKey();
                Optional<Misfit> misfit = schema.flatMap(fits -> fits.misfit(member.getValue(), at));
                if (misfit.isPresent()) {
                    return misfit;
                }
            }
            return Optional.empty();
        }
    }

    /** Any JSON. */
    record Anything() implements Schema {
        @Override
        public Optional<Misfit> misfit(JsonNode value, String path) {
            return Optional.empty();
        }
    }

    /** One of these. */
    record EitherOf(List<Schema> schemas) implements Schema {
        @Override
        public Optional<Misfit> misfit(JsonNode value, String path) {
            return schemas.stream()
                            .anyMatch(schema -> schema.misfit(value, path).isEmpty())
                    ? Optional.empty()
                    : wrong("Data does not match any schemas from 'anyOf'", path);
        }
    }

    /** Null, or that. */
    record OrNull(Schema schema) implements Schema {
        @Override
        public Optional<Misfit> misfit(JsonNode value, String path) {
            return value.isNull() ? Optional.empty() : schema.misfit(value, path);
        }
    }

    /** That, as the description calls it. */
    record Named(String name, Schema schema) implements Schema {
        @Override
        public Optional<Misfit> misfit(JsonNode value, String path) {
            return schema.misfit(value, path);
        }
    }

    private static Optional<Misfit> wrong(String detail, String path) {
        return Optional.of(new Misfit(detail, path));
    }

    private static Optional<Misfit> wrongType(String expected, JsonNode found, String path) {
        return wrong("Expected type " + expected + " but found type " + Fields.type(found), path);
    }
}
