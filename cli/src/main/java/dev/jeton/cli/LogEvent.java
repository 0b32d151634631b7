package dev.jeton.cli;

import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;

/** One event of the log as one line for people. */
record LogEvent(JsonNode json) {

    String id() {
        return Json.text(json, "log_id");
    }

    /** Time, type, client or administrator, audience, description and address; what the event does not have is left out. */
    String line() {
        String time = Moment.of(Json.text(json, "date"));
        String type = "%-7s %-18s".formatted(Json.text(json, "type"), word());
        String who = firstGiven("client_name", "client_id", "user_name", "user_id");
        String audience = Json.text(json, "audience");
        return Stream.of(
                        time,
                        type,
                        who,
                        audience.isEmpty() ? "" : "for " + audience,
                        Json.text(json, "description"),
                        firstGiven("ip", "client_ip"))
                .filter(part -> !part.isBlank())
                .collect(Collectors.joining("  "));
    }

    private String firstGiven(String... fields) {
        return List.of(fields).stream()
                .map(field -> Json.text(json, field))
                .filter(text -> !text.isEmpty())
                .findFirst()
                .orElse("");
    }

    private String word() {
        return switch (Json.text(json, "type")) {
            case "seccft" -> "token issued";
            case "feccft" -> "token refused";
            case "sapi" -> "change made";
            case "fapi" -> "change refused";
            case "mgmt_api_read" -> "secret read";
            case "s" -> "signed in";
            case "fp", "fu" -> "sign-in refused";
            case "slo" -> "signed out";
            case "ss" -> "joined";
            case "scp" -> "password changed";
            case "fcp" -> "password kept";
            case "api_limit" -> "rate limit reached";
            case "api_limit_warning" -> "rate limit near";
            case "token_quota_consumption_warning" -> "token quota near";
            case "actions_execution_failed" -> "action failed";
            case "depnote" -> "deprecated use";
            default -> "";
        };
    }
}
