package dev.jeton.hook;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.jeton.SeededRandom;
import dev.jeton.extension.Bundle;
import dev.jeton.extension.Bundles;
import dev.jeton.extension.DependencyTree;
import dev.jeton.extension.Script;
import dev.jeton.extension.ScriptSecret;
import dev.jeton.hook.HookStore.Filter;
import dev.jeton.storage.ChangeFeed;
import dev.jeton.storage.Database;
import dev.jeton.storage.Encryption;
import dev.jeton.storage.QueryPlans;
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
import java.util.Set;
import org.jdbi.v3.core.JdbiException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** What {@link HookStore} and {@link Bundles} promise, on each kind of database. */
@ParameterizedClass
@EnumSource(Database.Dialect.class)
class HookStoreTest {
    private static final Instant MADE = Instant.parse("2026-11-23T12:00:00.123Z");
    private static final Instant CHANGED = Instant.parse("2026-11-24T01:02:03.004Z");
    private static final Filter ALL = new Filter(null, null);

    private final Database.Dialect dialect;
    private Database database;
    private ChangeFeed feed;
    private HookStore store;

    @SuppressWarnings("NullAway.Init") // opened before each test
    HookStoreTest(Database.Dialect dialect) {
        this.dialect = dialect;
    }

    @BeforeEach
    void open(@TempDir Path folder) {
        database = TestDatabase.migrated(dialect, folder);
        feed = new ChangeFeed(database, InstantSource.system());
        store = new HookStore(database, TestDatabase.encryption(database), feed);
    }

    @AfterEach
    void close() {
        feed.close();
        database.close();
    }

    private static Hook plain(String id) {
        return new Hook(id, "Hook " + id, "x", Map.of(), Hook.CREDENTIALS_EXCHANGE, false, MADE, MADE);
    }

    private static Hook enabled(String id) {
        return new Hook(id, "Hook " + id, "x", Map.of(), Hook.CREDENTIALS_EXCHANGE, true, MADE, CHANGED);
    }

    private static Hook full(String id) {
        return new Hook(
                id,
                "Add a claim 2",
                "module.exports = (client, scope, audience, context, cb) => cb(null, {'https://例え/🌙': `ü\"\\`});\n",
                Map.of("left-pad", "1.3.0", "@scope/b", "0.0.1-beta.2+build"),
                Hook.CREDENTIALS_EXCHANGE,
                true,
                MADE,
                CHANGED);
    }

    private void insert(Hook... hooks) {
        database.change(handle -> List.of(hooks).forEach(hook -> store.insert(handle, hook)));
    }

    private void update(Hook hook) {
        database.change(handle -> store.update(handle, hook));
    }

    private void put(String id, String name, String value) {
        database.change(handle -> store.putSecret(handle, id, new ScriptSecret(name, value)));
    }

    private Optional<Hook> find(String id) {
        return database.<Optional<Hook>, RuntimeException>read(handle -> store.find(handle, id));
    }

    private Set<String> secretNames(String id) {
        return database.<Set<String>, RuntimeException>read(handle -> store.secretNames(handle, id));
    }

    private Optional<Script> findEnabled() {
        return store.findEnabled();
    }

    private static DependencyTree tree(Path folder, String content) throws Exception {
        Path modules = Files.createDirectories(folder.resolve("modules"));
        Files.writeString(modules.resolve("index.js"), content);
        return DependencyTree.pack(modules);
    }

    @Test
    void gives_back_a_hook_in_any_script() {
        insert(full("a"), plain("b"));

        assertThat(find("a")).contains(full("a"));
        assertThat(find("a").orElseThrow().dependencies().keySet()).containsExactly("@scope/b", "left-pad");
        assertThat(find("b")).contains(plain("b"));
        assertThat(find("A")).isEmpty();
    }

    @Test
    void gives_back_the_largest_hook_and_secret() {
        Hook largest = new Hook(
                "a",
                "n".repeat(255),
                "値".repeat(33_333),
                Map.of(),
                Hook.CREDENTIALS_EXCHANGE,
                true,
                Instant.ofEpochMilli(Long.MAX_VALUE),
                Instant.ofEpochMilli(Long.MIN_VALUE));
        insert(largest);
        put("a", "n".repeat(128), "🌙".repeat(2_048));

        assertThat(find("a")).contains(largest);
        assertThat(findEnabled().orElseThrow().secrets()).containsEntry("n".repeat(128), "🌙".repeat(2_048));
    }

    @Test
    void changes_all_but_the_id_the_trigger_and_the_time_of_making() {
        insert(plain("a"), plain("b"));

        update(full("a"));

        assertThat(find("a")).contains(full("a"));
        assertThat(find("b")).contains(plain("b"));
        update(plain("a"));
        assertThat(find("a")).contains(plain("a"));
    }

