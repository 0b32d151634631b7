package dev.jeton.token;

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
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** An API whose settings demand what Jeton cannot do keeps them, and gets no token that does less. */
class UnfulfilledDemandTest {
    private static TestServer auth0;
    private static TestServer rfc6749;

    @BeforeAll
    static void start() {
        auth0 = TestServer.start();
        rfc6749 = TestServer.start(Map.of("JETON_OAUTH_ERRORS", "rfc6749"));
    }

    @AfterAll
    static void stop() {
        auth0.close();
        rfc6749.close();
    }

    private record Setting(TestServer server, String audience, String api, JsonNode client) {
        static Setting on(TestServer server, String name) {
            String audience = "https://" + name + ".example.com";
            String api = server.createApi(audience, List.of("a"), Map.of())
                    .path("id")
                    .asString();
            JsonNode client = server.createClient("Caller", Map.of());
            server.createGrant(client.path("client_id").asString(), audience, List.of("a"));
            return new Setting(server, audience, api, client);
        }

        HttpResponse<String> ask() {
            return Operator.ask(
                    server,
                    client.path("client_id").asString(),
                    client.path("client_secret").asString(),
                    audience);
        }

        void patch(String body) {
            server.managed("PATCH", "resource-servers/" + api, body);
        }
    }

    private static String settingFor(String field, TestServer server) {
        return switch (field) {
            case "subject_type_authorization" ->
                "{\"subject_type_authorization\":{\"client\":{\"policy\":\"deny_all\"}}}";
            case "proof_of_possession" -> "{\"proof_of_possession\":{\"mechanism\":\"dpop\",\"required\":true}}";
            case "token_encryption" -> {
                ObjectNode key = JsonMapper.shared()
                        .createObjectNode()
                        .put("alg", "RSA-OAEP-256")
                        .put(
                                "pem",
                                server.managed("GET", "keys/signing", null)
                                        .get(0)
                                        .path("cert")
                                        .asString());
                yield "{\"token_encryption\":{\"format\":\"compact-nested-jwe\",\"encryption_key\":" + key + "}}";
            }
            default -> throw new IllegalArgumentException(field);
        };
    }

    private static String liftingOf(String field) {
        return field.equals("subject_type_authorization")
                ? "{\"subject_type_authorization\":{\"client\":{\"policy\":\"require_client_grant\"}}}"
                : "{\"" + field + "\":null}";
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    subject_type_authorization | denies access to all clients | subject_type_authorization.client.policy is deny_all
                    token_encryption | demands encrypted access tokens, which this server does not issue | token_encryption is set
                    proof_of_possession | demands proof of possession, which this server does not offer | proof_of_possession.required is true
                    """)
    void an_api_that_demands_more_gets_no_token_until_it_does_not(String field, String says, String recorded) {
        Setting onAuth0 = Setting.on(auth0, field.replace('_', '-'));
        Setting onRfc6749 = Setting.on(rfc6749, field.replace('_', '-'));
        onAuth0.patch(settingFor(field, auth0));
        onRfc6749.patch(settingFor(field, rfc6749));

        assertThat(json(onAuth0.ask()))
                .isEqualTo(JsonMapper.shared()
                        .createObjectNode()
                        .put("error", "access_denied")
                        .put("error_description", "Resource server \"" + onAuth0.audience() + "\" " + says + "."));
        assertThat(onAuth0.ask().statusCode()).isEqualTo(403);
        JsonNode event = auth0.managed("GET", "logs?per_page=1", null).get(0);
        assertThat(event.path("type").asString()).isEqualTo("feccft");
        assertThat(event.toString()).contains(recorded);

        assertThat(json(onRfc6749.ask()))
                .isEqualTo(JsonMapper.shared()
                        .createObjectNode()
                        .put("error", "invalid_target")
                        .put("error_description", "The API " + says)
                        .put("error_uri", rfc6749.issuer() + "docs/troubleshoot#settings-of-the-api"));
        assertThat(onRfc6749.ask().statusCode()).isEqualTo(400);

        onAuth0.patch(liftingOf(field));
        assertThat(onAuth0.ask().statusCode()).isEqualTo(200);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"proof_of_possession\":{\"mechanism\":\"dpop\",\"required\":false}}",
                "{\"proof_of_possession\":{\"mechanism\":\"mtls\",\"required\":true,\"required_for\":\"public_clients\"}}",
                "{\"subject_type_authorization\":{\"user\":{\"policy\":\"deny_all\"}}}",
                "{\"authorization_policy\":{\"policy_id\":\"p\"}}"
            })
    void what_concerns_users_and_public_clients_only_keeps_no_client_from_its_token(String body) {
        Setting setting = Setting.on(auth0, "harmless" + Integer.toHexString(body.hashCode()));
        setting.patch(body);

        assertThat(setting.ask().statusCode()).isEqualTo(200);
    }

    @Test
    void who_holds_no_grant_is_not_told_what_the_api_demands() {
        Setting setting = Setting.on(auth0, "stranger");
        setting.patch(settingFor("subject_type_authorization", auth0));
        JsonNode stranger = auth0.createClient("Stranger", Map.of());

        assertThat(auth0.token(stranger, setting.audience()).body()).contains("is not authorized to access");
    }
}
