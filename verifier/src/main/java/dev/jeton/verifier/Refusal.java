package dev.jeton.verifier;

import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * An answer that is ready to send to a request that is refused, RFC 6750 §3. It holds nothing of the token.
 *
 * <p>{@link ResourceGuard} gives them; the methods that make one are for adapters to frameworks that do its steps
 * themselves. A realm or description with anything but printable ASCII, or with a quotation mark or backslash, is
 * refused with {@link IllegalArgumentException}: it would break the answer's header.
 *
 * @param status 400, 401, 403 or 503
 * @param error a code of RFC 6750 §3.1, {@code missing_token} or {@code temporarily_unavailable}
 * @param description one sentence for whoever wrote the caller
 * @param rejection why the token was refused, if that is what happened; for logs and metrics
 * @param headers to be sent as they are, {@code Content-Type} among them; unmodifiable
 */
public record Refusal(
        int status, String error, String description, Optional<Rejection> rejection, Map<String, String> headers) {

    /** What may stand between quotation marks as it is, in a header (RFC 6750 §3) and in JSON. */
    private static final Pattern QUOTABLE = Pattern.compile("[\\x20\\x21\\x23-\\x5B\\x5D-\\x7E]*");

    public Refusal {
        headers = Collections.unmodifiableMap(new LinkedHashMap<>(headers));
    }

    /** The body: {@code {"error":"…","error_description":"…"}}. */
    public String body() {
        // Neither needs an escape: a description has the characters of RFC 6750 §3, without quotation mark and
        // backslash.
        return "{\"error\":\"" + error + "\",\"error_description\":\"" + description + "\"}";
    }

    /** RFC 6750 §3.1: a caller that sent no token may not have known of it, and is told of no error in the header. */
    public static Refusal missingToken(String realm) {
        String description = "Send an access token in the Authorization header, as Bearer and the token.";
        return new Refusal(401, "missing_token", description, Optional.empty(), withChallenge(challenge(realm)));
    }

    /** For what is in the header instead of one token; {@link BearerCredentials.Malformed}. */
    public static Refusal invalidRequest(String realm, String description) {
        String challenge = challenge(realm, "invalid_request", description);
        return new Refusal(400, "invalid_request", description, Optional.empty(), withChallenge(challenge));
    }

    public static Refusal invalidToken(String realm, Rejection rejection) {
        return invalidToken(realm, rejection.sentence(), Optional.of(rejection));
    }

    /** For a token that was refused by another check than the verifier's. */
    public static Refusal invalidToken(String realm, String description) {
        return invalidToken(realm, description, Optional.empty());
    }

    private static Refusal invalidToken(String realm, String description, Optional<Rejection> rejection) {
        String challenge = challenge(realm, "invalid_token", description);
        return new Refusal(401, "invalid_token", description, rejection, withChallenge(challenge));
    }

    /** For a valid token that does not allow the request; the scopes to ask for are named if there are any. */
    public static Refusal insufficientScope(String realm, Requirement.Shortfall shortfall) {
        String challenge = challenge(realm, "insufficient_scope", shortfall.description());
        if (!shortfall.scopes().isEmpty()) {
            challenge += ", scope=\"" + String.join(" ", shortfall.scopes()) + "\"";
        }
        return new Refusal(
                403, "insufficient_scope", shortfall.description(), Optional.empty(), withChallenge(challenge));
    }

    /** Without a challenge, since another token would fare no better. */
    public static Refusal unavailable(Duration retryAfter) {
        Map<String, String> headers = withoutChallenge();
        headers.put("Retry-After", Long.toString(Math.max(1, retryAfter.toSeconds())));
        return new Refusal(
                503,
                "temporarily_unavailable",
                "The API cannot check access tokens now; try again.",
                Optional.empty(),
                headers);
    }

    private static Map<String, String> withChallenge(String challenge) {
        Map<String, String> headers = withoutChallenge();
        headers.put("WWW-Authenticate", challenge);
        return headers;
    }

    private static Map<String, String> withoutChallenge() {
        Map<String, String> headers = new LinkedHashMap<>();
        headers.put("Content-Type", "application/json");
        headers.put("Cache-Control", "no-store");
        return headers;
    }

    private static String challenge(String realm) {
        return "Bearer realm=\"" + quotable(realm) + "\"";
    }

    private static String challenge(String realm, String error, String description) {
        return challenge(realm) + ", error=\"" + error + "\", error_description=\"" + quotable(description) + "\"";
    }

    static String quotable(String text) {
        if (!QUOTABLE.matcher(text).matches()) {
            throw new IllegalArgumentException("not a realm or description (RFC 6750 §3): " + text);
        }
        return text;
    }
}
