package dev.jeton.token;

import dev.jeton.oauth.ClientId;
import dev.jeton.oauth.Identifiers;
import dev.jeton.oauth.Issuer;
import dev.jeton.oauth.OAuthError.TemporarilyUnavailable;
import dev.jeton.oauth.OAuthException;
import dev.jeton.oauth.ScopeSet;
import dev.jeton.resourceserver.ResourceServer;
import dev.jeton.resourceserver.SigningAlgorithm;
import dev.jeton.resourceserver.SigningSecret;
import dev.jeton.signingkey.KeyRing;
import dev.jeton.signingkey.Signer;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.time.Instant;
import java.util.Base64;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** Writes the claims of an API's token dialect and signs them: JWS compact serialization, RFC 7515 §7.1. */
final class AccessTokenIssuer {
    private static final Base64.Encoder BASE64URL = Base64.getUrlEncoder().withoutPadding();
    private static final JsonFactory JSON = new JsonFactory();

    /** What distinguishes one JWS header of ours from another. */
    private record Header(SigningAlgorithm algorithm, String kid, boolean isRfc9068) {}

    private final Issuer issuer;
    private final KeyRing keyRing;
    private final Identifiers identifiers;
    /** Encoded once: there are a few per signing key. Keys come and go seldom enough to keep them all. */
    private final Map<Header, byte[]> headers = new ConcurrentHashMap<>();

    AccessTokenIssuer(Issuer issuer, KeyRing keyRing, Identifiers identifiers) {
        this.issuer = issuer;
        this.keyRing = keyRing;
        this.identifiers = identifiers;
    }

    /**
     * Issues a token.
     *
     * @throws OAuthException if the API's signing key is not loaded yet
     */
    AccessToken issue(ClientCredentialsGrant.Access access, Instant now) {
        ResourceServer api = access.resourceServer();
        String jti = identifiers.jti();
        byte[] claims =
                claims(access.client().id(), api, access.scope(), access.customClaims(), now.getEpochSecond(), jti);
        String compact = switch (api.signingAlgorithm()) {
            case HS256 -> signWithSecret(api, api.signingSecret().orElseThrow(), claims);
            case RS256, RS512, PS256, ES256, EDDSA -> signWithKey(api, claims);
        };
        return new AccessToken(compact, jti, access.scope(), api.tokenLifetime());
    }

    /**
     * The header and the claims that a token would have, which is not issued.
     *
     * @param customClaims each as JSON text
     */
    ObjectNode preview(
            ClientId client, ResourceServer api, ScopeSet scope, Map<String, String> customClaims, Instant now) {
        String kid = keyRing.signer(api.signingAlgorithm()).map(Signer::kid).orElse("");
        byte[] header =
                encode(new Header(api.signingAlgorithm(), kid, api.dialect().isRfc9068()));
        byte[] claims = claims(client, api, scope, customClaims, now.getEpochSecond(), identifiers.jti());
        ObjectNode token = JsonMapper.shared().createObjectNode();
        token.set("header", JsonMapper.shared().readTree(Base64.getUrlDecoder().decode(header)));
        token.set("claims", JsonMapper.shared().readTree(claims));
        return token;
    }

    private String signWithKey(ResourceServer api, byte[] claims) {
        Signer signer = keyRing.signer(api.signingAlgorithm())
                .orElseThrow(() -> new OAuthException(
                        new TemporarilyUnavailable("no key signs " + api.signingAlgorithm() + " yet", null)));
        byte[] input = signingInput(
                new Header(api.signingAlgorithm(), signer.kid(), api.dialect().isRfc9068()), claims);
        return compact(input, signer.sign(input));
    }

    private String signWithSecret(ResourceServer api, SigningSecret secret, byte[] claims) {
        byte[] input = signingInput(
                new Header(SigningAlgorithm.HS256, "", api.dialect().isRfc9068()), claims);
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(secret.keyBytes(), "HmacSHA256"));
            return compact(input, mac.doFinal(input));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this Java has no HMAC-SHA-256", e);
        }
    }

    private byte[] signingInput(Header header, byte[] claims) {
        byte[] encodedHeader = headers.computeIfAbsent(header, AccessTokenIssuer::encode);
        byte[] encodedClaims = BASE64URL.encode(claims);
        byte[] input = new byte[encodedHeader.length + 1 + encodedClaims.length];
        System.arraycopy(encodedHeader, 0, input, 0, encodedHeader.length);
        input[encodedHeader.length] = '.';
        System.arraycopy(encodedClaims, 0, input, encodedHeader.length + 1, encodedClaims.length);
        return input;
    }

    private static String compact(byte[] signingInput, byte[] signature) {
        byte[] encodedSignature = BASE64URL.encode(signature);
        byte[] compact = new byte[signingInput.length + 1 + encodedSignature.length];
        System.arraycopy(signingInput, 0, compact, 0, signingInput.length);
        compact[signingInput.length] = '.';
        System.arraycopy(encodedSignature, 0, compact, signingInput.length + 1, encodedSignature.length);
        return new String(compact, StandardCharsets.ISO_8859_1);
    }

    private static byte[] encode(Header header) {
        ByteArrayOutputStream out = new ByteArrayOutputStream(128);
        try (JsonGenerator json = JSON.createGenerator(ObjectWriteContext.empty(), out)) {
            json.writeStartObject();
            json.writeStringProperty("alg", header.algorithm().wireName());
            json.writeStringProperty("typ", header.isRfc9068() ? "at+jwt" : "JWT");
            if (!header.kid().isEmpty()) {
                json.writeStringProperty("kid", header.kid());
            }
            json.writeEndObject();
        }
        return BASE64URL.encode(out.toByteArray());
    }

    private byte[] claims(
            ClientId client,
            ResourceServer api,
            ScopeSet scope,
            Map<String, String> customClaims,
            long nowSeconds,
            String jti) {
        String clientId = client.value();
        boolean isRfc9068 = api.dialect().isRfc9068();
        ByteArrayOutputStream out = new ByteArrayOutputStream(512);
        try (JsonGenerator json = JSON.createGenerator(ObjectWriteContext.empty(), out)) {
            json.writeStartObject();
            json.writeStringProperty("iss", issuer.value());
            json.writeStringProperty("sub", clientId + "@clients");
            json.writeStringProperty("aud", api.audience().value());
            json.writeNumberProperty("iat", nowSeconds);
            json.writeNumberProperty("exp", nowSeconds + api.tokenLifetime().toSeconds());
            // The seed shows "scope": "" in the Auth0 profile; RFC 9068 §2.2.3 has it only where there is one.
            if (!isRfc9068 || !scope.isEmpty()) {
                json.writeStringProperty("scope", scope.toString());
            }
            if (isRfc9068) {
                json.writeStringProperty("client_id", clientId);
            } else {
                json.writeStringProperty("gty", "client-credentials");
                json.writeStringProperty("azp", clientId);
            }
            json.writeStringProperty("jti", jti);
            if (api.dialect().hasPermissions()) {
                json.writeArrayPropertyStart("permissions");
                scope.values().forEach(json::writeString);
                json.writeEndArray();
            }
            customClaims.forEach((name, value) -> {
                json.writeName(name);
                json.writeRawValue(value);
            });
            json.writeEndObject();
        }
        return out.toByteArray();
    }
}
