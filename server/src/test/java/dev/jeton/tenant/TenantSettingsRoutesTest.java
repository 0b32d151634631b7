package dev.jeton.tenant;

import static dev.jeton.Answers.assertRefused;
import static dev.jeton.Answers.json;
import static dev.jeton.Answers.message;
import static org.assertj.core.api.Assertions.assertThat;

import dev.jeton.Operator;
import dev.jeton.TestServer;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

class TenantSettingsRoutesTest {
    private static TestServer server;

    @BeforeAll
    static void start() {
        server = TestServer.start();
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    private static JsonNode settings() {
        return server.managed("GET", "tenants/settings", null);
    }

    private static JsonNode patch(String body) {
        HttpResponse<String> response = server.manage("PATCH", "tenants/settings", body.replace('\'', '"'));
        assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
        return json(response);
    }

    @Test
    void a_fresh_server_has_what_tools_expect() {
        try (TestServer fresh = TestServer.start()) {
            JsonNode settings = fresh.managed("GET", "tenants/settings", null);

            assertThat(settings.path("friendly_name").asString()).isEqualTo("127.0.0.1");
            assertThat(settings.path("enabled_locales").path(0).asString()).isEqualTo("en");
            assertThat(settings.path("flags").path("enable_sso").asBoolean()).isTrue();
            assertThat(settings.path("session_lifetime").asInt()).isEqualTo(168);
            assertThat(settings.path("sandbox_versions_available")).hasSize(2);
        }
    }

    @Test
    void a_change_keeps_what_it_does_not_name_and_answers_without_the_sandboxes() {
        patch("{'friendly_name':'Acme','support_url':'https://acme.example.com'}");
        JsonNode answer = patch("{'friendly_name':'Acme Inc','flags':{'enable_sso':false}}");

        assertThat(answer.path("friendly_name").asString()).isEqualTo("Acme Inc");
        assertThat(answer.has("sandbox_versions_available")).isFalse();
        JsonNode settings = settings();
        assertThat(settings.path("support_url").asString()).isEqualTo("https://acme.example.com");
        assertThat(settings.path("flags").path("enable_sso").asBoolean()).isFalse();
        assertThat(settings.path("flags").path("disable_impersonation").asBoolean())
                .isTrue();
    }

    @Test
    void flags_are_merged_one_by_one() {
        patch("{'flags':{'enable_sso':false}}");
        patch("{'flags':{'revoke_refresh_token_grant':true}}");

        assertThat(settings().path("flags").path("enable_sso").asBoolean(true)).isFalse();
        assertThat(settings().path("flags").path("revoke_refresh_token_grant").asBoolean())
                .isTrue();
    }

    @Test
    void null_takes_a_setting_back_as_terraform_does_with_blocks_that_are_not_set() {
        patch("{'mtls':{'enable_endpoint_aliases':true},'error_page':{'html':'x'},'friendly_name':'Acme'}");
        patch("{'error_page':null,'mtls':null,'skip_non_verifiable_callback_uri_confirmation_prompt':null}");

        assertThat(settings().has("mtls")).isFalse();
        assertThat(settings().has("error_page")).isFalse();
        assertThat(settings().path("friendly_name").asString()).isEqualTo("Acme");
    }

    @Test
    void lifetimes_in_minutes_become_hours() {
        patch("{'session_lifetime_in_minutes':90,'idle_session_lifetime_in_minutes':120}");

        assertThat(settings().path("session_lifetime").asDouble()).isEqualTo(1.5);
        assertThat(settings().path("idle_session_lifetime").toString()).isEqualTo("2");
        assertThat(settings().has("session_lifetime_in_minutes")).isFalse();
    }

    @Test
    void what_this_version_does_not_know_comes_back_too() {
        patch("{'a_setting_of_next_year':{'enabled':true}}");

        assertThat(settings().path("a_setting_of_next_year").path("enabled").asBoolean())
                .isTrue();
    }

    @Test
    void fields_choose_what_is_answered() {
        assertThat(server.managed("GET", "tenants/settings?fields=friendly_name,flags", null)
                        .propertyNames())
                .containsExactlyInAnyOrder("friendly_name", "flags");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{'friendly_name':7}|Expected type string but found type integer' on property friendly_name",
                "{'flags':{'x':'yes'}}|Expected type boolean but found type string' on property flags.x",
                "{'enabled_locales':[]}|Array is too short (0), minimum 1' on property enabled_locales",
                "{'default_token_quota':{'clients':{}}}|Missing required property: client_credentials' on property default_token_quota.clients",
                "{'default_token_quota':{'clients':{'client_credentials':{'per_day':0}}}}|Value 0 is less than minimum 1' on property default_token_quota.clients.client_credentials.per_day",
                "{'session_lifetime':-1}|on property session_lifetime",
                "{'session_lifetime_in_minutes':1.5}|Expected type integer but found type number' on property session_lifetime_in_minutes",
                "{'resource_parameter_profile':'x'}|No enum match for: x' on property resource_parameter_profile"
            })
    void what_does_not_fit_is_refused_with_the_field_named(String body, String expected) {
        JsonNode before = settings();

        HttpResponse<String> response = server.manage("PATCH", "tenants/settings", body.replace('\'', '"'));

        assertThat(response.statusCode()).isEqualTo(400);
        assertThat(message(response)).contains(expected);
        assertThat(settings()).isEqualTo(before);
    }

