package dev.jeton.management;

import static dev.jeton.Answers.each;
import static dev.jeton.Answers.json;
import static dev.jeton.Answers.texts;
import static org.assertj.core.api.Assertions.assertThat;

import dev.jeton.Operator;
import dev.jeton.TestServer;
import dev.jeton.storage.Database;
import dev.jeton.storage.TestDatabase;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.AfterParameterizedClassInvocation;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;
import tools.jackson.databind.JsonNode;

/**
 * What is deleted, disabled or withdrawn stays so whatever else is changed after it or meanwhile, and who changes what
 * somebody else has changed is told; on each kind of database.
 */
@ParameterizedClass
@EnumSource(Database.Dialect.class)
class RevivalTest {
    private static final String API = "https://revival.example.com/";
    private static final int ROUNDS = 8;

    @SuppressWarnings("NullAway.Init") // started before all tests of a kind
    private static TestServer server;

    @SuppressWarnings("UnusedVariable") // what the server runs on
    RevivalTest(Database.Dialect dialect) {}

    @BeforeParameterizedClassInvocation
    static void start(Database.Dialect dialect) {
        server = switch (dialect) {
            case SQLITE -> TestServer.start();
            case POSTGRESQL -> {
                Database.PostgreSql database = TestDatabase.postgresCopy();
                yield TestServer.start(Map.of(
                        "JETON_DB_URL", database.url(),
                        "JETON_DB_USER", String.valueOf(database.user()),
                        "JETON_DB_PASSWORD", String.valueOf(database.password()),
                        "JETON_MASTER_KEY", Base64.getEncoder().encodeToString(TestDatabase.masterKey(1))));
            }
        };
        server.createApi(API, List.of("read:x"), Map.of());
    }

    @AfterParameterizedClassInvocation
    static void stop() {
        server.close();
    }

    private static JsonNode newClient() {
        JsonNode client = server.createClient("Mortal", Map.of("jwt_configuration", Map.of("alg", "RS256")));
        server.createGrant(id(client), API, List.of("read:x"));
        return client;
    }

    private static String id(JsonNode entity) {
        return entity.path(entity.has("client_id") ? "client_id" : "id").asString();
    }

    private static final Map<String, String> CREDENTIAL =
            Map.of("credential_type", "cert_subject_dn", "subject_dn", "CN=job");

    private static void assertGone(JsonNode client) {
        String id = id(client);
        assertThat(server.manage("GET", "clients/" + id, null).statusCode()).isEqualTo(404);
        assertThat(server.manage("GET", "clients/" + id + "/credentials", null).statusCode())
                .isEqualTo(404);
        assertThat(server.managed("GET", "client-grants?client_id=" + id, null)).isEmpty();
        assertThat(each(server.managed("GET", "clients?take=100", null).path("clients"), "client_id"))
                .doesNotContain(id);
        assertThat(server.token(client, API).statusCode()).isEqualTo(401);
    }

    /** Runs them at the same time, on threads of their own, and gives their results in this order. */
    private static <T> List<T> atOnce(List<Callable<T>> tasks) throws Exception {
        try (ExecutorService threads = Executors.newFixedThreadPool(tasks.size())) {
            List<T> results = new ArrayList<>();
            for (Future<T> result : threads.invokeAll(tasks)) {
                results.add(result.get());
            }
            return results;
        }
    }

    private static int status(String method, String path, Object body) {
        return server.manage(method, path, body).statusCode();
    }

    @Test
    void no_change_brings_a_deleted_client_back() {
        JsonNode client = newClient();
        String path = "clients/" + id(client);
        String credential = id(server.managed("POST", path + "/credentials", CREDENTIAL));
        server.managed("DELETE", path, null);

        assertThat(status("PATCH", path, Map.of("name", "Back"))).isEqualTo(404);
        assertThat(status("PATCH", path, Map.of("client_secret", "back"))).isEqualTo(404);
        assertThat(server.manage("POST", path + "/rotate-secret", null).statusCode())
                .isEqualTo(404);
        assertThat(status("POST", path + "/credentials", CREDENTIAL)).isEqualTo(404);
        assertThat(status("PATCH", path + "/credentials/" + credential, "{\"expires_at\":null}"))
                .isEqualTo(404);
        assertThat(status("POST", "client-grants", Map.of("client_id", id(client), "audience", API)))
                .isEqualTo(404);
        assertGone(client);
    }

