package dev.jeton.client;

import dev.jeton.client.Client.AuthMethod;
import dev.jeton.http.ApiError;
import dev.jeton.management.Fields;
import dev.jeton.oauth.ClientId;
import dev.jeton.oauth.Identifiers;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.NullNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Which credentials a body attaches to a client.
 *
 * @param made credentials that come into being with the client
 * @param fields the fields of the client that name credentials, each with ids alone, or null
 */
record AttachedCredentials(List<Credential> made, Map<String, JsonNode> fields) {
    static final String METHODS = "client_authentication_methods";
    static final String REQUEST_OBJECT = "signed_request_object";
    static final String TOKEN_VAULT = "token_vault_privileged_access";
    static final List<String> NAMES = List.of(METHODS, REQUEST_OBJECT, TOKEN_VAULT);

    private static final JsonMapper JSON = JsonMapper.shared();
    private static final String CREDENTIALS = "credentials";
    private static final int MOST = 4;

    AttachedCredentials {
        made = List.copyOf(made);
        fields = Map.copyOf(fields);
    }

    /** As of the body that makes a client: it describes them. */
    static AttachedCredentials made(Fields body, Identifiers identifiers, ClientId client, Instant now) {
        List<Credential> made = new ArrayList<>();
        Map<String, JsonNode> fields = read(body, (_, item) -> {
            Credential credential = CredentialRequest.read(item, identifiers.credentialId(), client, now);
            requireNew(made, credential);
            made.add(credential);
            return credential.id();
        });
        return new AttachedCredentials(made, fields);
    }

    /** As of the body that changes a client: it names some that the client has. */
    static AttachedCredentials named(Fields body, List<Credential> existing) {
        return new AttachedCredentials(List.of(), read(body, (type, item) -> {
            String id = item.string("id", 0, Integer.MAX_VALUE).orElseThrow();
            if (existing.stream().noneMatch(credential -> credential.id().equals(id) && credential.type() == type)) {
                throw item.invalid("The client has no " + type.wireName() + " credential " + id, "id");
            }
            return id;
        }));
    }

    /** Refuses one that is too many, or a key that the client has already. */
    static void requireNew(List<Credential> existing, Credential credential) {
        if (existing.size() == MOST) {
            throw ApiError.badRequest("A client can have a maximum of " + MOST + " credentials.", "invalid_body");
        }
        if (credential.thumbprint().isPresent()
                && existing.stream()
                        .anyMatch(one -> one.type() == credential.type()
                                && one.thumbprint().equals(credential.thumbprint()))) {
            throw ApiError.badRequest("credentials contains public keys that already exist in client", "invalid_body");
        }
    }

    /** The ids of those that a client uses for anything. */
    static Set<String> of(Client client) {
        Set<String> ids = new HashSet<>();
        ObjectNode extra = client.extra();
        for (String name : NAMES) {
            extra.path(name).findValues("id").forEach(id -> ids.add(id.asString()));
        }
        return ids;
    }

    /** The method that is registered by that field of a client. */
    Optional<AuthMethod> method() {
        return Optional.ofNullable(fields.get(METHODS))
                .filter(JsonNode::isObject)
                .map(methods -> AuthMethod.of(methods.propertyNames().iterator().next()));
    }

    /** Whether a body says anything of the credentials that a client uses. */
    static boolean areIn(Fields body) {
        return NAMES.stream().anyMatch(body::has);
    }

    /** Makes an id of one credential of that type. */
    private interface Reader {
        String id(Credential.Type type, Fields item);
    }

    private static Map<String, JsonNode> read(Fields body, Reader reader) {
        Map<String, JsonNode> fields = new HashMap<>();
        read(fields, body, METHODS, methods -> {
            ObjectNode json = JSON.createObjectNode();
            for (AuthMethod method : AuthMethod.values()) {
                method.credentials()
                        .ifPresent(type -> methods.object(method.wireName())
                                .ifPresent(one -> json.set(method.wireName(), withIds(one, type, reader))));
            }
            return json;
        });
        read(fields, body, REQUEST_OBJECT, object -> withIds(object, Credential.Type.PUBLIC_KEY, reader));
        read(fields, body, TOKEN_VAULT, object -> withIds(object, Credential.Type.PUBLIC_KEY, reader));
        return fields;
    }

    private static void read(Map<String, JsonNode> into, Fields body, String name, Function<Fields, JsonNode> reader) {
        if (body.has(name)) {
            into.put(name, body.nullableObject(name).map(reader).orElse(NullNode.instance));
        }
    }

    private static ObjectNode withIds(Fields object, Credential.Type type, Reader reader) {
        ObjectNode json = object.json().deepCopy();
        object.objects(CREDENTIALS, Integer.MAX_VALUE).ifPresent(items -> {
            ArrayNode ids = json.putArray(CREDENTIALS);
            items.forEach(item -> ids.addObject().put("id", reader.id(type, item)));
        });
        return json;
    }
}
