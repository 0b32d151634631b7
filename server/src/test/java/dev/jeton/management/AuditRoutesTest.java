package dev.jeton.management;

import static dev.jeton.Answers.assertRefused;
import static dev.jeton.Answers.each;
import static dev.jeton.Answers.json;
import static dev.jeton.Answers.message;
import static org.assertj.core.api.Assertions.assertThat;

import dev.jeton.Operator;
import dev.jeton.TestServer;
import java.net.URLEncoder;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

class AuditRoutesTest {
    private static TestServer server;

    @BeforeAll
    static void start() {
        server = TestServer.start();
        for (int i = 0; i < 5; i++) {
            server.clock().advance(Duration.ofSeconds(1));
            server.createClient("Client " + i, Map.of());
        }
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    private static JsonNode logs(String query) {
        return server.managed("GET", "logs" + query, null);
    }

    @Test
    void the_log_is_an_array_newest_first() {
        JsonNode logs = logs("?per_page=5");

        assertThat(logs.isArray()).isTrue();
        assertThat(each(logs, "type")).containsOnly("sapi");
        assertThat(each(logs, "log_id")).isSortedAccordingTo(Comparator.reverseOrder());
        assertThat(logs.get(0)
                        .path("details")
                        .path("request")
                        .path("body")
                        .path("name")
                        .asString())
                .isEqualTo("Client 4");
    }

    @Test
    void pages_join_without_gap_or_overlap_and_end_with_an_empty_one() {
        List<String> all = each(logs("?per_page=100"), "log_id");
        List<String> walked = new ArrayList<>();
        for (int page = 0; page < 4; page++) {
            walked.addAll(each(logs("?per_page=2&page=" + page), "log_id"));
        }

        assertThat(walked).isEqualTo(all).hasSize(6);
        assertThat(logs("?per_page=100&page=500").toString()).isEqualTo("[]");
        assertThat(logs("?per_page=0").toString()).isEqualTo("[]");
    }

    @Test
    void a_query_finds_what_it_asks_for() {
        assertThat(logs("?q=description:%22Create%20a%20client%22").size()).isEqualTo(5);
        assertThat(logs("?q=type:seccft&search_engine=v3&sort=date%3A-1").size())
                .isEqualTo(1);
        assertThat(logs("?q=type:nothing").toString()).isEqualTo("[]");
        assertThat(each(logs("?q=type:sapi&sort=date:1&per_page=2"), "log_id")).isSorted();
    }

    @Test
    void a_tail_asks_for_what_is_newer_than_the_last_it_has() {
        List<String> all = each(logs("?per_page=100"), "log_id");

        assertThat(each(logs("?q=log_id:%5B" + all.get(2) + "%20TO%20*%5D&per_page=100&sort=date%3A-1"), "log_id"))
                .isEqualTo(all.subList(0, 3));
    }

    @Test
    void fields_choose_what_is_answered() {
        JsonNode logs = logs("?fields=type,log_id&per_page=1");

        assertThat(logs.get(0).propertyNames()).containsExactlyInAnyOrder("type", "log_id");
        String id = logs.get(0).path("log_id").asString();
        JsonNode event = server.managed("GET", "logs/" + id + "?fields=details&include_fields=false", null);
        assertThat(event.has("details")).isFalse();
        assertThat(event.path("log_id").asString()).isEqualTo(id);
    }

    @ParameterizedTest
    @ValueSource(strings = {"q=colour:red", "q=(", "q=date:tomorrow", "sort=type:1"})
    void what_cannot_be_searched_is_refused_and_named(String query) {
        HttpResponse<String> response = server.manage("GET", "logs?" + query, null);

        assertThat(response.statusCode()).isEqualTo(400);
        assertThat(message(response))
                .startsWith("Query validation error: '")
                .endsWith("' on property " + query.substring(0, query.indexOf('=')) + ".");
    }

    @Test
    void totals_count_the_page() {
        JsonNode answer = logs("?per_page=2&page=1&include_totals=true");

        assertThat(answer.path("start").asInt()).isEqualTo(2);
        assertThat(answer.path("limit").asInt()).isEqualTo(2);
        assertThat(answer.path("length").asInt()).isEqualTo(2);
        assertThat(answer.path("total").asInt()).isEqualTo(2);
        assertThat(answer.path("logs")).hasSize(2);
    }

    @Test
    void a_checkpoint_goes_on_oldest_first_by_its_link() {
        List<String> newestFirst = each(logs("?per_page=100"), "log_id");
        String oldest = newestFirst.getLast();

        List<String> walked = new ArrayList<>(List.of(oldest));
        String query = "?from=" + oldest + "&take=2";
        HttpResponse<String> response = server.manage("GET", "logs" + query, null);
        while (!json(response).isEmpty()) {
            walked.addAll(each(json(response), "log_id"));
            String link = response.headers().firstValue("Link").orElse("none");
            assertThat(link)
                    .isEqualTo(
                            "<" + server.issuer() + "api/v2/logs?from=" + walked.getLast() + "&take=2>; rel=\"next\"");
            response = server.manage("GET", "logs?from=" + walked.getLast() + "&take=2", null);
        }

        assertThat(walked).isEqualTo(newestFirst.reversed());
        assertThat(response.headers().firstValue("Link"))
                .contains("<" + server.issuer() + "api/v2/logs?from=" + newestFirst.getFirst()
                        + "&take=2>; rel=\"next\"");
    }

    @Test
    void an_event_is_found_by_its_id() {
        JsonNode event = logs("?per_page=1").get(0);

        assertThat(server.managed("GET", "logs/" + event.path("log_id").asString(), null))
                .isEqualTo(event);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "90020261123120000000000000000000000000000000000000000009",
                "nonsense",
                "99999999999999999999999999999999999999999999999999999999",
                "%27%20or%201=1--"
            })
    void an_unknown_event_does_not_exist(String id) {
        assertRefused(server.manage("GET", "logs/" + id, null), 404, "The log event does not exist", "inexistent_log");
    }

