package dev.jeton.management;

import java.util.List;
import java.util.Map;

/**
 * The scope that Auth0 asks for where Jeton has nothing: tools that walk a whole tenant skip what they may not read, and
 * stop at what does not exist.
 */
final class Unsupported {
    /** Whose scopes are not named like the first part of their path. */
    private static final Map<String, String> NOUNS = Map.of(
            "emails", "email_provider",
            "guardian", "guardian_factors",
            "users-by-email", "users",
            "tickets", "user_tickets",
            "jobs", "users",
            "blacklists", "tokens",
            "user-blocks", "users",
            "verifiable-credentials", "vdcs_templates",
            "risk-assessments", "attack_protection",
            "anomaly", "anomaly_blocks");

    private Unsupported() {}

    /** @param path below {@code /api/v2/}, as it was sent */
    static List<String> scopes(String method, String path) {
        String first = path.split("/", 2)[0];
        String noun = NOUNS.getOrDefault(first, first.replace('-', '_'));
        String verb = switch (method) {
            case "POST" -> "create";
            case "PATCH", "PUT" -> "update";
            case "DELETE" -> "delete";
            default -> "read";
        };
        return List.of(verb + ":" + noun.replaceAll("[^a-z0-9_]", ""));
    }
}
