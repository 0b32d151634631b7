package dev.jeton.client;

import dev.jeton.client.Client.AuthMethod;
import dev.jeton.http.ApiError;
import dev.jeton.management.EntityTag;
import dev.jeton.management.Fields;
import dev.jeton.oauth.ClientId;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** What a client is made, or becomes, by the body of a request that fits its schema; and what no client may be. */
final class ClientChange {
    private static final JsonMapper JSON = JsonMapper.shared();
    private static final String METADATA = "client_metadata";
    private static final int MAX_METADATA = 10;
    private static final int MAX_METADATA_TEXT = 255;

    private ClientChange() {}

    static Client created(ClientId id, Fields fields, AttachedCredentials attached, Instant now) {
        AuthMethod method = oneOf(fields, attached.method().orElse(null), authMethod(fields));
        String appType = text(fields, "app_type", null);
        Map<String, String> metadata = merged(Map.of(), fields);
        Client client = new Client(
                id,
                fields.string("name", 0, Integer.MAX_VALUE).orElseThrow(),
                text(fields, "description", null),
                appType,
                grantTypes(fields).orElseGet(() -> defaultGrantTypes(appType, method)),
                method,
                metadata,
                extra(JSON.createObjectNode(), fields, attached, metadata, false),
                now,
                now);
        return checked(fields, client);
    }

    static Client changed(Client before, Fields fields, AttachedCredentials attached, Instant now) {
        Map<String, String> metadata = merged(before.metadata(), fields);
        ObjectNode kept = before.extra();
        Client client = new Client(
                before.id(),
                fields.string("name", 0, Integer.MAX_VALUE).orElse(before.name()),
                text(fields, "description", before.description()),
                text(fields, "app_type", before.appType()),
                grantTypes(fields).orElse(before.grantTypes()),
                authMethod(before, fields, attached),
                metadata,
                extra(
                        kept,
                        fields,
                        attached,
                        metadata,
                        kept.has(METADATA) || !before.metadata().isEmpty()),
                before.createdAt(),
                EntityTag.later(before.updatedAt(), now));
        String mode = "third_party_security_mode";
        if (!Optional.ofNullable(kept.get(mode))
                .equals(Optional.ofNullable(client.extra().get(mode)))) {
            throw fields.invalid("It is fixed when a client is created", mode);
        }
        return checked(fields, client);
    }

    /** Those of Auth0, but none that would be refused: a public client has no credentials of its own. */
    private static List<String> defaultGrantTypes(@Nullable String appType, @Nullable AuthMethod method) {
        if ("resource_server".equals(appType)) {
            return List.of();
        }
        return method == AuthMethod.NONE
                ? List.of("authorization_code", "implicit", "refresh_token")
                : List.of("authorization_code", "implicit", "refresh_token", Client.CLIENT_CREDENTIALS);
    }

    private static Optional<List<String>> grantTypes(Fields fields) {
        return fields.strings("grant_types", Integer.MAX_VALUE, Integer.MAX_VALUE);
    }

    private static @Nullable AuthMethod authMethod(Fields fields) {
        return fields.nullableString("token_endpoint_auth_method", 0, Integer.MAX_VALUE)
                .map(AuthMethod::of)
                .orElse(null);
    }

    private static @Nullable AuthMethod authMethod(Client before, Fields fields, AttachedCredentials attached) {
        AuthMethod byCredentials = before.hasCredentials() ? before.authMethod() : null;
        AuthMethod bySecret = before.hasCredentials() ? null : before.authMethod();
        return oneOf(
                fields,
                fields.has(AttachedCredentials.METHODS) ? attached.method().orElse(null) : byCredentials,
                fields.has("token_endpoint_auth_method") ? authMethod(fields) : bySecret);
    }

    private static @Nullable AuthMethod oneOf(
            Fields fields, @Nullable AuthMethod byCredentials, @Nullable AuthMethod bySecret) {
        if (byCredentials != null && bySecret != null) {
            throw fields.invalid(
                    "It and token_endpoint_auth_method exclude each other: one is absent or null",
                    AttachedCredentials.METHODS);
        }
        return byCredentials == null ? bySecret : byCredentials;
    }

    private static @Nullable String text(Fields fields, String name, @Nullable String otherwise) {
        return fields.string(name, 0, Integer.MAX_VALUE).orElse(otherwise);
    }

    private static Map<String, String> merged(Map<String, String> before, Fields fields) {
        Map<String, String> metadata = new HashMap<>(before);
        fields.stringMap(METADATA, 2 * MAX_METADATA, MAX_METADATA_TEXT)
                .ifPresent(sent -> sent.forEach((key, value) ->
                        value.ifPresentOrElse(text -> metadata.put(key, text), () -> metadata.remove(key))));
        if (metadata.size() > MAX_METADATA) {
            throw fields.invalid(
                    "Too many properties defined (" + metadata.size() + "), maximum " + MAX_METADATA, METADATA);
        }
        return metadata;
    }

    /** What else is kept; among it, where there was metadata and is none, that there was. */
    private static String extra(
            ObjectNode before,
            Fields fields,
            AttachedCredentials attached,
            Map<String, String> metadata,
            boolean hadMetadata) {
        fields.string("client_secret", 0, Integer.MAX_VALUE); // kept elsewhere
        ObjectNode extra = fields.rest(before);
        attached.fields().forEach((name, value) -> {
            if (value.isNull()) {
                extra.remove(name);
            } else {
                extra.set(name, value);
            }
        });
        extra.remove(METADATA);
        if (metadata.isEmpty() && (hadMetadata || fields.has(METADATA))) {
            extra.putObject(METADATA);
        }
        return JSON.writeValueAsString(extra);
    }

    private static Client checked(Fields fields, Client client) {
        if (client.authMethod() == AuthMethod.NONE && client.mayUse(Client.CLIENT_CREDENTIALS)) {
            throw ApiError.badRequest("Invalid grant types: " + Client.CLIENT_CREDENTIALS, "invalid_body");
        }
        ObjectNode extra = client.extra();
        if (client.hasCredentials()
                && !"resource_server".equals(client.appType())
                && !extra.path("jwt_configuration").path("alg").asString("").equals("RS256")) {
            throw fields.invalid("It needs jwt_configuration.alg RS256", AttachedCredentials.METHODS);
        }
        if (!extra.path("is_first_party").asBoolean(true)) {
            for (String name : List.of("organization_usage", "organization_require_behavior")) {
                if (extra.has(name)) {
                    throw fields.invalid("A client that is not first party has no " + name, "is_first_party");
                }
            }
        }
        return client;
    }
}
