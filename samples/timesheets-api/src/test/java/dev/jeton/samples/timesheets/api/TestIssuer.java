package dev.jeton.samples.timesheets.api;

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
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.json.JsonMapper;

/** An authorization server on a free port of this machine, as far as an API sees one: it publishes its key. */
final class TestIssuer implements AutoCloseable {
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

    /** A program's token with this scope. */
    String token(String scope) {
        return token(scope, Map.of());
    }

    /** A token with this scope for an employee. */
    String token(String scope, String employee) {
        return token(scope, Map.of("https://api.exampleco.com/email", employee));
    }

    /** A token with this scope and claims. */
    String token(String scope, Map<String, Object> furtherClaims) {
        long now = Instant.now().getEpochSecond();
        Map<String, Object> claims = new HashMap<>(Map.of(
                "iss",
                url(),
                "sub",
                "import-job@clients",
                "aud",
                "https://timesheets.example.com",
                "iat",
                now,
                "exp",
                now + 3600,
                "scope",
                scope,
                "gty",
                "client-credentials",
                "azp",
                "import-job"));
        claims.putAll(furtherClaims);
        Map<String, Object> header = Map.of("alg", "EdDSA", "typ", "JWT", "kid", "key-1");
        return signed(base64url(JSON.writeValueAsBytes(header)) + "." + base64url(JSON.writeValueAsBytes(claims)));
    }

    private String signed(String text) {
        try {
            Signature signature = Signature.getInstance("Ed25519");
            signature.initSign(key.getPrivate());
            signature.update(text.getBytes(StandardCharsets.US_ASCII));
            return text + "." + base64url(signature.sign());
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
