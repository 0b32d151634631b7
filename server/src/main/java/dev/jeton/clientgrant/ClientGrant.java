package dev.jeton.clientgrant;

import dev.jeton.oauth.ClientId;
import dev.jeton.oauth.ScopeSet;
import java.time.Instant;

/**
 * What one client may ask of one resource server; {@code scope} may be empty.
 *
 * @param subjectType {@code client}, or {@code user} for a grant that Jeton keeps but never uses: it has no users
 * @param extraJson a JSON object with the fields of Auth0's entity that Jeton keeps but does not act on
 */
public record ClientGrant(
        String id,
        ClientId client,
        String resourceServerId,
        ScopeSet scope,
        String subjectType,
        String extraJson,
        Instant createdAt,
        Instant updatedAt) {
    public static final String FOR_CLIENTS = "client";
}
