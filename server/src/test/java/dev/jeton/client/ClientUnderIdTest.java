package dev.jeton.client;

import static dev.jeton.Answers.assertRefused;
import static dev.jeton.Answers.json;
import static org.assertj.core.api.Assertions.assertThat;

import dev.jeton.Operator;
import dev.jeton.TestServer;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code PUT /clients/{id}}: an application that moves here keeps its id. */
class ClientUnderIdTest {
    private static final Map<String, Object> BODY =
            Map.of("name", "Moved", "grant_types", List.of("client_credentials"), "client_secret", "the old secret");

    private static TestServer server;

    @BeforeAll
    static void start() {
        server = TestServer.start();
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @Test
    void a_client_is_created_under_its_id_and_gets_tokens_by_it() {
        server.createApi("https://moved.example.com", List.of("read:x"), Map.of());

        HttpResponse<String> created = server.manage("PUT", "clients/oldIdOfAnotherTenant0123456789ab", BODY);

        assertThat(created.statusCode()).as(created.body()).isEqualTo(201);
        assertThat(json(created).path("client_id").asString()).isEqualTo("oldIdOfAnotherTenant0123456789ab");
        server.createGrant("oldIdOfAnotherTenant0123456789ab", "https://moved.example.com", List.of("read:x"));
        assertThat(server.token(json(created), "https://moved.example.com").statusCode())
                .isEqualTo(200);
    }

    @Test
    void an_id_that_is_taken_is_409_and_its_client_stays_as_it_is() {
        server.manage("PUT", "clients/taken", BODY);

        assertRefused(
                server.manage("PUT", "clients/taken", Map.of("name", "Other", "client_secret", "other")),
                409,
                "A client with the same id already exists",
                "client_conflict");
        assertThat(server.managed("GET", "clients/taken", null)
                        .path("client_secret")
                        .asString())
                .isEqualTo("the old secret");
    }

    @ParameterizedTest
    @ValueSource(strings = {"a%2Fb", "a%20b", "%3Cscript%3E", "a.b", "%C3%BC"})
    void an_id_that_would_have_to_be_escaped_is_400(String id) {
        HttpResponse<String> response = server.manage("PUT", "clients/" + id, BODY);

        assertThat(response.statusCode()).isEqualTo(400);
        assertThat(json(response).path("errorCode").asString()).isEqualTo("invalid_uri");
    }

    @Test
    void the_id_of_the_global_client_is_not_to_be_had() {
        String global = server.managed("GET", "clients?is_global=true", null)
                .path(0)
                .path("client_id")
                .asString();

        assertThat(server.manage("PUT", "clients/" + global, BODY).statusCode()).isEqualTo(400);
    }

    @Test
    void it_needs_both_scopes() {
        Operator clerk = Operator.with(server, "create:clients");

        assertRefused(
                clerk.call("PUT", "clients/chosen", BODY),
                403,
                "Insufficient scope, expected any of: create:client_keys",
                "insufficient_scope");
    }

    @Test
    void under_the_id_of_a_deleted_client_there_are_none_of_its_grants() {
        Operator gone = Operator.with(server, "read:clients");
        server.manage("DELETE", "clients/" + gone.clientId(), null);

        server.managed("PUT", "clients/" + gone.clientId(), BODY);

        assertRefused(gone.call("GET", "clients", null), 401, "Invalid token", "");
    }
}
