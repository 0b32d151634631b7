package dev.jeton.token;

import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jose.JWSObject;
import dev.jeton.TestServer;
import dev.jeton.verifier.AccessToken;
import dev.jeton.verifier.AccessTokenVerifier;
import dev.jeton.verifier.KeySet;
import dev.jeton.verifier.KeySource;
import dev.jeton.verifier.SignatureAlgorithm;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Tokens as an API meets them: from the endpoint, checked with what the server publishes. */
class TokenTest {
    private static final String SECRET = "the signing secret of this API: long enough";
    private static TestServer server;
    private static JsonNode client;

    @BeforeAll
    static void start() {
        server = TestServer.start();
        client = server.createClient("Import job", Map.of());
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    private static HttpResponse<String> ask(String audience) {
        return server.token(client, audience);
    }

    private static String register(String audience, List<String> scopes, Map<String, ?> more) {
        server.createApi(audience, scopes, more);
        server.createGrant(client.path("client_id").asString(), audience, scopes);
        return audience;
    }

    @ParameterizedTest(name = "{0} {1}")
    @CsvSource({
        "RS256, access_token, 60",
        "RS512, access_token, 7200",
        "PS256, access_token_authz, 86400",
        "ES256, rfc9068_profile, 1",
        "EdDSA, rfc9068_profile_authz, 2592000",
        "HS256, access_token, 3600"
    })
    void a_token_verifies_with_what_is_published(String algorithm, String dialect, int lifetime) throws Exception {
        Map<String, Object> settings =
                new HashMap<>(Map.of("signing_alg", algorithm, "token_dialect", dialect, "token_lifetime", lifetime));
        boolean shared = algorithm.equals("HS256");
        if (shared) {
            settings.put("signing_secret", SECRET);
        }
        String audience = register("https://api.example.com/" + algorithm, List.of("read:a", "read:b"), settings);

        JsonNode answer = JsonMapper.shared().readTree(ask(audience).body());

        String compact = answer.path("access_token").asString();
        assertThat(answer.path("expires_in").asInt()).isEqualTo(lifetime);
        KeySet keys = shared
                ? KeySet.ofSecret(SECRET.getBytes(StandardCharsets.UTF_8))
                : KeySet.parse(server.get(".well-known/jwks.json").body());
        SignatureAlgorithm expected = SignatureAlgorithm.valueOf(algorithm.toUpperCase(Locale.ROOT));
        AccessToken token = AccessTokenVerifier.builder(server.issuer(), audience, KeySource.of(keys))
                .algorithms(expected)
                .clock(server.clock())
                .build()
                .verify(compact)
                .orElseThrow();
        assertThat(token.clientId()).contains(client.path("client_id").asString());
        assertThat(token.scopes()).containsExactly("read:a", "read:b");
        assertThat(token.permissions()).hasSize(dialect.endsWith("authz") ? 2 : 0);
        assertThat(token.expiresAt()).isEqualTo(TestServer.START.plusSeconds(lifetime));
        JWSObject jws = JWSObject.parse(compact);
        assertThat(jws.getHeader().getAlgorithm().getName()).isEqualTo(algorithm);
        assertThat(jws.getHeader().getType().getType()).isEqualTo(dialect.startsWith("rfc9068") ? "at+jwt" : "JWT");
        assertThat(jws.getHeader().getKeyID() == null).isEqualTo(shared);
        JsonNode metadata = JsonMapper.shared()
                .readTree(server.get(".well-known/openid-configuration").body());
        assertThat(metadata.path("id_token_signing_alg_values_supported").values())
                .extracting(JsonNode::asString)
                .contains(algorithm);
    }

    @Test
    void the_audit_log_names_the_jti_under_the_request_id_of_the_response() throws Exception {
        String audience = register("https://api.example.com/audited", List.of("read:a"), Map.of());

        HttpResponse<String> response = ask(audience);

        String compact = JsonMapper.shared()
                .readTree(response.body())
                .path("access_token")
                .asString();
        JsonNode event = event(response);
        assertThat(event.path("type").asString()).isEqualTo("seccft");
        assertThat(event.path("details").path("access_token_jti").asString())
                .isEqualTo(JWSObject.parse(compact).getPayload().toJSONObject().get("jti"));
        assertThat(event.path("audience").asString()).isEqualTo(audience);
        assertThat(event.path("scope").asString()).isEqualTo("read:a");
        assertThat(event.path("client_id").asString())
                .isEqualTo(client.path("client_id").asString());
        assertThat(event.toString()).doesNotContain(compact);
    }

    @Test
    void the_audit_log_says_why_a_client_was_refused_and_the_answer_does_not() {
        HttpResponse<String> response = server.token(Map.of(
                "client_id", client.path("client_id").asString(),
                "client_secret", "wrong secret of mine",
                "audience", "https://api.example.com/x"));

        assertThat(response.body()).doesNotContain("secret");
        JsonNode event = event(response);
        assertThat(event.path("type").asString()).isEqualTo("feccft");
        assertThat(event.path("description").asString()).isEqualTo("Unauthorized");
        assertThat(event.path("details").path("reason").asString()).isEqualTo("wrong client_secret");
        assertThat(event.path("audience").asString()).isEqualTo("https://api.example.com/x");
        assertThat(event.toString()).doesNotContain("wrong secret of mine");
    }

    /** The record of that response; it is on disk before the response leaves. */
    private static JsonNode event(HttpResponse<String> response) {
        String id = response.headers().firstValue("X-Auth0-RequestId").orElseThrow();
        return server.managed("GET", "logs?per_page=100", null).values().stream()
                .filter(event ->
                        event.path("details").path("request_id").asString().equals(id))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void every_token_has_another_jti() throws Exception {
        String audience = register("https://api.example.com/many", List.of(), Map.of());

        String first = jti(ask(audience));
        String second = jti(ask(audience));

        assertThat(first).matches("[A-Za-z0-9]{22}").isNotEqualTo(second);
    }

    private static String jti(HttpResponse<String> response) throws Exception {
        JsonNode answer = JsonMapper.shared().readTree(response.body());
        JWSObject token = JWSObject.parse(answer.path("access_token").asString());
        return String.valueOf(token.getPayload().toJSONObject().get("jti"));
    }
}
