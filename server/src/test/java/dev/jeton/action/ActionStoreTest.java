package dev.jeton.action;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.jeton.SeededRandom;
import dev.jeton.action.ActionStore.Filter;
import dev.jeton.action.Revision.ShownSecret;
import dev.jeton.extension.Bundle;
import dev.jeton.extension.Bundles;
import dev.jeton.extension.Dependency;
import dev.jeton.extension.DependencyTree;
import dev.jeton.extension.Script;
import dev.jeton.extension.ScriptSecret;
import dev.jeton.storage.ChangeFeed;
import dev.jeton.storage.Database;
import dev.jeton.storage.Encryption;
import dev.jeton.storage.StorageUnavailableException;
import dev.jeton.storage.TestDatabase;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.JdbiException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** What {@link ActionStore} promises, on each kind of database. */
@ParameterizedClass
@EnumSource(Database.Dialect.class)
class ActionStoreTest {
    private static final Instant MADE = Instant.parse("2026-11-23T12:00:00.123Z");
    private static final Instant CHANGED = Instant.parse("2026-11-24T01:02:03.004Z");
    private static final String TRIGGER_ID = SupportedTrigger.CREDENTIALS_EXCHANGE;
    private static final SupportedTrigger TRIGGER = new SupportedTrigger(TRIGGER_ID, SupportedTrigger.CURRENT_VERSION);

    private final Database.Dialect dialect;
    private Database database;
    private ChangeFeed feed;
    private ActionStore store;

    @SuppressWarnings("NullAway.Init") // opened before each test
    ActionStoreTest(Database.Dialect dialect) {
        this.dialect = dialect;
    }

    @BeforeEach
    void open(@TempDir Path folder) {
        database = TestDatabase.migrated(dialect, folder);
        feed = new ChangeFeed(database, InstantSource.system());
        store = new ActionStore(database, TestDatabase.encryption(database), feed);
    }

    @AfterEach
    void close() {
        feed.close();
        database.close();
    }

    private static OpenRevision draft(String revisionId) {
        return new OpenRevision(
                new Revision(
                        revisionId, TRIGGER, "code " + revisionId, "node22", List.of(), Optional.empty(), List.of()),
                List.of());
    }

    private static OpenRevision draft(String revisionId, Map<String, String> secrets) {
        return draft(revisionId, secrets, Optional.empty());
    }

    private static OpenRevision draft(String revisionId, Map<String, String> secrets, Optional<DependencyTree> tree) {
        return new OpenRevision(
                new Revision(
                        revisionId,
                        TRIGGER,
                        "code " + revisionId,
                        "node22",
                        tree.stream().map(_ -> new Dependency("one", "1.0.0")).toList(),
                        tree.map(DependencyTree::digest),
                        secrets.keySet().stream()
                                .map(name -> new ShownSecret(name, MADE))
                                .toList()),
                secrets.entrySet().stream()
                        .map(secret -> new ScriptSecret(secret.getKey(), secret.getValue()))
                        .toList());
    }

    private static OpenRevision full(String revisionId, DependencyTree tree) {
        return new OpenRevision(
                new Revision(
                        revisionId,
                        new SupportedTrigger(TRIGGER_ID, "v1"),
                        "exports.onExecuteCredentialsExchange = async () => { `ü\"\\例え🌙` };\n",
                        "node18-actions",
                        List.of(new Dependency("left-pad", "1.3.0"), new Dependency("@scope/b", "0.0.1-beta.2+build")),
                        Optional.of(tree.digest()),
                        List.of(new ShownSecret("z", MADE), new ShownSecret("a b Ü'", CHANGED))),
                List.of(new ScriptSecret("z", ""), new ScriptSecret("a b Ü'", "2 🔑")));
    }

    private static Action action(String id, OpenRevision draft) {
        return new Action(id, "Action " + id, draft.revision(), Optional.empty(), MADE, MADE);
    }

    private static DependencyTree tree(Path folder, String content) throws Exception {
        Path modules = Files.createDirectories(folder.resolve("modules"));
        Files.writeString(modules.resolve("index.js"), content);
        return DependencyTree.pack(modules);
    }

    private <T> T read(Function<Handle, T> query) {
        return database.<T, RuntimeException>read(query::apply);
    }

    private void insert(Action action, OpenRevision draft) {
        database.change(handle -> {
            store.putRevision(handle, draft);
            store.insert(handle, action);
        });
    }

