package dev.jeton.metadata;

import dev.jeton.http.Handler;
import dev.jeton.http.Request;
import dev.jeton.http.Response;
import dev.jeton.http.Router;
import dev.jeton.http.Router.Route;
import dev.jeton.http.Router.Runs;
import dev.jeton.oauth.Issuer;
import dev.jeton.resourceserver.SigningAlgorithm;
import dev.jeton.signingkey.JwksEndpoint;
import dev.jeton.signingkey.KeyRing;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Authorization server metadata, RFC 8414 §2, under its own name and under OpenID Connect's, where Auth0's libraries look.
 * Endpoints that Jeton does not have are left out.
 */
public final class MetadataEndpoint {
    private static final JsonMapper JSON = JsonMapper.shared();

    private final Issuer issuer;
    private final KeyRing keyRing;

    public MetadataEndpoint(Issuer issuer, KeyRing keyRing) {
        this.issuer = issuer;
        this.keyRing = keyRing;
    }

    public void mount(Router router) {
        for (String path : List.of("/.well-known/openid-configuration", "/.well-known/oauth-authorization-server")) {
            router.add(new Route(
                    "GET", path, Runs.ON_EVENT_LOOP, "MetadataEndpoint", "public", 0, Handler.of(this::metadata)));
        }
    }

    private Response metadata(Request request) {
        ObjectNode metadata = JSON.createObjectNode();
        metadata.put("issuer", issuer.value());
        metadata.put("token_endpoint", issuer.url("oauth/token"));
        metadata.put("jwks_uri", issuer.url(".well-known/jwks.json"));
        // RFC 8414 §2 requires it, §3.2 has empty lists left out: readers fail rather on what is missing.
        addAll(metadata.putArray("response_types_supported"), List.of());
        addAll(metadata.putArray("grant_types_supported"), List.of("client_credentials"));
        addAll(metadata.putArray("subject_types_supported"), List.of("public"));
        addAll(
                metadata.putArray("token_endpoint_auth_methods_supported"),
                List.of("client_secret_basic", "client_secret_post"));
        addAll(
                metadata.putArray("claims_supported"),
                List.of("iss", "sub", "aud", "iat", "exp", "scope", "azp", "gty", "client_id", "jti"));
        // Auth0's Node library takes from here which algorithms an access token may have.
        addAll(metadata.putArray("id_token_signing_alg_values_supported"), algorithms());
        return Response.json(200, JSON.writeValueAsBytes(metadata))
                .with("Cache-Control", JwksEndpoint.CACHE_CONTROL)
                .with("Access-Control-Allow-Origin", "*");
    }

    /** What tokens of this server may be signed with, Auth0's three first. */
    private Set<String> algorithms() {
        Set<String> algorithms = new LinkedHashSet<>(List.of("HS256", "RS256", "PS256"));
        keyRing.algorithms().stream().map(SigningAlgorithm::wireName).forEach(algorithms::add);
        return algorithms;
    }

    private static void addAll(ArrayNode array, Iterable<String> values) {
        values.forEach(array::add);
    }
}
