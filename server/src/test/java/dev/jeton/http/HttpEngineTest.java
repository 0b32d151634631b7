package dev.jeton.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jeton.RawHttp;
import dev.jeton.TestServer;
import java.io.IOException;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** HTTP/1.1 beyond the token endpoint's own cases. */
class HttpEngineTest {
    private static final String NO_CLIENT = "{\"statusCode\":404,\"error\":\"Not Found\","
            + "\"message\":\"The client does not exist\",\"errorCode\":\"inexistent_client\"}";
    private static TestServer server;

    @BeforeAll
    static void start() {
        server = TestServer.start();
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    private static RawHttp.Response ask(String head) throws IOException {
        try (RawHttp connection = new RawHttp(server.port())) {
            connection.send(RawHttp.head(head, "Host: x"));
            return connection.read(head.substring(0, head.indexOf(' ')));
        }
    }

    private static String tokenRequestHead(String... more) {
        return RawHttp.head(
                "POST /oauth/token HTTP/1.1", "Host: x", "Content-Type: application/json", String.join("\r\n", more));
    }

    @Test
    void a_path_that_does_not_exist_is_404_in_the_management_apis_shape() throws IOException {
        RawHttp.Response response = ask("GET /nothing?secret=1 HTTP/1.1");

        assertThat(response.status()).isEqualTo(404);
        assertThat(response.body())
                .isEqualTo("{\"statusCode\":404,\"error\":\"Not Found\",\"message\":\"There is nothing at this path\","
                        + "\"errorCode\":\"not_found\"}");
        assertThat(response.all("Cache-Control")).containsExactly("no-store");
    }

    @Test
    void a_method_that_a_path_does_not_answer_is_405_and_the_others_are_named() throws IOException {
        RawHttp.Response response = ask("DELETE /.well-known/jwks.json HTTP/1.1");

        assertThat(response.status()).isEqualTo(405);
        assertThat(response.all("Allow")).containsExactly("GET, HEAD");
        assertThat(response.body())
                .isEqualTo("{\"statusCode\":405,\"error\":\"Method Not Allowed\","
                        + "\"message\":\"This path answers GET, HEAD\",\"errorCode\":\"method_not_allowed\"}");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"/pem", "/cer", "/.well-known/jwks.json", "/.well-known/openid-configuration", "/health/ready"})
    void head_has_the_headers_of_get_and_no_body(String path) throws IOException {
        try (RawHttp connection = new RawHttp(server.port())) {
            connection.send(RawHttp.head("HEAD " + path + " HTTP/1.1", "Host: x")
                    + RawHttp.head("GET " + path + " HTTP/1.1", "Host: x"));
            RawHttp.Response head = connection.read("HEAD");
            RawHttp.Response get = connection.read("GET");

            assertThat(head.status()).isEqualTo(200);
            assertThat(head.body()).isEmpty();
            for (String name : List.of("Content-Length", "Content-Type", "Cache-Control")) {
                assertThat(head.all(name)).hasSize(1).isEqualTo(get.all(name));
            }
        }
    }

    @Test
    void pipelined_requests_are_answered_in_their_order() throws IOException {
        try (RawHttp connection = new RawHttp(server.port())) {
            connection.send(RawHttp.head("GET /health/ready HTTP/1.1", "Host: x")
                    + RawHttp.head("GET /nothing HTTP/1.1", "Host: x")
                    + RawHttp.head("POST /oauth/token HTTP/1.1", "Host: x", "Content-Length: 0"));

            assertThat(connection.read("GET").status()).isEqualTo(200);
            assertThat(connection.read("GET").status()).isEqualTo(404);
            assertThat(connection.read("POST").status()).isEqualTo(401);
        }
    }

    @Test
    void an_encoded_slash_stays_in_its_segment() {
        server.createApi("https://api.example.com/v1/x", List.of(), Map.of());

        assertThat(server.manage("GET", "resource-servers/https%3A%2F%2Fapi.example.com%2Fv1%2Fx", null)
                        .statusCode())
                .isEqualTo(200);
        assertThat(server.manage("GET", "clients/a%2Fb", null).body()).isEqualTo(NO_CLIENT);
        assertThat(server.manage("GET", "clients/a/b", null).body()).contains("Insufficient scope");
    }

    @ParameterizedTest
    @CsvSource({"../pem, 404", "%2e%2e%2fpem, 404", "..%2Fpem, 404"})
    void dots_do_not_lead_out_of_a_segment(String segment, int status) throws IOException {
        assertThat(ask("GET /health/" + segment + " HTTP/1.1").status()).isEqualTo(status);
    }