    private void insert(String id) {
        insert(action(id, draft(id + "1")), draft(id + "1"));
    }

    private void save(String id, OpenRevision draft) {
        database.change(handle -> {
            store.putRevision(handle, draft);
            store.update(handle, find(handle, id).withDraft(draft.revision(), CHANGED));
        });
    }

    private Action find(Handle handle, String id) {
        return store.find(handle, id).orElseThrow();
    }

    private Action find(String id) {
        return read(handle -> find(handle, id));
    }

    private Version deploy(String id, String versionId) {
        return database.write(
                handle -> store.deploy(handle, id, versionId, find(handle, id).draft(), CHANGED));
    }

    private Binding binding(String id, String actionId) {
        return new Binding(id, find(actionId), "Bound " + actionId, MADE, CHANGED);
    }

    private void bind(Binding... bindings) {
        database.change(handle -> store.bindOnly(handle, TRIGGER_ID, List.of(bindings)));
    }

    private List<String> query(String sql) {
        return read(handle -> handle.createQuery(sql).mapTo(String.class).list());
    }

    private Optional<Action> lookUp(String id) {
        return read(handle -> store.find(handle, id));
    }

    private Optional<Action> findByName(String name) {
        return read(handle -> store.findByName(handle, name));
    }

    private List<ScriptSecret> secrets(String revisionId) {
        return read(handle -> store.secrets(handle, revisionId));
    }

    private int count(Filter filter) {
        return read(handle -> store.count(handle, filter));
    }

    private Optional<Version> findVersion(String actionId, String id) {
        return read(handle -> store.findVersion(handle, actionId, id));
    }

    private List<Version> versions(String actionId, int offset, int limit) {
        return read(handle -> store.versions(handle, actionId, offset, limit));
    }

    private int countVersions(String actionId) {
        return read(handle -> store.countVersions(handle, actionId));
    }

    private List<Binding> bindings(String triggerId, int offset, int limit) {
        return read(handle -> store.bindings(handle, triggerId, offset, limit));
    }

    private int countBindings(String triggerId) {
        return read(handle -> store.countBindings(handle, triggerId));
    }

    private boolean isBound(String actionId) {
        return read(handle -> store.isBound(handle, actionId));
    }

    private List<String> revisions() {
        return query("select id from action_revisions order by id");
    }

    @Test
    void gives_back_an_action_with_its_draft_and_what_of_it_is_deployed(@TempDir Path folder) throws Exception {
        DependencyTree tree = tree(folder, "module.exports = 1");
        database.change(handle -> store.putTree(handle, tree));
        OpenRevision full = full("r1", tree);
        insert(action("a", full), full);
        insert("b");

        assertThat(find("a")).isEqualTo(action("a", full));
        assertThat(find("b")).isEqualTo(action("b", draft("b1")));
        assertThat(lookUp("A")).isEmpty();
        assertThat(findByName("Action b")).contains(find("b"));
        assertThat(findByName("action b")).isEmpty();
        assertThat(secrets("r1")).isEqualTo(full.secrets());
        assertThat(secrets("b1")).isEmpty();

        Version version = deploy("a", "v1");
        save("a", draft("r2"));

        assertThat(version).isEqualTo(new Version("v1", 1, full.revision(), true, CHANGED));
        assertThat(find("a"))
                .isEqualTo(new Action("a", "Action a", draft("r2").revision(), Optional.of(version), MADE, CHANGED));
    }

    @Test
    void gives_back_the_largest_action() {
        Map<String, String> secrets = IntStream.range(0, 30)
                .boxed()
                .collect(Collectors.toMap(i -> "%0128d".formatted(i), _ -> "🌙".repeat(2_048)));
        OpenRevision largest = new OpenRevision(
                new Revision(
                        "r",
                        TRIGGER,
                        "値".repeat(33_333),
                        "node100-actions",
                        IntStream.range(0, 10)
                                .mapToObj(i -> new Dependency("p".repeat(213) + i, "1.0.0"))
                                .toList(),
                        Optional.empty(),
                        secrets.keySet().stream()
                                .map(name -> new ShownSecret(name, Instant.ofEpochMilli(Long.MAX_VALUE)))
                                .toList()),
                secrets.entrySet().stream()
                        .map(secret -> new ScriptSecret(secret.getKey(), secret.getValue()))
                        .toList());
        Action action = new Action(
                "a",
                "n".repeat(255),
                largest.revision(),
                Optional.empty(),
                Instant.ofEpochMilli(Long.MIN_VALUE),
                Instant.ofEpochMilli(Long.MAX_VALUE));
        insert(action, largest);

        assertThat(find("a")).isEqualTo(action);
        assertThat(store.findDraft("a").orElseThrow().secrets()).isEqualTo(secrets);
    }