    @Test
    void no_change_that_races_with_its_deletion_brings_a_client_back() throws Exception {
        for (int round = 0; round < ROUNDS; round++) {
            JsonNode client = newClient();
            String path = "clients/" + id(client);

            List<Integer> statuses = atOnce(List.of(
                    () -> status("PATCH", path, Map.of("name", "Back", "client_secret", "back")),
                    () -> server.manage("DELETE", path, null).statusCode(),
                    () -> server.manage("POST", path + "/rotate-secret", null).statusCode(),
                    () -> status("POST", path + "/credentials", CREDENTIAL)));

            assertThat(statuses.get(1)).isEqualTo(204);
            assertThat(List.of(200, 404)).contains(statuses.get(0), statuses.get(2));
            assertThat(List.of(201, 404)).contains(statuses.get(3));
            assertGone(client);
        }
    }

    @Test
    void no_change_that_races_with_its_disabling_enables_a_client() throws Exception {
        for (int round = 0; round < ROUNDS; round++) {
            JsonNode client = newClient();
            String path = "clients/" + id(client);
            String credential = id(server.managed("POST", path + "/credentials", CREDENTIAL));
            Object disabled = round % 2 == 0
                    ? Map.of("grant_types", List.of())
                    : Map.of(
                            "client_authentication_methods",
                            Map.of("tls_client_auth", Map.of("credentials", List.of(Map.of("id", credential)))));

            List<Integer> statuses = atOnce(List.of(
                    () -> status("PATCH", path, Map.of("name", "Renamed", "client_metadata", Map.of("a", "b"))),
                    () -> status("PATCH", path, disabled),
                    () -> status("PATCH", path, Map.of("description", "Described"))));

            assertThat(statuses).containsExactly(200, 200, 200);
            JsonNode after = server.managed("GET", path, null);
            assertThat(after.path("name").asString()).isEqualTo("Renamed");
            assertThat(after.path("description").asString()).isEqualTo("Described");
            assertThat(server.token(client, API).statusCode()).isEqualTo(round % 2 == 0 ? 403 : 401);
        }
    }

    @Test
    void a_withdrawn_grant_is_not_given_back_by_changes_of_its_client_or_api() {
        JsonNode client = newClient();
        JsonNode grant = server.managed("GET", "client-grants?client_id=" + id(client), null)
                .path(0);
        server.managed("DELETE", "client-grants/" + grant.path("id").asString(), null);

        server.managed("PATCH", "clients/" + id(client), Map.of("name", "Renamed"));
        String api = server.managed("GET", "resource-servers?per_page=100", null)
                .valueStream()
                .filter(one -> one.path("identifier").asString().equals(API))
                .findFirst()
                .orElseThrow()
                .path("id")
                .asString();
        server.managed("PATCH", "resource-servers/" + api, Map.of("name", "Renamed"));

        assertThat(status("PATCH", "client-grants/" + grant.path("id").asString(), Map.of("scope", List.of("read:x"))))
                .isEqualTo(404);
        assertThat(server.token(client, API).statusCode()).isEqualTo(403);
    }

    @Test
    void what_is_made_anew_under_an_old_name_has_nothing_of_the_old() {
        String audience = "https://reborn.example.com/";
        JsonNode api = server.createApi(audience, List.of("read:x"), Map.of());
        JsonNode client = server.createClient("Reborn", Map.of());
        server.createGrant(id(client), audience, List.of("read:x"));
        server.managed("DELETE", "resource-servers/" + api.path("id").asString(), null);
        server.createApi(audience, List.of("read:x"), Map.of());

        assertThat(server.token(client, audience).statusCode()).isEqualTo(403);

        server.managed("DELETE", "clients/" + id(client), null);
        JsonNode again = server.createClient("Reborn", Map.of());
        assertThat(id(again)).isNotEqualTo(id(client));
        assertThat(Operator.ask(server, id(again), client.path("client_secret").asString(), audience)
                        .statusCode())
                .isEqualTo(401);
        assertThat(server.token(again, audience).statusCode()).isEqualTo(403);
    }

