package dev.jeton.management;

import java.util.HashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.StringNode;

/** What a case says of an answer; it names what the tool reads, and an answer may hold more. */
final class ExpectedJson {
    private static final Pattern PLACEHOLDER = Pattern.compile("\\{([a-z_0-9]+)\\}");
    private static final Pattern NEW = Pattern.compile("\\{new ([a-z_0-9]+)(?: like (.+))?\\}");
    private static final Pattern LIKE = Pattern.compile("\\{like (.+)\\}");
    private static final JsonNode AMONG = StringNode.valueOf("{among}");
    private static final JsonNode ABSENT = StringNode.valueOf("{absent}");
    private static final JsonNode ANY = StringNode.valueOf("{any}");

    private final Map<String, String> values = new HashMap<>();

    /** @param known what placeholders stand for from the beginning */
    ExpectedJson(Map<String, String> known) {
        values.putAll(known);
    }

    /** The text with its placeholders filled in. */
    String fill(String text) {
        return PLACEHOLDER.matcher(text).replaceAll(match -> {
            String value = values.get(match.group(1));
            if (value == null) {
                throw new AssertionError("there is no value for " + match.group());
            }
            return Matcher.quoteReplacement(value);
        });
    }

    /** Compares an answer with what is expected of it, and keeps the values that this names. */
    void match(String expected, String answer) {
        if (expected.isEmpty()) {
            if (!answer.isEmpty()) {
                throw new AssertionError("expected no body");
            }
        } else {
            match(JsonMapper.shared().readTree(expected), JsonMapper.shared().readTree(answer), "");
        }
    }

    private void match(JsonNode expected, JsonNode actual, String path) {
        if (expected.isObject()) {
            if (!actual.isObject()) {
                throw mismatch(path, expected, actual);
            }
            expected.properties().forEach(member -> {
                String place = path + "." + member.getKey();
                if (member.getValue().equals(ABSENT)) {
                    if (actual.has(member.getKey())) {
                        throw mismatch(place, member.getValue(), actual.path(member.getKey()));
                    }
                } else {
                    match(member.getValue(), actual.path(member.getKey()), place);
                }
            });
        } else if (expected.isArray()) {
            if (!actual.isArray()) {
                throw mismatch(path, expected, actual);
            }
            matchList(expected, actual, path);
        } else if (expected.isString()) {
            matchText(expected, actual, path);
        } else if (!expected.equals(actual)) {
            throw mismatch(path, expected, actual);
        }
    }

    private void matchList(JsonNode expected, JsonNode actual, String path) {
        if (AMONG.equals(expected.get(0))) {
            for (int i = 1; i < expected.size(); i++) {
                if (!holds(actual, expected.get(i))) {
                    throw mismatch(path, expected.get(i), actual);
                }
            }
        } else if (expected.size() != actual.size()) {
            throw mismatch(path, expected, actual);
        } else {
            for (int i = 0; i < expected.size(); i++) {
                match(expected.get(i), actual.get(i), path + "[" + i + "]");
            }
        }
    }

    private boolean holds(JsonNode list, JsonNode expected) {
        Map<String, String> before = Map.copyOf(values);
        for (JsonNode element : list) {
            try {
                match(expected, element, "");
                return true;
            } catch (AssertionError e) {
                values.clear();
                values.putAll(before);
            }
        }
        return false;
    }

    private void matchText(JsonNode expected, JsonNode actual, String path) {
        Matcher fresh = NEW.matcher(expected.asString());
        Matcher like = LIKE.matcher(expected.asString());
        boolean matches;
        if (expected.equals(ANY)) {
            matches = !actual.isMissingNode() && !actual.isNull();
        } else if (fresh.matches()) {
            String pattern = fresh.group(2);
            matches = actual.isString() && (pattern == null || actual.asString().matches(pattern));
            values.put(fresh.group(1), actual.asString(""));
        } else if (like.matches()) {
            matches = actual.isString() && actual.asString().matches(like.group(1));
        } else {
            matches = actual.isString() && actual.asString().equals(fill(expected.asString()));
        }
        if (!matches) {
            throw mismatch(path, expected, actual);
        }
    }

    private AssertionError mismatch(String path, JsonNode expected, JsonNode actual) {
        String there = actual.isMissingNode() ? "nothing" : actual.toString();
        return new AssertionError(
                (path.isEmpty() ? "the answer" : path.substring(1)) + ": expected " + expected + ", found " + there);
    }
}