    @Test
    void refuses_a_second_action_of_the_same_id_or_name_and_stores_nothing_of_it() {
        insert("a");
        Action sameName = new Action("c", "Action a", draft("c1").revision(), Optional.empty(), MADE, MADE);
        for (Action second : List.of(action("a", draft("c1")), sameName)) {
            assertThatThrownBy(() -> insert(second, draft("c1")))
                    .isInstanceOf(JdbiException.class)
                    .isNotInstanceOf(StorageUnavailableException.class);
        }

        assertThat(find("a")).isEqualTo(action("a", draft("a1")));
        assertThat(revisions()).containsExactly("a1");
    }

    @Test
    void lists_in_the_order_of_their_making_what_the_filter_lets_through() {
        for (String id : List.of("c", "b", "d")) {
            insert(id);
        }
        Action first = new Action("z", "First", draft("z1").revision(), Optional.empty(), MADE.minusMillis(1), MADE);
        insert(first, draft("z1"));
        deploy("b", "v");

        assertThat(page(Filter.ALL, 0, 10)).containsExactly("z", "b", "c", "d");
        assertThat(page(Filter.ALL, 1, 2)).containsExactly("b", "c");
        assertThat(page(Filter.ALL, 4, 2)).isEmpty();
        assertThat(page(new Filter(null, null, true), 0, 10)).containsExactly("b");
        assertThat(page(new Filter(TRIGGER_ID, null, false), 0, 10)).containsExactly("z", "c", "d");
        assertThat(page(new Filter("post-login", null, null), 0, 10)).isEmpty();
        assertThat(page(new Filter(null, "Action c", null), 0, 10)).containsExactly("c");
        assertThat(page(new Filter(null, "Action", null), 0, 10)).isEmpty();
        assertThat(count(Filter.ALL)).isEqualTo(4);
        assertThat(count(new Filter(TRIGGER_ID, null, true))).isEqualTo(1);
    }

    private List<String> page(Filter filter, int offset, int limit) {
        return read(handle -> store.page(handle, filter, offset, limit).stream()
                .map(Action::id)
                .toList());
    }

    @Test
    void every_change_is_announced() {
        insert("other");
        assertThat(TestDatabase.announcedBy(database, handle -> {
                    store.putRevision(handle, draft("a1"));
                    store.insert(handle, action("a", draft("a1")));
                }))
                .containsExactly("action a");
        assertThat(TestDatabase.announcedBy(database, handle -> store.update(handle, find(handle, "a"))))
                .containsExactly("action a");
        assertThat(TestDatabase.announcedBy(
                        database,
                        handle ->
                                store.deploy(handle, "a", "v", find(handle, "a").draft(), MADE)))
                .containsExactly("action a");
        deploy("other", "w");
        Binding a = binding("x", "a");
        Binding other = binding("y", "other");
        assertThat(TestDatabase.announcedBy(database, handle -> store.bindOnly(handle, TRIGGER_ID, List.of(a))))
                .containsExactly("action a");
        assertThat(TestDatabase.announcedBy(database, handle -> store.bindOnly(handle, TRIGGER_ID, List.of(other))))
                .containsExactly("action a", "action other");
        assertThat(TestDatabase.announcedBy(database, handle -> store.unbind(handle, "other")))
                .containsExactly("action other");
        assertThat(TestDatabase.announcedBy(database, handle -> store.bindOnly(handle, TRIGGER_ID, List.of())))
                .isEmpty();
        assertThat(TestDatabase.announcedBy(database, handle -> store.delete(handle, "a")))
                .containsExactly("action a");
    }

