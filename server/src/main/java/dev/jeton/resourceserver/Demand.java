package dev.jeton.resourceserver;

import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What the settings of an API demand that no token of this server fulfils: it gets none. */
public enum Demand {
    NO_CLIENTS("subject_type_authorization.client.policy", "deny_all", "denies access to all clients"),
    ENCRYPTION("token_encryption", "set", "demands encrypted access tokens, which this server does not issue"),
    PROOF_OF_POSSESSION(
            "proof_of_possession.required", "true", "demands proof of possession, which this server does not offer");

    private final String field;
    private final String value;
    private final String predicate;

    Demand(String field, String value, String predicate) {
        this.field = field;
        this.value = value;
        this.predicate = predicate;
    }

    /** Which field of the API says so. */
    String field() {
        return field;
    }

    /** What the API does, as it is said to an authenticated client with a grant. */
    public String predicate() {
        return predicate;
    }

    /** Which setting it is, for the record. */
    public String setting() {
        return field + " is " + value;
    }

    /** The first demand of that API that is not fulfilled; the system API has none, since nobody could take it back. */
    static Optional<Demand> of(ResourceServer server) {
        return server.isSystem() ? Optional.empty() : of(JsonMapper.shared().readTree(server.extraJson()));
    }

    /** The same, of the fields that are kept. */
    static Optional<Demand> of(JsonNode kept) {
        if (kept.at("/subject_type_authorization/client/policy").asString("").equals("deny_all")) {
            return Optional.of(NO_CLIENTS);
        }
        if (kept.path("token_encryption").isObject()) {
            return Optional.of(ENCRYPTION);
        }
        // Clients that ask for tokens here keep a secret: they are not public ones.
        JsonNode proof = kept.path("proof_of_possession");
        return proof.path("required").asBoolean(false)
                        && !proof.path("required_for").asString("").equals("public_clients")
                ? Optional.of(PROOF_OF_POSSESSION)
                : Optional.empty();
    }
}
