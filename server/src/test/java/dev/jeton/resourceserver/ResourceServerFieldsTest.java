package dev.jeton.resourceserver;

import static dev.jeton.Answers.assertRefused;
import static dev.jeton.Answers.each;
import static dev.jeton.Answers.json;
import static dev.jeton.Answers.message;
import static org.assertj.core.api.Assertions.assertThat;

import dev.jeton.IfMatch;
import dev.jeton.TestServer;
import java.net.URLEncoder;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Every field of an API: what it may be, what it is when nobody says, and how it is answered. */
class ResourceServerFieldsTest {
    private static TestServer server;
    private static int made;

    private String identifier = "";
    private String id = "";

    @BeforeAll
    static void start() {
        server = TestServer.start();
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @BeforeEach
    void an_api() {
        identifier = "https://fields" + made++ + ".example.com";
        id = server.managed("POST", "resource-servers", Map.of("identifier", identifier))
                .path("id")
                .asString();
    }

    private JsonNode get() {
        return server.managed("GET", "resource-servers/" + id, null);
    }

    private JsonNode patch(String body) {
        JsonNode answer = server.managed("PATCH", "resource-servers/" + id, body);
        assertThat(answer).isEqualTo(get());
        return answer;
    }

    private HttpResponse<String> tryPatch(String body) {
        return server.manage("PATCH", "resource-servers/" + id, body);
    }

    private static JsonNode system() {
        return server.managed("GET", "resource-servers?per_page=1", null).get(0);
    }

    @Test
    void a_fresh_api_is_answered_as_auth0_does_in_its_order() {
        assertThat(get().toString())
                .isEqualTo(
                        "{\"id\":\"" + id + "\",\"identifier\":\"" + identifier + "\",\"allow_offline_access\":false,"
                                + "\"skip_consent_for_verifiable_first_party_clients\":false,"
                                + "\"subject_type_authorization\":{\"client\":{\"policy\":\"require_client_grant\"},"
                                + "\"user\":{\"policy\":\"allow_all\"}},\"token_lifetime\":86400,"
                                + "\"token_lifetime_for_web\":7200,\"signing_alg\":\"RS256\"}");
    }

    @Test
    void the_system_api_is_answered_as_auth0_does_in_its_order() {
        assertThat(List.copyOf(system().propertyNames()))
                .containsExactly(
                        "id",
                        "name",
                        "identifier",
                        "allow_offline_access",
                        "skip_consent_for_verifiable_first_party_clients",
                        "subject_type_authorization",
                        "token_lifetime",
                        "token_lifetime_for_web",
                        "signing_alg",
                        "scopes",
                        "is_system");
    }

    @Test
    void scopes_that_were_never_sent_are_absent_and_an_empty_list_is_shown() {
        assertThat(get().has("scopes")).isFalse();
        assertThat(patch("{\"scopes\":[]}").path("scopes").toString()).isEqualTo("[]");
        assertThat(patch("{\"scopes\":[{\"value\":\"a\"}]}").path("scopes").toString())
                .isEqualTo("[{\"value\":\"a\"}]");
        assertThat(patch("{\"scopes\":[]}").path("scopes").toString()).isEqualTo("[]");
        assertThat(patch("{\"name\":\"Other\"}").path("scopes").toString()).isEqualTo("[]");
        assertThat(server.managed(
                                "POST",
                                "resource-servers",
                                Map.of("identifier", identifier + "/none", "scopes", List.of()))
                        .path("scopes")
                        .toString())
                .isEqualTo("[]");
    }

    @Test
    void a_scope_that_is_listed_twice_is_named_by_its_places() {
        assertRefused(
                tryPatch("{\"scopes\":[{\"value\":\"a\"},{\"value\":\"b\"},{\"value\":\"a\",\"description\":\"A\"}]}"),
                400,
                "Payload validation error: 'Array items are not unique (indexes 0 and 2)' on property scopes.",
                "invalid_body");
    }

    @Test
    void the_lifetime_for_the_web_is_two_hours_or_that_of_the_token_if_it_is_shorter() {
        assertThat(patch("{\"token_lifetime\":60}")
                        .path("token_lifetime_for_web")
                        .asInt())
                .isEqualTo(60);
        assertThat(patch("{\"token_lifetime\":7300,\"token_lifetime_for_web\":7300}")
                        .path("token_lifetime_for_web")
                        .asInt())
                .isEqualTo(7_300);
        assertRefused(
                tryPatch("{\"token_lifetime_for_web\":7301}"),
                400,
                "Payload validation error: 'Value 7301 is greater than maximum 7300' on property"
                        + " token_lifetime_for_web.",
                "invalid_body");
        assertThat(patch("{\"token_lifetime\":100}")
                        .path("token_lifetime_for_web")
                        .asInt())
                .isEqualTo(100);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\"allow_offline_access\":true",
                "\"allow_online_access\":false",
                "\"allow_online_access_with_ephemeral_sessions\":true",
                "\"skip_consent_for_verifiable_first_party_clients\":true",
                "\"enforce_policies\":false",
                "\"token_dialect\":\"rfc9068_profile_authz\"",
                "\"token_lifetime\":1",
                "\"token_lifetime_for_web\":0",
                "\"signing_alg\":\"RS512\"",
                "\"consent_policy\":\"transactional-authorization-with-mfa\"",
                "\"authorization_details\":[{\"type\":\"payment\"},5]",
                "\"proof_of_possession\":{\"mechanism\":\"dpop\",\"required\":false,\"required_for\":\"all_clients\"}",
                "\"authorization_policy\":{\"policy_id\":\"p\"}",
                "\"verification_location\":\"https://x.example.com\"",
                "\"verification_location\":{\"any\":[1]}"
            })
    void a_field_comes_back_as_it_was_sent(String field) {
        JsonNode sent = json("{" + field + "}");
        String name = sent.propertyNames().iterator().next();

        assertThat(patch("{" + field + "}").get(name)).isEqualTo(sent.get(name));
        assertThat(server.managed(
                                "POST",
                                "resource-servers",
                                "{\"identifier\":\"" + identifier + "/post\"," + field + "}")
                        .get(name))
                .isEqualTo(sent.get(name));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "consent_policy",
                "authorization_details",
                "token_encryption",
                "proof_of_possession",
                "authorization_policy"
            })
    void null_is_taken_where_auth0_takes_it_and_removes_the_field(String name) {
        patch("{\"consent_policy\":\"transactional-authorization-with-mfa\",\"authorization_details\":[],"
                + "\"proof_of_possession\":{\"mechanism\":\"mtls\",\"required\":true},"
                + "\"authorization_policy\":{\"policy_id\":\"p\"}}");

        assertThat(patch("{\"" + name + "\":null}").has(name)).isFalse();
        assertThat(server.managed(
                                "POST",
                                "resource-servers",
                                "{\"identifier\":\"" + identifier + "/null\",\"" + name + "\":null}")
                        .has(name))
                .isFalse();
    }

    @Test
    void terraform_removes_four_blocks_at_once_with_null() {
        JsonNode before = get();

        assertThat(patch("{\"authorization_details\":null,\"token_encryption\":null,\"proof_of_possession\":null,"
                        + "\"consent_policy\":null}"))
                .isEqualTo(before);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '\u0001', textBlock = """
                    "name":null                                       | Expected type string but found type null | name
                    "name":""                                         | String does not match pattern ^[^<>]+$:  | name
                    "enforce_policies":null                           | Expected type boolean but found type null | enforce_policies
                    "token_dialect":"opaque"                          | No enum match for: opaque | token_dialect
                    "signing_alg":"RS384"                             | No enum match for: RS384 | signing_alg
                    "scopes":[{}]                                     | Missing required property: value | scopes[0]
                    "scopes":[{"value":"a","x":1}]                    | Additional properties not allowed: x | scopes[0]
                    "scopes":[{"value":""}]                           | String is too short (0 chars), minimum 1 | scopes[0].value
                    "subject_type_authorization":{"other":{}}         | Additional properties not allowed: other | subject_type_authorization
                    "subject_type_authorization":{"client":{"policy":"allow_all"}} | No enum match for: allow_all | subject_type_authorization.client.policy
                    "subject_type_authorization":null                 | Expected type object but found type null | subject_type_authorization
                    "proof_of_possession":{"mechanism":"dpop"}        | Missing required property: required | proof_of_possession
                    "proof_of_possession":{"mechanism":"x","required":true} | No enum match for: x | proof_of_possession.mechanism
                    "authorization_policy":{"policy_id":""}           | String is too short (0 chars), minimum 1 | authorization_policy.policy_id
                    "token_encryption":{"format":"jwe","encryption_key":{"alg":"RSA-OAEP-256","pem":"x"}} | No enum match for: jwe | token_encryption.format
                    "token_encryption":{"format":"compact-nested-jwe"} | Missing required property: encryption_key | token_encryption
                    "token_encryption":{"format":"compact-nested-jwe","encryption_key":{"alg":"RSA-OAEP-256","pem":"x","thumbprint_sha256":"x"}} | Additional properties not allowed: thumbprint_sha256 | token_encryption.encryption_key
                    "token_lifetime_for_web":-1                       | Value -1 is less than minimum 0 | token_lifetime_for_web
                    """)
    void what_does_not_fit_is_refused_with_its_path(String field, String detail, String path) {
        JsonNode before = get();
        String message = "Payload validation error: '" + (detail.endsWith(":") ? detail + " " : detail)
                + "' on property " + path + ".";

        assertRefused(tryPatch("{" + field + "}"), 400, message, "invalid_body");
        assertRefused(
                server.manage("POST", "resource-servers", "{\"identifier\":\"" + identifier + "/post\"," + field + "}"),
                400,
                message,
                "invalid_body");
        assertThat(get()).isEqualTo(before);
    }

    @Test
    void a_policy_that_is_not_named_stays_as_it_was() {
        patch("{\"subject_type_authorization\":{\"client\":{\"policy\":\"deny_all\"}}}");

        JsonNode policies = patch("{\"subject_type_authorization\":{\"user\":{\"policy\":\"deny_all\"}}}")
                .path("subject_type_authorization");

        assertThat(policies.toString())
                .isEqualTo("{\"client\":{\"policy\":\"deny_all\"},\"user\":{\"policy\":\"deny_all\"}}");
    }

    private static String pem(String type, byte[] der) {
        return "-----BEGIN " + type + "-----\n"
                + Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(der)
                + "\n-----END " + type + "-----\n";
    }

    private static KeyPair keys(String algorithm, int bits) throws GeneralSecurityException {
        KeyPairGenerator generator = KeyPairGenerator.getInstance(algorithm);
        generator.initialize(bits);
        return generator.generateKeyPair();
    }

    private static String encryption(String pem) {
        return JsonMapper.shared()
                .writeValueAsString(Map.of(
                        "token_encryption",
                        Map.of(
                                "format",
                                "compact-nested-jwe",
                                "encryption_key",
                                Map.of("name", "one", "alg", "RSA-OAEP-256", "kid", "k1", "pem", pem))));
    }

    @Test
    void of_an_encryption_key_the_thumbprint_is_shown() throws GeneralSecurityException {
        String publicKey = pem("PUBLIC KEY", keys("RSA", 2_048).getPublic().getEncoded());
        JsonNode key = patch(encryption(publicKey)).path("token_encryption").path("encryption_key");

        assertThat(List.copyOf(key.propertyNames()))
                .containsExactlyInAnyOrder("name", "alg", "kid", "thumbprint_sha256");
        assertThat(key.path("thumbprint_sha256").asString()).matches("[A-Za-z0-9_-]{43}");

        String certificate =
                server.managed("GET", "keys/signing", null).get(0).path("cert").asString();
        assertThat(patch(encryption(certificate))
                        .at("/token_encryption/encryption_key/thumbprint_sha256")
                        .asString())
                .matches("[A-Za-z0-9_-]{43}")
                .isNotEqualTo(key.path("thumbprint_sha256").asString());
    }

    @Test
    void an_encryption_key_is_a_public_rsa_key_that_is_long_enough() throws GeneralSecurityException {
        KeyPair rsa = keys("RSA", 2_048);
        for (String pem : List.of(
                "no key",
                "-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----",
                pem("PRIVATE KEY", rsa.getPrivate().getEncoded()),
                pem("PUBLIC KEY", rsa.getPublic().getEncoded())
                        + pem("PRIVATE KEY", rsa.getPrivate().getEncoded()),
                pem("PUBLIC KEY", keys("RSA", 1_024).getPublic().getEncoded()),
                pem("PUBLIC KEY", keys("EC", 256).getPublic().getEncoded()))) {
            assertRefused(
                    tryPatch(encryption(pem)),
                    400,
                    "Payload validation error: 'Not a certificate or a public key in PEM, of RSA with 2048 bits or"
                            + " more' on property token_encryption.encryption_key.pem.",
                    "invalid_body");
        }
        assertThat(get().has("token_encryption")).isFalse();
    }

    @Test
    void the_identifier_of_the_system_api_is_reserved() {
        assertRefused(
                server.manage("POST", "resource-servers", Map.of("identifier", server.issuer() + "api/v2/")),
                400,
                "Payload validation error: 'This identifier is reserved for the Management API' on property"
                        + " identifier.",
                "invalid_body");
    }

    @Test
    void an_identifier_is_not_the_id_of_another_api() {
        for (String taken : List.of(id, system().path("id").asString())) {
            assertRefused(
                    server.manage("POST", "resource-servers", Map.of("identifier", taken)),
                    400,
                    "Payload validation error: 'This identifier is the id of another resource server' on property"
                            + " identifier.",
                    "invalid_body");
        }
        assertThat(server.manage("POST", "resource-servers", Map.of("identifier", "0123456789abcdef01234567"))
                        .statusCode())
                .isEqualTo(201);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "name",
                "scopes",
                "signing_alg",
                "signing_secret",
                "token_dialect",
                "enforce_policies",
                "token_encryption",
                "identifier"
            })
    void the_system_api_refuses_other_fields_in_the_words_that_tools_know(String field) {
        assertRefused(
                server.manage("PATCH", "resource-servers/" + system().path("id").asString(), Map.of(field, "x")),
                400,
                "Payload validation error: 'Additional properties not allowed: " + field + "'.",
                "invalid_body");
    }

    @Test
    void the_system_api_takes_what_deploy_cli_sends() {
        String path = "resource-servers/" + system().path("id").asString();
        JsonNode before = system();

        JsonNode after = server.managed(
                "PATCH",
                path,
                "{\"token_lifetime\":7200,\"proof_of_possession\":{\"mechanism\":\"dpop\",\"required\":false},"
                        + "\"skip_consent_for_verifiable_first_party_clients\":true,"
                        + "\"subject_type_authorization\":{\"user\":{\"policy\":\"deny_all\"}},"
                        + "\"authorization_policy\":{\"policy_id\":\"p\"}}");

        assertThat(after.at("/proof_of_possession/mechanism").asString()).isEqualTo("dpop");
        assertThat(after.at("/authorization_policy/policy_id").asString()).isEqualTo("p");
        assertThat(server.managed(
                        "PATCH",
                        path,
                        "{\"token_lifetime\":86400,\"proof_of_possession\":null,\"authorization_policy\":null,"
                                + "\"skip_consent_for_verifiable_first_party_clients\":false,"
                                + "\"subject_type_authorization\":{\"user\":{\"policy\":\"allow_all\"}}}"))
                .isEqualTo(before);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"subject_type_authorization\":{\"client\":{\"policy\":\"deny_all\"}}}",
                "{\"proof_of_possession\":{\"mechanism\":\"dpop\",\"required\":true}}"
            })
    void nobody_is_locked_out_of_the_system_api(String body) {
        JsonNode before = system();

        HttpResponse<String> response =
                server.manage("PATCH", "resource-servers/" + before.path("id").asString(), body);

        assertThat(response.statusCode()).isEqualTo(400);
        assertThat(message(response)).contains("No client could get a token for the Management API again");
        assertThat(system()).isEqualTo(before);
        assertThat(server.manage("GET", "clients", null).statusCode()).isEqualTo(200);
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }

    @Test
    void a_list_is_of_the_identifiers_that_are_named() {
        String other = identifier + "/other";
        server.managed("POST", "resource-servers", Map.of("identifier", other));
        String system = server.issuer() + "api/v2/";
        String three = "identifiers=" + encoded(other) + "&identifiers=" + encoded(identifier) + "&identifiers="
                + encoded(system);

        assertThat(each(server.managed("GET", "resource-servers?" + three, null), "identifier"))
                .containsExactlyInAnyOrder(system, identifier, other);
        JsonNode totals = server.managed("GET", "resource-servers?include_totals=true&per_page=1&" + three, null);
        assertThat(totals.path("total").asInt()).isEqualTo(3);
        assertThat(totals.path("resource_servers")).hasSize(1);
        JsonNode first = server.managed("GET", "resource-servers?take=2&" + three, null);
        JsonNode second = server.managed(
                "GET", "resource-servers?take=2&from=" + first.path("next").asString() + "&" + three, null);
        assertThat(second.has("next")).isFalse();
        assertThat(first.path("resource_servers").size()
                        + second.path("resource_servers").size())
                .isEqualTo(3);
        assertThat(each(
                        server.managed("GET", "resource-servers?identifiers=" + encoded(identifier), null),
                        "identifier"))
                .containsExactly(identifier);
        for (String nothing : List.of("identifiers=x", "identifiers=", "identifiers=" + "x".repeat(601))) {
            assertThat(server.managed("GET", "resource-servers?include_totals=true&" + nothing, null)
                            .toString())
                    .isEqualTo("{\"total\":0,\"start\":0,\"limit\":50,\"resource_servers\":[]}");
        }
        assertRefused(
                server.manage("GET", "resource-servers?" + "identifiers=x&".repeat(11), null),
                400,
                "Query validation error: 'Array is too long (11), maximum 10' on property identifiers.",
                "invalid_query_string");
    }

    @Test
    void who_names_an_old_state_changes_nothing() {
        String path = "resource-servers/" + id;
        String before = IfMatch.tag(server.manage("GET", path, null));
        assertThat(IfMatch.tag(server.manage("GET", path + "?fields=id", null))).isEqualTo(before);

        HttpResponse<String> renamed = IfMatch.manage(server, before, "PATCH", path, Map.of("name", "One"));
        assertThat(renamed.statusCode()).isEqualTo(200);
        String after = IfMatch.tag(renamed);
        assertThat(after).isNotEqualTo(before).isEqualTo(IfMatch.tag(server.manage("GET", path, null)));

        for (HttpResponse<String> late : List.of(
                IfMatch.manage(server, before, "PATCH", path, Map.of("name", "Two")),
                IfMatch.manage(server, before, "DELETE", path, null),
                IfMatch.manage(server, "W/" + after, "DELETE", path, null))) {
            assertThat(late.statusCode()).isEqualTo(412);
            assertThat(json(late).path("errorCode").asString()).isEqualTo("precondition_failed");
        }
        assertThat(get().path("name").asString()).isEqualTo("One");
        assertThat(IfMatch.manage(server, "\"x\", " + after, "DELETE", path, null)
                        .statusCode())
                .isEqualTo(204);
        assertThat(IfMatch.manage(server, "*", "DELETE", path, null).statusCode())
                .isEqualTo(412);
    }
}
