package dev.jeton.extension;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jeton.MutableClock;
import dev.jeton.TestServer;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The first request of a token does not wait for Node.js to start. */
class WarmStartTest {
    private static final JsonMapper JSON = JsonMapper.shared();
    private static final String AUDIENCE = "https://api.example.com";

    @Test
    void a_worker_is_warm_when_its_enabling_is_answered_and_when_the_server_has_started(@TempDir Path data) {
        JsonNode client;
        try (TestServer server = TestServer.startOn(data, Map.of(), new MutableClock(TestServer.START))) {
            server.createApi(AUDIENCE, List.of("read"), Map.of());
            client = server.createClient("job", Map.of());
            server.createGrant(client.path("client_id").asString(), AUDIENCE, List.of("read"));
            Map<String, Object> hook =
                    Map.of("name", "when", "triggerId", "credentials-exchange", "enabled", true, "script", """
                    const loadedAt = Date.now();
                    module.exports = (client, scope, audience, context, cb) => cb(null, {scope, loadedAt});
                    """);
            server.managed("POST", "hooks", hook);
            assertLoadedBefore(System.currentTimeMillis(), server, client);
        }
        try (TestServer server = TestServer.startOn(data, Map.of(), new MutableClock(TestServer.START))) {
            assertLoadedBefore(System.currentTimeMillis(), server, client);
        }
    }

    private static void assertLoadedBefore(long now, TestServer server, JsonNode client) {
        String token = JSON.readTree(server.token(client, AUDIENCE).body())
                .path("access_token")
                .asString();
        JsonNode claims = JSON.readTree(Base64.getUrlDecoder().decode(token.split("\\.", -1)[1]));
        assertThat(claims.path("loadedAt").asLong()).isPositive().isLessThanOrEqualTo(now);
    }
}
