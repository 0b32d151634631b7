package dev.jeton.cli;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import tools.jackson.databind.JsonNode;

/**
 * What the server answered.
 *
 * @param body missing node if there was none
 * @param requestId what the server's log calls the request
 * @param retryAfter seconds, as the header has them
 */
record Answer(int status, JsonNode body, Optional<String> requestId, Optional<String> retryAfter) {

    boolean isSuccess() {
        return status >= 200 && status < 300;
    }

    /** Whether the same request may well succeed later: too many requests, or the server or what is before it not ready. */
    boolean isTemporary() {
        return switch (status) {
            case 429, 502, 504 -> true;
            case 503 -> Set.of("", "temporarily_unavailable").contains(Json.text(body, "errorCode"));
            default -> false;
        };
    }

    /** The error's code: {@code errorCode} of the management API, {@code error} of the token endpoint. */
    String errorCode() {
        String code = Json.text(body, "errorCode");
        return code.isEmpty() ? Json.text(body, "error") : code;
    }

    /** The reason in the server's words, in one line. */
    String reason() {
        String words = List.of("message", "error_description", "error").stream()
                .map(field -> Json.text(body, field))
                .filter(text -> !text.isBlank())
                .findFirst()
                .orElse("HTTP status " + status);
        return status >= 500 && requestId.isPresent() ? words + " (request " + requestId.get() + ")" : words;
    }
}
