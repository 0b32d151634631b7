package dev.jeton.verifier.servlet;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import dev.jeton.verifier.AccessToken;
import jakarta.servlet.ServletContextEvent;
import jakarta.servlet.ServletContextListener;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URL;
import java.net.URLClassLoader;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

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
        return app(new OrdersSetUp(url));
    }

    private static TestApp app(ServletContextListener setUp) {
        return TestApp.start(context -> {
            setUp.contextInitialized(new ServletContextEvent(context));
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
    void the_set_up_of_the_folder_snippets_lets_in_who_may_read_orders(@TempDir Path folder) throws Exception {
        publish("/.well-known/openid-configuration", "{\"issuer\":\"" + url + "\",\"jwks_uri\":\"" + url + "keys\"}");
        publish("/keys", issuer.jwks());
        String program = Files.readString(Path.of("../snippets/verify-servlet.java"))
                .replace("{{issuer}}", url)
                .replace("{{audience}}", TestIssuer.AUDIENCE);
        Path file = Files.writeString(folder.resolve("OrdersSetUp.java"), program);
        String libraries = System.getProperty("java.class.path");
        assertThat(ToolProvider.getSystemJavaCompiler()
                        .run(null, null, null, "-d", folder.toString(), "-cp", libraries, file.toString()))
                .isZero();

        try (URLClassLoader loader =
                        new URLClassLoader(new URL[] {folder.toUri().toURL()});
                TestApp app = app((ServletContextListener)
                        loader.loadClass("OrdersSetUp").getConstructor().newInstance())) {
            assertThat(app.get("/orders/who", issuer.bearer("read:orders")).body())
                    .isEqualTo("job");
            assertThat(app.get("/orders/who", issuer.bearer("write:orders")).statusCode())
                    .isEqualTo(403);
            assertThat(app.get("/orders/who").statusCode()).isEqualTo(401);
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
