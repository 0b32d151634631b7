package dev.jeton.management;

import static dev.jeton.Answers.assertRefused;
import static dev.jeton.Answers.json;
import static org.assertj.core.api.Assertions.assertThat;

import dev.jeton.MutableClock;
import dev.jeton.Operator;
import dev.jeton.TestServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ServerSocket;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** Who may call the management API: RFC 6750, and scopes as the grant of now has them. */
class AccessTest {
    private static final String BAD_SIGNATURE = "Invalid signature received for JSON Web Token validation";
    private static final String BAD_FORMAT = "Bad HTTP authentication header format";

    private static TestServer server;

    @BeforeAll
    static void start() {
        server = TestServer.start();
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    private static HttpResponse<String> withAuthorization(String... values) {
        HttpRequest.Builder request = server.request("api/v2/clients").GET();
        for (String value : values) {
            request.header("Authorization", value);
        }
        return server.exchange(request);
    }

    private static HttpResponse<String> withToken(String token) {
        return withAuthorization("Bearer " + token);
    }

    private static String challenge(HttpResponse<String> response) {
        return response.headers().firstValue("WWW-Authenticate").orElse("none");
    }

    @Test
    void a_request_without_a_token_is_told_which_kind_of_token_to_bring() {
        HttpResponse<String> response = withAuthorization();

        assertRefused(response, 401, "Missing authentication", "");
        assertThat(challenge(response)).isEqualTo("Bearer realm=\"api/v2\"");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Bearer",
                "Bearer ",
                "Bearer nonsense",
                "Bearer one.two",
                "Bearer one.two.three.four",
                "Bearer one.two.three.four.five",
                "Basic dXNlcjpwYXNz",
                "eyJhbGciOiJSUzI1NiJ9.e30.c2ln"
            })
    void a_header_that_holds_no_jwt_is_malformed(String header) {
        HttpResponse<String> response = withAuthorization(header);

        assertRefused(response, 400, BAD_FORMAT, "Bearer");
        assertThat(challenge(response)).isEqualTo("Bearer realm=\"api/v2\", error=\"invalid_request\"");
    }

    @Test
    void two_authorization_headers_are_malformed_even_if_one_is_good() {
        String good = "Bearer " + server.managementToken();

        assertRefused(withAuthorization(good, "Bearer x.y.z"), 400, BAD_FORMAT, "Bearer");
        assertRefused(withAuthorization("Bearer x.y.z", good), 400, BAD_FORMAT, "Bearer");
    }

    @Test
    void three_parts_that_are_no_jwt_are_an_invalid_token() {
        HttpResponse<String> response = withToken("one.two.three");

        assertRefused(response, 401, "Invalid token", "");
        assertThat(challenge(response))
                .isEqualTo("Bearer realm=\"api/v2\", error=\"invalid_token\", error_description=\"Invalid token\"");
    }

    @Test
    void the_scheme_may_be_written_in_any_case() {
        assertThat(withAuthorization("bEARER " + server.managementToken()).statusCode())
                .isEqualTo(200);
    }

    @Test
    void a_token_for_another_api_is_refused() {
        server.createApi("https://other.example.com/", List.of("read:clients"), Map.of());
        JsonNode client = server.createClient("Other", Map.of());
        String id = client.path("client_id").asString();
        server.createGrant(id, "https://other.example.com/", List.of("read:clients"));
        String token = json(Operator.ask(
                        server, id, client.path("client_secret").asString(), "https://other.example.com/"))
                .path("access_token")
                .asString();

        assertRefused(withToken(token), 401, "Invalid token", "");
    }

    @Test
    void a_token_signed_by_the_secret_of_an_api_is_refused() {
        server.createApi(
                "https://hs.example.com/",
                List.of("read:clients"),
                Map.of("signing_alg", "HS256", "signing_secret", "a secret that its owner knows"));
        JsonNode client = server.createClient("Owner of a secret", Map.of());
        String id = client.path("client_id").asString();
        server.createGrant(id, "https://hs.example.com/", List.of("read:clients"));
        String token = json(Operator.ask(
                        server, id, client.path("client_secret").asString(), "https://hs.example.com/"))
                .path("access_token")
                .asString();

        assertRefused(withToken(token), 401, "Invalid token", "");
        // The same secret, claims of the command line's own token: still not our key.
        assertRefused(
                withToken(hmac(
                        "{\"alg\":\"HS256\",\"typ\":\"JWT\"}",
                        part(server.managementToken(), 1),
                        "a secret that its owner knows")),
                401,
                "Invalid token",
                "");
    }

