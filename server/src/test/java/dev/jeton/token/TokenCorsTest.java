package dev.jeton.token;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jeton.RawHttp;
import dev.jeton.TestServer;
import java.io.IOException;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The WHATWG Fetch standard's CORS protocol at the token endpoint. */
class TokenCorsTest {
    private static TestServer server;

    @BeforeAll
    static void start() {
        server = TestServer.start(Map.of("JETON_OAUTH_CORS_ORIGINS", "https://app.example.com,http://localhost:3000"));
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    private static RawHttp.Response ask(TestServer asked, String method, String more, String body) throws IOException {
        try (RawHttp connection = new RawHttp(asked.port())) {
            connection.send(method + " /oauth/token HTTP/1.1\r\nHost: x\r\n" + more
                    + "Content-Type: application/json\r\nContent-Length: " + body.length() + "\r\n\r\n" + body);
            return connection.read(method);
        }
    }

    private static RawHttp.Response preflight(String origin) throws IOException {
        return ask(
                server,
                "OPTIONS",
                "Origin: " + origin
                        + "\r\nAccess-Control-Request-Method: POST\r\nAccess-Control-Request-Headers: content-type\r\n",
                "");
    }

    @ParameterizedTest
    @ValueSource(strings = {"https://app.example.com", "http://localhost:3000"})
    void a_configured_origin_may_ask(String origin) throws IOException {
        RawHttp.Response response = preflight(origin);

        assertThat(response.status()).isEqualTo(204);
        assertThat(response.all("Access-Control-Allow-Origin")).containsExactly(origin);
        assertThat(response.all("Access-Control-Allow-Methods")).containsExactly("POST");
        assertThat(response.all("Access-Control-Allow-Headers"))
                .containsExactly("authorization, content-type, auth0-client");
        assertThat(response.all("Access-Control-Allow-Credentials")).isEmpty();
        assertThat(response.all("Vary")).containsExactly("Origin");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "https://evil.example.com",
                "http://app.example.com",
                "https://app.example.com:8443",
                "https://app.example.com.evil.com",
                "null"
            })
    void another_origin_may_not(String origin) throws IOException {
        RawHttp.Response response = preflight(origin);

        assertThat(response.status()).isEqualTo(204);
        assertThat(response.all("Access-Control-Allow-Origin")).isEmpty();
        assertThat(response.all("Access-Control-Allow-Methods")).isEmpty();
        assertThat(response.all("Vary")).containsExactly("Origin");
    }

    @Test
    void an_answer_may_be_read_by_the_origin_that_asked_also_a_refusal() throws IOException {
        RawHttp.Response response = ask(server, "POST", "Origin: https://app.example.com\r\n", "{}");

        assertThat(response.status()).isEqualTo(401);
        assertThat(response.all("Access-Control-Allow-Origin")).containsExactly("https://app.example.com");
        assertThat(response.all("Vary")).containsExactly("Origin");
    }

    @Test
    void a_request_without_an_origin_is_answered_for_no_page() throws IOException {
        RawHttp.Response response = ask(server, "POST", "", "{}");

        assertThat(response.status()).isEqualTo(401);
        assertThat(response.all("Access-Control-Allow-Origin")).isEmpty();
        assertThat(response.all("Vary")).containsExactly("Origin");
    }

    @Test
    void a_star_is_for_every_origin() throws IOException {
        try (TestServer open = TestServer.start(Map.of("JETON_OAUTH_CORS_ORIGINS", "*"))) {
            RawHttp.Response response = ask(open, "POST", "Origin: https://any.example.com\r\n", "{}");

            assertThat(response.all("Access-Control-Allow-Origin")).containsExactly("*");
        }
    }
}
