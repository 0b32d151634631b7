package dev.jeton.action;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.jeton.Answers;
import dev.jeton.MutableClock;
import dev.jeton.SeededRandom;
import dev.jeton.audit.Actor;
import dev.jeton.audit.AuditLog;
import dev.jeton.audit.AuditSettings;
import dev.jeton.extension.ConsoleStore;
import dev.jeton.extension.FakeNpmRegistry;
import dev.jeton.extension.NpmDependencies;
import dev.jeton.extension.Script;
import dev.jeton.http.ApiError;
import dev.jeton.http.Request;
import dev.jeton.http.Response;
import dev.jeton.management.Call;
import dev.jeton.management.Caller;
import dev.jeton.management.ManagementAccess.CallHandler;
import dev.jeton.management.RegistryWriter;
import dev.jeton.oauth.ClientId;
import dev.jeton.oauth.Identifiers;
import dev.jeton.oauth.ScopeSet;
import dev.jeton.storage.ChangeFeed;
import dev.jeton.storage.Database;
import dev.jeton.storage.TestDatabase;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.jdbi.v3.core.Handle;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What is tried before it is deployed or bound, and what may happen in the meantime, on each kind of database. */
@ParameterizedClass
@EnumSource(Database.Dialect.class)
class LoadCheckTest {
    private static final String UNFIT = "The action exports no handler";

    private final Database.Dialect dialect;
    private final FakeNpmRegistry registry = new FakeNpmRegistry();
    private final MutableClock clock = new MutableClock(Instant.parse("2026-11-23T12:00:00Z"));
    private final List<Script> checked = new ArrayList<>();
    private Runnable meanwhile = () -> {};
    private Database database;
    private ChangeFeed feed;
    private AuditLog auditLog;
    private ActionStore store;
    private ActionRoutes actions;
    private TriggerRoutes triggers;

    @SuppressWarnings("NullAway.Init") // opened before each test
    LoadCheckTest(Database.Dialect dialect) {
        this.dialect = dialect;
    }

    @BeforeEach
    void open(@TempDir Path folder) {
        registry.publish("one", "1.0.0", Map.of(), Map.of("index.js", "module.exports = 1"));
        database = TestDatabase.migrated(dialect, folder);
        feed = new ChangeFeed(database, InstantSource.system());
        auditLog = AuditLog.start(database, folder, AuditSettings.defaults(), clock);
        store = new ActionStore(database, TestDatabase.encryption(database), feed);
        RegistryWriter writer = new RegistryWriter(database, feed, auditLog.changes(), clock);
        Identifiers identifiers = new Identifiers(new SeededRandom(1));
        actions = new ActionRoutes(
                database,
                store,
                new ConsoleStore(database),
                new NpmDependencies(registry.environment(), Duration.ofMinutes(1)),
                this::problem,
                () -> {},
                writer,
                identifiers,
                clock);
        triggers = new TriggerRoutes(database, store, this::problem, () -> {}, writer, identifiers, clock);
    }

    @AfterEach
    void close() {
        auditLog.close();
        feed.close();
        database.close();
        registry.close();
    }

    private Optional<String> problem(List<Script> scripts) {
        checked.addAll(scripts);
        meanwhile.run();
        return scripts.stream().anyMatch(script -> script.code().contains("unfit"))
                ? Optional.of(UNFIT)
                : Optional.empty();
    }

    private static JsonNode ask(CallHandler handler, Object body, Map<String, String> pathParameters) {
        Request request = new Request(
                "0123456789",
                "POST",
                "/api/v2/actions",
                null,
                _ -> List.of(),
                "127.0.0.1",
                JsonMapper.shared().writeValueAsString(body).getBytes(StandardCharsets.UTF_8),
                pathParameters);
        Response response = handler.handle(new Call(
                request, new Caller(new Actor.OfClient(new ClientId("tester"), "Tester"), ScopeSet.EMPTY), () -> {}));
        return Answers.json(new String(response.body(), StandardCharsets.UTF_8));
    }