    @Test
    void a_changed_signature_is_refused() {
        String token = server.managementToken();
        int inSignature = token.lastIndexOf('.') + 20;
        char other = token.charAt(inSignature) == 'A' ? 'B' : 'A';
        HttpResponse<String> response =
                withToken(token.substring(0, inSignature) + other + token.substring(inSignature + 1));

        assertRefused(response, 401, BAD_SIGNATURE, "");
        assertThat(challenge(response)).contains("error=\"invalid_token\"").contains(BAD_SIGNATURE);
    }

    @Test
    void changed_claims_are_refused() {
        String token = server.managementToken();
        String claims = new String(Base64.getUrlDecoder().decode(part(token, 1)), StandardCharsets.UTF_8);
        String more = encoded(claims.replace("read:clients", "read:everything"));

        assertRefused(withToken(part(token, 0) + "." + more + "." + part(token, 2)), 401, BAD_SIGNATURE, "");
    }

    @Test
    void a_signature_of_an_unknown_key_is_refused() {
        String token = server.managementToken();
        String header = encoded("{\"alg\":\"RS256\",\"typ\":\"JWT\",\"kid\":\"somebody-elses-key-00\"}");

        assertRefused(withToken(header + "." + part(token, 1) + "." + part(token, 2)), 401, BAD_SIGNATURE, "");
    }

    @ParameterizedTest
    @ValueSource(strings = {"none", "None", "NONE", "nOnE", ""})
    void a_token_without_a_signature_is_refused(String algorithm) {
        String header = encoded("{\"alg\":\"" + algorithm + "\",\"typ\":\"JWT\"}");

        assertRefused(withToken(header + "." + part(server.managementToken(), 1) + "."), 401, "Invalid token", "");
    }

    @Test
    void a_token_whose_hmac_is_made_with_the_public_key_is_refused() {
        String pem = server.get("pem").body();
        String kid = json(new String(
                        Base64.getUrlDecoder().decode(part(server.managementToken(), 0)), StandardCharsets.UTF_8))
                .path("kid")
                .asString();
        String header = "{\"alg\":\"HS256\",\"typ\":\"JWT\",\"kid\":\"" + kid + "\"}";

        for (String key : List.of(pem, pem.strip(), pem.replace("\r\n", "\n"))) {
            assertRefused(withToken(hmac(header, part(server.managementToken(), 1), key)), 401, "Invalid token", "");
        }
    }

    @Test
    void an_expired_token_is_refused_in_words_of_its_own() {
        try (TestServer aging = TestServer.start()) {
            String token = aging.managementToken();
            aging.clock().advance(Duration.ofHours(24).minusSeconds(1));
            assertThat(aging.manage(token, "GET", "clients", null).statusCode()).isEqualTo(200);
            aging.clock().advance(Duration.ofMinutes(5));

            assertRefused(
                    aging.manage(token, "GET", "clients", null),
                    401,
                    "Expired token received for JSON Web Token validation",
                    "");
        }
    }

    @Test
    void a_token_of_another_issuer_is_refused_though_the_key_is_the_same(@TempDir Path folder) {
        MutableClock clock = new MutableClock(TestServer.START);
        String token;
        try (TestServer before = TestServer.startOn(folder, Map.of(), clock)) {
            token = before.managementToken();
        }
        // Another port is another issuer.
        int free = freePort();
        try (TestServer after = TestServer.startOn(folder, Map.of("JETON_PORT", String.valueOf(free)), clock)) {
            assertRefused(after.manage(token, "GET", "clients", null), 401, "Invalid token", "");
            assertThat(after.manage("GET", "clients", null).statusCode()).isEqualTo(200);
        }
    }

