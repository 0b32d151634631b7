package dev.jeton.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import dev.jeton.verifier.AccessToken;
import dev.jeton.verifier.AccessTokenVerifier;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** The libraries for APIs and programs against tokens, keys and refusals of the packaged server. */
class VerifierTest {
    private static final String ORDERS = "https://orders.example.com";

    private RunningServer server;
    private ManagementApi management;

    /** An application, and how it proves to be it. */
    private record App(String id, String secret) {}

    @BeforeEach
    void start(@TempDir Path folder) {
        server = new Jeton(folder).with(ManagementApi.BOOTSTRAP).start("serve", "--port", "0");
        management = new ManagementApi(server.issuer());
    }

    @AfterEach
    void stop() {
        server.close();
    }

    private void register(String api, String algorithm, String dialect) {
        List<Map<String, String>> scopes = List.of(Map.of("value", "read:orders"), Map.of("value", "write:orders"));
        management.post(
                "resource-servers",
                Map.of(
                        "name",
                        api,
                        "identifier",
                        api,
                        "scopes",
                        scopes,
                        "signing_alg",
                        algorithm,
                        "token_dialect",
                        dialect));
    }

    private App appWith(String scope, String api) {
        JsonNode client = management.post("clients", Map.of("name", "Reader", "app_type", "non_interactive"));
        App app = new App(
                client.path("client_id").asString(),
                client.path("client_secret").asString());
        management.post("client-grants", Map.of("client_id", app.id(), "audience", api, "scope", List.of(scope)));
        return app;
    }

    private String token(App app, String api) {
        return management.token(app.id(), app.secret(), api);
    }

    @Test
    void verifies_tokens_of_each_algorithm_and_dialect() {
        assertVerified("RS256", "access_token");
        assertVerified("RS512", "access_token");
        assertVerified("PS256", "access_token_authz");
        assertVerified("ES256", "rfc9068_profile");
        assertVerified("EdDSA", "rfc9068_profile_authz");
    }

    private void assertVerified(String algorithm, String dialect) {
        String api = "https://" + algorithm + ".example.com";
        AccessTokenVerifier.Builder builder = AccessTokenVerifier.forIssuer(server.issuer(), api);
        AccessTokenVerifier verifier =
                dialect.startsWith("rfc9068") ? builder.requireRfc9068().build() : builder.build();
        register(api, algorithm, dialect);
        App app = appWith("read:orders", api);

        AccessToken token = verifier.verify(token(app, api)).orElseThrow();

        assertThat(token.algorithm().headerValue()).isEqualTo(algorithm);
        assertThat(token.clientId()).contains(app.id());
        assertThat(token.clientActsForItself()).isTrue();
        assertThat(token.scopes()).containsExactly("read:orders");
        if (dialect.endsWith("authz")) {
            assertThat(token.permissions()).containsExactly("read:orders");
        }
    }

    @Test
    void protects_an_api_also_while_the_server_is_away() throws Exception {
        register(ORDERS, "RS256", "access_token");
        App reader = appWith("read:orders", ORDERS);
        String good = token(reader, ORDERS);
        String narrow = token(appWith("write:orders", ORDERS), ORDERS);
        String orders = "{\"orders\":[],\"for\":\"" + reader.id() + "\"}";
        HttpServer api = new OrdersApi(server.issuer()).start();
        try {
            HttpResponse<String> without = get(api, "");
            assertThat(without.statusCode()).isEqualTo(401);
            assertThat(without.headers().allValues("WWW-Authenticate")).containsExactly("Bearer realm=\"api\"");
            HttpResponse<String> foreign = get(api, management.token());
            assertThat(foreign.statusCode()).isEqualTo(401);
            assertThat(foreign.body()).contains("does not name this API");
            HttpResponse<String> lacking = get(api, narrow);
            assertThat(lacking.statusCode()).isEqualTo(403);
            assertThat(lacking.headers().firstValue("WWW-Authenticate").orElseThrow())
                    .endsWith(", scope=\"read:orders\"");
            assertThat(get(api, good).body()).isEqualTo(orders);
            try (OrdersJob job = new OrdersJob(server.issuer(), reader.id(), reader.secret(), address(api))) {
                assertThat(job.orders()).isEqualTo(orders);
                server.close();
                assertThat(job.orders()).isEqualTo(orders);
            }
        } finally {
            api.stop(0);
        }
    }

    private static HttpResponse<String> get(HttpServer api, String token) throws IOException, InterruptedException {
        HttpRequest.Builder request = HttpRequest.newBuilder(address(api));
        if (!token.isEmpty()) {
            request.header("Authorization", "Bearer " + token);
        }
        try (HttpClient http = HttpClient.newHttpClient()) {
            return http.send(request.build(), HttpResponse.BodyHandlers.ofString());
        }
    }

    private static URI address(HttpServer api) {
        return URI.create("http://127.0.0.1:" + api.getAddress().getPort() + "/orders");
    }
}
