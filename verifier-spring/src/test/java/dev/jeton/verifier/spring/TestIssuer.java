package dev.jeton.verifier.spring;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Signature;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.json.JsonMapper;

/** An issuer on a free port of this machine, with one Ed25519 key that it publishes and signs tokens with. */
final class TestIssuer implements AutoCloseable {
    static final String AUDIENCE = "https://timesheets.example.com";

    private static final JsonMapper JSON = new JsonMapper();

    private final HttpServer server;
    private final KeyPair key;

    TestIssuer() {
        try {
            key = KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
            server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        serve("/.well-known/openid-configuration", Map.of("issuer", url(), "jwks_uri", url() + "jwks"));
        serve("/jwks", Map.of("keys", List.of(jwk())));
        server.start();
    }

    String url() {
        return "http://127.0.0.1:" + server.getAddress().getPort() + "/";
    }

    private void serve(String path, Object document) {
        byte[] body = JSON.writeValueAsBytes(document);
        server.createContext(path, exchange -> {
            exchange.sendResponseHeaders(200, body.length);
            exchange.getResponseBody().write(body);
            exchange.close();
        });
    }

    private Map<String, String> jwk() {
        byte[] encoded = key.getPublic().getEncoded(); // SubjectPublicKeyInfo, which ends with the 32 bytes of the key
        byte[] x = Arrays.copyOfRange(encoded, encoded.length - 32, encoded.length);
        return Map.of("kty", "OKP", "crv", "Ed25519", "kid", "key-1", "use", "sig", "x", base64url(x));
    }

    /** The claims of a token as Jeton issues it, to be changed at will. */
    Map<String, Object> claims(String scope) {
        Map<String, Object> claims = new LinkedHashMap<>();
        long now = Instant.now().getEpochSecond();
        claims.put("iss", url());
        claims.put("sub", "import-job@clients");
        claims.put("aud", AUDIENCE);
        claims.put("iat", now);
        claims.put("exp", now + 3600);
        claims.put("scope", scope);
        claims.put("gty", "client-credentials");
        claims.put("azp", "import-job");
        claims.put("jti", "4wNQ0dCWu9Tq2rZ7");
        return claims;
    }

    String token(String scope) {
        return sign(claims(scope));
    }

    /** A token with one claim added or changed. */
    String token(String scope, String claim, Object value) {
        Map<String, Object> claims = claims(scope);
        claims.put(claim, value);
        return sign(claims);
    }

    String sign(Map<String, Object> claims) {
        Map<String, Object> header = Map.of("alg", "EdDSA", "typ", "JWT", "kid", "key-1");
        String signed = base64url(JSON.writeValueAsBytes(header)) + "." + base64url(JSON.writeValueAsBytes(claims));
        try {
            Signature signature = Signature.getInstance("Ed25519");
            signature.initSign(key.getPrivate());
            signature.update(signed.getBytes(StandardCharsets.US_ASCII));
            return signed + "." + base64url(signature.sign());
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private static String base64url(byte[] bytes) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