    private static int freePort() {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void insufficient_scope_names_every_scope_that_would_do() {
        Operator operator = Operator.with(server, "read:logs");

        HttpResponse<String> response = operator.call("GET", "clients", null);

        assertRefused(
                response,
                403,
                "Insufficient scope, expected any of:"
                        + " read:clients,read:client_keys,read:client_credentials,read:client_summary",
                "insufficient_scope");
        assertThat(challenge(response))
                .isEqualTo("Bearer realm=\"api/v2\", error=\"insufficient_scope\","
                        + " scope=\"read:clients read:client_keys read:client_credentials read:client_summary\"");
    }

    @ParameterizedTest
    @ValueSource(strings = {"read:clients", "read:client_keys", "read:client_credentials", "read:client_summary"})
    void any_one_of_the_scopes_is_enough(String scope) {
        Operator operator = Operator.with(server, scope);

        assertThat(operator.call("GET", "clients", null).statusCode()).isEqualTo(200);
        assertThat(operator.call("POST", "clients", Map.of("name", "x")).statusCode())
                .isEqualTo(403);
    }

    @Test
    void rotating_the_signing_key_needs_both_scopes() {
        assertRefused(
                Operator.with(server, "update:signing_keys").call("POST", "keys/signing/rotate", null),
                403,
                "Insufficient scope, expected any of: create:signing_keys",
                "insufficient_scope");
        assertRefused(
                Operator.with(server, "create:signing_keys").call("POST", "keys/signing/rotate", null),
                403,
                "Insufficient scope, expected any of: update:signing_keys",
                "insufficient_scope");
        assertThat(Operator.with(server, "create:signing_keys", "update:signing_keys")
                        .call("POST", "keys/signing/rotate?force=true", null)
                        .statusCode())
                .isEqualTo(201);
    }

    @Test
    void a_token_of_a_key_that_has_become_the_previous_one_is_still_good() {
        String token = Operator.with(server, "read:clients").token();
        server.managed("POST", "keys/signing/rotate?force=true", null);

        assertThat(withToken(token).statusCode()).isEqualTo(200);
    }

    @Test
    void a_scope_withdrawn_from_the_grant_is_gone_at_once_from_tokens_that_name_it() {
        Operator operator = Operator.with(server, "read:clients", "read:logs");
        assertThat(operator.call("GET", "clients", null).statusCode()).isEqualTo(200);

        server.managed("PATCH", "client-grants/" + operator.grantId(), Map.of("scope", List.of("read:logs")));

        assertThat(operator.call("GET", "clients", null).statusCode()).isEqualTo(403);
        assertThat(operator.call("GET", "logs", null).statusCode()).isEqualTo(200);
    }

    @Test
    void a_scope_given_to_the_grant_later_is_not_in_tokens_of_before() {
        Operator operator = Operator.with(server, "read:logs");
        server.managed(
                "PATCH", "client-grants/" + operator.grantId(), Map.of("scope", List.of("read:logs", "read:clients")));

        assertThat(operator.call("GET", "clients", null).statusCode()).isEqualTo(403);
    }

    @Test
    void a_client_whose_grant_is_deleted_is_refused_with_the_token_it_has() {
        Operator operator = Operator.with(server, "read:clients");
        server.managed("DELETE", "client-grants/" + operator.grantId(), null);

        assertRefused(operator.call("GET", "clients", null), 401, "Invalid token", "");
    }

    @Test
    void a_deleted_client_is_refused_with_the_token_it_has() {
        Operator operator = Operator.with(server, "read:clients");
        server.managed("DELETE", "clients/" + operator.clientId(), null);

        assertRefused(operator.call("GET", "clients", null), 401, "Invalid token", "");
    }

    @Test
    void a_client_that_deletes_itself_is_answered_once_and_then_refused() {
        Operator operator = Operator.with(server, "delete:clients");

        assertThat(operator.call("DELETE", "clients/" + operator.clientId(), null)
                        .statusCode())
                .isEqualTo(204);
        assertThat(operator.call("DELETE", "clients/" + operator.clientId(), null)
                        .statusCode())
                .isEqualTo(401);
    }

    @Test
    void every_management_route_refuses_a_request_without_a_token() {
        List<String> open = server.server().routes().stream()
                .filter(route -> route.pattern().startsWith("/api/v2"))
                .filter(route -> !route.access().equals("public"))
                .filter(route -> {
                    String path = route.pattern().substring(1).replaceAll("\\{\\w+}", "x");
                    return server.exchange(server.request(path)
                                            .method(route.method(), HttpRequest.BodyPublishers.noBody()))
                                    .statusCode()
                            != 401;
                })
                .map(route -> route.method() + " " + route.pattern())
                .toList();

        assertThat(open).isEmpty();
    }

    private static String part(String token, int number) {
        return token.split("\\.", -1)[number];
    }

    private static String encoded(String text) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }

    private static String hmac(String header, String encodedClaims, String key) {
        try {
            String signed = encoded(header) + "." + encodedClaims;
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(key.getBytes(StandardCharsets.UTF_8), "HmacSHA256"));
            return signed + "."
                    + Base64.getUrlEncoder()
                            .withoutPadding()
                            .encodeToString(mac.doFinal(signed.getBytes(StandardCharsets.UTF_8)));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }
}
