package dev.jeton.cli;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/**
 * Secrets for an import, from a file: {@code {"clients": {NAME OR ID: SECRET}, "hooks": {NAME: {KEY: VALUE}}, "actions":
 * {NAME: {KEY: VALUE}}}}. No message quotes a value.
 */
final class ImportSecrets {
    private static final int MAX_BYTES = 10_000_000;

    private final JsonNode json;

    private ImportSecrets(JsonNode json) {
        this.json = json;
    }

    static ImportSecrets none() {
        return new ImportSecrets(Json.object());
    }

    static ImportSecrets read(Path file, Shell shell) {
        String text = new InputFile("the secrets", file).read(shell, MAX_BYTES);
        JsonNode json;
        try {
            json = Json.parse(text);
        } catch (JacksonException _) {
            throw Failure.usage("the secrets in " + file + " are not JSON");
        }
        for (String member : json.propertyNames()) {
            boolean isKnown = member.equals("clients") || member.equals("hooks") || member.equals("actions");
            if (!isKnown || !json.path(member).isObject()) {
                throw Failure.usage(
                        "the secrets in " + file
                                + " are {\"clients\": {NAME: SECRET}, \"hooks\": {NAME: {KEY: VALUE}}, \"actions\": {NAME: {KEY: VALUE}}}");
            }
        }
        return new ImportSecrets(json);
    }

    /** The secret of a client, found by its id in the old tenant before its name. */
    Optional<Secret> ofClient(String name, String oldId) {
        JsonNode clients = json.path("clients");
        String text = Json.text(clients, oldId);
        String secret = text.isEmpty() ? Json.text(clients, name) : text;
        return secret.isEmpty() ? Optional.empty() : Optional.of(new Secret(secret));
    }

    /** @param kind {@code hooks} or {@code actions} */
    Map<String, Secret> ofScript(String kind, String name) {
        Map<String, Secret> secrets = new LinkedHashMap<>();
        json.path(kind)
                .path(name)
                .properties()
                .forEach(member -> secrets.put(member.getKey(), new Secret(Json.text(member.getValue()))));
        return secrets;
    }
}