    @Test
    void a_hook_that_was_switched_off_stays_off() {
        JsonNode hook = server.managed(
                "POST",
                "hooks",
                Map.of(
                        "name",
                        "Off",
                        "script",
                        "module.exports = (client, scope, audience, context, cb) => cb(null, {});",
                        "triggerId",
                        "credentials-exchange",
                        "enabled",
                        true));
        String path = "hooks/" + id(hook);
        server.managed("PATCH", path, Map.of("enabled", false));

        server.managed("PATCH", path, Map.of("name", "Still off"));
        server.managed(
                "PATCH",
                path,
                Map.of("script", "module.exports = (client, scope, audience, context, cb) => cb(null, {a: 1});"));
        server.managed("POST", path + "/secrets", Map.of("KEY", "value"));
        server.managed("PATCH", path + "/secrets", Map.of("KEY", "other"));

        assertThat(server.managed("GET", path, null).path("enabled").asBoolean())
                .isFalse();
        server.managed("DELETE", path, null);
        assertThat(status("PATCH", path, Map.of("enabled", true))).isEqualTo(404);
        assertThat(status("POST", path + "/secrets", Map.of("KEY", "value"))).isEqualTo(404);
    }

    @Test
    void a_log_stream_that_was_paused_stays_paused() {
        JsonNode stream = server.managed(
                "POST",
                "log-streams",
                "{\"name\":\"s\",\"type\":\"http\",\"sink\":{\"httpEndpoint\":\"https://siem.example.com/in\"}}");
        String path = "log-streams/" + id(stream);
        server.managed("PATCH", path, Map.of("status", "paused"));

        assertThat(server.managed("PATCH", path, Map.of("name", "renamed"))
                        .path("status")
                        .asString())
                .isEqualTo("paused");
        server.managed("DELETE", path, null);
        assertThat(status("PATCH", path, Map.of("status", "active"))).isEqualTo(404);
    }

    @Test
    void an_action_that_was_unbound_is_not_bound_by_its_deployment() {
        String name = "Unbound";
        JsonNode action = server.managed(
                "POST",
                "actions/actions",
                Map.of(
                        "name",
                        name,
                        "code",
                        "exports.onExecuteCredentialsExchange = async () => {};",
                        "deploy",
                        true,
                        "supported_triggers",
                        List.of(Map.of("id", "credentials-exchange", "version", "v2"))));
        String bindings = "actions/triggers/credentials-exchange/bindings";
        server.managed(
                "PATCH",
                bindings,
                Map.of("bindings", List.of(Map.of("ref", Map.of("type", "action_name", "value", name)))));
        server.managed("PATCH", bindings, Map.of("bindings", List.of()));

        server.managed("PATCH", "actions/actions/" + id(action), Map.of("name", "Still unbound"));
        server.managed("POST", "actions/actions/" + id(action) + "/deploy", null);

        assertThat(server.managed("GET", bindings, null).path("bindings")).isEmpty();
    }

    private static HttpResponse<String> ifMatch(String tag, String method, String path, String body) {
        return server.exchange(server.request("api/v2/" + path)
                .header("authorization", "Bearer " + server.managementToken())
                .header("if-match", tag)
                .method(method, body.isEmpty() ? BodyPublishers.noBody() : BodyPublishers.ofString(body)));
    }

    private static String tag(HttpResponse<String> response) {
        return response.headers().firstValue("etag").orElseThrow();
    }

    @Test
    void no_update_is_lost_where_each_says_what_it_has_read() throws Exception {
        String path = "clients/" + id(newClient());
        int writers = 4;
        int each = 6;
        List<Callable<Integer>> tasks = new ArrayList<>();
        for (int i = 0; i < writers; i++) {
            tasks.add(() -> {
                int refused = 0;
                for (int done = 0; done < each; ) {
                    HttpResponse<String> read = server.manage("GET", path, null);
                    int count = Integer.parseInt(
                            json(read).path("client_metadata").path("count").asString("0"));
                    int status = ifMatch(
                                    tag(read),
                                    "PATCH",
                                    path,
                                    "{\"client_metadata\":{\"count\":\"" + (count + 1) + "\"}}")
                            .statusCode();
                    if (status == 200) {
                        done++;
                    } else {
                        assertThat(status).isEqualTo(412);
                        assertThat(++refused).isLessThan(1_000);
                    }
                }
                return refused;
            });
        }

        atOnce(tasks);

        assertThat(server.managed("GET", path, null)
                        .path("client_metadata")
                        .path("count")
                        .asString())
                .isEqualTo(Integer.toString(writers * each));
    }

