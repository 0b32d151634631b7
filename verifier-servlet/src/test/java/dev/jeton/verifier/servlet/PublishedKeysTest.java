package dev.jeton.verifier.servlet;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import dev.jeton.verifier.AccessToken;
import jakarta.servlet.ServletContextEvent;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The whole way, with keys that an issuer publishes over HTTP. */
class PublishedKeysTest {
    private HttpServer server;
    private String url;
    private TestIssuer issuer;

    @BeforeEach
    void start() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.start();
        url = "http://127.0.0.1:" + server.getAddress().getPort() + "/";
        issuer = new TestIssuer(url);
        issuer.setClock(Instant.now());
    }

    @AfterEach
    void stop() {
        server.stop(0);
    }

    private void publish(String path, String json) {
        byte[] body = json.getBytes(StandardCharsets.UTF_8);
        server.createContext(path, exchange -> {
            exchange.getResponseHeaders().set("Content-Type", "application/json");
            exchange.sendResponseHeaders(200, body.length);
            exchange.getResponseBody().write(body);
            exchange.close();
        });
    }

    private TestApp app() {
        return TestApp.start(context -> {
            new OrdersSetUp(url).contextInitialized(new ServletContextEvent(context));
            TestApp.servlet(context, "/orders/who", (request, response) -> {
                AccessToken token = BearerTokenFilter.token(request);
                response.getWriter().print(token.clientId().orElse("nobody"));
            });
        });
    }

    @Test
    void a_token_counts_by_the_keys_that_its_issuer_publishes() {
        publish("/.well-known/openid-configuration", "{\"issuer\":\"" + url + "\",\"jwks_uri\":\"" + url + "keys\"}");
        publish("/keys", issuer.jwks());
        try (TestApp app = app()) {
            HttpResponse<String> good = app.get("/orders/who", issuer.bearer("read:orders"));
            assertThat(good.statusCode()).isEqualTo(200);
            assertThat(good.body()).isEqualTo("job");

            TestIssuer pretender = new TestIssuer(url);
            pretender.setClock(issuer.now());
            assertThat(app.get("/orders/who", pretender.bearer("read:orders")).statusCode())
                    .isEqualTo(401);
        }
    }

    @Test
    void no_request_is_let_through_while_the_issuer_publishes_no_keys() {
        try (TestApp app = app()) {
            HttpResponse<String> response = app.get("/orders/who", issuer.bearer("read:orders"));

            assertThat(response.statusCode()).isEqualTo(503);
            assertThat(response.headers().firstValue("Retry-After")).contains("1");
        }
    }
}
