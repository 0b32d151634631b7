package dev.jeton;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.jeton.http.Router.Route;
import java.io.IOException;
import java.util.Comparator;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class AuthorizationServerTest {
    @Test
    void the_routing_table_is_golden() {
        try (TestServer server = TestServer.start()) {
            Golden.check(
                    "routes.txt",
                    server.server().routes().stream()
                            .sorted(Comparator.comparing(Route::pattern).thenComparing(Route::method))
                            .map(route -> "%-6s %-42s %-20s %s\n"
                                    .formatted(route.method(), route.pattern(), route.owner(), route.access()))
                            .collect(Collectors.joining()));
        }
    }

    @Test
    void what_was_accepted_before_the_end_is_answered() throws Exception {
        TestServer server = TestServer.start(Map.of("JETON_AUDIT_COMMIT_INTERVAL", "1s"));
        int port = server.port();
        try (RawHttp waiting = new RawHttp(port);
                RawHttp other = new RawHttp(port)) {
            JsonNode cli = JsonMapper.shared().readTree(server.folder().resolve("cli.json"));
            String request = tokenRequest(server, cli);
            // The first decision is committed at once, the second waits for the next commit.
            waiting.send(request);
            assertThat(waiting.read("POST").status()).isEqualTo(200);
            waiting.send(request);
            // There is one event loop: when it has answered this, it has read that.
            other.send(RawHttp.head("GET /health/live HTTP/1.1", "Host: x"));
            assertThat(other.read("GET").status()).isEqualTo(200);

            CompletableFuture<Void> closing = CompletableFuture.runAsync(server::close);

            assertThat(waiting.read("POST").status()).isEqualTo(200);
            closing.get(20, TimeUnit.SECONDS);
            assertThat(waiting.isClosedByServer()).isTrue();
            assertThat(other.isClosedByServer()).isTrue();
        }
        assertThatThrownBy(() -> new RawHttp(port)).isInstanceOf(IOException.class);
    }

    private static String tokenRequest(TestServer server, JsonNode cli) {
        String body = JsonMapper.shared()
                .writeValueAsString(Map.of(
                        "grant_type",
                        "client_credentials",
                        "client_id",
                        cli.path("client_id").asString(),
                        "client_secret",
                        cli.path("client_secret").asString(),
                        "audience",
                        server.issuer() + "api/v2/"));
        return RawHttp.head(
                        "POST /oauth/token HTTP/1.1",
                        "Host: x",
                        "Content-Type: application/json",
                        "Content-Length: " + body.length())
                + body;
    }
}
