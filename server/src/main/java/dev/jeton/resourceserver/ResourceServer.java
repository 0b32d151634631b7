package dev.jeton.resourceserver;

import dev.jeton.oauth.Audience;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * An API that tokens are for, RFC 6749 §1.1.
 *
 * @param audience its identifier; of the system API computed from the issuer
 * @param scopes null until some were set, so that tools read back what they wrote
 * @param tokenLifetime {@code exp - iat}, whole seconds
 * @param tokenDialect null until set: {@link TokenDialect#ACCESS_TOKEN}
 * @param isSystem whether it is the management API of this server
 * @param extraJson a JSON object with the fields of Auth0's entity that Jeton keeps but does not act on
 */
public record ResourceServer(
        String id,
        Audience audience,
        @Nullable String name,
        @Nullable List<Scope> scopes,
        SigningAlgorithm signingAlgorithm,
        Optional<SigningSecret> signingSecret,
        Duration tokenLifetime,
        @Nullable TokenDialect tokenDialect,
        boolean isSystem,
        String extraJson,
        Instant createdAt,
        Instant updatedAt) {
    public static final Duration DEFAULT_TOKEN_LIFETIME = Duration.ofHours(24);
    public static final Duration MAX_TOKEN_LIFETIME = Duration.ofDays(30);

    /** A scope value with what it means in words. */
    public record Scope(String value, @Nullable String description) {}

    public ResourceServer {
        scopes = scopes == null ? null : List.copyOf(scopes);
        if (signingAlgorithm == SigningAlgorithm.HS256 && signingSecret.isEmpty()) {
            throw new IllegalArgumentException("HS256 needs a signing secret");
        }
    }

    public TokenDialect dialect() {
        return tokenDialect == null ? TokenDialect.ACCESS_TOKEN : tokenDialect;
    }
}