    @Test
    void a_save_replaces_the_draft_and_leaves_what_was_deployed() {
        insert("a");
        save("a", draft("a2", Map.of("KEY", "2")));
        assertThat(revisions()).containsExactly("a2");

        deploy("a", "v1");
        save("a", draft("a3", Map.of("KEY", "3")));
        save("a", draft("a4", Map.of("KEY", "4")));

        assertThat(revisions()).containsExactly("a2", "a4");
        assertThat(find("a").allChangesDeployed()).isFalse();
        assertThat(store.findScript("a", "a2").orElseThrow().secrets()).containsEntry("KEY", "2");
        assertThat(store.findScript("a", "a3")).isEmpty();
        Script draft = store.findDraft("a").orElseThrow();
        assertThat(draft)
                .isEqualTo(new Script(
                        Script.Kind.ACTION, "a", "Action a", "code a4", Map.of("KEY", "4"), Optional.empty()));
        assertThat(store.findDraft("b")).isEmpty();
        deploy("a", "v2");
        assertThat(find("a").allChangesDeployed()).isTrue();
    }

    @Test
    void versions_are_counted_from_1_for_each_action_and_one_of_them_is_deployed() {
        insert("a");
        insert("b");

        assertThat(deploy("a", "v1").number()).isEqualTo(1);
        assertThat(deploy("b", "w1").number()).isEqualTo(1);
        assertThat(deploy("a", "v2").number()).isEqualTo(2);
        save("a", draft("a2"));
        Version third = deploy("a", "v3");

        assertThat(find("a").deployed()).contains(third);
        assertThat(versions("a", 0, 10))
                .containsExactly(
                        third,
                        new Version("v2", 2, draft("a1").revision(), false, CHANGED),
                        new Version("v1", 1, draft("a1").revision(), false, CHANGED));
        assertThat(versions("a", 1, 1)).extracting(Version::id).containsExactly("v2");
        assertThat(countVersions("a")).isEqualTo(3);
        assertThat(findVersion("a", "v3")).contains(third);
        assertThat(findVersion("b", "v3")).as("another's").isEmpty();
    }

    @Test
    void the_database_itself_holds_no_number_twice_and_no_two_deployed_versions() {
        insert("a");
        deploy("a", "v1");
        deploy("a", "v2");

        for (String change :
                List.of("update action_versions set number = 1", "update action_versions set deployed = 1")) {
            assertThatThrownBy(() -> database.change(handle -> handle.execute(change)))
                    .isInstanceOf(JdbiException.class);
        }
    }

    @Test
    void deployments_at_once_never_get_the_same_number() throws Exception {
        insert("a");
        CyclicBarrier start = new CyclicBarrier(4);
        List<Future<List<Integer>>> numbers = new ArrayList<>();
        try (ExecutorService threads = Executors.newFixedThreadPool(4)) {
            for (int thread = 0; thread < 4; thread++) {
                String prefix = "v" + thread + "-";
                numbers.add(threads.submit(() -> {
                    start.await();
                    return IntStream.range(0, 5)
                            .mapToObj(i -> deploy("a", prefix + i).number())
                            .toList();
                }));
            }
        }
        List<Integer> all = new ArrayList<>();
        for (Future<List<Integer>> each : numbers) {
            all.addAll(each.get());
        }

        assertThat(all)
                .containsExactlyInAnyOrderElementsOf(
                        IntStream.rangeClosed(1, 20).boxed().toList());
        assertThat(find("a").deployed().orElseThrow().number()).isEqualTo(20);
    }

    @Test
    void fifty_versions_are_kept_and_the_oldest_makes_room() {
        insert("a");
        insert("b");
        deploy("b", "w1");
        for (int i = 1; i <= 50; i++) {
            save("a", draft("a" + i));
            deploy("a", "v" + i);
        }
        assertThat(countVersions("a")).isEqualTo(50);

        save("a", draft("a51"));
        assertThat(deploy("a", "v51").number()).isEqualTo(51);

        List<Version> kept = versions("a", 0, 100);
        assertThat(kept)
                .extracting(Version::number)
                .startsWith(51, 50)
                .endsWith(3, 2)
                .hasSize(50);
        assertThat(revisions()).hasSize(51).contains("a2", "b1").doesNotContain("a1");
        assertThat(countVersions("b")).isEqualTo(1);
    }

    @Test
    void the_oldest_version_stays_if_it_is_deployed_again_under_the_newest_number() {
        insert("a");
        deploy("a", "v1");
        Revision oldest = find("a").draft();
        for (int i = 2; i <= 50; i++) {
            save("a", draft("a" + i));
            deploy("a", "v" + i);
        }

        Version again = database.write(handle -> store.deploy(handle, "a", "again", oldest, CHANGED));

        assertThat(again.number()).isEqualTo(51);
        assertThat(findVersion("a", "v1")).isEmpty();
        assertThat(find("a").deployed().orElseThrow().revision()).isEqualTo(oldest);
        assertThat(revisions()).hasSize(50).contains("a1");
    }

