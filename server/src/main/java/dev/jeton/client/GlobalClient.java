package dev.jeton.client;

import dev.jeton.management.EntityTag;
import dev.jeton.management.Fields;
import dev.jeton.management.Schema;
import dev.jeton.oauth.ClientId;
import dev.jeton.oauth.Issuer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import org.jdbi.v3.core.Handle;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * "All Applications", which at Auth0 holds the login page of all clients and which its tools look for. It is no client: it
 * is listed only by {@code is_global=true}, has no secret, no grants and no credentials, and is in no view.
 */
final class GlobalClient {
    /** What else of a client it has none of. */
    private static final Schema CHANGE = ClientSchema.UPDATE.without(
            "name",
            "description",
            "app_type",
            "grant_types",
            "token_endpoint_auth_method",
            "client_metadata",
            "client_secret",
            "is_first_party",
            "third_party_security_mode",
            AttachedCredentials.METHODS,
            AttachedCredentials.REQUEST_OBJECT,
            AttachedCredentials.TOKEN_VAULT);

    static final String NAME = "All Applications";

    private static final JsonMapper JSON = JsonMapper.shared();
    private static final int ID_LENGTH = 32;

    private final GlobalClientStore store = new GlobalClientStore();
    private final SigningCertificate certificate;
    private final Issuer issuer;
    private final String id;

    GlobalClient(Issuer issuer, SigningCertificate certificate) {
        this.issuer = issuer;
        this.certificate = certificate;
        this.id = idFor(issuer);
    }

    /** The same on every node and after every start, without being stored. */
    private static String idFor(Issuer issuer) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256")
                    .digest(("All Applications " + issuer.value()).getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(digest).substring(0, ID_LENGTH);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }

    boolean is(String clientId) {
        return id.equals(clientId);
    }

    ClientId id() {
        return new ClientId(id);
    }

    ObjectNode read(Handle handle) {
        return json(store.read(handle));
    }

    ObjectNode change(Handle handle, Fields fields) {
        ObjectNode kept = fields.rest(store.read(handle));
        store.write(handle, kept);
        return json(kept);
    }

    /** A body that may change it. */
    static Schema changeSchema() {
        return CHANGE;
    }

    EntityTag tag(Handle handle) {
        return EntityTag.of(store.read(handle).put("client_id", id));
    }

    private ObjectNode json(ObjectNode kept) {
        ObjectNode json = JSON.createObjectNode();
        json.put("tenant", issuer.host());
        json.put("name", NAME);
        json.put("global", true);
        json.putArray("callbacks");
        json.put("is_first_party", true);
        json.putArray("owners");
        json.put("cross_origin_authentication", true);
        json.set("refresh_token", ClientJson.refreshToken(false));
        json.set("signing_keys", certificate.json());
        json.put("client_id", id);
        json.put("custom_login_page_on", true);
        json.setAll(kept);
        return json;
    }
}
