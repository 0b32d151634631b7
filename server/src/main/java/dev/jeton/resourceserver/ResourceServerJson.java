package dev.jeton.resourceserver;

import dev.jeton.resourceserver.ResourceServer.Scope;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** A resource server as it is answered: in the order in which Auth0 has the members, with what holds where none was set. */
final class ResourceServerJson {
    static final String SECRET = "signing_secret";
    static final String POLICIES = "subject_type_authorization";
    static final String ENCRYPTION = "token_encryption";
    static final String WEB_LIFETIME = "token_lifetime_for_web";

    private static final JsonMapper JSON = JsonMapper.shared();
    private static final long DEFAULT_WEB_LIFETIME_S = 7_200;

    private ResourceServerJson() {}

    /** The whole of it, its signing secret only with HS256. */
    static ObjectNode of(ResourceServer server) {
        ObjectNode kept = (ObjectNode) JSON.readTree(server.extraJson());
        ObjectNode json = JSON.createObjectNode();
        json.put("id", server.id());
        if (server.name() != null) {
            json.put("name", server.name());
        }
        json.put("identifier", server.audience().value());
        json.put("allow_offline_access", false);
        json.put("skip_consent_for_verifiable_first_party_clients", false);
        json.set(POLICIES, policies(kept.path(POLICIES)));
        kept.properties().forEach(member -> {
            switch (member.getKey()) {
                case POLICIES, WEB_LIFETIME -> {}
                case ENCRYPTION -> json.set(ENCRYPTION, withoutPem(member.getValue()));
                default -> json.set(member.getKey(), member.getValue());
            }
        });
        long lifetime = server.tokenLifetime().toSeconds();
        json.put("token_lifetime", lifetime);
        json.put(WEB_LIFETIME, Math.min(kept.path(WEB_LIFETIME).asLong(DEFAULT_WEB_LIFETIME_S), lifetime));
        json.put("signing_alg", server.signingAlgorithm().wireName());
        if (server.signingAlgorithm() == SigningAlgorithm.HS256) {
            server.signingSecret().ifPresent(secret -> json.put(SECRET, secret.reveal()));
        }
        if (server.tokenDialect() != null) {
            json.put("token_dialect", server.tokenDialect().wireName());
        }
        putScopes(json, server.scopes());
        if (server.isSystem()) {
            json.put("is_system", true);
        }
        return json;
    }

    /** The policies for users and for clients, with the default where none is named. */
    static ObjectNode policies(JsonNode named) {
        ObjectNode policies = JSON.createObjectNode();
        putPolicy(policies, named, "client", "require_client_grant");
        putPolicy(policies, named, "user", "allow_all");
        return policies;
    }

    private static void putPolicy(ObjectNode policies, JsonNode named, String subject, String byDefault) {
        ObjectNode policy = policies.putObject(subject).put("policy", byDefault);
        if (named.get(subject) instanceof ObjectNode set) {
            policy.setAll(set);
        }
    }

    private static JsonNode withoutPem(JsonNode encryption) {
        JsonNode copy = encryption.deepCopy();
        if (copy.get("encryption_key") instanceof ObjectNode key) {
            key.remove("pem");
        }
        return copy;
    }

    private static void putScopes(ObjectNode json, @Nullable List<Scope> scopes) {
        if (scopes == null) {
            return;
        }
        ArrayNode array = json.putArray("scopes");
        for (Scope scope : scopes) {
            ObjectNode item = array.addObject();
            if (scope.description() != null) {
                item.put("description", scope.description());
            }
            item.put("value", scope.value());
        }
    }
}
