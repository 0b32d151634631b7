package dev.jeton.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Scopes between the command line, the API and the screen. */
final class ScopeList {
    private static final int SHOWN_CHARACTERS = 60;

    private ScopeList() {}

    /** The scopes of repeated {@code --scope}; one option may hold several, separated by spaces. */
    static List<String> of(@Nullable List<String> options) {
        return options == null
                ? List.of()
                : options.stream()
                        .flatMap(option -> Stream.of(option.strip().split("\\s+")))
                        .filter(scope -> !scope.isEmpty())
                        .distinct()
                        .toList();
    }

    /** The scopes that an API defines, each given as {@code value} or {@code value=description}. */
    static ArrayNode definitions(List<String> options) {
        List<JsonNode> definitions = new ArrayList<>();
        for (String option : options) {
            String[] parts = option.split("=", 2);
            if (parts[0].isBlank()) {
                continue; // --scope '' alone empties the list
            }
            ObjectNode definition = Json.object().put("value", parts[0].strip());
            if (parts.length == 2) {
                definition.put("description", parts[1]);
            }
            definitions.add(definition);
        }
        return Json.array(definitions);
    }

    /** As many as fit a table, and how many more there are. */
    static String shown(List<String> scopes) {
        StringBuilder shown = new StringBuilder();
        for (int i = 0; i < scopes.size(); i++) {
            String scope = scopes.get(i);
            if (i > 0 && shown.length() + scope.length() > SHOWN_CHARACTERS) {
                return shown + " +" + (scopes.size() - i) + " more";
            }
            shown.append(i == 0 ? "" : " ").append(scope);
        }
        return shown.toString();
    }
}
