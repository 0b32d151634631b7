package dev.jeton.signingkey;

import static dev.jeton.Answers.assertRefused;
import static dev.jeton.Answers.each;
import static dev.jeton.Answers.json;
import static dev.jeton.Answers.message;
import static org.assertj.core.api.Assertions.assertThat;

import dev.jeton.Operator;
import dev.jeton.TestServer;
import java.io.ByteArrayInputStream;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

class SigningKeyRoutesTest {
    private static JsonNode keys(TestServer server) {
        return server.managed("GET", "keys/signing", null);
    }

    private static String kid(TestServer server, String state) {
        return keys(server)
                .valueStream()
                .filter(key -> key.path(state).asBoolean())
                .map(key -> key.path("kid").asString())
                .findFirst()
                .orElse("none");
    }

    @Test
    void a_fresh_server_has_a_current_and_a_next_key() throws GeneralSecurityException {
        try (TestServer server = TestServer.start()) {
            JsonNode keys = keys(server);

            assertThat(keys).hasSize(2);
            for (JsonNode key : keys) {
                assertThat(key.path("kid").asString()).matches("[A-Za-z0-9_-]{21}");
                assertThat(key.path("revoked").asBoolean()).isFalse();
                assertThat(key.path("pkcs7").asString()).startsWith("-----BEGIN PKCS7-----\r\n");
                String cert = key.path("cert").asString();
                assertThat(cert).startsWith("-----BEGIN CERTIFICATE-----\r\n");
                Certificate certificate = CertificateFactory.getInstance("X.509")
                        .generateCertificate(new ByteArrayInputStream(cert.getBytes(StandardCharsets.US_ASCII)));
                String sha1 = HexFormat.of()
                        .withUpperCase()
                        .formatHex(MessageDigest.getInstance("SHA-1").digest(certificate.getEncoded()));
                assertThat(key.path("thumbprint").asString()).isEqualTo(sha1);
                assertThat(key.path("fingerprint").asString().replace(":", "")).isEqualTo(sha1);
                assertThat(server.managed(
                                "GET", "keys/signing/" + key.path("kid").asString(), null))
                        .isEqualTo(key);
            }
            assertThat(kid(server, "current")).isNotEqualTo(kid(server, "next"));
            assertThat(keys.toString()).doesNotContain("PRIVATE");
        }
    }

    @Test
    void next_becomes_current_and_current_previous_once_apis_can_know_next() {
        try (TestServer server = TestServer.start()) {
            String current = kid(server, "current");
            String next = kid(server, "next");

            HttpResponse<String> early = server.manage("POST", "keys/signing/rotate", null);
            assertThat(early.statusCode()).isEqualTo(409);
            assertThat(message(early)).contains("rotate after").contains("force=true");
            assertThat(json(early).path("errorCode").asString()).isEqualTo("signing_key_rotation_too_early");
            assertThat(kid(server, "current")).isEqualTo(current);

            Operator operator =
                    Operator.with(server, "create:signing_keys", "update:signing_keys", "read:signing_keys");
            server.clock().advance(Duration.ofDays(2));
            String token = json(Operator.ask(server, operator.clientId(), operator.clientSecret()))
                    .path("access_token")
                    .asString();
            HttpResponse<String> rotated = server.manage(token, "POST", "keys/signing/rotate", null);

            assertThat(rotated.statusCode()).isEqualTo(201);
            assertThat(json(rotated).path("kid").asString()).isEqualTo(next);
            JsonNode shown = json(server.manage(token, "GET", "keys/signing/" + next, null));
            assertThat(json(rotated)).isEqualTo(shown);
            assertThat(shown.path("current").asBoolean()).isTrue();
            assertThat(shown.path("previous").asBoolean()).isFalse();
        }
    }

