package dev.jeton.clientgrant;

import static dev.jeton.management.Schema.flag;
import static dev.jeton.management.Schema.listOf;
import static dev.jeton.management.Schema.object;
import static dev.jeton.management.Schema.oneOf;
import static dev.jeton.management.Schema.text;

import dev.jeton.management.Operation.Parameter;
import dev.jeton.management.Schema;
import dev.jeton.management.Schema.Members;
import dev.jeton.management.Schema.Text;
import dev.jeton.oauth.Audience;
import dev.jeton.oauth.ClientId;
import java.util.List;

/** What the fields of a client grant may be. */
final class ClientGrantSchema {
    static final int MAX_SCOPES = 1_000;
    static final int MAX_SCOPE = 280;

    private static final Members COMMON = object().with(
                    listOf(text(1, MAX_SCOPE)).between(0, MAX_SCOPES).unique(), "scope")
            .with(oneOf("deny", "allow", "require"), "organization_usage")
            .with(flag(), "allow_any_organization", "allow_all_scopes")
            .with(listOf(text(1, 255)), "authorization_details_types");

    private static final Text SUBJECT_TYPE = oneOf(ClientGrant.FOR_CLIENTS, ClientGrant.FOR_USERS);
    private static final Text DEFAULT_FOR = oneOf(ClientGrant.THIRD_PARTY_CLIENTS);

    static final List<Parameter> FILTERS = List.of(
            new Parameter("client_id", text(), "Only that client's."),
            new Parameter("audience", text(), "Only those for that API's identifier."),
            new Parameter("subject_type", SUBJECT_TYPE, "Only those for clients or for users."),
            new Parameter("allow_any_organization", flag(), "Only those with or without it."),
            new Parameter("default_for", DEFAULT_FOR, "Only those that are a default."));

    static final Members CREATE = COMMON.require(text(1, Audience.MAX_LENGTH), "audience")
            .with(text(1, ClientId.MAX_LENGTH), "client_id")
            .with(DEFAULT_FOR, "default_for")
            .with(SUBJECT_TYPE, "subject_type");

    /** A change: what a grant is for never does. */
    static final Members UPDATE = COMMON.nullable(
                    "scope", "organization_usage", "allow_any_organization", "allow_all_scopes")
            .between(1, 100);

    static final Schema ANSWER =
            CREATE.require(text(), "id").require(SUBJECT_TYPE, "subject_type").named("ClientGrant");

    private ClientGrantSchema() {}
}