    @ParameterizedTest
    @ValueSource(strings = {"per_page=101", "per_page=x", "page=-1", "from=nonsense", "from=9&take=0"})
    void what_cannot_be_asked_for_is_refused_and_named(String query) {
        HttpResponse<String> response = server.manage("GET", "logs?" + query, null);

        assertThat(response.statusCode()).isEqualTo(400);
        assertThat(message(response)).startsWith("Query validation error: '");
        assertThat(json(response).path("errorCode").asString()).isEqualTo("invalid_query_string");
    }

    @Test
    void a_token_that_was_refused_is_in_the_log_too() {
        try (TestServer fresh = TestServer.start()) {
            JsonNode client = fresh.createClient("Without a grant", Map.of());
            fresh.clock().advance(Duration.ofSeconds(1));
            HttpResponse<String> refused = Operator.ask(
                    fresh,
                    client.path("client_id").asString(),
                    client.path("client_secret").asString());

            JsonNode event = fresh.managed("GET", "logs?per_page=1", null).get(0);

            assertThat(event.path("type").asString()).isEqualTo("feccft");
            assertThat(event.path("client_id")).isEqualTo(client.path("client_id"));
            assertThat(event.path("description")).isEqualTo(json(refused).path("error_description"));
            assertThat(event.path("details").path("request_id").asString())
                    .isEqualTo(refused.headers().firstValue("X-Auth0-RequestId").orElse("none"));
        }
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }

