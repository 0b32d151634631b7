package dev.jeton.client;

import dev.jeton.oauth.ClientId;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * A program that may ask for tokens, RFC 6749 §2.
 *
 * @param authMethod how it must prove who it is; null if none was registered, then either way of sending its secret will
 *     do
 * @param extraJson a JSON object with the fields of Auth0's entity that Jeton keeps but does not act on
 */
public record Client(
        ClientId id,
        String name,
        @Nullable String description,
        @Nullable String appType,
        List<String> grantTypes,
        @Nullable AuthMethod authMethod,
        Map<String, String> metadata,
        String extraJson,
        Instant createdAt,
        Instant updatedAt) {

    /** {@code token_endpoint_auth_method}, RFC 7591 §2. */
    public enum AuthMethod {
        NONE("none"),
        CLIENT_SECRET_POST("client_secret_post"),
        CLIENT_SECRET_BASIC("client_secret_basic");

        private final String wireName;

        AuthMethod(String wireName) {
            this.wireName = wireName;
        }

        public String wireName() {
            return wireName;
        }

        public static @Nullable AuthMethod of(@Nullable String wireName) {
            for (AuthMethod method : values()) {
                if (method.wireName.equals(wireName)) {
                    return method;
                }
            }
            return null;
        }
    }

    public Client {
        grantTypes = List.copyOf(grantTypes);
        metadata = Map.copyOf(metadata);
    }

    /** What is kept of Auth0's entity beside its other fields: a copy that may be changed. */
    ObjectNode extra() {
        return (ObjectNode) JsonMapper.shared().readTree(extraJson);
    }

    /** The time of a change made now: later than every one before, so that it tells two states apart. */
    Instant after(Instant now) {
        return now.isAfter(updatedAt) ? now : updatedAt.plusMillis(1);
    }

    /** The same, changed now in what is not part of it. */
    Client changedAt(Instant now) {
        return new Client(
                id, name, description, appType, grantTypes, authMethod, metadata, extraJson, createdAt, after(now));
    }

    public boolean mayUse(String grantType) {
        return grantTypes.contains(grantType);
    }
}
