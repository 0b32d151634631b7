package dev.jeton.cli;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/** What a token says about itself; nothing here has been checked. */
record UnverifiedToken(JsonNode header, JsonNode claims) {

    /** @throws Failure if it is no signed JWT that can be read: opaque, or encrypted for its API */
    static UnverifiedToken decode(String token) {
        String[] parts = token.split("\\.", -1);
        if (parts.length == 5) {
            throw Failure.refused("the token is encrypted for its API; only the API can read it");
        }
        if (parts.length != 3) {
            throw Failure.refused("the token is not a JWT; it has nothing to show");
        }
        try {
            return new UnverifiedToken(json(parts[0]), json(parts[1]));
        } catch (IllegalArgumentException | JacksonException _) {
            throw Failure.refused("the token is not a JWT: its header and claims are not JSON in base64url");
        }
    }

    private static JsonNode json(String part) {
        return Json.parse(new String(Base64.getUrlDecoder().decode(part), StandardCharsets.UTF_8));
    }
}
