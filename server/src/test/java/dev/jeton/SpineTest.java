package dev.jeton;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jeton.verifier.AccessToken;
import dev.jeton.verifier.AccessTokenVerifier;
import dev.jeton.verifier.KeySet;
import dev.jeton.verifier.KeySource;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The flow that everything else serves: from registering an API to a token that it can verify. */
class SpineTest {
    private static final String AUDIENCE = "https://api.example.com/timesheets";

    @Test
    void a_registered_client_gets_a_token_that_verifies_against_the_key_set() {
        try (TestServer server = TestServer.start()) {
            server.createApi(AUDIENCE, List.of("read:timesheets", "create:timesheets"), Map.of());
            JsonNode client = server.createClient("Import job", Map.of());
            server.createGrant(client.path("client_id").asString(), AUDIENCE, List.of("create:timesheets"));

            HttpResponse<String> response = server.token(client, AUDIENCE);

            assertThat(response.statusCode()).isEqualTo(200);
            JsonNode body = JsonMapper.shared().readTree(response.body());
            assertThat(body.path("expires_in").asInt()).isEqualTo(86_400);
            assertThat(body.path("token_type").asString()).isEqualTo("Bearer");
            AccessToken token = AccessTokenVerifier.builder(
                            server.issuer(),
                            AUDIENCE,
                            KeySource.of(KeySet.parse(
                                    server.get(".well-known/jwks.json").body())))
                    .clock(server.clock())
                    .build()
                    .verify(body.path("access_token").asString())
                    .orElseThrow();
            assertThat(token.subject()).contains(client.path("client_id").asString() + "@clients");
            assertThat(token.scopes()).containsExactly("create:timesheets");
            assertThat(token.expiresAt()).isEqualTo(TestServer.START.plusSeconds(86_400));
        }
    }
}
