package dev.jeton.logstream;

import static dev.jeton.Answers.assertRefused;
import static dev.jeton.Answers.each;
import static dev.jeton.Answers.json;
import static dev.jeton.Answers.message;
import static org.assertj.core.api.Assertions.assertThat;

import dev.jeton.MutableClock;
import dev.jeton.Operator;
import dev.jeton.TestServer;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

class LogStreamRoutesTest {
    private static TestServer server;

    @BeforeAll
    static void start() {
        server = TestServer.start();
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    private static Map<String, Object> http() {
        return Map.of(
                "name",
                "SIEM",
                "type",
                "http",
                "sink",
                Map.of(
                        "httpAuthorization", "Bearer abc",
                        "httpContentFormat", "JSONLINES",
                        "httpContentType", "application/json",
                        "httpEndpoint", "https://siem.example.com/in"));
    }

    private static String create(Map<String, Object> stream) {
        HttpResponse<String> response = server.manage("POST", "log-streams", stream);
        assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
        return json(response).path("id").asString();
    }

    @Test
    void a_stream_is_answered_with_200_and_marked_as_not_delivered() {
        HttpResponse<String> response = server.manage("POST", "log-streams", http());

        assertThat(response.statusCode()).isEqualTo(200);
        JsonNode stream = json(response);
        assertThat(stream.path("id").asString()).matches("lst_[0-9]{16}");
        assertThat(stream.path("status").asString()).isEqualTo("active");
        assertThat(stream.path("isPriority").asBoolean(true)).isFalse();
        assertThat(stream.path("delivered").asBoolean(true)).isFalse();
        assertThat(stream.path("sink").path("httpAuthorization").asString()).isEqualTo("Bearer abc");
        assertThat(stream.has("filters")).isFalse();
        String path = "log-streams/" + stream.path("id").asString();
        assertThat(server.managed("GET", path, null)).isEqualTo(stream);
        assertThat(each(server.managed("GET", "log-streams?per_page=100", null), "id"))
                .contains(stream.path("id").asString());
    }

    static List<Map<String, Object>> sinks() {
        return List.of(
                Map.of("type", "eventbridge", "sink", Map.of("awsAccountId", "123456789012", "awsRegion", "eu-west-1")),
                Map.of(
                        "type",
                        "eventgrid",
                        "sink",
                        Map.of(
                                "azureSubscriptionId", "b69a6835-57c7-4d53-b0d5-1c6ae580b6d5",
                                "azureRegion", "northeurope",
                                "azureResourceGroup", "logs")),
                Map.of("type", "datadog", "sink", Map.of("datadogApiKey", "key", "datadogRegion", "eu")),
                Map.of(
                        "type",
                        "splunk",
                        "sink",
                        Map.of(
                                "splunkDomain", "splunk.example.com",
                                "splunkPort", "8088",
                                "splunkToken", "token",
                                "splunkSecure", true)),
                Map.of("type", "sumo", "sink", Map.of("sumoSourceAddress", "https://sumo.example.com/x")),
                Map.of("type", "segment", "sink", Map.of("segmentWriteKey", "key")));
    }

    @ParameterizedTest
    @MethodSource("sinks")
    void every_type_comes_back_as_it_was_sent(Map<String, Object> stream) {
        JsonNode answer = server.managed("GET", "log-streams/" + create(stream), null);

        assertThat(answer.path("type").asString()).isEqualTo(stream.get("type"));
        assertThat(answer.path("sink").properties())
                .containsAll(tree(stream).path("sink").properties());
    }

    private static ObjectNode tree(Object value) {
        return JsonMapper.shared().valueToTree(value);
    }

    @Test
    void a_password_that_is_never_shown_stays_when_what_was_shown_is_sent_back() {
        Map<String, Object> sink = Map.of(
                "mixpanelRegion", "eu",
                "mixpanelProjectId", "42",
                "mixpanelServiceAccountUsername", "user",
                "mixpanelServiceAccountPassword", "secret");
        String path = "log-streams/" + create(Map.of("type", "mixpanel", "sink", sink));
        JsonNode shown = server.managed("GET", path, null).path("sink");
        assertThat(shown.path("mixpanelServiceAccountPassword").asString()).isEqualTo("********");

        assertThat(server.managed("PATCH", path, Map.of("sink", shown)).path("sink"))
                .isEqualTo(shown);

        assertThat(LogStreamRoutes.sink((ObjectNode) shown, tree(sink))).isEqualTo(tree(sink));
        assertThat(LogStreamRoutes.sink(tree(sink), (ObjectNode) shown)).isEqualTo(tree(sink));
    }

    @Test
    void a_change_keeps_what_it_does_not_name() {
        String id = create(http());

        JsonNode paused = server.managed("PATCH", "log-streams/" + id, Map.of("status", "paused"));
        JsonNode renamed = server.managed("PATCH", "log-streams/" + id, Map.of("name", "Archive"));

        assertThat(paused.path("status").asString()).isEqualTo("paused");
        assertThat(renamed.path("status").asString()).isEqualTo("paused");
        assertThat(renamed.path("name").asString()).isEqualTo("Archive");
        assertThat(renamed.path("sink")).isEqualTo(paused.path("sink"));
    }

    @Test
    void personal_data_gets_the_method_that_auth0_adds() {
        Map<String, Object> stream = new HashMap<>(http());
        stream.put("pii_config", Map.of("log_fields", List.of("email")));
        stream.put("filters", List.of(Map.of("type", "category", "name", "auth.token_exchange.fail")));

        JsonNode answer = server.managed("GET", "log-streams/" + create(stream), null);

        assertThat(answer.path("pii_config").path("method").asString()).isEqualTo("hash");
        assertThat(answer.path("pii_config").path("algorithm").asString()).isEqualTo("xxhash");
        assertThat(answer.path("filters")).hasSize(1);
    }

    @Test
    void a_stream_that_is_gone_is_404_and_deleting_it_again_is_204() {
        String id = create(http());

        assertThat(server.manage("DELETE", "log-streams/" + id, null).statusCode())
                .isEqualTo(204);
        assertThat(server.manage("DELETE", "log-streams/" + id, null).statusCode())
                .isEqualTo(204);
        assertRefused(server.manage("GET", "log-streams/" + id, null), 404, "The log stream does not exist.", "");
        assertRefused(
                server.manage("PATCH", "log-streams/" + id, Map.of("name", "x")),
                404,
                "The log stream does not exist.",
                "");
        assertThat(create(http())).isGreaterThan(id);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{}|Missing required property: type",
                "{'type':'http'}|Missing required property: sink",
                "{'type':'kafka','sink':{}}|No enum match for: kafka' on property type",
                "{'type':7,'sink':{}}|Expected type string but found type integer' on property type",
                "{'type':'http','sink':{}}|Missing required property: httpEndpoint' on property sink",
                "{'type':'http','sink':{'httpEndpoint':'http://x.example.com'}}|String does not match pattern ^https://",
                "{'type':'http','sink':{'httpEndpoint':'https://x.example.com','port':1}}|Additional properties not allowed: port' on property sink",
                "{'type':'segment','sink':{'segmentWriteKey':'k'},'status':'paused'}|Additional properties not allowed: status",
                "{'type':'segment','sink':{'segmentWriteKey':'k'},'filters':[{'type':'category','name':'x'}]}|No enum match for: x' on property filters[0].name",
                "{'type':'segment','sink':{'segmentWriteKey':'k'},'name':''}|String is too short (0 chars), minimum 1' on property name"
            })
    void what_does_not_fit_is_refused_with_the_field_named(String body, String expected) {
        HttpResponse<String> response = server.manage("POST", "log-streams", body.replace('\'', '"'));

        assertThat(response.statusCode()).isEqualTo(400);
        assertThat(message(response)).contains(expected);
    }

