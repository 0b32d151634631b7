package dev.jeton.usage;

import static dev.jeton.Answers.assertRefused;
import static dev.jeton.Answers.each;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import dev.jeton.Await;
import dev.jeton.MutableClock;
import dev.jeton.TestServer;
import dev.jeton.storage.Database;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import tools.jackson.databind.JsonNode;

/** Each server has begun anew when the tests run: then it counts at once what is in its log. */
class UsageRoutesTest {
    private static final String API = "https://usage.example.com";
    private static final Instant ASKED = TestServer.START;

    @TempDir
    static Path folder;

    private static final Map<Database.Dialect, Scene> scenes = new EnumMap<>(Database.Dialect.class);

    private record Scene(TestServer server, JsonNode busy, JsonNode idle, String api) {
        String id() {
            return busy.path("client_id").asString();
        }

        JsonNode get(String path) {
            return server.managed("GET", "usage/" + path, null);
        }
    }

    @BeforeAll
    static void start() {
        for (Database.Dialect dialect : Database.Dialect.values()) {
            scenes.put(dialect, prepare(folder.resolve(dialect.name()), TestServer.settings(dialect)));
        }
    }

    private static Scene prepare(Path data, Map<String, String> settings) {
        MutableClock clock = new MutableClock(TestServer.START);
        JsonNode busy;
        JsonNode idle;
        String api;
        try (TestServer first = TestServer.startOn(data, settings, clock)) {
            api = first.createApi(API, List.of("read:x", "write:x"), Map.of())
                    .path("id")
                    .asString();
            busy = first.createClient("Busy", Map.of());
            idle = first.createClient("Idle", Map.of());
            first.createGrant(busy.path("client_id").asString(), API, List.of("read:x"));
            first.createGrant(idle.path("client_id").asString(), API, List.of());
            for (int i = 0; i < 3; i++) {
                assertThat(first.token(busy, API).statusCode()).isEqualTo(200);
            }
            assertThat(asking(first, busy, Map.of("scope", "write:x"))).isEqualTo(403);
            assertThat(asking(first, busy, Map.of("audience", "https://nowhere.example.com")))
                    .isEqualTo(403);
            assertThat(asking(first, busy, Map.of("client_secret", "wrong"))).isEqualTo(401);
        }
        clock.advance(Duration.ofSeconds(60));
        TestServer server = TestServer.startOn(data, settings, clock);
        // The refusals came last.
        Await.until(
                "the log is counted",
                () -> server.managed("GET", "usage/overview", null)
                                .path("totals")
                                .path("refusals")
                                .asInt(0)
                        == 3);
        return new Scene(server, busy, idle, api);
    }

    private static int asking(TestServer server, JsonNode client, Map<String, String> more) {
        Map<String, String> body = new HashMap<>(Map.of(
                "grant_type",
                "client_credentials",
                "client_id",
                client.path("client_id").asString(),
                "client_secret",
                client.path("client_secret").asString(),
                "audience",
                API));
        body.putAll(more);
        return server.token(body).statusCode();
    }

    @AfterAll
    static void stop() {
        scenes.values().forEach(scene -> scene.server().close());
    }

    private static Scene scene(Database.Dialect dialect) {
        return requireNonNull(scenes.get(dialect));
    }

