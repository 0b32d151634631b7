package dev.jeton.clientgrant;

import static dev.jeton.management.Schema.flag;
import static dev.jeton.management.Schema.listOf;
import static dev.jeton.management.Schema.object;
import static dev.jeton.management.Schema.oneOf;
import static dev.jeton.management.Schema.text;

import dev.jeton.management.Schema.Members;
import dev.jeton.oauth.Audience;
import dev.jeton.oauth.ClientId;

/** What the fields of a client grant may be. */
final class ClientGrantSchema {
    static final int MAX_SCOPES = 1_000;
    static final int MAX_SCOPE = 280;

    private static final Members COMMON = object().with(
                    listOf(text(1, MAX_SCOPE)).between(0, MAX_SCOPES).unique(), "scope")
            .with(oneOf("deny", "allow", "require"), "organization_usage")
            .with(flag(), "allow_any_organization", "allow_all_scopes")
            .with(listOf(text(1, 255)), "authorization_details_types");

    static final Members CREATE = COMMON.require(text(1, Audience.MAX_LENGTH), "audience")
            .with(text(1, ClientId.MAX_LENGTH), "client_id")
            .with(oneOf(ClientGrant.THIRD_PARTY_CLIENTS), "default_for")
            .with(oneOf(ClientGrant.FOR_CLIENTS, ClientGrant.FOR_USERS), "subject_type");

    /** A change: what a grant is for never does. */
    static final Members UPDATE = COMMON.nullable(
                    "scope", "organization_usage", "allow_any_organization", "allow_all_scopes")
            .between(1, 100);

    private ClientGrantSchema() {}
}