    private String create(Map<String, ?> more) {
        Map<String, Object> body = new HashMap<>(
                Map.of("name", "a", "code", "1", "supported_triggers", List.of(Map.of("id", "credentials-exchange"))));
        body.putAll(more);
        return ask(actions::create, body, Map.of()).path("id").asString();
    }

    private void patch(String id, Map<String, ?> body) {
        ask(actions::update, body, Map.of("id", id));
    }

    private String deploy(String id) {
        return ask(actions::deploy, Map.of(), Map.of("id", id)).path("id").asString();
    }

    private void rollBack(String id, String version) {
        ask(actions::rollBack, Map.of(), Map.of("id", id, "versionId", version));
    }

    private void bind(String... ids) {
        ask(
                triggers::updateBindings,
                Map.of(
                        "bindings",
                        List.of(ids).stream()
                                .map(id -> Map.of("ref", Map.of("type", "action_id", "value", id)))
                                .toList()),
                Map.of("triggerId", "credentials-exchange"));
    }

    private static void assertRefused(Runnable request, int status, String message) {
        assertThatThrownBy(request::run)
                .isInstanceOfSatisfying(
                        ApiError.ApiException.class,
                        e -> assertThat(e.error()).isEqualTo(new ApiError(status, message, null)));
    }

    private <T> T read(Function<Handle, T> query) {
        return database.<T, RuntimeException>read(query::apply);
    }

    private Action find(String id) {
        return read(handle -> store.find(handle, id).orElseThrow());
    }

    private List<String> query(String sql) {
        return read(handle -> handle.createQuery(sql).mapTo(String.class).list());
    }

    @Test
    void is_asked_about_what_would_run_with_its_secrets_and_packages() {
        String id = create(Map.of(
                "deploy",
                true,
                "secrets",
                List.of(Map.of("name", "KEY", "value", "1")),
                "dependencies",
                List.of(Map.of("name", "one"))));
        Script made = checked.removeLast();
        assertThat(made.id()).isEqualTo(id);
        assertThat(made.dependencies()).isPresent();
        assertThat(made)
                .isEqualTo(new Script(Script.Kind.ACTION, id, "a", "1", Map.of("KEY", "1"), made.dependencies()));

        patch(id, Map.of("code", "2", "secrets", List.of(), "dependencies", List.of()));
        assertThat(checked).as("a draft may be anything").isEmpty();
        String second = deploy(id);
        Script changed = new Script(Script.Kind.ACTION, id, "a", "2", Map.of(), Optional.empty());
        rollBack(id, second);
        patch(id, Map.of("code", "3"));
        bind(id);

        assertThat(checked).containsExactly(changed, changed, changed);
        assertThat(store.bound()).containsExactly(changed);
    }

    @Test
    void what_cannot_be_loaded_is_not_made_and_deployed() {
        assertRefused(
                () -> create(Map.of("code", "unfit", "deploy", true, "dependencies", List.of(Map.of("name", "one")))),
                400,
                UNFIT);

        assertThat(query("select id from actions")).isEmpty();
        assertThat(query("select id from action_revisions")).isEmpty();
        assertThat(query("select digest from dependency_trees")).isEmpty();
        create(Map.of("code", "unfit"));
    }

    @Test
    void what_cannot_be_loaded_is_not_deployed_and_what_was_stays() {
        String id = create(Map.of("deploy", true));
        patch(id, Map.of("code", "unfit"));
        Action before = find(id);

        assertRefused(() -> deploy(id), 400, UNFIT);

        assertThat(find(id)).isEqualTo(before);
        assertThat(query("select description from change_events where description like 'Deploy%'"))
                .isEmpty();
    }

    @Test
    void there_is_no_way_back_to_what_cannot_be_loaded_and_it_is_not_bound_anew() {
        String id = create(Map.of());
        String first = deploy(id);
        // As if Node.js had been another when it was deployed.
        database.change(handle -> handle.execute("update action_revisions set code = 'unfit'"));
        Action before = find(id);

        assertRefused(() -> rollBack(id, first), 400, UNFIT);
        assertRefused(() -> bind(id), 400, UNFIT);

        assertThat(find(id)).isEqualTo(before);
        assertThat(store.bound()).isEmpty();
    }

