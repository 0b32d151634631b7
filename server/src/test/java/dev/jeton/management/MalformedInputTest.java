package dev.jeton.management;

import static dev.jeton.Answers.json;
import static dev.jeton.Answers.message;
import static org.assertj.core.api.Assertions.assertThat;

import dev.jeton.TestServer;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Whatever is sent, it is refused with the field named, or kept as it is; never a fault, and never half of it. */
class MalformedInputTest {
    private static TestServer server;
    private static String client;
    private static String api;
    private static String grant;
    private static String hook;
    private static String action;

    @BeforeAll
    static void start() {
        server = TestServer.start();
        client = server.createClient("Untouched", Map.of()).path("client_id").asString();
        api = server.createApi("https://untouched.example.com", List.of("a"), Map.of("name", "Untouched"))
                .path("id")
                .asString();
        grant = server.createGrant(client, "https://untouched.example.com", List.of("a"))
                .path("id")
                .asString();
        hook = server.managed(
                        "POST",
                        "hooks",
                        Map.of("name", "Untouched", "script", "x", "triggerId", "credentials-exchange"))
                .path("id")
                .asString();
        action = server.managed(
                        "POST",
                        "actions/actions",
                        Map.of(
                                "name",
                                "Untouched",
                                "deploy",
                                true,
                                "supported_triggers",
                                List.of(Map.of("id", "credentials-exchange"))))
                .path("id")
                .asString();
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    private static JsonNode everything() {
        var all = JsonMapper.shared().createArrayNode();
        for (String path : List.of("clients", "resource-servers", "client-grants", "hooks")) {
            all.add(server.managed("GET", path + "?per_page=100&include_totals=true", null));
        }
        all.add(server.managed("GET", "hooks/" + hook, null));
        all.add(server.managed("GET", "actions/actions", null));
        all.add(server.managed("GET", "actions/actions/" + action + "/versions", null));
        all.add(server.managed("GET", "actions/triggers/credentials-exchange/bindings", null));
        return all;
    }

    private static String filled(String template) {
        return template.replace("{client}", client)
                .replace("{api}", api)
                .replace("{grant}", grant)
                .replace("{hook}", hook)
                .replace("{action}", action);
    }

    private static final List<String> WRITES = List.of(
            "POST clients",
            "PATCH clients/{client}",
            "POST clients/{client}/credentials",
            "PATCH clients/{client}/credentials/cred_none",
            "POST resource-servers",
            "PATCH resource-servers/{api}",
            "POST client-grants",
            "PATCH client-grants/{grant}",
            "POST hooks",
            "PATCH hooks/{hook}",
            "POST hooks/{hook}/secrets",
            "PATCH hooks/{hook}/secrets",
            "POST actions/actions",
            "PATCH actions/actions/{action}",
            "PATCH actions/triggers/credentials-exchange/bindings");

    static Stream<Arguments> bodies() {
        List<String> bodies = List.of(
                "",
                " ",
                "null",
                "true",
                "5",
                "\"text\"",
                "[]",
                "[{\"name\":\"x\"}]",
                "{",
                "{\"name\":\"x\"",
                "{\"name\":\"x\"}}",
                "{\"name\":\"x\"} {\"name\":\"y\"}",
                "{'name':'x'}",
                "{name:\"x\"}",
                "{\"name\":\"x\",}",
                "{\"name\":NaN}",
                "{\"name\":\"\\uZZZZ\"}",
                "{\"name\":\"a\nb\"}",
                "name=x&scope=y",
                "<xml/>",
                "\ufeff{\"name\":\"x\"}",
                "🛰️",
                "{\"name\":🛰️}",
                "{\"\\ud800\":1}",
                "{\"a\\u0000b\":1}",
                "{\"" + "x".repeat(50_000) + "\":1}",
                "{\"" + "🛰".repeat(10_000) + "\":1}",
                "{\"name\":\"x\",\"name\":\"y\"}",
                "{\"scope\":[],\"scope\":[]}",
                "{\"name\":" + "[".repeat(40) + "]".repeat(40) + "}",
                "[".repeat(100_000),
                "{\"a\":".repeat(5_000) + "1" + "}".repeat(5_000),
                "{\"token_lifetime\":" + "9".repeat(5_000) + "}",
                "{\"__proto__\":{\"admin\":true}}");
        return WRITES.stream().flatMap(write -> bodies.stream().map(body -> Arguments.of(write, body)));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("bodies")
    void a_body_that_is_no_such_object_is_refused(String write, String body) {
        String[] words = write.split(" ", -1);

        HttpResponse<String> response = server.manage(words[0], filled(words[1]), body);

        assertThat(response.statusCode()).as(response.body()).isEqualTo(400);
        assertThat(json(response).path("errorCode").asString()).isEqualTo("invalid_body");
        assertThat(response.body().length()).isLessThan(2_000);
    }

    @Test
    void a_field_that_is_given_twice_is_named() {
        assertThat(message(server.manage("POST", "clients", "{\"name\":\"x\",\"app_type\":\"spa\",\"name\":\"y\"}")))
                .contains("\"name\"");
    }

    @Test
    void a_body_that_is_not_utf8_is_refused() {
        JsonNode before = everything();
        for (byte[] bytes : List.of(
                "{\"name\":\"gr\u00fcn\"}".getBytes(StandardCharsets.ISO_8859_1),
                "{\"name\":\"x\"}".getBytes(StandardCharsets.UTF_16),
                new byte[] {'{', '"', 'n', (byte) 0xc0, (byte) 0x80, '"', ':', '1', '}'},
                new byte[] {'{', '"', 'n', (byte) 0xed, (byte) 0xa0, (byte) 0x80, '"', ':', '1', '}'})) {
            HttpResponse<String> response = server.exchange(server.request("api/v2/clients")
                    .header("Authorization", "Bearer " + server.managementToken())
                    .POST(BodyPublishers.ofByteArray(bytes)));
            assertThat(response.statusCode()).isEqualTo(400);
        }
        assertThat(everything()).isEqualTo(before);
    }

    @Test
    void a_body_longer_than_a_mebibyte_is_refused_unread() {
        HttpResponse<String> response =
                server.manage("POST", "clients", "{\"name\":\"" + "x".repeat(1_100_000) + "\"}");

        assertThat(response.statusCode()).isEqualTo(413);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "'; drop table clients; --",
                "\" or \"\"=\"",
                "../../../etc/passwd",
                "..\\..\\boot.ini",
                "${jndi:ldap://x/a}",
                "{{7*7}}",
                "%s%n%x",
                "$(reboot)",
                "`reboot`",
                "a\r\nSet-Cookie: x=y",
                "\u202etxt.exe",
                "\ud83d\udef0\ufe0f"
            })
    void text_that_means_something_elsewhere_is_text_here(String text) {
        JsonNode made = server.createClient(
                text,
                Map.of("description", text, "client_metadata", Map.of("key", text, text, "value"), "logo_uri", text));
        String id = made.path("client_id").asString();

        JsonNode read = server.managed("GET", "clients/" + id, null);

        assertThat(read.path("name").asString()).isEqualTo(text);
        assertThat(read.path("description").asString()).isEqualTo(text);
        assertThat(read.path("client_metadata").path(text).asString()).isEqualTo("value");
        assertThat(read.path("logo_uri").asString()).isEqualTo(text);
        server.managed("DELETE", "clients/" + id, null);
        assertThat(server.managed("GET", "clients/" + client, null).path("name").asString())
                .isEqualTo("Untouched");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "clients/%00",
                "clients/a%00b",
                "resource-servers/%00",
                "client-grants/%00",
                "client-grants?client_id=%00",
                "client-grants?audience=a%00",
                "clients?take=5&from=%00",
                "hooks/%00",
                "hooks/a%00/secrets",
                "hooks?triggerId=%00",
                "actions/actions/%00",
                "actions/actions?actionName=%00",
                "actions/actions/a%00/versions",
                "actions/triggers/%00/bindings",
                "logs/%00",
                "logs?from=%00",
                "keys/signing/%00"
            })
    void a_nul_in_a_path_or_query_is_refused(String path) {
        assertThat(server.manage("GET", path, null).statusCode()).isEqualTo(400);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "clients/%2e%2e%2f%2e%2e%2fetc",
                "clients/%27",
                "clients/%F0%9F%9B%B0",
                "resource-servers/%252e%252e",
                "client-grants/%3Cscript%3E",
                "hooks/%F0%9F%9B%B0",
                "hooks/%27/secrets",
                "actions/actions/%F0%9F%9B%B0",
                "actions/actions/%27/versions/%2F",
                "actions/triggers/%2e%2e/bindings",
                "logs/%2F",
                "keys/signing/%2F%2F"
            })
    void a_path_that_names_nothing_is_not_found(String path) {
        assertThat(server.manage("GET", path, null).statusCode()).isEqualTo(404);
    }

    @ParameterizedTest
    @ValueSource(strings = {"clients/%ff", "clients/%c0%80", "clients?fields=%ff", "logs?from=%ed%a0%80"})
    void octets_that_are_not_utf8_are_refused(String path) {
        assertThat(server.manage("GET", path, null).statusCode()).isEqualTo(400);
    }
}