    @Test
    void the_log_of_one_application_is_followed_by_checkpoint() {
        try (TestServer fresh = TestServer.start()) {
            fresh.createApi("https://a.example.com", List.of(), Map.of());
            JsonNode watched = fresh.createClient("Watched \"one\"", Map.of());
            JsonNode other = fresh.createClient("Other", Map.of());
            String id = watched.path("client_id").asString();
            fresh.createGrant(id, "https://a.example.com", List.of());
            String q = "&q=" + encoded("client_id:\"" + id + "\"");
            String start = fresh.managed("GET", "logs?per_page=1", null)
                    .path(0)
                    .path("log_id")
                    .asString();
            for (int i = 0; i < 5; i++) {
                fresh.token(watched, "https://a.example.com");
                fresh.token(other, "https://a.example.com");
            }

            List<String> seen = new ArrayList<>();
            String next = fresh.issuer() + "api/v2/logs?from=" + start + "&take=2" + q;
            for (int call = 0; call < 4; call++) {
                HttpResponse<String> answer =
                        fresh.manage("GET", next.substring((fresh.issuer() + "api/v2/").length()), null);
                json(answer).forEach(event -> {
                    assertThat(event.path("client_id").asString()).isEqualTo(id);
                    seen.add(event.path("log_id").asString());
                });
                String link = answer.headers().firstValue("Link").orElseThrow();
                assertThat(link).endsWith(q + ">; rel=\"next\"");
                next = link.substring(1, link.indexOf('>'));
            }
            assertThat(seen).hasSize(5).isSorted().doesNotHaveDuplicates();
            String newest = fresh.managed("GET", "logs?per_page=1", null)
                    .path(0)
                    .path("log_id")
                    .asString();
            assertThat(next).as("what does not match is not looked at again").contains("from=" + newest);

            fresh.token(watched, "https://a.example.com");
            assertThat(fresh.managed("GET", next.substring((fresh.issuer() + "api/v2/").length()), null))
                    .hasSize(1);
        }
    }

    @Test
    void a_checkpoint_refuses_a_query_that_cannot_be_read() {
        String from = logs("?per_page=1").path(0).path("log_id").asString();

        HttpResponse<String> answer = server.manage("GET", "logs?from=" + from + "&q=" + encoded("client_id:\""), null);

        assertThat(answer.statusCode()).isEqualTo(400);
        assertThat(message(answer)).endsWith("on property q.");
    }

    @Test
    void a_refusal_tells_the_checks_what_was_asked_and_what_was_there() {
        try (TestServer fresh = TestServer.start()) {
            String api = fresh.createApi("https://a.example.com", List.of("read:x", "write:x"), Map.of())
                    .path("id")
                    .asString();
            JsonNode client = fresh.createClient("Client", Map.of());
            String id = client.path("client_id").asString();
            fresh.createGrant(id, "https://a.example.com", List.of("read:x"));

            HttpResponse<String> answer = fresh.token(Map.of(
                    "grant_type",
                    "client_credentials",
                    "client_id",
                    id,
                    "client_secret",
                    client.path("client_secret").asString(),
                    "audience",
                    "https://a.example.com",
                    "scope",
                    "read:x write:x"));
            assertThat(answer.body())
                    .isEqualTo("{\"error\":\"access_denied\","
                            + "\"error_description\":\"Client has not been granted scopes: write:x\"}");
            JsonNode event = fresh.managed("GET", "logs?per_page=1", null).path(0);
            assertThat(event.path("audience").asString()).isEqualTo("https://a.example.com");
            assertThat(event.path("scope").asString()).isEqualTo("read:x write:x");
            JsonNode details = event.path("details");
            assertThat(details.path("reason_code").asString()).isEqualTo("scope_not_granted");
            assertThat(details.path("granted_scope").asString()).isEqualTo("read:x");
            assertThat(details.path("resource_server_id").asString()).isEqualTo(api);
            assertThat(each(details.path("checks"), "check"))
                    .containsExactly(
                            "request",
                            "client",
                            "grant_type",
                            "audience",
                            "grant",
                            "api_settings",
                            "scope",
                            "extension");
            assertThat(each(details.path("checks"), "outcome"))
                    .containsExactly(
                            "passed", "passed", "passed", "passed", "passed", "passed", "failed", "not_reached");

            fresh.token(Map.of("grant_type", "client_credentials", "client_id", id, "client_secret", "wrong"));
            JsonNode strange =
                    fresh.managed("GET", "logs?per_page=1", null).path(0).path("details");
            assertThat(strange.path("reason_code").asString()).isEqualTo("client_not_authenticated");
            assertThat(each(strange.path("checks"), "outcome")).startsWith("passed", "failed", "not_reached");
            assertThat(strange.has("resource_server_id")).isFalse();
        }
    }
}