    @Test
    void a_type_cannot_be_changed_and_a_partners_sink_neither() {
        String id = create(http());
        String partner = create(sinks().getFirst());

        assertThat(message(server.manage("PATCH", "log-streams/" + id, Map.of("type", "sumo"))))
                .contains("Additional properties not allowed: type");
        assertThat(message(server.manage(
                        "PATCH", "log-streams/" + partner, Map.of("sink", Map.of("awsRegion", "us-east-1")))))
                .contains("Additional properties not allowed: sink");
    }

    @Test
    void a_change_of_what_somebody_else_has_changed_is_refused() {
        String id = create(http());
        String read = server.manage("GET", "log-streams/" + id, null)
                .headers()
                .firstValue("ETag")
                .orElseThrow();
        String changed = server.manage("PATCH", "log-streams/" + id, Map.of("name", "By the other"))
                .headers()
                .firstValue("ETag")
                .orElseThrow();

        assertThat(patchIfMatch(id, read).statusCode()).isEqualTo(412);
        assertThat(patchIfMatch(id, "W/" + changed).statusCode()).isEqualTo(412);
        assertThat(server.managed("GET", "log-streams/" + id, null).path("name").asString())
                .isEqualTo("By the other");
        assertThat(patchIfMatch(id, "\"other\", " + changed).statusCode()).isEqualTo(200);
        assertThat(patchIfMatch(id, "*").statusCode()).isEqualTo(200);
    }

