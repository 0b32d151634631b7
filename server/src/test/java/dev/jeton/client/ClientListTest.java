package dev.jeton.client;

import static dev.jeton.Answers.assertRefused;
import static dev.jeton.Answers.each;
import static dev.jeton.Answers.json;
import static dev.jeton.Answers.message;
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
import tools.jackson.databind.node.ObjectNode;

/** Which clients a list shows, and the global one, which is in none but its own. */
class ClientListTest {
    private static TestServer server;
    private static String spa;
    private static String foreign;

    @BeforeAll
    static void start() {
        server = TestServer.start();
        spa = server.createClient("Page", Map.of("app_type", "spa"))
                .path("client_id")
                .asString();
        foreign = server.createClient("Foreign", Map.of("is_first_party", false))
                .path("client_id")
                .asString();
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    private static List<String> listed(String query) {
        return each(server.managed("GET", "clients?" + query, null), "client_id");
    }

    private static JsonNode global() {
        return server.managed("GET", "clients?is_global=true", null).path(0);
    }

    @Test
    void a_filter_restricts_a_list_in_either_style() {
        assertThat(listed("app_type=spa")).containsExactly(spa);
        assertThat(listed("app_type=native,spa,rms")).containsExactly(spa);
        assertThat(listed("app_type=native")).isEmpty();
        assertThat(listed("is_first_party=false")).containsExactly(foreign);
        assertThat(listed("is_first_party=true")).contains(spa).doesNotContain(foreign);
        assertThat(listed("is_first_party=false&app_type=spa")).isEmpty();
        assertThat(listed("external_client_id=x")).isEmpty();

        JsonNode walked = server.managed("GET", "clients?is_first_party=false&take=1&include_totals=true", null);
        assertThat(each(walked.path("clients"), "client_id")).containsExactly(foreign);
        assertThat(walked.has("next")).isFalse();
        assertThat(server.managed("GET", "clients?app_type=spa&include_totals=true", null)
                        .path("total")
                        .asInt())
                .isOne();
    }

    @ParameterizedTest
    @CsvSource({
        "is_global=x, is_global",
        "is_first_party=1, is_first_party",
        "include_totals=yes, include_totals",
        "q=name:x&take=5, q",
        "q=client_grant.allow_any_organization:true, q",
        "q=client_grant.allow_any_organization:true&take=5&app_type=spa, q"
    })
    void a_filter_that_cannot_be_is_refused_and_named(String query, String name) {
        HttpResponse<String> response = server.manage("GET", "clients?" + query, null);

        assertThat(response.statusCode()).isEqualTo(400);
        assertThat(message(response)).startsWith("Query validation error: '").endsWith("on property " + name + ".");
    }

    @ParameterizedTest
    @ValueSource(strings = {"client_grant.organization_id:org_1", "client_grant.allow_any_organization:true"})
    void no_client_has_organizations(String query) {
        assertThat(server.managed("GET", "clients?take=5&q=" + query, null).toString())
                .isEqualTo("{\"clients\":[]}");
    }

    @Test
    void the_global_client_is_listed_only_where_it_is_asked_for() {
        String id = global().path("client_id").asString();

        assertThat(id).matches("[A-Za-z0-9]{32}");
        assertThat(global().path("name").asString()).isEqualTo("All Applications");
        assertThat(global().path("global").asBoolean()).isTrue();
        assertThat(global().has("client_secret")).isFalse();
        assertThat(listed("is_global=true")).containsExactly(id);
        assertThat(listed("is_global=true&page=1")).isEmpty();
        assertThat(listed("is_global=true&is_first_party=false")).isEmpty();
        assertThat(listed("is_global=false")).doesNotContain(id).contains(spa);
        assertThat(listed("per_page=100")).doesNotContain(id);
        assertThat(server.managed("GET", "clients?is_global=true&take=5", null).toString())
                .startsWith("{\"clients\":[{")
                .doesNotContain("\"next\"");
        assertThat(server.managed("GET", "clients?is_global=true&include_totals=true", null)
                        .path("total")
                        .asInt())
                .isOne();
    }

    @Test
    void the_global_client_keeps_the_login_page() {
        String id = global().path("client_id").asString();

        JsonNode changed = server.managed(
                "PATCH", "clients/" + id, Map.of("custom_login_page", "<html>", "custom_login_page_on", false));

        assertThat(changed.path("custom_login_page").asString()).isEqualTo("<html>");
        assertThat(server.managed("GET", "clients/" + id, null)).isEqualTo(changed);
        assertThat(global()).isEqualTo(changed);
        assertThat(ClientSchema.ANSWER.misfit(changed, "")).isEmpty();
        assertThat(server.managed("PATCH", "clients/" + id, Map.of("custom_login_page_on", true))
                        .path("custom_login_page")
                        .asString())
                .isEqualTo("<html>");
        assertThat(message(server.manage("PATCH", "clients/" + id, Map.of("client_secret", "s", "name", "n"))))
                .contains("Additional properties not allowed: ");
    }

    @Test
    void the_global_client_can_do_nothing() {
        String id = global().path("client_id").asString();

        assertRefused(
                server.manage("DELETE", "clients/" + id, null),
                400,
                "The global client cannot be deleted",
                "operation_not_supported");
        assertThat(server.manage("POST", "clients/" + id + "/rotate-secret", null)
                        .statusCode())
                .isEqualTo(404);
        assertThat(server.manage(
                                "POST",
                                "client-grants",
                                Map.of("client_id", id, "audience", server.issuer() + "api/v2/", "scope", List.of()))
                        .statusCode())
                .isEqualTo(404);
        assertThat(Operator.ask(server, id, "").statusCode()).isEqualTo(401);
        assertThat(Operator.ask(server, id, "x").statusCode()).isEqualTo(401);
    }

    @Test
    void the_global_client_is_as_the_scope_shows_it() {
        String id = global().path("client_id").asString();

        ObjectNode seen =
                (ObjectNode) json(Operator.with(server, "read:client_summary").call("GET", "clients/" + id, null));

        assertThat(List.copyOf(seen.propertyNames())).containsExactlyInAnyOrder("name", "client_id");
    }
}