    @Test
    void refuses_a_second_hook_of_the_same_id_or_name_and_stores_nothing_of_it() {
        insert(plain("a"));
        for (Hook second : List.of(
                full("a"), new Hook("c", "Hook a", "y", Map.of(), Hook.CREDENTIALS_EXCHANGE, false, MADE, MADE))) {
            assertThatThrownBy(() -> insert(plain("b"), second))
                    .isInstanceOf(JdbiException.class)
                    .isNotInstanceOf(StorageUnavailableException.class);
        }

        assertThat(find("a")).contains(plain("a"));
        assertThat(find("b")).isEmpty();
        assertThat(database.<Boolean, RuntimeException>read(handle -> store.isTaken(handle, "Hook a", "b")))
                .isTrue();
        assertThat(database.<Boolean, RuntimeException>read(handle -> store.isTaken(handle, "Hook a", "a")))
                .isFalse();
    }

    @Test
    void enabling_one_switches_the_other_off_and_announces_both() {
        insert(enabled("a"));

        assertThat(TestDatabase.announcedBy(database, handle -> store.insert(handle, enabled("b"))))
                .containsExactly("hook a", "hook b");
        assertThat(find("a").orElseThrow().enabled()).isFalse();
        assertThat(find("a").orElseThrow().updatedAt()).isEqualTo(CHANGED);
        assertThat(TestDatabase.announcedBy(database, handle -> store.update(handle, enabled("a"))))
                .containsExactly("hook b", "hook a");
        assertThat(find("b").orElseThrow().enabled()).isFalse();
        assertThat(findEnabled().orElseThrow().id()).isEqualTo("a");
        update(plain("a"));
        assertThat(findEnabled()).isEmpty();
    }

    @Test
    void the_database_itself_holds_no_two_enabled_hooks_of_a_trigger() {
        insert(enabled("a"), plain("b"));

        assertThatThrownBy(() -> database.change(handle -> handle.execute("update hooks set enabled = 1")))
                .isInstanceOf(JdbiException.class);
    }

    @Test
    void lists_in_the_order_of_the_ids_what_the_filter_lets_through() {
        insert(plain("c"), enabled("b"), plain("a"), plain("d"));

        assertThat(page(ALL, 0, 10)).containsExactly("a", "b", "c", "d");
        assertThat(page(ALL, 1, 2)).containsExactly("b", "c");
        assertThat(page(ALL, 4, 2)).isEmpty();
        assertThat(page(new Filter(null, true), 0, 10)).containsExactly("b");
        assertThat(page(new Filter(Hook.CREDENTIALS_EXCHANGE, false), 0, 10)).containsExactly("a", "c", "d");
        assertThat(page(new Filter("pre-user-registration", null), 0, 10)).isEmpty();
        assertThat(database.<List<String>, RuntimeException>read(
                        handle -> ids(store.pageAfter(handle, new Filter(null, false), "a", 5))))
                .containsExactly("c", "d");
        assertThat(database.<Integer, RuntimeException>read(handle -> store.count(handle, ALL)))
                .isEqualTo(4);
        assertThat(database.<Integer, RuntimeException>read(handle -> store.count(handle, new Filter(null, true))))
                .isEqualTo(1);
    }

    private List<String> page(Filter filter, int offset, int limit) {
        return database.<List<String>, RuntimeException>read(handle -> ids(store.page(handle, filter, offset, limit)));
    }

    private static List<String> ids(List<Hook> hooks) {
        return hooks.stream().map(Hook::id).toList();
    }

    @Test
    void a_deleted_hook_takes_its_secrets_along() {
        insert(enabled("a"), plain("b"));
        put("a", "KEY", "value");
        put("b", "KEY", "other");

        assertThat(TestDatabase.announcedBy(
                        database,
                        handle -> assertThat(store.delete(handle, "a")).isTrue()))
                .containsExactly("hook a");

        assertThat(find("a")).isEmpty();
        assertThat(secretNames("a")).isEmpty();
        assertThat(secretNames("b")).containsExactly("KEY");
        database.change(handle -> assertThat(store.delete(handle, "a")).isFalse());
    }

    @Test
    void keeps_changes_and_deletes_secrets() {
        insert(enabled("a"));

        assertThat(TestDatabase.announcedBy(
                        database, handle -> store.putSecret(handle, "a", new ScriptSecret("b Ü'", "1"))))
                .containsExactly("hook a");
        put("a", "A", "");
        put("a", "b Ü'", "2 🔑");

        assertThat(secretNames("a")).containsExactly("A", "b Ü'");
        assertThat(findEnabled().orElseThrow().secrets()).isEqualTo(Map.of("A", "", "b Ü'", "2 🔑"));
        assertThat(TestDatabase.announcedBy(
                        database, handle -> store.deleteSecrets(handle, "a", List.of("A", "never"))))
                .containsExactly("hook a");
        assertThat(TestDatabase.announcedBy(database, handle -> store.deleteSecrets(handle, "a", List.of())))
                .isEmpty();
        assertThat(secretNames("a")).containsExactly("b Ü'");
    }

