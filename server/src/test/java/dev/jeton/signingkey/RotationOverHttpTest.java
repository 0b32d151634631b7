package dev.jeton.signingkey;

import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jose.JWSObject;
import dev.jeton.TestServer;
import java.io.ByteArrayInputStream;
import java.net.http.HttpClient;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Rotation, revocation and publication as operators and APIs see them. */
class RotationOverHttpTest {
    private TestServer server;

    @BeforeEach
    void start() {
        server = TestServer.start();
    }

    @AfterEach
    void stop() {
        server.close();
    }

    private JsonNode key(String place) {
        return server.managed("GET", "keys/signing", null).values().stream()
                .filter(key -> key.path("alg").asString().equals("RS256"))
                .filter(key -> key.path(place).asBoolean())
                .findFirst()
                .orElseThrow();
    }

    private List<String> published() {
        return JsonMapper.shared().readTree(server.get(".well-known/jwks.json").body()).path("keys").values().stream()
                .map(key -> key.path("kid").asString())
                .toList();
    }

    private String kid(JsonNode key) {
        return key.path("kid").asString();
    }

    private String signs() throws Exception {
        return JWSObject.parse(freshManagementToken()).getHeader().getKeyID();
    }

    private String freshManagementToken() {
        JsonNode credentials = JsonMapper.shared().readTree(server.folder().resolve("cli.json"));
        return JsonMapper.shared()
                .readTree(server.token(Map.of(
                                "grant_type",
                                "client_credentials",
                                "client_id",
                                credentials.path("client_id").asString(),
                                "client_secret",
                                credentials.path("client_secret").asString(),
                                "audience",
                                server.issuer() + "api/v2/"))
                        .body())
                .path("access_token")
                .asString();
    }

    @Test
    void the_next_key_is_published_and_signs_after_a_rotation() throws Exception {
        String current = kid(key("current"));
        String next = kid(key("next"));
        assertThat(published()).containsExactly(current, next);
        assertThat(signs()).isEqualTo(current);
        server.clock().advance(Duration.ofMinutes(10));

        JsonNode rotated = server.managed("POST", "keys/signing/rotate", null);

        assertThat(kid(rotated)).isEqualTo(next);
        assertThat(signs()).isEqualTo(next);
        assertThat(kid(key("previous"))).isEqualTo(current);
        assertThat(published()).containsExactly(next, kid(key("next")), current);
    }

    @Test
    void a_rotation_that_is_too_early_is_a_conflict_unless_forced() {
        HttpResponse<String> refused = server.manage("POST", "keys/signing/rotate", null);
        assertThat(refused.statusCode()).isEqualTo(409);
        assertThat(JsonMapper.shared()
                        .readTree(refused.body())
                        .path("errorCode")
                        .asString())
                .isEqualTo("signing_key_rotation_too_early");

        assertThat(server.manage("POST", "keys/signing/rotate?force=true", null).statusCode())
                .isEqualTo(201);
    }

    @Test
    void a_revoked_key_is_gone_and_so_are_its_tokens() {
        String oldToken = server.managementToken();
        String old = kid(key("current"));
        assertThat(server.manage("PUT", "keys/signing/" + old + "/revoke", null).statusCode())
                .as("the key that signs cannot be revoked")
                .isEqualTo(400);
        assertThat(server.manage("PUT", "keys/signing/" + kid(key("next")) + "/revoke", null)
                        .statusCode())
                .isEqualTo(400);
        server.managed("POST", "keys/signing/rotate?force=true", null);
        assertThat(server.manage(oldToken, "GET", "keys/signing", null).statusCode())
                .as("tokens of a previous key stay good")
                .isEqualTo(200);

        String newToken = freshManagementToken();
        assertThat(server.manage(newToken, "PUT", "keys/signing/" + old + "/revoke", null)
                        .statusCode())
                .isEqualTo(200);

        assertThat(published()).hasSize(2).doesNotContain(old);
        assertThat(server.manage(oldToken, "GET", "keys/signing", null).statusCode())
                .isEqualTo(401);
        JsonNode revoked = JsonMapper.shared()
                .readTree(server.manage(newToken, "GET", "keys/signing/" + old, null)
                        .body());
        assertThat(revoked.path("revoked").asBoolean()).isTrue();
        assertThat(revoked.path("revoked_at").asString()).isEqualTo("2026-11-23T12:00:00.000Z");
    }

    @Test
    void a_key_that_does_not_exist_is_not_found() {
        assertThat(server.manage("GET", "keys/signing/nope", null).statusCode()).isEqualTo(404);
        assertThat(server.manage("PUT", "keys/signing/nope/revoke", null).statusCode())
                .isEqualTo(404);
    }

    @Test
    void the_key_set_may_be_cached_for_a_short_time_and_read_by_any_web_page() {
        for (String path : List.of(".well-known/jwks.json", "pem", "cer")) {
            HttpResponse<String> response = server.get(path);

            assertThat(response.statusCode()).isEqualTo(200);
            assertThat(response.headers().allValues("Cache-Control"))
                    .containsExactly("public, max-age=15, stale-while-revalidate=15, stale-if-error=86400");
            assertThat(response.headers().allValues("Access-Control-Allow-Origin"))
                    .containsExactly("*");
        }
    }

    @Test
    void the_certificate_is_served_as_pem_and_der_and_is_the_one_in_the_key_set() throws Exception {
        CertificateFactory factory = CertificateFactory.getInstance("X.509");
        byte[] pem = bytes("pem");
        X509Certificate fromPem = (X509Certificate) factory.generateCertificate(new ByteArrayInputStream(pem));
        byte[] der = bytes("cer");
        X509Certificate fromDer = (X509Certificate) factory.generateCertificate(new ByteArrayInputStream(der));

        assertThat(fromPem).isEqualTo(fromDer);
        assertThat(fromDer.getEncoded()).isEqualTo(der);
        JsonNode current = JsonMapper.shared()
                .readTree(server.get(".well-known/jwks.json").body())
                .path("keys")
                .get(0);
        assertThat(current.path("x5c").get(0).asString())
                .isEqualTo(Base64.getEncoder().encodeToString(der));
        fromPem.verify(fromPem.getPublicKey());
    }

    private byte[] bytes(String path) throws Exception {
        return HttpClient.newHttpClient()
                .send(server.request(path).build(), BodyHandlers.ofByteArray())
                .body();
    }
}
