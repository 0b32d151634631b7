package dev.jeton.clientgrant;

import dev.jeton.oauth.ClientId;
import dev.jeton.oauth.ScopeSet;
import java.time.Instant;
import java.util.Optional;

/**
 * What one client may ask of one resource server; the set of scopes may be empty.
 *
 * @param client empty for the default of third-party clients, which Jeton keeps but never uses: it has none
 * @param scope empty for all that the resource server has at the moment
 * @param subjectType {@code client}, or {@code user} for a grant that Jeton keeps but never uses: it has no users
 * @param extraJson a JSON object with the fields of Auth0's entity that Jeton keeps but does not act on
 */
public record ClientGrant(
        String id,
        Optional<ClientId> client,
        String resourceServerId,
        Optional<ScopeSet> scope,
        String subjectType,
        String extraJson,
        Instant createdAt,
        Instant updatedAt) {
    public static final String FOR_CLIENTS = "client";
    static final String FOR_USERS = "user";
    /** What {@code default_for} says of a grant that is no client's. */
    static final String THIRD_PARTY_CLIENTS = "third_party_clients";
}