    @ParameterizedTest
    @ValueSource(strings = {"%ff", "%zz", "%"})
    void a_malformed_segment_is_400(String segment) throws IOException {
        assertThat(ask("GET /api/v2/clients/" + segment + " HTTP/1.1").status()).isEqualTo(400);
    }

    @Test
    void too_large_a_header_is_431() throws IOException {
        RawHttp.Response response = ask("GET /pem HTTP/1.1\r\nX-Large: " + "x".repeat(20_000));

        assertThat(response.status()).isEqualTo(431);
        assertThat(response.all("Connection")).containsExactly("close");
        assertThat(response.all("X-Auth0-RequestId")).hasSize(1);
    }

    @Test
    void a_header_that_is_large_beyond_all_buffers_is_431_too() throws IOException {
        assertThat(ask("GET /pem HTTP/1.1\r\nX-Large: " + "x".repeat(2_000_000)).status())
                .isEqualTo(431);
    }

    @Test
    void too_long_a_path_is_414() throws IOException {
        assertThat(ask("GET /" + "x".repeat(20_000) + " HTTP/1.1").status()).isEqualTo(414);
    }

    @Test
    void a_body_much_longer_than_it_may_be_is_answered_413() throws IOException {
        String body = "{\"x\":\"" + "x".repeat(4_000_000) + "\"}";
        try (RawHttp connection = new RawHttp(server.port())) {
            connection.send(tokenRequestHead("Content-Length: " + body.length()) + body);
            RawHttp.Response response = connection.read("POST");

            assertThat(response.status()).isEqualTo(413);
            assertThat(response.body()).contains("The body is longer than 65536 bytes");
        }
    }

    @Test
    void a_body_in_single_octets_does_not_hold_the_event_loop_until_its_sender_is_cut_off() throws IOException {
        try (RawHttp connection = new RawHttp(server.port())) {
            connection.send(String.join(
                    "\r\n", "POST /api/v2/clients HTTP/1.1", "Host: x", "Transfer-Encoding: chunked", "", ""));
            connection.send("1\r\nx\r\n".repeat(500_000) + "0\r\n\r\n");

            assertThat(connection.read("POST").status()).isEqualTo(401);
        }
    }

    @Test
    void who_expects_to_be_told_so_may_send_the_body() throws IOException {
        try (RawHttp connection = new RawHttp(server.port())) {
            connection.send(tokenRequestHead("Content-Length: 2", "Expect: 100-continue"));
            assertThat(connection.read("POST").status()).isEqualTo(100);
            connection.send("{}");

            assertThat(connection.read("POST").status()).isEqualTo(401);
        }
    }

    @Test
    void who_expects_to_send_too_long_a_body_is_told_not_to() throws IOException {
        try (RawHttp connection = new RawHttp(server.port())) {
            connection.send(tokenRequestHead("Content-Length: 65537", "Expect: 100-continue"));

            assertThat(connection.read("POST").status()).isEqualTo(413);
        }
    }

    @Test
    void every_response_has_a_request_id_of_its_own() {
        Set<String> ids = new HashSet<>();
        for (int i = 0; i < 40; i++) {
            HttpResponse<String> response = server.get(i % 2 == 0 ? "pem" : "nothing");
            ids.add(response.headers().firstValue("X-Auth0-RequestId").orElseThrow());
        }
        assertThat(ids).hasSize(40).allMatch(id -> id.matches("[0-9a-f]{20}"));
    }

    @Test
    void a_forwarded_address_is_recorded_only_from_a_trusted_proxy() {
        assertThat(recordedAddress(server)).isEqualTo("127.0.0.1");
        try (TestServer behindProxy = TestServer.start(Map.of("JETON_BEHIND_PROXY", "127.0.0.1/32"))) {
            assertThat(recordedAddress(behindProxy)).isEqualTo("198.51.100.7");
        }
    }

    private static String recordedAddress(TestServer asked) {
        HttpResponse<String> response = asked.exchange(asked.request("oauth/token")
                .header("X-Forwarded-For", "192.0.2.55, 198.51.100.7")
                .POST(BodyPublishers.noBody()));
        String id = response.headers().firstValue("X-Auth0-RequestId").orElseThrow();
        return asked.managed("GET", "logs", null).values().stream()
                .filter(event ->
                        event.path("details").path("request_id").asString().equals(id))
                .findFirst()
                .orElseThrow()
                .path("ip")
                .asString();
    }
}