    @Test
    void what_is_bound_already_does_not_keep_others_from_being_bound_or_unbound() {
        String broken = create(Map.of("deploy", true));
        String other = create(Map.of("name", "b", "deploy", true));
        bind(broken);
        database.change(handle -> handle.execute(
                "update action_revisions set code = 'unfit' where id = ?",
                find(broken).draft().id()));
        checked.clear();

        bind(other, broken);

        assertThat(checked).extracting(Script::id).containsExactly(other);
        bind(other);
        assertThat(checked).hasSize(1);
        assertRefused(() -> bind(other, broken), 400, UNFIT);
        assertThat(store.bound()).extracting(Script::id).containsExactly(other);
    }

    @Test
    void a_draft_that_was_changed_while_it_was_checked_is_not_deployed_unchecked() {
        String id = create(Map.of("secrets", List.of(Map.of("name", "KEY", "value", "1"))));
        for (Map<String, ?> change :
                List.of(Map.of("code", "unfit"), Map.of("secrets", List.of(Map.of("name", "KEY", "value", "2"))))) {
            meanwhile = () -> patch(id, change);

            assertRefused(() -> deploy(id), 409, "The action was changed in the meantime: look at it, and try again");

            assertThat(find(id).deployed()).isEmpty();
            meanwhile = () -> patch(id, Map.of("code", "1"));
            patch(id, Map.of("code", "1"));
        }
        meanwhile = () -> patch(id, Map.of("name", "renamed"));
        deploy(id);
        assertThat(find(id).deployed()).isPresent();
    }

    @Test
    void what_was_deleted_while_it_was_checked_is_gone() {
        String id = create(Map.of());
        String version = deploy(id);
        meanwhile = () -> database.change(handle -> store.delete(handle, id));

        assertRefused(() -> deploy(id), 404, "That action does not exist.");
        assertRefused(() -> rollBack(id, version), 404, "That action does not exist.");
        assertThat(query("select id from action_versions")).isEmpty();
    }

    @Test
    void a_name_that_was_taken_in_the_meantime_is_refused_and_nothing_is_left_of_it() {
        meanwhile = () -> {
            meanwhile = () -> {};
            create(Map.of());
        };

        assertRefused(
                () -> create(Map.of("deploy", true, "dependencies", List.of(Map.of("name", "one")))),
                409,
                "An action with the same name already exists: a");

        assertThat(query("select name from actions")).containsExactly("a");
        assertThat(query("select id from action_revisions")).hasSize(1);
        assertThat(query("select digest from dependency_trees")).isEmpty();
    }

    @Test
    void a_secret_without_a_value_keeps_the_one_it_has() {
        String id = create(Map.of(
                "secrets",
                List.of(
                        Map.of("name", "KEPT", "value", "1"),
                        Map.of("name", "CHANGED", "value", "2"),
                        Map.of("name", "DROPPED", "value", "3"))));

        patch(
                id,
                Map.of(
                        "secrets",
                        List.of(
                                Map.of("name", "ADDED", "value", "4"),
                                Map.of("name", "CHANGED", "value", ""),
                                Map.of("name", "KEPT"))));

        assertThat(store.findDraft(id).orElseThrow().secrets())
                .isEqualTo(Map.of("ADDED", "4", "CHANGED", "", "KEPT", "1"));
        patch(id, Map.of("code", "2"));
        assertThat(store.findDraft(id).orElseThrow().secrets()).hasSize(3).containsEntry("KEPT", "1");
        String version = deploy(id);
        patch(id, Map.of("secrets", List.of(Map.of("name", "KEPT", "value", "5"))));
        bind(id);
        assertThat(store.bound().getFirst().secrets()).containsEntry("KEPT", "1");
        deploy(id);
        assertThat(store.bound().getFirst().secrets()).isEqualTo(Map.of("KEPT", "5"));
        rollBack(id, version);
        assertThat(store.bound().getFirst().secrets()).hasSize(3).containsEntry("KEPT", "1");
    }
}