    @ParameterizedTest
    @EnumSource
    void figures_are_in_the_order_of_the_ids_and_null_for_what_there_is_not(Database.Dialect dialect) {
        Scene scene = scene(dialect);
        String idle = scene.idle().path("client_id").asString();

        JsonNode clients = scene.get("clients?ids=" + idle + ",nobody," + scene.id());
        assertThat(clients.toString())
                .isEqualTo("[{\"id\":\"" + idle + "\",\"tokens_day\":0,\"tokens_week\":0,\"refusals_day\":0,"
                        + "\"last_token_at\":null,\"secret_created_at\":\"2026-11-23T12:00:00Z\"},"
                        + "{\"id\":\"nobody\",\"tokens_day\":null,\"tokens_week\":null,\"refusals_day\":null,"
                        + "\"last_token_at\":null,\"secret_created_at\":null},"
                        + "{\"id\":\"" + scene.id() + "\",\"tokens_day\":3,\"tokens_week\":3,\"refusals_day\":2,"
                        + "\"last_token_at\":\"" + ASKED + "\",\"secret_created_at\":\"2026-11-23T12:00:00Z\"}]");
        assertThat(scene.get("resource-servers?ids=" + scene.api() + "&ids=x").toString())
                .isEqualTo("[{\"id\":\"" + scene.api() + "\",\"tokens_day\":3,\"tokens_week\":3,\"refusals_day\":1,"
                        + "\"last_token_at\":\"" + ASKED + "\"},"
                        + "{\"id\":\"x\",\"tokens_day\":null,\"tokens_week\":null,\"refusals_day\":null,"
                        + "\"last_token_at\":null}]");
        assertThat(scene.get("clients").toString()).isEqualTo("[]");
    }

    @ParameterizedTest
    @EnumSource
    void the_impact_says_what_it_would_break(Database.Dialect dialect) {
        Scene scene = scene(dialect);
        String figures = "\"newest_at\":\"" + ASKED + "\",\"addresses_day\":1,\"addresses_day_at_least\":false,";

        assertThat(scene.get("clients/" + scene.id() + "/impact").toString())
                .isEqualTo("{\"tokens_day\":3,\"tokens_week\":3,\"refusals_day\":2," + figures + "\"grants\":1}");
        for (String id : List.of(scene.api(), "https%3A%2F%2Fusage.example.com")) {
            assertThat(scene.get("resource-servers/" + id + "/impact").toString())
                    .isEqualTo("{\"tokens_day\":3,\"tokens_week\":3,\"refusals_day\":1," + figures + "\"grants\":2}");
        }
        String current = "";
        String next = "";
        for (JsonNode key : scene.server().managed("GET", "keys/signing", null)) {
            current = key.path("current").asBoolean() ? key.path("kid").asString() : current;
            next = key.path("next").asBoolean() ? key.path("kid").asString() : next;
        }
        JsonNode signing = scene.get("signing-keys/" + current + "/impact");
        assertThat(signing.path("tokens_day").asInt()).isGreaterThanOrEqualTo(4);
        assertThat(signing.path("resource_servers").asInt()).isEqualTo(2);
        assertThat(scene.get("signing-keys/" + next + "/impact").toString())
                .isEqualTo("{\"tokens_day\":0,\"newest_at\":null,\"addresses_day\":0,"
                        + "\"addresses_day_at_least\":false,\"resource_servers\":0}");
    }

    @ParameterizedTest
    @EnumSource
    void the_overview_has_a_point_for_each_step_and_null_for_what_is_not_known(Database.Dialect dialect) {
        Scene scene = scene(dialect);
        for (String hours : List.of("1", "24", "168")) {
            JsonNode overview = scene.get("overview?hours=" + hours);
            boolean byMinute = hours.equals("1");
            int steps = byMinute ? 60 : Integer.parseInt(hours);
            JsonNode series = overview.path("series");
            JsonNode asked = series.path(byMinute ? steps - 2 : steps - 1);
            assertThat(series).hasSize(steps);
            assertThat(overview.path("step_s").asInt()).isEqualTo(byMinute ? 60 : 3_600);
            assertThat(overview.path("from")).isEqualTo(series.path(0).path("at"));
            assertThat(series.path(0).toString())
                    .contains("\"tokens\":null,\"refusals\":null,\"p50_ms\":null,\"p99_ms\":null");
            assertThat(asked.path("at").asString()).isEqualTo("2026-11-23T12:00:00Z");
            assertThat(asked.path("tokens").asInt()).isGreaterThanOrEqualTo(4);
            assertThat(asked.path("refusals").asInt()).isEqualTo(3);
            // The node began anew since: only the token for these calls is known to it, in the step that runs.
            assertThat(series.path(steps - 1).path("p50_ms").asDouble()).isPositive();
            assertThat(overview.path("totals").path("p99_ms").asDouble()).isPositive();
            assertThat(overview.path("totals").path("refusals").asInt()).isEqualTo(3);
            assertThat(overview.path("totals").path("clients").asInt()).isEqualTo(3);
            assertThat(overview.path("totals").path("resource_servers").asInt()).isEqualTo(2);
            assertThat(each(overview.path("refusals_by_reason"), "reason"))
                    .containsExactly("audience_unknown", "client_not_authenticated", "scope_not_granted");
            assertThat(overview.path("busiest").path(0).path("name").asString()).isEqualTo("Busy");
            assertThat(overview.path("busiest").path(0).path("tokens").asInt()).isEqualTo(3);
            assertThat(overview.path("unused_clients")).isEmpty();
            assertThat(overview.path("more_unused_clients").asBoolean()).isFalse();
        }
    }

