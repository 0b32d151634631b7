package dev.jeton.client;

import dev.jeton.oauth.Issuer;
import java.util.Optional;
import java.util.Set;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * A client as answers show it, in the order of Auth0's. What was never sent has a default that is computed here and not
 * stored: a million clients are kept in memory.
 */
final class ClientJson {
    static final String SECRET = "client_secret";
    /** What any scope that reads clients shows. */
    static final Set<String> SUMMARY = Set.of("client_id", "app_type", "name", "description");
    /** What only a scope that reads keys shows. */
    static final Set<String> KEYS = Set.of(SECRET, AttachedCredentials.METHODS, "encryption_key", "signing_keys");

    private static final JsonMapper JSON = JsonMapper.shared();
    private static final String RESOURCE_SERVER = "resource_server";

    private final Issuer issuer;
    private final SigningCertificate certificate;

    ClientJson(Issuer issuer, SigningCertificate certificate) {
        this.issuer = issuer;
        this.certificate = certificate;
    }

    /** Everything, with that secret if there is one. */
    ObjectNode of(Client client, Optional<ClientSecret> secret) {
        return of(client, secret, false);
    }

    /** Everything of a client that was made just now. */
    ObjectNode ofNew(Client client, ClientSecret secret) {
        return of(client, Optional.of(secret), true);
    }

    private ObjectNode of(Client client, Optional<ClientSecret> secret, boolean isNew) {
        ObjectNode extra = client.extra();
        ObjectNode json = JSON.createObjectNode();
        json.put("tenant", issuer.host());
        json.put("global", false);
        json.put("is_token_endpoint_ip_header_trusted", flag(extra, "is_token_endpoint_ip_header_trusted", false));
        json.put("name", client.name());
        if (client.description() != null) {
            json.put("description", client.description());
        }
        json.put("is_first_party", flag(extra, "is_first_party", true));
        json.put("oidc_conformant", isResourceServer(client) || flag(extra, "oidc_conformant", false));
        json.put("sso_disabled", flag(extra, "sso_disabled", false));
        json.put("cross_origin_authentication", flag(extra, "cross_origin_authentication", false));
        json.put("cross_origin_auth", flag(extra, "cross_origin_authentication", false));
        if (isNew) {
            json.put("encrypted", true);
        }
        json.set(
                "refresh_token",
                extra.has("refresh_token") ? extra.get("refresh_token") : refreshToken(hasLongRefreshToken(client)));
        json.set("signing_keys", certificate.json());
        json.put("client_id", client.id().value());
        json.put("callback_url_template", false);
        secret.ifPresent(text -> json.put(SECRET, text.reveal()));
        json.set("jwt_configuration", jwtConfiguration(client, extra));
        if (client.appType() != null) {
            json.put("app_type", client.appType());
        }
        client.grantTypes().forEach(json.putArray("grant_types")::add);
        json.put("custom_login_page_on", flag(extra, "custom_login_page_on", true));
        if (client.authMethod() != null && !client.hasCredentials()) {
            json.put("token_endpoint_auth_method", client.authMethod().wireName());
        }
        if (!client.metadata().isEmpty()) {
            client.metadata().forEach(json.putObject("client_metadata")::put);
        }
        extra.properties().forEach(member -> json.putIfAbsent(member.getKey(), member.getValue()));
        if (json.at("/token_quota/client_credentials") instanceof ObjectNode quota && !quota.has("enforce")) {
            quota.put("enforce", true);
        }
        return json;
    }

    private static boolean isResourceServer(Client client) {
        return RESOURCE_SERVER.equals(client.appType());
    }

    private static boolean flag(ObjectNode extra, String name, boolean otherwise) {
        return extra.path(name).asBoolean(otherwise);
    }

    private static ObjectNode jwtConfiguration(Client client, ObjectNode extra) {
        JsonNode sent = extra.get("jwt_configuration");
        ObjectNode json = JSON.createObjectNode();
        if (sent instanceof ObjectNode object) {
            json.setAll(object);
        } else if (!isResourceServer(client)) {
            json.put("lifetime_in_seconds", 36_000);
        }
        if (!json.has("secret_encoded")) {
            json.put("secret_encoded", false);
        }
        return isResourceServer(client) ? json.put("alg", "RS256") : json;
    }

    private static boolean hasLongRefreshToken(Client client) {
        String appType = client.appType();
        return client.authMethod() != null
                && !client.hasCredentials()
                && (appType == null || appType.equals("non_interactive") || appType.equals("regular_web"));
    }

    /** Auth0 lets a refresh token of a confidential client live for a year; Jeton gives out none. */
    static ObjectNode refreshToken(boolean isLong) {
        return JSON.createObjectNode()
                .put("rotation_type", "non-rotating")
                .put("expiration_type", "non-expiring")
                .put("leeway", 0)
                .put("token_lifetime", isLong ? 31_557_600 : 2_592_000)
                .put("infinite_token_lifetime", true)
                .put("idle_token_lifetime", isLong ? 2_592_000 : 1_296_000)
                .put("infinite_idle_token_lifetime", true);
    }
}