    @Test
    void a_deleted_action_takes_its_versions_secrets_and_packages_along(@TempDir Path folder) throws Exception {
        DependencyTree tree = tree(folder, "module.exports = 1");
        database.change(handle -> store.putTree(handle, tree));
        OpenRevision draft = draft("a1", Map.of("KEY", "1"), Optional.of(tree));
        insert(action("a", draft), draft);
        deploy("a", "v1");
        save("a", draft("a2", Map.of("KEY", "2")));
        insert("b");
        deploy("b", "w1");

        database.change(handle -> store.delete(handle, "a"));

        assertThat(lookUp("a")).isEmpty();
        assertThat(query("select id from action_versions")).containsExactly("w1");
        assertThat(revisions()).containsExactly("b1");
        assertThat(query("select digest from dependency_trees")).isEmpty();
        database.change(handle -> store.delete(handle, "a"));
    }

    @Test
    void an_action_that_is_bound_is_deleted_only_once_it_is_unbound() {
        insert("a");
        deploy("a", "v1");
        bind(binding("x", "a"));
        assertThat(isBound("a")).isTrue();

        assertThatThrownBy(() -> database.change(handle -> store.delete(handle, "a")))
                .isInstanceOf(JdbiException.class);
        database.change(handle -> {
            store.unbind(handle, "a");
            store.delete(handle, "a");
        });

        assertThat(isBound("a")).isFalse();
        assertThat(query("select id from actions")).isEmpty();
        assertThat(query("select id from action_bindings")).isEmpty();
    }

    @Test
    void a_tree_is_stored_once_and_stays_as_long_as_a_draft_or_a_version_has_it(@TempDir Path folder) throws Exception {
        DependencyTree one = tree(folder, "module.exports = 1");
        DependencyTree two = tree(folder, "module.exports = 2");
        assertThat(one.digest()).matches("[0-9a-f]{64}").isNotEqualTo(two.digest());
        database.change(handle -> store.putTree(handle, one));
        for (String id : List.of("a", "b")) {
            OpenRevision draft = draft(id + "1", Map.of(), Optional.of(one));
            insert(action(id, draft), draft);
        }
        deploy("a", "v1");
        deploy("a", "v2");
        database.change(handle -> store.putTree(handle, one));
        assertThat(trees()).containsExactly(one.digest());

        database.change(handle -> {
            store.putTree(handle, two);
            OpenRevision draft = draft("a2", Map.of(), Optional.of(two));
            store.putRevision(handle, draft);
            store.update(handle, find(handle, "a").withDraft(draft.revision(), CHANGED));
            store.delete(handle, "b");
        });

        assertThat(trees()).containsExactlyInAnyOrder(one.digest(), two.digest());
        assertThat(store.findDraft("a").orElseThrow().dependencies()).contains(two);
        assertThat(store.findScript("a", "a1").orElseThrow().dependencies()).contains(one);
        save("a", draft("a3"));
        assertThat(trees()).as("v1 and v2 have it").containsExactly(one.digest());
        assertThat(store.findDraft("a").orElseThrow().dependencies()).isEmpty();
        for (int i = 0; i < Version.MOST; i++) {
            deploy("a", "later" + i);
        }
        assertThat(trees()).as("the last version with it made room").isEmpty();
    }

    private List<String> trees() {
        return query("select digest from dependency_trees");
    }