    @Test
    void what_was_not_used_for_90_days_is_listed() {
        Path data = folder.resolve("unused");
        MutableClock clock = new MutableClock(TestServer.START);
        String idle;
        String grant;
        try (TestServer first = TestServer.startOn(data, Map.of(), clock)) {
            first.createApi(API, List.of(), Map.of());
            idle = first.createClient("Idle", Map.of()).path("client_id").asString();
            grant = first.createGrant(idle, API, List.of()).path("id").asString();
        }
        clock.advance(Duration.ofDays(91));
        try (TestServer server = TestServer.startOn(data, Map.of(), clock)) {
            JsonNode clients = server.managed("GET", "usage/unused-clients", null);
            String client = "{\"client_id\":\"" + idle
                    + "\",\"name\":\"Idle\",\"created_at\":\"2026-11-23T12:00:00Z\",\"last_token_at\":null}";
            assertThat(clients.path("clients").toString()).contains(client);
            assertThat(clients.has("next")).isFalse();
            JsonNode grants = server.managed("GET", "usage/unused-grants?take=1", null);
            List<JsonNode> all = new ArrayList<>();
            for (int page = 0; page < 5 && grants.has("next"); page++) {
                grants.path("grants").forEach(all::add);
                grants = server.managed(
                        "GET",
                        "usage/unused-grants?take=1&from=" + grants.path("next").asString(),
                        null);
            }
            assertThat(all)
                    .anySatisfy(found -> assertThat(found.toString())
                            .startsWith("{\"id\":\"" + grant + "\",\"client_id\":\"" + idle
                                    + "\",\"client_name\":\"Idle\",")
                            .endsWith("\"audience\":\"" + API + "\",\"last_token_at\":null}"));
            JsonNode overview = server.managed("GET", "usage/overview", null);
            assertThat(each(overview.path("unused_clients"), "client_id")).contains(idle);
            assertThat(each(overview.path("unused_grants"), "id")).contains(grant);
        }
    }

    @ParameterizedTest
    @EnumSource
    void what_cannot_be_asked_is_refused_and_named(Database.Dialect dialect) {
        TestServer server = scene(dialect).server();
        String many =
                String.join(",", IntStream.range(0, 101).mapToObj(i -> "id" + i).toList());

        for (String list : List.of("clients", "resource-servers")) {
            assertRefused(
                    server.manage("GET", "usage/" + list + "?ids=" + many, null),
                    400,
                    "Query validation error: 'Array is too long (101), maximum 100' on property ids.",
                    "invalid_query_string");
        }
        assertRefused(
                server.manage("GET", "usage/overview?hours=2", null),
                400,
                "Query validation error: 'No enum match for: 2' on property hours.",
                "invalid_query_string");
        assertRefused(
                server.manage("GET", "usage/clients/nobody/impact", null),
                404,
                "The client does not exist",
                "inexistent_client");
        assertRefused(
                server.manage("GET", "usage/resource-servers/" + "x".repeat(700) + "/impact", null),
                404,
                "The resource server does not exist",
                "inexistent_resource_server");
        HttpResponse<String> key = server.manage("GET", "usage/signing-keys/none/impact", null);
        assertRefused(key, 404, "The signing key does not exist", "inexistent_signing_key");
    }
}
