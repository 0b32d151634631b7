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
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The verifier library against tokens and keys of the packaged server. */
class VerifierTest {
    private static final String ORDERS = "https://orders.example.com";

    @TempDir
    static Path folder;

    private static RunningServer server;
    private static Jeton jeton;
    private static String app;

    @BeforeAll
    static void start() {
        jeton = new Jeton(folder);
        server = jeton.start("serve", "--port", "0");
        app = jeton.run("apps", "create", "Reader", "--json")
                .done()
                .json()
                .path("client_id")
                .asString();
        register("Orders", ORDERS, "RS256", "access_token");
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    private static void register(String name, String identifier, String algorithm, String dialect) {
        jeton.run(
                        "apis",
                        "create",
                        name,
                        "--identifier",
                        identifier,
                        "--scope",
                        "read:orders",
                        "--scope",
                        "write:orders",
                        "--signing-alg",
                        algorithm,
                        "--token-dialect",
                        dialect)
                .done();
        jeton.run(
                        "grants",
                        "create",
                        "--app",
                        app,
                        "--api",
                        identifier,
                        "--scope",
                        "read:orders",
                        "--scope",
                        "write:orders")
                .done();
    }

    private static String token(String api, String scope) {
        return jeton.run("token", "--app", app, "--api", api, "--scope", scope)
                .done()
                .out()
                .strip();
    }

    @ParameterizedTest
    @CsvSource({"PS256, access_token_authz", "ES256, rfc9068_profile", "EdDSA, rfc9068_profile_authz"})
    void verifies_tokens_of_each_algorithm_and_dialect(String algorithm, String dialect) {
        String api = "https://" + algorithm + ".example.com";
        AccessTokenVerifier.Builder builder = AccessTokenVerifier.forIssuer(server.issuer(), api);
        AccessTokenVerifier verifier =
                dialect.startsWith("rfc9068") ? builder.requireRfc9068().build() : builder.build();
        register(algorithm, api, algorithm, dialect);

        AccessToken token = verifier.verify(token(api, "read:orders")).orElseThrow();

        assertThat(token.algorithm().headerValue()).isEqualTo(algorithm);
        assertThat(token.clientId()).contains(app);
        assertThat(token.scopes()).containsExactly("read:orders");
        if (dialect.endsWith("authz")) {
            assertThat(token.permissions()).containsExactly("read:orders");
        }
    }

    @Test
    void protects_an_api_also_while_the_server_is_away() throws Exception {
        HttpServer api = new OrdersApi(server.issuer()).start();
        try {
            String good = token(ORDERS, "read:orders");
            String elsewhere = jeton.run("token", "--api", server.issuer() + "api/v2/")
                    .done()
                    .out()
                    .strip();

            HttpResponse<String> without = get(api, "");
            assertThat(without.statusCode()).isEqualTo(401);
            assertThat(without.headers().allValues("WWW-Authenticate")).containsExactly("Bearer realm=\"api\"");
            HttpResponse<String> foreign = get(api, elsewhere);
            assertThat(foreign.statusCode()).isEqualTo(401);
            assertThat(foreign.body()).contains("does not name this API");
            HttpResponse<String> narrow = get(api, token(ORDERS, "write:orders"));
            assertThat(narrow.statusCode()).isEqualTo(403);
            assertThat(narrow.headers().firstValue("WWW-Authenticate").orElseThrow())
                    .endsWith(", scope=\"read:orders\"");
            assertThat(get(api, good).body()).isEqualTo("{\"orders\":[],\"for\":\"" + app + "\"}");

            server.close();
            assertThat(get(api, good).statusCode()).isEqualTo(200);
        } finally {
            api.stop(0);
            server = jeton.start("serve", "--port", "0");
        }
    }

    private static HttpResponse<String> get(HttpServer api, String token) throws IOException, InterruptedException {
        HttpRequest.Builder request = HttpRequest.newBuilder(
                URI.create("http://127.0.0.1:" + api.getAddress().getPort() + "/orders"));
        if (!token.isEmpty()) {
            request.header("Authorization", "Bearer " + token);
        }
        try (HttpClient http = HttpClient.newHttpClient()) {
            return http.send(request.build(), HttpResponse.BodyHandlers.ofString());
        }
    }
}
