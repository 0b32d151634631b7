package dev.jeton.client;

import dev.jeton.management.EntityTag;
import dev.jeton.oauth.ClientId;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
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

    /** The grant type that a client must be allowed to get tokens here, RFC 6749 §4.4. */
    public static final String CLIENT_CREDENTIALS = "client_credentials";

    /**
     * {@code token_endpoint_auth_method}, RFC 7591 §2. Those by credentials are registered by
     * {@code client_authentication_methods}; Jeton cannot check them yet, and takes no secret in their place.
     */
    public enum AuthMethod {
        NONE("none", null),
        CLIENT_SECRET_POST("client_secret_post", null),
        CLIENT_SECRET_BASIC("client_secret_basic", null),
        PRIVATE_KEY_JWT("private_key_jwt", Credential.Type.PUBLIC_KEY),
        TLS_CLIENT_AUTH("tls_client_auth", Credential.Type.CERT_SUBJECT_DN),
        SELF_SIGNED_TLS_CLIENT_AUTH("self_signed_tls_client_auth", Credential.Type.X509_CERT),
        /** What a newer version stored: it proves nothing here, and no secret counts in its place. */
        UNKNOWN("unknown", Credential.Type.PUBLIC_KEY);

        private final String wireName;
        private final Credential.@Nullable Type credentials;

        AuthMethod(String wireName, Credential.@Nullable Type credentials) {
            this.wireName = wireName;
            this.credentials = credentials;
        }

        /** What it takes in place of a secret. */
        Optional<Credential.Type> credentials() {
            return Optional.ofNullable(credentials);
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

    /** The same, changed now in what is not part of it. */
    Client changedAt(Instant now) {
        return new Client(
                id,
                name,
                description,
                appType,
                grantTypes,
                authMethod,
                metadata,
                extraJson,
                createdAt,
                EntityTag.later(updatedAt, now));
    }

    /** Whether it proves who it is by credentials, and not by its secret. */
    boolean hasCredentials() {
        return authMethod != null && authMethod.credentials().isPresent();
    }

    boolean isFirstParty() {
        // A search asks a hundred thousand.
        String name = "is_first_party";
        return !extraJson.contains(name) || extra().path(name).asBoolean(true);
    }

    /** Whether its tokens are to be bound to a key, RFC 9449 or 8705, as Jeton binds none. */
    boolean requiresProofOfPossession() {
        // Each token request asks; what of almost all clients is {} is read only where it may say so.
        String name = "require_proof_of_possession";
        return extraJson.contains(name) && extra().path(name).asBoolean(false);
    }

    public boolean mayUse(String grantType) {
        return grantTypes.contains(grantType);
    }
}