    private static HttpResponse<String> patchIfMatch(String id, String tags) {
        return server.exchange(server.request("api/v2/log-streams/" + id)
                .header("authorization", "Bearer " + server.managementToken())
                .header("content-type", "application/json")
                .header("if-match", tags)
                .method("PATCH", BodyPublishers.ofString("{\"name\":\"Mine\"}")));
    }

    @Test
    void deleting_what_is_gone_is_refused_to_who_names_a_state() {
        String id = create(http());
        server.manage("DELETE", "log-streams/" + id, null);

        HttpResponse<String> response = server.exchange(server.request("api/v2/log-streams/" + id)
                .header("authorization", "Bearer " + server.managementToken())
                .header("if-match", "\"x\"")
                .DELETE());

        assertThat(response.statusCode()).isEqualTo(412);
        assertThat(json(response).path("errorCode").asString()).isEqualTo("precondition_failed");
    }

    @Test
    void there_are_at_most_a_hundred() {
        try (TestServer own = TestServer.start()) {
            for (int i = 0; i < 100; i++) {
                assertThat(own.manage("POST", "log-streams", http()).statusCode())
                        .isEqualTo(200);
            }

            assertRefused(
                    own.manage("POST", "log-streams", http()),
                    400,
                    "There are at most 100 log streams",
                    "log_stream_limit");
        }
    }

    @Test
    void reading_needs_its_scope_and_making_another() {
        Operator reader = Operator.with(server, "read:log_streams");

        assertThat(reader.call("GET", "log-streams", null).statusCode()).isEqualTo(200);
        assertRefused(
                reader.call("POST", "log-streams", http()),
                403,
                "Insufficient scope, expected any of: create:log_streams",
                "insufficient_scope");
    }

    @Test
    void secrets_are_encrypted_on_disk_and_masked_in_the_log(@TempDir Path folder) throws Exception {
        String secret = "Bearer of-a-siem-that-nobody-else-knows";
        try (TestServer own = TestServer.startOn(folder, Map.of(), new MutableClock(TestServer.START))) {
            own.managed(
                    "POST",
                    "log-streams",
                    Map.of(
                            "type",
                            "http",
                            "sink",
                            Map.of("httpEndpoint", "https://x.example.com", "httpAuthorization", secret)));
            own.managed("GET", "log-streams", null);

            assertThat(own.manage("GET", "logs", null).body())
                    .contains("Create a log stream")
                    .contains("mgmt_api_read")
                    .contains("httpAuthorization")
                    .doesNotContain("of-a-siem-that-nobody-else-knows");
        }
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                assertThat(Files.readString(file, StandardCharsets.ISO_8859_1))
                        .as(file.toString())
                        .doesNotContain("of-a-siem-that-nobody-else-knows");
            }
        }
    }
}