    @Test
    void a_secret_is_encrypted_and_opens_in_its_own_row_only() {
        insert(enabled("a"));
        put("a", "KEY", "a secret text");
        put("a", "OTHER", "another");

        byte[] stored = database.<byte[], RuntimeException>read(
                handle -> handle.createQuery("select encrypted from hook_secrets where name = 'KEY'")
                        .mapTo(byte[].class)
                        .one());
        assertThat(new String(stored, StandardCharsets.ISO_8859_1)).doesNotContain("secret");
        database.change(handle -> handle.execute("update hook_secrets set encrypted ="
                + " (select encrypted from hook_secrets where name = 'OTHER') where name = 'KEY'"));
        assertThatThrownBy(this::findEnabled)
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("damaged or belongs elsewhere");
    }

    @Test
    void after_the_master_key_was_changed_secrets_open_as_before() {
        insert(enabled("a"));
        put("a", "KEY", "a secret text");

        Encryption.rewrap(database, TestDatabase.masterKey(1), TestDatabase.masterKey(2));

        Encryption after = Encryption.open(database, TestDatabase.masterKey(2), new SeededRandom(1));
        assertThat(new HookStore(database, after, feed)
                        .findEnabled()
                        .orElseThrow()
                        .secrets())
                .isEqualTo(Map.of("KEY", "a secret text"));
    }

    @Test
    void keeps_the_tree_of_dependencies_until_it_is_replaced(@TempDir Path folder) throws Exception {
        DependencyTree tree = tree(folder, "module.exports = 1");
        insert(enabled("a"));
        assertThat(findEnabled().orElseThrow().dependencies()).isEmpty();

        assertThat(TestDatabase.announcedBy(database, handle -> store.putTree(handle, "a", Optional.of(tree))))
                .containsExactly("hook a");
        update(full("a"));
        assertThat(findEnabled().orElseThrow().dependencies()).contains(tree);

        database.change(handle -> store.putTree(handle, "a", Optional.empty()));
        assertThat(findEnabled().orElseThrow().dependencies()).isEmpty();
    }

    private static Bundle bundle(
            String id, String name, Map<String, String> secrets, Optional<DependencyTree> dependencies) {
        return new Bundle(List.of(new Script(Script.Kind.HOOK, id, name, "x", secrets, dependencies)));
    }

    @Test
    void the_view_tells_of_a_bundle_only_when_it_is_another(@TempDir Path folder) throws Exception {
        List<Optional<Bundle>> told = new ArrayList<>();
        Bundles bundles = new Bundles(List.of(store), told::add);
        feed.add(HookStore.ENTITY, bundles);
        insert(enabled("a"));
        put("a", "KEY", "1");
        feed.start();

        Bundle first = bundle("a", "Hook a", Map.of("KEY", "1"), Optional.empty());
        assertThat(told).containsExactly(Optional.of(first));

        insert(plain("b"));
        update(enabled("a"));
        put("b", "KEY", "2");
        feed.catchUp();
        bundles.loadAll();
        assertThat(told).hasSize(1);

        put("a", "KEY", "3");
        feed.catchUp();
        DependencyTree tree = tree(folder, "module.exports = 2");
        database.change(handle -> store.putTree(handle, "a", Optional.of(tree)));
        feed.catchUp();
        update(enabled("b"));
        feed.catchUp();
        database.change(handle -> store.delete(handle, "b"));
        feed.catchUp();

        assertThat(told)
                .containsExactly(
                        Optional.of(first),
                        Optional.of(bundle("a", "Hook a", Map.of("KEY", "3"), Optional.empty())),
                        Optional.of(bundle("a", "Hook a", Map.of("KEY", "3"), Optional.of(tree))),
                        Optional.of(bundle("b", "Hook b", Map.of("KEY", "2"), Optional.empty())),
                        Optional.empty());
    }

    @Test
    void a_view_without_an_enabled_hook_tells_nothing() {
        List<Optional<Bundle>> told = new ArrayList<>();
        Bundles bundles = new Bundles(List.of(store), told::add);
        insert(plain("a"));

        bundles.loadAll();

        assertThat(told).isEmpty();
    }

    @Test
    void a_page_from_a_checkpoint_is_found_by_the_key() {
        database.change(handle -> {
            handle.execute(
                    "insert into hooks (id, name, script, dependencies, trigger_id, enabled, created_at_ms, updated_at_ms) "
                            + QueryPlans.rows(5_000)
                            + "select 'hook-' || i, 'Hook ' || i, 'x', '{}', 'credentials-exchange', 0, 0, 0 from n");
            QueryPlans.countRows(dialect, handle);
            for (Filter filter : List.of(ALL, new Filter("credentials-exchange", null), new Filter(null, false))) {
                for (String after : List.of("", "hook-2500")) {
                    QueryPlans.requireByIndex(dialect, handle, () -> store.pageAfter(handle, filter, after, 51));
                }
            }
        });
    }
}
