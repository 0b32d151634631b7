package dev.jeton.management;

import static dev.jeton.Answers.each;
import static dev.jeton.Answers.json;
import static dev.jeton.Answers.texts;
import static org.assertj.core.api.Assertions.assertThat;

import dev.jeton.TestServer;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** The record of a change says what else it did, and of code and its secrets what was there before and is now. */
class EffectAuditTest {
    private static final String SECRET = "a value that must not be in the log";
    private static final String BINDINGS = "actions/triggers/credentials-exchange/bindings";
    private static final String SCRIPT =
            "module.exports = (client, scope, audience, context, cb) => cb(null, {scope});";
    private static final List<?> TRIGGERS = List.of(Map.of("id", "credentials-exchange", "version", "v2"));

    private static TestServer server;

    @BeforeAll
    static void start() {
        server = TestServer.start(Map.of("JETON_HOOKS_SANDBOX", "off"));
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    /** The {@code details} of the record that a change leaves. */
    private static JsonNode detailsOf(String method, String path, @Nullable Object body) {
        server.managed(method, path, body);
        JsonNode details = server.managed("GET", "logs?per_page=1", null).at("/0/details");
        assertThat(details.at("/request/method").asString()).isEqualToIgnoringCase(method);
        assertThat(details.toString()).doesNotContain(SECRET);
        return details;
    }

    private static JsonNode effect(JsonNode details, String name, int count) {
        JsonNode effect = details.path("effects").path(name);
        assertThat(effect.path("count").asInt()).as(details.toString()).isEqualTo(count);
        return effect.path("items");
    }

    private static String id(JsonNode entity) {
        return entity.path(entity.has("id") ? "id" : "client_id").asString();
    }

    private static String api(String name, String... scopes) {
        String identifier = "https://" + name + ".example.com";
        server.createApi(identifier, List.of(scopes), Map.of());
        return identifier;
    }

    private static String client() {
        return id(server.createClient("x", Map.of()));
    }

    private static String made(String path, Object body) {
        return id(server.managed("POST", path, body));
    }

    @Test
    void deleting_a_client_names_the_grants_and_credentials_that_go_with_it() {
        String client = client();
        String listed = api("listed", "read:x", "write:x");
        String first = id(server.createGrant(client, listed, List.of("read:x")));
        String whole = api("whole", "read:x");
        String second = made("client-grants", Map.of("client_id", client, "audience", whole, "allow_all_scopes", true));
        String credential = made(
                "clients/" + client + "/credentials",
                Map.of("credential_type", "cert_subject_dn", "subject_dn", "CN=x"));
        server.createGrant(client(), whole, List.of());

        JsonNode details = detailsOf("DELETE", "clients/" + client, null);

        assertThat(effect(details, "client_grants_deleted", 2))
                .containsExactlyInAnyOrder(
                        json("{\"id\":\"" + first + "\",\"client_id\":\"" + client + "\",\"audience\":\"" + listed
                                + "\",\"scope\":[\"read:x\"]}"),
                        json("{\"id\":\"" + second + "\",\"client_id\":\"" + client + "\",\"audience\":\"" + whole
                                + "\",\"allow_all_scopes\":true}"));
        assertThat(effect(details, "client_credentials_deleted", 1))
                .containsExactly(json("{\"id\":\"" + credential + "\",\"credential_type\":\"cert_subject_dn\"}"));
    }

    @Test
    void deleting_an_api_names_the_first_of_its_grants_and_counts_all() {
        String api = api("popular", "read:x");
        int all = Effect.MOST_ITEMS + 1;
        List<String> grants = IntStream.range(0, all)
                .mapToObj(_ -> id(server.createGrant(client(), api, List.of("read:x"))))
                .toList();

        JsonNode details = detailsOf("DELETE", "resource-servers/https%3A%2F%2Fpopular.example.com", null);

        JsonNode named = effect(details, "client_grants_deleted", all);
        assertThat(named).hasSize(Effect.MOST_ITEMS);
        assertThat(grants).containsAll(each(named, "id"));
        assertThat(each(named, "audience")).containsOnly(api);
    }

    /** What a grant lists it keeps: scopes of an API are what it offers. */
    @Test
    void an_api_that_loses_scopes_names_them_and_the_grants_that_hold_less() {
        String api = api("losing", "read:x", "write:x", "admin:x");
        server.createGrant(client(), api, List.of("write:x"));
        String client = client();
        String grant = made("client-grants", Map.of("client_id", client, "audience", api, "allow_all_scopes", true));
        String path = "resource-servers/https%3A%2F%2Flosing.example.com";

        JsonNode details = detailsOf("PATCH", path, Map.of("scopes", List.of(Map.of("value", "read:x"))));

        assertThat(each(effect(details, "scopes_deleted", 2), "value")).containsExactly("write:x", "admin:x");
        assertThat(effect(details, "client_grants_narrowed", 1))
                .containsExactly(json("{\"id\":\"" + grant + "\",\"client_id\":\"" + client + "\",\"audience\":\"" + api
                        + "\",\"allow_all_scopes\":true}"));
    }

    @Test
    void a_change_that_did_nothing_else_says_nothing_of_effects() {
        String api = "resource-servers/" + id(server.createApi("https://plain.example.com", List.of(), Map.of()));

        assertThat(detailsOf("PATCH", api, Map.of("name", "Plain")).has("effects"))
                .isFalse();
        assertThat(detailsOf("DELETE", api, null).has("effects")).isFalse();
        assertThat(detailsOf("DELETE", "clients/" + client(), null).has("effects"))
                .isFalse();
    }

    @Test
    void the_first_api_of_an_algorithm_and_a_rotation_name_the_keys_that_changed() {
        JsonNode details = detailsOf(
                "POST", "resource-servers", Map.of("identifier", "https://first.example.com", "signing_alg", "EdDSA"));
        JsonNode keys = effect(details, "signing_keys_changed", 2);
        assertThat(each(keys, "after")).containsExactly("current", "next");
        assertThat(each(keys, "alg")).containsOnly("EdDSA");
        assertThat(keys.path(0).has("before")).isFalse();

        JsonNode rotation = detailsOf("POST", "keys/signing/rotate?alg=EdDSA&force=true", null);
        List<String> changed = effect(rotation, "signing_keys_changed", 3)
                .valueStream()
                .map(key -> key.path("before").asString("-") + " "
                        + key.path("after").asString())
                .toList();
        assertThat(changed).containsExactlyInAnyOrder("current previous", "next current", "- next");

        String previous = keys.path(0).path("kid").asString();
        JsonNode revocation =
                detailsOf("PUT", "keys/signing/" + previous + "/revoke", null).path("changes");
        assertThat(revocation.propertyNames()).containsExactlyInAnyOrder("previous", "revoked", "revoked_at");
        assertThat(revocation.at("/revoked/before").asBoolean()).isFalse();
        assertThat(revocation.at("/revoked/after").asBoolean()).isTrue();
    }

    private static String hook(String name, boolean enabled) {
        return made(
                "hooks",
                Map.of("name", name, "script", SCRIPT, "triggerId", "credentials-exchange", "enabled", enabled));
    }

    @Test
    void enabling_a_hook_names_the_one_that_it_switches_off() {
        String first = hook("first", true);
        String second = hook("second", false);

        JsonNode details = detailsOf("PATCH", "hooks/" + second, Map.of("enabled", true));
        assertThat(effect(details, "hooks_disabled", 1))
                .containsExactly(json("{\"id\":\"" + first + "\",\"name\":\"first\"}"));

        details = detailsOf(
                "POST",
                "hooks",
                Map.of("name", "third", "script", SCRIPT, "triggerId", "credentials-exchange", "enabled", true));
        assertThat(each(effect(details, "hooks_disabled", 1), "id")).containsExactly(second);

        server.managed("DELETE", "hooks/" + details.at("/response/body/id").asString(), null);
    }

    @Test
    void of_a_hooks_secrets_the_record_says_which_there_were_and_are_and_which_got_another_value() {
        String hook = "hooks/" + hook("secretive", false);

        JsonNode added = detailsOf("POST", hook + "/secrets", Map.of("A", SECRET, "B", SECRET));
        JsonNode first = added.at("/changes/secrets/after");
        assertThat(added.at("/changes/secrets/before")).isEmpty();
        assertThat(first.propertyNames()).containsExactly("A", "B");

        JsonNode updated = detailsOf("PATCH", hook + "/secrets", Map.of("B", SECRET + " too"));
        JsonNode second = updated.at("/changes/secrets/after");
        assertThat(updated.at("/changes/secrets/before")).isEqualTo(first);
        assertThat(second.path("A")).isEqualTo(first.path("A"));
        assertThat(second.path("B").asString()).isNotEqualTo(first.path("B").asString());

        JsonNode deleted = detailsOf("DELETE", hook + "/secrets", List.of("A"));
        assertThat(deleted.at("/changes/secrets/before")).isEqualTo(second);
        assertThat(deleted.at("/changes/secrets/after").propertyNames()).containsExactly("B");

        JsonNode gone = detailsOf("DELETE", hook, null);
        assertThat(gone.at("/changes/secrets/before").propertyNames()).containsExactly("B");
    }

    private static String action(String name) {
        return made(
                "actions/actions",
                Map.of(
                        "name",
                        name,
                        "code",
                        "exports.onExecuteCredentialsExchange = async () => {}; // " + SECRET,
                        "supported_triggers",
                        TRIGGERS,
                        "secrets",
                        List.of(Map.of("name", "KEY", "value", SECRET))));
    }

    @Test
    void deploying_an_action_says_which_version_with_which_secrets_was_at_work_and_is() {
        String action = "actions/actions/" + action("deployed");

        JsonNode first = detailsOf("POST", action + "/deploy", null).path("changes");
        assertThat(first.path("deployed_version").has("before")).isFalse();
        assertThat(first.at("/deployed_version/after/number").asInt()).isEqualTo(1);
        assertThat(first.at("/deployed_version/after/code").asString()).isEqualTo("*****");
        assertThat(each(first.at("/deployed_version/after/secrets"), "name")).containsExactly("KEY");
        assertThat(first.at("/all_changes_deployed/before").asBoolean()).isFalse();
        assertThat(first.at("/all_changes_deployed/after").asBoolean()).isTrue();

        server.clock().advance(Duration.ofSeconds(1));
        JsonNode update = detailsOf(
                        "PATCH",
                        action,
                        Map.of(
                                "secrets",
                                List.of(
                                        Map.of("name", "KEY", "value", SECRET),
                                        Map.of("name", "MORE", "value", SECRET))))
                .path("changes")
                .path("secrets");
        assertThat(each(update.path("before"), "name")).containsExactly("KEY");
        assertThat(each(update.path("after"), "name")).containsExactly("KEY", "MORE");
        assertThat(update.at("/after/0/updated_at").asString())
                .isGreaterThan(update.at("/before/0/updated_at").asString());

        JsonNode second = detailsOf("POST", action + "/deploy", null).path("changes");
        assertThat(second.at("/deployed_version/before")).isEqualTo(first.at("/deployed_version/after"));
        assertThat(each(second.at("/deployed_version/after/secrets"), "name")).containsExactly("KEY", "MORE");

        String old = first.at("/deployed_version/after/id").asString();
        JsonNode back = detailsOf("POST", action + "/versions/" + old + "/deploy", Map.of("update_draft", true))
                .path("changes");
        assertThat(back.at("/deployed_version/before")).isEqualTo(second.at("/deployed_version/after"));
        assertThat(back.at("/deployed_version/after/number").asInt()).isEqualTo(3);
        assertThat(each(back.at("/secrets/after"), "name")).containsExactly("KEY");
        server.managed("DELETE", action, null);
    }

    @Test
    void deleting_an_action_names_its_binding_and_its_versions() {
        String first = action("bound");
        String second = action("bound too");
        Stream.of(first, second)
                .forEach(action -> server.managed("POST", "actions/actions/" + action + "/deploy", null));
        JsonNode bound = detailsOf("PATCH", BINDINGS, bindings(first, second)).at("/changes/bindings");
        assertThat(bound.path("before")).isEmpty();
        assertThat(each(bound.path("after"), "action_id")).containsExactly(first, second);
        JsonNode unbound = detailsOf("PATCH", BINDINGS, bindings(second)).at("/changes/bindings");
        assertThat(unbound.path("before")).isEqualTo(bound.path("after"));
        assertThat(each(unbound.path("after"), "display_name")).containsExactly("bound too");

        JsonNode details = detailsOf("DELETE", "actions/actions/" + second + "?force=true", null);

        assertThat(effect(details, "bindings_deleted", 1))
                .containsExactly(json("{\"id\":\"" + unbound.at("/after/0/id").asString()
                        + "\",\"trigger_id\":\"credentials-exchange\",\"display_name\":\"bound too\"}"));
        assertThat(texts(effect(details, "action_versions_deleted", 1).path(0)))
                .hasSize(2)
                .endsWith("1");
        server.managed("DELETE", "actions/actions/" + first, null);
    }

    private static Map<String, ?> bindings(String... actions) {
        return Map.of(
                "bindings",
                Stream.of(actions)
                        .map(action -> Map.of("ref", Map.of("type", "action_id", "value", action)))
                        .toList());
    }
}
