package dev.jeton.cli;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * The npm packages that a script requires.
 *
 * @param versions by package, in the order they were given; empty for the latest, which only Actions may leave to the
 *     server
 */
record Dependencies(Map<String, String> versions) {
    private static final Pattern EXACT_VERSION =
            Pattern.compile("\\d+\\.\\d+\\.\\d+(-[0-9a-zA-Z.-]+)?(\\+[0-9a-zA-Z.-]+)?");

    /** Those of repeated {@code --dependency NAME@VERSION}; an empty one adds nothing. */
    static Dependencies of(List<String> options) {
        Map<String, String> versions = new LinkedHashMap<>();
        for (String option : options) {
            if (option.isBlank()) {
                continue; // --dependency '' alone empties the list
            }
            int at = option.lastIndexOf('@');
            boolean hasVersion = at > 0; // the first character may be that of a scope, as in @scope/name
            String name = hasVersion ? option.substring(0, at) : option;
            String version = hasVersion ? option.substring(at + 1) : "";
            if (hasVersion && version.isEmpty()) {
                throw Failure.usage("a dependency is NAME@VERSION, unlike '" + option + "'");
            }
            if (versions.put(name, version) != null) {
                throw Failure.usage("the dependency " + name + " is given twice");
            }
        }
        return new Dependencies(versions);
    }

    /** The same, where they are what the server takes for that kind: no range, no tag, no address. */
    Dependencies exactFor(Extension.Kind kind) {
        if (kind == Extension.Kind.HOOK) {
            requireVersions();
        }
        versions.forEach((name, version) -> {
            if (!version.isEmpty() && !EXACT_VERSION.matcher(version).matches()) {
                throw Failure.usage("the version of " + name + " is one like 2.1.3, unlike '" + version + "'");
            }
        });
        return this;
    }

    private void requireVersions() {
        versions.forEach((name, version) -> {
            if (version.isEmpty()) {
                throw Failure.usage("which version of " + name + "? a Hook's dependency is NAME@VERSION, as ms@2.1.3");
            }
        });
    }

    /** As the server takes them for that kind. */
    JsonNode of(Extension.Kind kind) {
        return switch (kind) {
            case HOOK -> ofHook();
            case ACTION -> ofAction();
        };
    }

    /** Each with its version. */
    private ObjectNode ofHook() {
        requireVersions();
        ObjectNode json = Json.object();
        versions.forEach(json::put);
        return json;
    }

    private JsonNode ofAction() {
        return Json.array(versions.entrySet().stream()
                .<JsonNode>map(dependency -> {
                    ObjectNode json = Json.object().put("name", dependency.getKey());
                    return dependency.getValue().isEmpty() ? json : json.put("version", dependency.getValue());
                })
                .toList());
    }

    /** Those in an answer of the server, in one line. */
    static String shown(JsonNode extension) {
        JsonNode dependencies = extension.path("dependencies");
        return dependencies.isArray()
                ? dependencies.values().stream()
                        .map(json -> Json.text(json, "name") + "@" + Json.text(json, "version"))
                        .collect(Collectors.joining(" "))
                : dependencies.properties().stream()
                        .map(entry -> entry.getKey() + "@" + Json.text(entry.getValue()))
                        .collect(Collectors.joining(" "));
    }
}
