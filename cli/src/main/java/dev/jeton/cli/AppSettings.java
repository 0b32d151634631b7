package dev.jeton.cli;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;
import tools.jackson.databind.node.ObjectNode;

/** The settings of an application that can be given when it is created and changed later. */
final class AppSettings {
    @Option(names = "--description", paramLabel = "TEXT", description = "What it is for, up to 140 characters.")
    @Nullable
    String description;

    @Option(
            names = "--type",
            paramLabel = "TYPE",
            completionCandidates = Choices.ApplicationTypes.class,
            description = "non_interactive (a machine, the default), regular_web, native or spa.")
    @Nullable
    String type;

    @Option(
            names = "--auth-method",
            paramLabel = "METHOD",
            completionCandidates = Choices.AuthenticationMethods.class,
            description = "How it sends its secret: client_secret_post or client_secret_basic; either unless given.")
    @Nullable
    String authMethod;

    @Option(
            names = "--grant-type",
            paramLabel = "TYPE",
            description = "Grant type it may use, repeatable; client_credentials unless given.")
    List<String> grantTypes = new ArrayList<>();

    @Option(
            names = "--metadata",
            paramLabel = "KEY=VALUE",
            description = "Metadata that Hooks and Actions can read, repeatable.")
    Map<String, String> metadata = new LinkedHashMap<>();

    /** Writes those that were given into a request's body. */
    void writeTo(ObjectNode body) {
        putIfGiven(body, "description", description);
        putIfGiven(body, "app_type", type);
        putIfGiven(body, "token_endpoint_auth_method", authMethod);
        if (!grantTypes.isEmpty()) {
            body.set("grant_types", Json.strings(grantTypes));
        }
        if (!metadata.isEmpty()) {
            metadata.forEach(body.putObject("client_metadata")::put);
        }
    }

    private static void putIfGiven(ObjectNode body, String field, @Nullable String value) {
        if (value != null) {
            body.put(field, value);
        }
    }
}
