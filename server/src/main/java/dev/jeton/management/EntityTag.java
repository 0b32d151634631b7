package dev.jeton.management;

import dev.jeton.http.ApiError;
import dev.jeton.http.Request;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;

/**
 * The state of one entity, as {@code ETag} says it and {@code If-Match} asks for it, RFC 9110 §8.8.3 and §13.1.1: who
 * changes what somebody else has changed meanwhile is refused instead of undoing that.
 */
public record EntityTag(String value) {
    /** Its bytes are enough to tell any two states apart, and too few to read a state from. */
    private static final int BYTES = 16;

    /**
     * The tag of an entity in that state.
     *
     * @param json the whole entity, without secrets
     * @param updatedAt when it was last changed, since a secret can change while nothing else does
     */
    public static EntityTag of(JsonNode json, Instant... updatedAt) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            digest.update(json.toString().getBytes(StandardCharsets.UTF_8));
            for (Instant at : updatedAt) {
                digest.update(at.toString().getBytes(StandardCharsets.UTF_8));
            }
            String text = Base64.getUrlEncoder().withoutPadding().encodeToString(Arrays.copyOf(digest.digest(), BYTES));
            return new EntityTag('"' + text + '"');
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }

    /** The time of a change made now: later than the one before, so that a tag with it tells the two states apart. */
    public static Instant later(Instant before, Instant now) {
        return now.isAfter(before) ? now : before.plusMillis(1);
    }

    /**
     * Lets a change pass if the request asks for no state or for this one; called in the transaction that makes the change.
     *
     * @throws ApiError.ApiException 412
     */
    public void require(Request request) {
        List<String> asked = asked(request);
        if (!asked.isEmpty() && !asked.contains("*") && !asked.contains(value)) {
            throw hasChanged();
        }
    }

    /**
     * Lets a request pass that asks for no state: what it wants to change is not there.
     *
     * @throws ApiError.ApiException 412
     */
    public static void requireNone(Request request) {
        if (!asked(request).isEmpty()) {
            throw hasChanged();
        }
    }

    /** The tags of {@code If-Match}; a weak one never matches. A tag has no comma in it. */
    private static List<String> asked(Request request) {
        return request.headers("If-Match").stream()
                .flatMap(value -> Stream.of(value.split(",", -1)))
                .map(String::strip)
                .toList();
    }

    private static ApiError.ApiException hasChanged() {
        return new ApiError(
                        412,
                        "It has been changed since it was read with the ETag that If-Match names; read it again and repeat"
                                + " the change",
                        "precondition_failed")
                .exception();
    }
}