    @Test
    void only_a_previous_key_is_revoked_and_leaves_the_key_set() {
        try (TestServer server = TestServer.start()) {
            String first = kid(server, "current");
            server.managed("POST", "keys/signing/rotate?force=true", null);
            assertThat(kid(server, "previous")).isEqualTo(first);
            for (String state : List.of("current", "next")) {
                HttpResponse<String> refused =
                        server.manage("PUT", "keys/signing/" + kid(server, state) + "/revoke", null);
                assertThat(refused.statusCode()).isEqualTo(400);
                assertThat(message(refused)).contains(state).contains("only a previous key can be revoked");
            }
            // The token with which this is asked was signed by the key that goes: get another first.
            String token = Operator.with(server, "update:signing_keys", "read:signing_keys")
                    .token();

            HttpResponse<String> revoked = server.manage(token, "PUT", "keys/signing/" + first + "/revoke", null);

            assertThat(revoked.statusCode()).isEqualTo(200);
            assertThat(json(revoked).path("kid").asString()).isEqualTo(first);
            assertThat(json(revoked)).isEqualTo(json(server.manage(token, "GET", "keys/signing/" + first, null)));
            assertThat(each(json(server.get(".well-known/jwks.json")).path("keys"), "kid"))
                    .doesNotContain(first)
                    .hasSize(2);
            JsonNode key = json(server.manage(token, "GET", "keys/signing/" + first, null));
            assertThat(key.path("revoked").asBoolean()).isTrue();
            assertThat(key.path("revoked_at").asString()).isEqualTo("2026-11-23T12:00:00.000Z");
            assertRefused(
                    server.manage("GET", "keys/signing", null),
                    401,
                    "Invalid signature received for JSON Web Token validation",
                    "");
        }
    }

    @Test
    void the_last_three_revoked_keys_are_listed_and_an_older_one_is_found_by_its_id() {
        try (TestServer server = TestServer.start()) {
            Operator operator =
                    Operator.with(server, "create:signing_keys", "update:signing_keys", "read:signing_keys");
            String token = operator.token();
            List<String> revoked = new ArrayList<>();
            for (int i = 0; i < 4; i++) {
                server.clock().advance(Duration.ofMinutes(1));
                server.manage(token, "POST", "keys/signing/rotate?force=true", null);
                // The token with which this is asked was signed by the key that goes: get another first.
                token = json(Operator.ask(server, operator.clientId(), operator.clientSecret()))
                        .path("access_token")
                        .asString();
                for (JsonNode key : json(server.manage(token, "GET", "keys/signing", null))) {
                    if (key.path("previous").asBoolean()) {
                        revoked.add(key.path("kid").asString());
                    }
                }
                server.manage(token, "PUT", "keys/signing/" + revoked.getLast() + "/revoke", null);
            }

            JsonNode listed = json(server.manage(token, "GET", "keys/signing", null));
            assertThat(revoked).hasSize(4);
            assertThat(listed).hasSize(5);
            assertThat(each(listed, "kid")).containsAll(revoked.subList(1, 4)).doesNotContain(revoked.getFirst());
            assertThat(json(server.manage(token, "GET", "keys/signing/" + revoked.getFirst(), null))
                            .path("revoked")
                            .asBoolean())
                    .isTrue();
        }
    }

    @Test
    void unknown_keys_and_algorithms_are_named() {
        try (TestServer server = TestServer.start()) {
            assertRefused(
                    server.manage("GET", "keys/signing/nobodys", null),
                    404,
                    "The signing key does not exist",
                    "inexistent_signing_key");
            assertRefused(
                    server.manage("PUT", "keys/signing/nobodys/revoke", null),
                    404,
                    "The signing key does not exist",
                    "inexistent_signing_key");
            assertRefused(
                    server.manage("POST", "keys/signing/rotate?alg=HS256", null),
                    400,
                    "Query validation error: 'No enum match for: HS256; there are RS256, ES256 and EdDSA' on property alg.",
                    "invalid_query_string");
        }
    }
}
