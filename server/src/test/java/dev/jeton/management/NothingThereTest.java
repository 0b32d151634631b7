package dev.jeton.management;

import static dev.jeton.Answers.assertRefused;
import static org.assertj.core.api.Assertions.assertThat;

import dev.jeton.Operator;
import dev.jeton.TestServer;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What tools ask for and Jeton does not have: they read an empty list, or that they may not. */
class NothingThereTest {
    private static TestServer server;

    @BeforeAll
    static void start() {
        server = TestServer.start();
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "organizations|[]",
                "organizations?page=0&per_page=50&include_totals=true|{\"total\":0,\"start\":0,\"limit\":50,\"organizations\":[]}",
                "organizations?take=50&include_totals=true|{\"organizations\":[]}",
                "custom-domains|[]",
                "custom-domains?take=100&q=x|{\"custom_domains\":[]}",
                "rate-limit-policies?take=50|{\"rate_limit_policies\":[]}",
                "stats/daily?from=20261101&to=20261126|[]",
                "stats/active-users|0"
            })
    void lists_are_empty(String path, String body) {
        HttpResponse<String> response = server.manage("GET", path, null);

        assertThat(response.body()).isEqualTo(body);
        assertThat(response.statusCode()).isEqualTo(200);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "organizations/org_x|No organization found by that id or name|",
                "organizations/name/acme|No organization found by that id or name|",
                "organizations/org_x/client-grants|No organization found by that id or name|",
                "custom-domains/cd_x|The custom domain cd_x does not exist|inexistent_custom_domain"
            })
    void one_of_them_is_not_found(String path, String message, String errorCode) {
        assertRefused(server.manage("GET", path, null), 404, message, errorCode == null ? "" : errorCode);
    }

    @ParameterizedTest
    @CsvSource({
        "GET, connections?take=50, read:connections",
        "GET, rules-configs, read:rules_configs",
        "GET, emails/provider, read:email_provider",
        "GET, email-templates/verify_email, read:email_templates",
        "GET, guardian/factors, read:guardian_factors",
        "GET, attack-protection/bot-detection, read:attack_protection",
        "GET, users-by-email?email=x, read:users",
        "POST, roles, create:roles",
        "PATCH, branding, update:branding",
        "PUT, branding/templates/universal-login, update:branding",
        "DELETE, rules/rul_x, delete:rules",
        "POST, organizations, create:organizations",
        "DELETE, custom-domains/cd_x, delete:custom_domains",
        "POST, rate-limit-policies, create:rate_limit_policies",
        "GET, a%22b/%3Cscript%3E, read:a22b",
        "GET, something-of-next-year, read:something_of_next_year"
    })
    void all_else_is_refused_as_if_the_scope_for_it_were_missing(String method, String path, String scope) {
        assertRefused(
                server.manage(method, path, null),
                403,
                "Insufficient scope, expected any of: " + scope,
                "insufficient_scope");
    }

    @Test
    void nobody_learns_without_a_token_what_there_is() {
        assertRefused(server.get("api/v2/connections"), 401, "Missing authentication", "");
        assertRefused(server.get("api/v2/"), 401, "Missing authentication", "");
    }

    @Test
    void a_caller_without_any_scope_is_refused_alike() {
        Operator nobody = Operator.with(server);

        assertThat(nobody.call("GET", "connections", null).statusCode()).isEqualTo(403);
        assertThat(nobody.call("GET", "custom-domains", null).statusCode()).isEqualTo(403);
    }

    @Test
    void every_answer_to_a_known_caller_has_the_headers_by_which_tools_pace_themselves() {
        for (String path : List.of("clients", "clients/nobody", "custom-domains")) {
            HttpResponse<String> response = server.manage("GET", path, null);

            assertThat(response.headers().firstValueAsLong("x-ratelimit-limit")).hasValue(10_000);
            assertThat(response.headers()
                            .firstValueAsLong("x-ratelimit-remaining")
                            .orElse(-1))
                    .isBetween(0L, 9_999L);
            assertThat(response.headers().firstValueAsLong("x-ratelimit-reset"))
                    .hasValue(server.clock().instant().getEpochSecond() + 1);
        }
    }

    @Test
    void with_a_limit_one_client_is_held_back_and_another_is_not() {
        try (TestServer limited = TestServer.start(Map.of("JETON_MANAGEMENT_RATE_LIMIT", "20"))) {
            Operator eager = Operator.with(limited, "read:clients");
            for (int i = 0; i < 20; i++) {
                assertThat(eager.call("GET", "clients", null).statusCode()).isEqualTo(200);
            }

            HttpResponse<String> refused = eager.call("GET", "clients", null);
            assertRefused(refused, 429, "Global limit has been reached", "too_many_requests");
            assertThat(refused.headers().firstValue("Retry-After")).contains("1");
            assertThat(refused.headers().firstValue("x-ratelimit-remaining")).contains("0");
            assertThat(limited.manage("GET", "clients", null).statusCode()).isEqualTo(200);

            limited.clock().advance(Duration.ofSeconds(1));
            assertThat(eager.call("GET", "clients", null).statusCode()).isEqualTo(200);
        }
    }
}