    @Test
    void what_is_bound_runs_in_its_order_as_it_was_deployed(@TempDir Path folder) throws Exception {
        DependencyTree tree = tree(folder, "module.exports = 1");
        database.change(handle -> store.putTree(handle, tree));
        OpenRevision first = draft("a1", Map.of("KEY", "1"), Optional.of(tree));
        insert(action("a", first), first);
        insert("b");
        insert("c");
        for (String id : List.of("a", "b", "c")) {
            deploy(id, "v-" + id);
        }
        save("a", draft("a2", Map.of("KEY", "2")));
        assertThat(store.bound()).isEmpty();

        bind(binding("y", "b"), binding("x", "a"));

        Script a = new Script(Script.Kind.ACTION, "a", "Action a", "code a1", Map.of("KEY", "1"), Optional.of(tree));
        Script b = new Script(Script.Kind.ACTION, "b", "Action b", "code b1", Map.of(), Optional.empty());
        assertThat(store.bound()).containsExactly(b, a);
        assertThat(bindings(TRIGGER_ID, 0, 10)).containsExactly(binding("y", "b"), binding("x", "a"));
        assertThat(bindings(TRIGGER_ID, 1, 1)).containsExactly(binding("x", "a"));
        assertThat(bindings("post-login", 0, 10)).isEmpty();
        assertThat(countBindings(TRIGGER_ID)).isEqualTo(2);

        deploy("a", "v-a2");
        assertThat(store.bound().getLast())
                .isEqualTo(new Script(
                        Script.Kind.ACTION, "a", "Action a", "code a2", Map.of("KEY", "2"), Optional.empty()));
        bind(binding("z", "c"), binding("x", "a"));
        assertThat(store.bound()).extracting(Script::id).containsExactly("c", "a");
        database.change(handle -> store.unbind(handle, "c"));
        assertThat(store.bound()).extracting(Script::id).containsExactly("a");
        bind();
        assertThat(store.bound()).isEmpty();
    }

    @Test
    void bindings_are_replaced_as_a_whole_or_not_at_all() {
        for (String id : List.of("a", "b")) {
            insert(id);
            deploy(id, "v-" + id);
        }
        bind(binding("x", "a"));

        assertThatThrownBy(() -> bind(binding("y", "b"), binding("z", "b"))).isInstanceOf(JdbiException.class);

        assertThat(bindings(TRIGGER_ID, 0, 10)).containsExactly(binding("x", "a"));
    }

    @Test
    void secrets_are_encrypted_and_open_in_their_own_row_only() {
        insert(action("a", draft("a1", Map.of("KEY", "a secret text"))), draft("a1", Map.of("KEY", "a secret text")));
        insert(action("b", draft("b1", Map.of("KEY", "another"))), draft("b1", Map.of("KEY", "another")));

        byte[] stored = read(handle -> handle.createQuery("select secret_values from action_revisions where id = 'a1'")
                .mapTo(byte[].class)
                .one());
        assertThat(new String(stored, StandardCharsets.ISO_8859_1)).doesNotContain("secret", "KEY");
        database.change(handle -> handle.execute("update action_revisions set secret_values ="
                + " (select secret_values from action_revisions where id = 'b1') where id = 'a1'"));
        assertThatThrownBy(() -> store.findDraft("a"))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("damaged or belongs elsewhere");
    }

    @Test
    void after_the_master_key_was_changed_secrets_open_as_before() {
        OpenRevision draft = draft("a1", Map.of("KEY", "a secret text"));
        insert(action("a", draft), draft);

        Encryption.rewrap(database, TestDatabase.masterKey(1), TestDatabase.masterKey(2));

        Encryption after = Encryption.open(database, TestDatabase.masterKey(2), new SeededRandom(1));
        assertThat(new ActionStore(database, after, feed)
                        .findDraft("a")
                        .orElseThrow()
                        .secrets())
                .isEqualTo(Map.of("KEY", "a secret text"));
    }

    @Test
    void the_view_tells_of_a_bundle_only_when_what_is_bound_is_another() {
        List<Optional<Bundle>> told = new ArrayList<>();
        Bundles bundles = new Bundles(List.of(store), told::add);
        feed.add(ActionStore.ENTITY, bundles);
        insert("a");
        insert("b");
        deploy("a", "v1");
        feed.start();
        assertThat(told).isEmpty();

        bind(binding("x", "a"));
        feed.catchUp();
        save("a", draft("a2"));
        save("b", draft("b2"));
        deploy("b", "w1");
        feed.catchUp();
        assertThat(told).hasSize(1);

        deploy("a", "v2");
        feed.catchUp();
        database.change(handle -> store.unbind(handle, "a"));
        feed.catchUp();

        assertThat(told).containsExactly(bundle("code a1"), bundle("code a2"), Optional.empty());
    }

    private static Optional<Bundle> bundle(String code) {
        return Optional.of(
                new Bundle(List.of(new Script(Script.Kind.ACTION, "a", "Action a", code, Map.of(), Optional.empty()))));
    }
}