    @Test
    void a_change_of_what_was_changed_meanwhile_is_refused_before_anything_is_done() {
        JsonNode client = newClient();
        String path = "clients/" + id(client);
        String old = tag(server.manage("GET", path, null));
        assertThat(tag(server.manage("GET", path + "?fields=name", null))).isEqualTo(old);
        HttpResponse<String> changed = ifMatch(old, "PATCH", path, "{\"name\":\"Changed\"}");
        assertThat(changed.statusCode()).isEqualTo(200);
        String now = tag(changed);
        assertThat(now).isNotEqualTo(old).isEqualTo(tag(server.manage("GET", path, null)));

        for (String call : List.of("PATCH " + path, "DELETE " + path, "POST " + path + "/rotate-secret")) {
            String[] words = call.split(" ", -1);
            HttpResponse<String> refused =
                    ifMatch(old, words[0], words[1], words[0].equals("PATCH") ? "{\"name\":\"Lost\"}" : "");
            assertThat(refused.statusCode()).as(call).isEqualTo(412);
            assertThat(json(refused).path("errorCode").asString()).isEqualTo("precondition_failed");
        }
        assertThat(ifMatch(
                                old,
                                "POST",
                                path + "/credentials",
                                "{\"credential_type\":\"cert_subject_dn\",\"subject_dn\":\"CN=x\"}")
                        .statusCode())
                .isEqualTo(412);
        assertThat(server.managed("GET", path, null).path("name").asString()).isEqualTo("Changed");
        assertThat(server.token(client, API).statusCode()).isEqualTo(200);

        HttpResponse<String> rotated = ifMatch(now, "POST", path + "/rotate-secret", "");
        assertThat(rotated.statusCode()).isEqualTo(200);
        assertThat(ifMatch(now, "DELETE", path, "").statusCode()).isEqualTo(412);
        assertThat(ifMatch("W/" + tag(rotated), "DELETE", path, "").statusCode())
                .isEqualTo(412);
        assertThat(ifMatch("\"other\", " + tag(rotated), "DELETE", path, "").statusCode())
                .isEqualTo(204);
        assertThat(ifMatch("*", "DELETE", path, "").statusCode()).isEqualTo(412);
        assertThat(server.manage("DELETE", path, null).statusCode()).isEqualTo(204);
    }

    @Test
    void a_credential_that_was_changed_meanwhile_is_not_changed_or_deleted() {
        String path = "clients/" + id(newClient()) + "/credentials";
        HttpResponse<String> made = server.manage("POST", path, CREDENTIAL);
        String one = path + "/" + id(json(made));
        String old = tag(server.manage("GET", one, null));
        assertThat(old).isEqualTo(tag(made));
        String body = "{\"expires_at\":\"2030-01-01T00:00:00Z\"}";

        HttpResponse<String> changed = ifMatch(old, "PATCH", one, body);

        assertThat(changed.statusCode()).isEqualTo(200);
        assertThat(ifMatch(old, "PATCH", one, body).statusCode()).isEqualTo(412);
        assertThat(ifMatch(old, "DELETE", one, "").statusCode()).isEqualTo(412);
        assertThat(ifMatch(tag(changed), "DELETE", one, "").statusCode()).isEqualTo(204);
        assertThat(ifMatch(tag(changed), "DELETE", one, "").statusCode()).isEqualTo(412);
    }

    @Test
    void the_login_page_of_the_global_client_is_changed_only_as_it_was_read() {
        String path = "clients/"
                + server.managed("GET", "clients?is_global=true", null)
                        .path(0)
                        .path("client_id")
                        .asString();
        String old = tag(server.manage("GET", path, null));

        assertThat(ifMatch(old, "PATCH", path, "{\"custom_login_page\":\"one\"}")
                        .statusCode())
                .isEqualTo(200);
        assertThat(ifMatch(old, "PATCH", path, "{\"custom_login_page\":\"two\"}")
                        .statusCode())
                .isEqualTo(412);
        assertThat(texts(server.managed("GET", path + "?fields=custom_login_page", null)))
                .containsExactly("one");
    }
}
