package dev.jeton.client;

import static dev.jeton.Answers.assertRefused;
import static dev.jeton.Answers.json;
import static dev.jeton.Answers.message;
import static org.assertj.core.api.Assertions.assertThat;

import dev.jeton.Operator;
import dev.jeton.TestServer;
import java.net.http.HttpResponse;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** Which fields a client has, what they may hold, and what they are where nobody sent them. */
class ClientFieldsTest {
    private static TestServer server;

    @BeforeAll
    static void start() {
        server = TestServer.start();
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    private static JsonNode create(String body) {
        return server.managed("POST", "clients", body);
    }

    private static String newClient(String body) {
        return create(body).path("client_id").asString();
    }

    private static JsonNode get(String id) {
        return server.managed("GET", "clients/" + id, null);
    }

    private static JsonNode patch(String id, String body) {
        return server.managed("PATCH", "clients/" + id, body);
    }

    private static List<String> names(JsonNode json) {
        return List.copyOf(json.propertyNames());
    }

    @Test
    void a_fresh_client_has_auth0s_defaults_in_auth0s_order() {
        ObjectNode made = (ObjectNode) create("{\"name\":\"Billing worker\",\"app_type\":\"non_interactive\"}");

        assertThat(names(made))
                .containsExactly(
                        "tenant",
                        "global",
                        "is_token_endpoint_ip_header_trusted",
                        "name",
                        "is_first_party",
                        "oidc_conformant",
                        "sso_disabled",
                        "cross_origin_authentication",
                        "cross_origin_auth",
                        "encrypted",
                        "refresh_token",
                        "signing_keys",
                        "client_id",
                        "callback_url_template",
                        "client_secret",
                        "jwt_configuration",
                        "app_type",
                        "grant_types",
                        "custom_login_page_on");
        assertThat(made.without(List.of("client_id", "client_secret", "signing_keys")))
                .isEqualTo(json("""
                {
                  "tenant": "127.0.0.1", "global": false, "is_token_endpoint_ip_header_trusted": false,
                  "name": "Billing worker", "is_first_party": true, "oidc_conformant": false, "sso_disabled": false,
                  "cross_origin_authentication": false, "cross_origin_auth": false, "encrypted": true,
                  "refresh_token": {
                    "rotation_type": "non-rotating", "expiration_type": "non-expiring", "leeway": 0,
                    "token_lifetime": 2592000, "infinite_token_lifetime": true, "idle_token_lifetime": 1296000,
                    "infinite_idle_token_lifetime": true
                  },
                  "callback_url_template": false,
                  "jwt_configuration": {"lifetime_in_seconds": 36000, "secret_encoded": false},
                  "app_type": "non_interactive",
                  "grant_types": ["authorization_code", "implicit", "refresh_token", "client_credentials"],
                  "custom_login_page_on": true
                }"""));
    }

    @Test
    void the_signing_certificate_is_shown_and_never_a_private_key() {
        JsonNode made = create("{\"name\":\"x\"}");

        for (JsonNode client : List.of(made, get(made.path("client_id").asString()))) {
            assertThat(client.path("signing_keys")).hasSize(1);
            JsonNode key = client.path("signing_keys").path(0);
            assertThat(names(key)).containsExactly("cert", "pkcs7", "subject");
            assertThat(key.path("cert").asString()).isEqualTo(server.get("pem").body());
            assertThat(key.path("pkcs7").asString()).startsWith("-----BEGIN PKCS7-----\r\nMII");
            assertThat(key.path("subject").asString()).startsWith("/CN=");
        }
    }

    @Test
    void a_method_that_was_registered_makes_for_a_longer_refresh_token() {
        for (String type : List.of("non_interactive", "regular_web")) {
            JsonNode token = create(
                            "{\"name\":\"x\",\"token_endpoint_auth_method\":\"client_secret_post\",\"app_type\":\""
                                    + type + "\"}")
                    .path("refresh_token");
            assertThat(token.path("token_lifetime").asInt()).isEqualTo(31_557_600);
            assertThat(token.path("idle_token_lifetime").asInt()).isEqualTo(2_592_000);
        }
        assertThat(create("{\"name\":\"x\",\"token_endpoint_auth_method\":\"none\",\"app_type\":\"native\"}")
                        .path("refresh_token")
                        .path("token_lifetime")
                        .asInt())
                .isEqualTo(2_592_000);
    }

    @Test
    void a_client_of_a_resource_server_has_no_grant_types_and_is_conformant() {
        JsonNode made = create("""
                {"name":"x","app_type":"resource_server","resource_server_identifier":"https://api.example.com"}""");

        assertThat(made.path("grant_types")).isEmpty();
        assertThat(made.path("oidc_conformant").asBoolean()).isTrue();
        assertThat(made.path("jwt_configuration")).isEqualTo(json("{\"secret_encoded\":false,\"alg\":\"RS256\"}"));
        assertThat(made.path("resource_server_identifier").asString()).isEqualTo("https://api.example.com");
    }

    @Test
    void an_algorithm_that_was_sent_alone_leaves_the_lifetime_out() {
        assertThat(create("{\"name\":\"x\",\"jwt_configuration\":{\"alg\":\"RS256\"}}")
                        .path("jwt_configuration"))
                .isEqualTo(json("{\"alg\":\"RS256\",\"secret_encoded\":false}"));
    }

    @Test
    void a_public_client_is_made_without_the_grant_type_it_cannot_use() {
        JsonNode made = create("{\"name\":\"x\",\"app_type\":\"spa\",\"token_endpoint_auth_method\":\"none\"}");

        assertThat(made.path("grant_types").toString())
                .isEqualTo("[\"authorization_code\",\"implicit\",\"refresh_token\"]");
    }

    @Test
    void empty_metadata_is_shown_only_where_it_was_sent() {
        String without = newClient("{\"name\":\"x\"}");
        String with = newClient("{\"name\":\"x\",\"client_metadata\":{}}");

        assertThat(get(without).has("client_metadata")).isFalse();
        assertThat(get(with).path("client_metadata")).isEqualTo(json("{}"));
        assertThat(patch(with, "{\"client_metadata\":{\"a\":\"1\"}}").path("client_metadata"))
                .isEqualTo(json("{\"a\":\"1\"}"));
        assertThat(patch(with, "{\"client_metadata\":{\"a\":null}}").path("client_metadata"))
                .isEqualTo(json("{}"));
        assertThat(get(with).path("client_metadata")).isEqualTo(json("{}"));
    }

    @Test
    void what_the_command_line_of_auth0_sends_comes_back() {
        ObjectNode sent = (ObjectNode) JsonMapper.shared().readTree("""
                {
                  "name": "m2m", "description": "d", "app_type": "non_interactive", "callbacks": [],
                  "allowed_origins": [], "web_origins": [], "allowed_logout_urls": [], "oidc_conformant": true,
                  "jwt_configuration": {"alg": "RS256"}, "client_metadata": {}, "grant_types": ["client_credentials"]
                }""");
        JsonNode made = server.managed("POST", "clients", sent);

        sent.remove("jwt_configuration");
        sent.properties()
                .forEach(member -> assertThat(made.path(member.getKey())).isEqualTo(member.getValue()));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\"token_quota\":{\"client_credentials\":{\"enforce\":true,\"per_day\":100,\"per_hour\":1}}",
                "\"require_proof_of_possession\":true",
                "\"identity_assertion_authorization_grant\":{\"active\":[1]}",
                "\"refresh_token\":{\"rotation_type\":\"rotating\",\"expiration_type\":\"expiring\",\"policies\":null}",
                "\"default_organization\":{\"organization_id\":\"org_1\",\"flows\":[\"client_credentials\"]}",
                "\"token_exchange\":{\"allow_any_profile_of_type\":[\"on_behalf_of_token_exchange\"]}",
                "\"session_transfer\":{\"allowed_authentication_methods\":[\"cookie\"]}",
                "\"encryption_key\":{\"pub\":\"p\",\"cert\":\"c\",\"subject\":\"s\"}",
                "\"compliance_level\":\"fapi2_sp_pkj_mtls\"",
                "\"par_request_expiry\":600",
                "\"async_approval_notification_channels\":[\"guardian-push\",\"email\"]",
                "\"organization_discovery_methods\":[\"email\"]",
                "\"redirection_policy\":\"allow_always\"",
                "\"third_party_security_mode\":\"strict\"",
                "\"initiate_login_uri\":\"not a URL at all\"",
                "\"custom_login_page\":\"<html>\""
            })
    void a_field_is_kept_and_given_back(String member) {
        ObjectNode sent = (ObjectNode) JsonMapper.shared().readTree("{\"name\":\"x\"," + member + "}");

        JsonNode made = server.managed("POST", "clients", sent);

        sent.properties().forEach(field -> assertThat(made.path(field.getKey())).isEqualTo(field.getValue()));
        assertThat(ClientSchema.ANSWER.misfit(made, "")).isEmpty();
        assertThat(get(made.path("client_id").asString())).isEqualTo(((ObjectNode) made).without("encrypted"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '\0',
            value = {
                "name | \"\" | String does not match pattern ^[^<>]+$:  | name",
                "description | \"D\" | String is too long (141 chars), maximum 140 | description",
                "client_aliases | [\"\"] | String is too short (0 chars), minimum 1 | client_aliases[0]",
                "grant_types | [\"a\",\"b\",\"a\"] | Array items are not unique (indexes 0 and 2) | grant_types",
                "custom_login_page | \"\" | String is too short (0 chars), minimum 1 | custom_login_page",
                "jwt_configuration | {\"alg\":\"ES256\"} | No enum match for: ES256 | jwt_configuration.alg",
                "jwt_configuration | {\"lifetime_in_seconds\":\"1\"} | Expected type integer but found type string | jwt_configuration.lifetime_in_seconds",
                "native_social_login | {} | Too few properties defined (0), minimum 1 | native_social_login",
                "refresh_token | {\"rotation_type\":\"rotating\"} | Missing required property: expiration_type | refresh_token",
                "refresh_token | {\"rotation_type\":\"rotating\",\"expiration_type\":\"expiring\",\"x\":1} | Additional properties not allowed: x | refresh_token",
                "refresh_token | {\"rotation_type\":\"rotating\",\"expiration_type\":\"expiring\",\"leeway\":-1} | Value -1 is less than minimum 0 | refresh_token.leeway",
                "refresh_token | {\"rotation_type\":\"rotating\",\"expiration_type\":\"expiring\",\"policies\":[]} | Array is too short (0), minimum 1 | refresh_token.policies",
                "default_organization | {\"organization_id\":\"org_1\"} | Missing required property: flows | default_organization",
                "default_organization | {\"flows\":[\"client_credentials\"]} | Missing required property: organization_id | default_organization",
                "organization_discovery_methods | [] | Array is too short (0), minimum 1 | organization_discovery_methods",
                "async_approval_notification_channels | [\"sms\"] | No enum match for: sms | async_approval_notification_channels[0]",
                "par_request_expiry | 9 | Value 9 is less than minimum 10 | par_request_expiry",
                "par_request_expiry | 601 | Value 601 is greater than maximum 600 | par_request_expiry",
                "token_quota | {} | Missing required property: client_credentials | token_quota",
                "token_quota | {\"client_credentials\":{}} | Too few properties defined (0), minimum 1 | token_quota.client_credentials",
                "token_quota | {\"client_credentials\":{\"per_day\":0}} | Value 0 is less than minimum 1 | token_quota.client_credentials.per_day",
                "token_exchange | {\"foo\":1} | Additional properties not allowed: foo | token_exchange",
                "is_first_party | null | Expected type boolean but found type null | is_first_party",
                "callbacks | null | Expected type array but found type null | callbacks",
                "app_type | \"m2m\" | No enum match for: m2m | app_type",
                "client_secret | \"\" | String is too short (0 chars), minimum 1 | client_secret"
            })
    void what_does_not_fit_is_refused_in_the_words_of_auth0s_validator(
            String field, String value, String detail, String path) {
        String body = "{" + (field.equals("name") ? "" : "\"name\":\"x\",") + "\"" + field + "\":"
                + value.replace("\"D\"", '"' + "d".repeat(141) + '"') + "}";
        String id = newClient("{\"name\":\"untouched\"}");
        JsonNode before = get(id);

        for (String call : List.of("POST clients", "PATCH clients/" + id)) {
            String[] words = call.split(" ", -1);
            assertThat(message(server.manage(words[0], words[1], body)))
                    .startsWith("Payload validation error: '" + detail)
                    .endsWith("' on property " + path + ".");
        }
        assertThat(get(id)).isEqualTo(before);
    }

    @Test
    void null_is_taken_on_creation_only_where_it_says_something() {
        JsonNode made = create("""
                {"name":"x","encryption_key":null,"refresh_token":null,"default_organization":null,
                 "session_transfer":null,"compliance_level":null,"par_request_expiry":null}""");
        assertThat(made.has("encryption_key")).isFalse();
        assertThat(made.has("par_request_expiry")).isFalse();

        assertThat(message(server.manage("POST", "clients", "{\"name\":\"x\",\"token_quota\":null}")))
                .contains("Expected type object but found type null' on property token_quota");
        assertThat(message(server.manage("POST", "clients", "{\"name\":\"x\",\"token_endpoint_auth_method\":null}")))
                .contains("Expected type string but found type null' on property token_endpoint_auth_method");
    }

    @Test
    void null_on_a_change_clears_what_can_be_cleared() {
        String id = newClient("""
                {"name":"x","token_quota":{"client_credentials":{"per_day":1}},"organization_usage":"deny",
                 "organization_require_behavior":"no_prompt","cross_origin_loc":"https://x",
                 "native_social_login":{"apple":{}},"token_exchange":{},"par_request_expiry":60}""");

        JsonNode after = patch(id, """
                {"token_quota":null,"organization_usage":null,"organization_require_behavior":null,
                 "organization_discovery_methods":null,"cross_origin_loc":null,"native_social_login":null,
                 "fedcm_login":null,"skip_non_verifiable_callback_uri_confirmation_prompt":null,"token_exchange":null,
                 "express_configuration":null,"my_organization_configuration":null,
                 "async_approval_notification_channels":null,"par_request_expiry":null}""");

        assertThat(after).isEqualTo(get(newClientLike(after)));
    }

    /** The id of a client of which nothing was sent, whose answers are made those of that one. */
    private static String newClientLike(JsonNode client) {
        String plain = newClient("{\"name\":\"x\"}");
        ObjectNode expected = ((ObjectNode) get(plain)).without(List.of("client_id", "client_secret"));
        assertThat(((ObjectNode) client).deepCopy().without(List.of("client_id", "client_secret")))
                .isEqualTo(expected);
        return client.path("client_id").asString();
    }

    @Test
    void a_client_that_is_not_first_party_has_no_organizations() {
        assertThat(message(server.manage(
                        "POST",
                        "clients",
                        "{\"name\":\"x\",\"is_first_party\":false,\"organization_usage\":\"deny\"}")))
                .contains("has no organization_usage' on property is_first_party");
        String id = newClient("{\"name\":\"x\",\"organization_require_behavior\":\"no_prompt\"}");
        assertThat(server.manage("PATCH", "clients/" + id, "{\"is_first_party\":false}")
                        .statusCode())
                .isEqualTo(400);
        assertThat(patch(id, "{\"is_first_party\":false,\"organization_require_behavior\":null}")
                        .path("is_first_party")
                        .asBoolean())
                .isFalse();
    }

    @Test
    void what_is_fixed_at_creation_cannot_be_changed() {
        String id = newClient("{\"name\":\"x\",\"third_party_security_mode\":\"strict\"}");

        assertThat(message(server.manage("PATCH", "clients/" + id, "{\"third_party_security_mode\":\"permissive\"}")))
                .contains("on property third_party_security_mode");
        assertThat(patch(id, "{\"third_party_security_mode\":\"strict\"}")
                        .path("name")
                        .asString())
                .isEqualTo("x");
        assertThat(message(server.manage("PATCH", "clients/" + id, "{\"resource_server_identifier\":\"x\"}")))
                .contains("Additional properties not allowed: resource_server_identifier");
    }

    @Test
    void each_scope_shows_what_it_is_for() {
        String id = newClient(
                "{\"name\":\"x\",\"app_type\":\"spa\",\"description\":\"d\",\"encryption_key\":{\"pub\":\"p\"}}");
        List<String> keys = List.of("client_secret", "encryption_key", "signing_keys");
        List<String> all = names(get(id));
        List<String> summary = List.of("name", "description", "client_id", "app_type");

        assertThat(seenBy("read:client_summary", id)).containsExactlyInAnyOrderElementsOf(summary);
        assertThat(seenBy("read:clients", id))
                .containsExactlyElementsOf(
                        all.stream().filter(name -> !keys.contains(name)).toList());
        assertThat(seenBy("read:client_keys", id)).isEqualTo(all);
        assertThat(seenBy("read:client_credentials", id))
                .containsExactlyElementsOf(all.stream()
                        .filter(name -> keys.contains(name) || summary.contains(name))
                        .toList());
    }

    private static List<String> seenBy(String scope, String id) {
        return names(json(Operator.with(server, scope).call("GET", "clients/" + id, null)));
    }

    @Test
    void a_field_that_the_scope_does_not_show_cannot_be_asked_for() {
        String id = newClient("{\"name\":\"x\"}");
        Operator summary = Operator.with(server, "read:client_summary");
        Operator clients = Operator.with(server, "read:clients");

        assertThat(summary.call("GET", "clients/" + id + "?fields=client_id,app_type", null)
                        .statusCode())
                .isEqualTo(200);
        assertRefused(
                summary.call("GET", "clients/" + id + "?fields=client_id,callbacks", null),
                403,
                "Insufficient scope, expected any of: read:clients,read:client_keys",
                "insufficient_scope");
        for (String key : List.of("client_secret", "encryption_key", "signing_keys", "client_authentication_methods")) {
            assertRefused(
                    clients.call("GET", "clients?fields=" + key, null),
                    403,
                    "Insufficient scope, expected any of: read:client_keys,read:client_credentials",
                    "insufficient_scope");
        }
        assertThat(summary.call("GET", "clients?fields=callbacks&include_fields=false", null)
                        .statusCode())
                .isEqualTo(200);
    }

    @ParameterizedTest
    @ValueSource(strings = {"update:clients", "update:client_keys", "update:client_credentials"})
    void the_answer_to_a_change_is_the_whole_client(String scope) {
        String id = newClient("{\"name\":\"x\",\"callbacks\":[\"https://a\"]}");

        HttpResponse<String> answer =
                Operator.with(server, scope).call("PATCH", "clients/" + id, "{\"description\":\"d\"}");

        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(json(answer).path("callbacks")).hasSize(1);
        assertThat(json(answer).has("client_secret")).isFalse();
        assertThat(json(answer).has("signing_keys")).isFalse();
    }
}
