package dev.jeton.token;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jeton.TestServer;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Failed authentications: four a minute from an address, of them two for one client, are answered as ever. */
class ThrottleTest {
    private TestServer server;

    @BeforeEach
    void start() {
        server = TestServer.start(Map.of(
                "JETON_THROTTLE_FAILURES_PER_MINUTE_BY_ADDRESS", "4",
                "JETON_THROTTLE_FAILURES_PER_MINUTE_BY_CLIENT_AND_ADDRESS", "2",
                "JETON_BEHIND_PROXY", "127.0.0.0/8"));
    }

    @AfterEach
    void stop() {
        server.close();
    }

    private HttpResponse<String> ask(String address, String clientId, String secret) {
        String body = JsonMapper.shared()
                .writeValueAsString(Map.of(
                        "grant_type",
                        "client_credentials",
                        "client_id",
                        clientId,
                        "client_secret",
                        secret,
                        "audience",
                        server.issuer() + "api/v2/"));
        return server.exchange(server.request("oauth/token")
                .header("Content-Type", "application/json")
                .header("X-Forwarded-For", address)
                .POST(BodyPublishers.ofString(body)));
    }

    private int fail(String address, String clientId) {
        return ask(address, clientId, "wrong").statusCode();
    }

    @Test
    void too_many_failures_for_one_client_from_one_address_are_answered_429() {
        assertThat(fail("192.0.2.1", "a")).isEqualTo(401);
        assertThat(fail("192.0.2.1", "a")).isEqualTo(401);
        server.clock().advance(Duration.ofMillis(30_500));

        HttpResponse<String> refused = ask("192.0.2.1", "a", "wrong");

        assertThat(refused.statusCode()).isEqualTo(429);
        assertThat(refused.body())
                .isEqualTo("{\"error\":\"too_many_requests\",\"error_description\":\"Global limit has been reached\"}");
        assertThat(refused.headers().firstValue("Retry-After"))
                .as("the window ends in 29.5 seconds")
                .contains("30");
        assertThat(refused.headers().firstValue("Cache-Control")).contains("no-store");
        assertThat(fail("192.0.2.1", "b")).as("another client").isEqualTo(401);
        assertThat(fail("192.0.2.2", "a")).as("another address").isEqualTo(401);
    }

    @Test
    void too_many_failures_from_one_address_are_answered_429_whoever_they_name() {
        for (String client : new String[] {"a", "b", "c", "d"}) {
            assertThat(fail("192.0.2.1", client)).isEqualTo(401);
        }

        assertThat(fail("192.0.2.1", "e")).isEqualTo(429);
        assertThat(fail("192.0.2.2", "e")).isEqualTo(401);
    }

    @Test
    void an_unknown_client_is_answered_to_the_byte_as_a_wrong_secret_also_when_there_are_too_many() {
        String known = JsonMapper.shared()
                .readTree(server.folder().resolve("cli.json"))
                .path("client_id")
                .asString();
        for (int status : new int[] {401, 401, 429}) {
            HttpResponse<String> wrong = ask("192.0.2.1", known, "wrong");
            HttpResponse<String> unknown = ask("192.0.2.2", "x".repeat(known.length()), "wrong");

            assertThat(wrong.statusCode()).isEqualTo(status);
            assertThat(unknown.statusCode()).isEqualTo(status);
            assertThat(unknown.body()).isEqualTo(wrong.body());
            assertThat(withoutRequestId(unknown)).isEqualTo(withoutRequestId(wrong));
        }
    }

    private static Map<String, List<String>> withoutRequestId(HttpResponse<String> response) {
        Map<String, List<String>> headers = new HashMap<>(response.headers().map());
        assertThat(headers.remove("x-auth0-requestid")).hasSize(1);
        return headers;
    }

    @Test
    void right_credentials_always_pass() {
        JsonNode cli = JsonMapper.shared().readTree(server.folder().resolve("cli.json"));
        String clientId = cli.path("client_id").asString();
        for (int i = 0; i < 6; i++) {
            fail("192.0.2.1", clientId);
        }
        assertThat(fail("192.0.2.1", clientId)).isEqualTo(429);

        assertThat(ask("192.0.2.1", clientId, cli.path("client_secret").asString())
                        .statusCode())
                .isEqualTo(200);
    }

    @Test
    void a_client_that_proved_itself_is_told_what_else_is_wrong() {
        JsonNode cli = JsonMapper.shared().readTree(server.folder().resolve("cli.json"));
        for (int i = 0; i < 6; i++) {
            fail("127.0.0.1", "a");
        }

        HttpResponse<String> refused = server.token(Map.of(
                "client_id", cli.path("client_id").asString(),
                "client_secret", cli.path("client_secret").asString()));

        assertThat(refused.statusCode()).isEqualTo(400);
    }

    @Test
    void the_next_minute_begins_anew() {
        for (int i = 0; i < 5; i++) {
            fail("192.0.2.1", "a");
        }
        server.clock().advance(Duration.ofMillis(59_999));
        assertThat(fail("192.0.2.1", "a")).isEqualTo(429);

        server.clock().advance(Duration.ofMillis(1));

        assertThat(fail("192.0.2.1", "a")).isEqualTo(401);
    }

    @Test
    void a_throttled_failure_is_recorded_with_its_reason() {
        for (int i = 0; i < 3; i++) {
            fail("192.0.2.1", "a");
        }

        JsonNode event = server.managed("GET", "logs", null).values().stream()
                .filter(candidate ->
                        candidate.path("details").path("error").asString("").equals("too_many_requests"))
                .findFirst()
                .orElseThrow();
        assertThat(event.path("type").asString()).isEqualTo("feccft");
        assertThat(event.path("ip").asString()).isEqualTo("192.0.2.1");
        assertThat(event.path("details").path("reason").asString()).isEqualTo("unknown client");
    }
}