    @Test
    void a_change_of_what_somebody_else_has_changed_is_refused() {
        String read = server.manage("GET", "tenants/settings?fields=flags", null)
                .headers()
                .firstValue("ETag")
                .orElseThrow();
        patch("{'friendly_name':'By the other'}");

        HttpResponse<String> response = server.exchange(server.request("api/v2/tenants/settings")
                .header("authorization", "Bearer " + server.managementToken())
                .header("content-type", "application/json")
                .header("if-match", read)
                .method("PATCH", BodyPublishers.ofString("{\"friendly_name\":\"Mine\"}")));

        assertThat(response.statusCode()).isEqualTo(412);
        assertThat(settings().path("friendly_name").asString()).isEqualTo("By the other");
    }

    @Test
    void a_setting_that_only_ends_like_a_lifetime_is_kept_as_it_is() {
        patch("{'x_in_minutes':1.5,'y_in_minutes':1e30}");

        assertThat(settings().path("x_in_minutes").asDouble()).isEqualTo(1.5);
    }

    @Test
    void all_settings_together_are_bounded() {
        try (TestServer own = TestServer.start()) {
            String long1 = "{\"first\":{\"text\":\"" + "x".repeat(60_000) + "\"}}";
            assertThat(own.manage("PATCH", "tenants/settings", long1).statusCode())
                    .isEqualTo(200);

            HttpResponse<String> response = own.manage("PATCH", "tenants/settings", long1.replace("first", "second"));

            assertThat(response.statusCode()).isEqualTo(400);
            assertThat(message(response)).contains("All settings together");
            assertThat(own.managed("GET", "tenants/settings", null).has("second"))
                    .isFalse();
        }
    }

    @Test
    void flags_are_bounded() {
        StringBuilder flags = new StringBuilder("{\"flags\":{\"f\":true");
        for (int i = 0; i < 200; i++) {
            flags.append(",\"f").append(i).append("\":true");
        }

        HttpResponse<String> response =
                server.manage("PATCH", "tenants/settings", flags.append("}}").toString());

        assertThat(response.statusCode()).isEqualTo(400);
        assertThat(message(response)).contains("Too many properties defined").contains("on property flags");
    }

    @Test
    void changing_needs_its_scope() {
        Operator reader = Operator.with(server, "read:tenant_settings");

        assertThat(reader.call("GET", "tenants/settings", null).statusCode()).isEqualTo(200);
        assertRefused(
                reader.call("PATCH", "tenants/settings", Map.of("enabled_locales", List.of("de"))),
                403,
                "Insufficient scope, expected any of: update:tenant_settings",
                "insufficient_scope");
    }
}
