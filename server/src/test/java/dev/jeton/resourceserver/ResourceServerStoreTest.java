package dev.jeton.resourceserver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.jeton.oauth.Audience;
import dev.jeton.oauth.Issuer;
import dev.jeton.resourceserver.ResourceServer.Scope;
import dev.jeton.resourceserver.ResourceServerStore.Filter;
import dev.jeton.storage.ChangeFeed;
import dev.jeton.storage.Database;
import dev.jeton.storage.Encryption;
import dev.jeton.storage.QueryPlans;
import dev.jeton.storage.StorageUnavailableException;
import dev.jeton.storage.TestDatabase;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.JdbiException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** What {@link ResourceServerStore} and {@link ResourceServers} promise, on each kind of database. */
@ParameterizedClass
@EnumSource(Database.Dialect.class)
class ResourceServerStoreTest {
    private static final Instant MADE = Instant.parse("2026-11-23T12:00:00.123Z");
    private static final Instant CHANGED = Instant.parse("2026-11-24T01:02:03.004Z");
    private static final Issuer ISSUER = Issuer.of("https://login.example.com");
    private static final String SIGNING_SECRET = "sixteen or möre 字";

    private final Database.Dialect dialect;
    private Database database;
    private Encryption encryption;
    private ChangeFeed feed;
    private ResourceServerStore store;

    @SuppressWarnings("NullAway.Init") // opened before each test
    ResourceServerStoreTest(Database.Dialect dialect) {
        this.dialect = dialect;
    }

    @BeforeEach
    void open(@TempDir Path folder) {
        database = TestDatabase.migrated(dialect, folder);
        encryption = TestDatabase.encryption(database);
        feed = new ChangeFeed(database, InstantSource.system());
        store = new ResourceServerStore(database, encryption, feed, ISSUER);
    }

    @AfterEach
    void close() {
        feed.close();
        database.close();
    }

    private static ResourceServer plain(String id, @Nullable List<Scope> scopes) {
        return new ResourceServer(
                id,
                new Audience("https://" + id + ".example.com"),
                null,
                scopes,
                SigningAlgorithm.RS256,
                Optional.empty(),
                Duration.ofHours(24),
                null,
                false,
                "{}",
                MADE,
                MADE);
    }

    private static ResourceServer full(String id) {
        return new ResourceServer(
                id,
                new Audience("https://" + id + ".example.com"),
                "Zeiterfassung – 時間 🕒 :x <y> 'z'",
                List.of(new Scope("write:b", null), new Scope("read:a", ""), new Scope("lire:été", "Lire – 読む")),
                SigningAlgorithm.HS256,
                Optional.of(new SigningSecret(SIGNING_SECRET)),
                ResourceServer.MAX_TOKEN_LIFETIME,
                TokenDialect.RFC9068_PROFILE_AUTHZ,
                false,
                "{\"allow_offline_access\":true,\"x\":null}",
                MADE,
                CHANGED);
    }

    private static ResourceServer system(String id) {
        return new ResourceServer(
                id,
                ISSUER.systemAudience(),
                "Auth0 Management API",
                List.of(new Scope("read:clients", "Read Clients")),
                SigningAlgorithm.RS256,
                Optional.empty(),
                Duration.ofHours(24),
                null,
                true,
                "{}",
                MADE,
                MADE);
    }

    private void insert(ResourceServer... servers) {
        database.change(handle -> List.of(servers).forEach(server -> store.insert(handle, server)));
    }

    private Optional<ResourceServer> found(Function<Handle, Optional<ResourceServer>> query) {
        return database.<Optional<ResourceServer>, RuntimeException>read(query::apply);
    }

    private Optional<ResourceServer> find(String id) {
        return found(handle -> store.find(handle, id));
    }

    /** Equal in all that counts: a secret is compared by what it reveals. */
    private static void requireSame(Optional<ResourceServer> found, ResourceServer expected) {
        ResourceServer server = found.orElseThrow();
        assertThat(server)
                .usingRecursiveComparison()
                .ignoringFields("signingSecret")
                .isEqualTo(expected);
        assertThat(server.signingSecret().map(SigningSecret::reveal))
                .isEqualTo(expected.signingSecret().map(SigningSecret::reveal));
    }

    @Test
    void gives_back_an_api_with_nothing_but_what_it_must_have() {
        insert(plain("a", null));

        requireSame(find("a"), plain("a", null));
        assertThat(find("A")).isEmpty();
    }

    @Test
    void gives_back_an_api_with_everything_in_any_script_and_its_scopes_in_their_order() {
        insert(full("a"));

        requireSame(find("a"), full("a"));
    }

    @Test
    void gives_back_the_largest_api() {
        List<Scope> scopes = IntStream.range(0, 1_000)
                .mapToObj(number -> new Scope(number + "s".repeat(276), "d".repeat(500)))
                .toList();
        ResourceServer largest = new ResourceServer(
                "i".repeat(1_000),
                new Audience("🕒".repeat(Audience.MAX_LENGTH / 2)),
                "n".repeat(65_536),
                scopes,
                SigningAlgorithm.EDDSA,
                Optional.of(new SigningSecret("k".repeat(65_536))),
                Duration.ofSeconds(Integer.MAX_VALUE),
                TokenDialect.ACCESS_TOKEN,
                false,
                "{\"x\":\"" + "y".repeat(1_000_000) + "\"}",
                Instant.ofEpochMilli(Long.MAX_VALUE),
                Instant.ofEpochMilli(Long.MIN_VALUE));
        insert(largest);

        requireSame(find(largest.id()), largest);
    }

    @Test
    void finds_an_api_by_its_audience_character_by_character() {
        insert(plain("a", null));

        assertThat(found(handle -> store.find(handle, new Audience("https://a.example.com"))))
                .isPresent();
        assertThat(found(handle -> store.find(handle, new Audience("https://a.example.com/"))))
                .isEmpty();
        assertThat(found(handle -> store.find(handle, new Audience("HTTPS://a.example.com"))))
                .isEmpty();
    }

    @Test
    void the_system_api_has_the_identifier_of_the_issuer_whatever_it_was_when_made() {
        insert(system("s"), plain("a", null));
        Issuer moved = Issuer.of("http://127.0.0.1:4711");
        ResourceServerStore elsewhere = new ResourceServerStore(database, encryption, feed, moved);

        requireSame(found(store::findSystem), system("s"));
        requireSame(found(handle -> store.find(handle, ISSUER.systemAudience())), system("s"));
        assertThat(found(elsewhere::findSystem).map(ResourceServer::audience)).contains(moved.systemAudience());
        assertThat(found(handle -> elsewhere.find(handle, ISSUER.systemAudience())))
                .isEmpty();
    }

    @Test
    void an_api_whose_identifier_the_issuer_later_takes_locks_nobody_out() {
        Issuer moved = Issuer.of("https://a.example.com");
        ResourceServer before = new ResourceServer(
                "a",
                moved.systemAudience(),
                null,
                null,
                SigningAlgorithm.RS256,
                Optional.empty(),
                Duration.ofHours(24),
                null,
                false,
                "{}",
                MADE,
                MADE);
        insert(system("s"), before);
        ResourceServers view = new ResourceServers(new ResourceServerStore(database, encryption, feed, moved));

        view.loadAll();

        assertThat(view.find(moved.systemAudience().value()).map(ResourceServer::id))
                .contains("s");
        assertThat(view.findSystem().map(ResourceServer::id)).contains("s");
    }

    @Test
    void there_is_no_system_api_before_it_is_made() {
        insert(plain("a", null));

        assertThat(found(store::findSystem)).isEmpty();
    }

    @Test
    void changes_everything_but_the_identifier_and_the_time_of_making() {
        insert(plain("a", List.of(new Scope("old", null), new Scope("read:a", "before"))), plain("b", null));

        List<String> announced = TestDatabase.announcedBy(database, handle -> store.update(handle, full("a")));

        assertThat(announced).containsExactly("resource_server a");
        requireSame(find("a"), full("a"));
        requireSame(find("b"), plain("b", null));

        database.change(handle -> store.update(handle, plain("a", null)));
        requireSame(find("a"), plain("a", null));
    }

    @Test
    void the_system_api_keeps_its_place_when_it_is_changed() {
        insert(system("s"));

        database.change(handle -> store.update(handle, system("s")));

        requireSame(found(store::findSystem), system("s"));
    }

    @Test
    void a_signing_secret_is_encrypted_for_its_own_row() {
        insert(full("a"), full("b"));

        database.change(handle -> handle.execute("update resource_servers set signing_secret ="
                + " (select signing_secret from resource_servers where id = 'a') where id = 'b'"));

        requireSame(find("a"), full("a"));
        assertThatThrownBy(() -> find("b"))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("resource_servers.signing_secret of b is damaged or belongs elsewhere");
    }

    @Test
    void refuses_a_second_api_of_the_same_identifier_and_stores_nothing_of_it() {
        insert(full("a"));

        assertThatThrownBy(() -> insert(
                        plain("b", null),
                        new ResourceServer(
                                "c",
                                new Audience("https://a.example.com"),
                                null,
                                null,
                                SigningAlgorithm.RS256,
                                Optional.empty(),
                                Duration.ofHours(24),
                                null,
                                false,
                                "{}",
                                MADE,
                                MADE)))
                .isInstanceOf(JdbiException.class)
                .isNotInstanceOf(StorageUnavailableException.class);

        assertThat(find("b")).isEmpty();
        assertThat(find("c")).isEmpty();
        requireSame(find("a"), full("a"));
    }

    @Test
    void refuses_the_same_scope_twice() {
        assertThatThrownBy(() -> insert(plain("a", List.of(new Scope("s", null), new Scope("s", "again")))))
                .isInstanceOf(JdbiException.class);
        assertThat(find("a")).isEmpty();
    }

    @Test
    void deletes_an_api_with_its_scopes_and_says_whether_it_was_there() {
        insert(full("a"), full("b"));
        List<Boolean> deleted = new ArrayList<>();

        List<String> announced = TestDatabase.announcedBy(database, handle -> {
            deleted.add(store.delete(handle, "a"));
            deleted.add(store.delete(handle, "a"));
        });

        assertThat(deleted).containsExactly(true, false);
        assertThat(announced).contains("resource_server a");
        assertThat(find("a")).isEmpty();
        assertThat(database.<List<String>, RuntimeException>read(
                        handle -> handle.createQuery("select distinct resource_server_id from scopes")
                                .mapTo(String.class)
                                .list()))
                .containsExactly("b");
    }

    @Test
    void an_empty_list_of_scopes_is_not_none() {
        insert(plain("none", null), plain("empty", List.of()));
        assertThat(find("none")).contains(plain("none", null));
        assertThat(find("empty")).contains(plain("empty", List.of()));

        database.change(handle -> store.update(handle, plain("none", List.of())));
        assertThat(find("none")).contains(plain("none", List.of()));
    }

    @Test
    void a_list_by_identifiers_has_the_system_api_by_its_computed_one() {
        insert(system("s"), plain("a", null), plain("b", null));
        Filter both = Filter.by(List.of(new Audience("https://b.example.com"), ISSUER.systemAudience()));
        Filter none = Filter.by(List.of());

        database.read(handle -> {
            assertThat(store.page(handle, both, 0, 10))
                    .extracting(ResourceServer::id)
                    .containsExactly("s", "b");
            assertThat(store.pageAfter(handle, both, "b", 10))
                    .extracting(ResourceServer::id)
                    .containsExactly("s");
            assertThat(store.count(handle, both)).isEqualTo(2);
            assertThat(store.count(handle, none)).isZero();
            assertThat(store.page(handle, none, 0, 10)).isEmpty();
            return true;
        });
    }

    @Test
    void pages_hold_each_api_once_in_the_order_of_the_ids() {
        List<String> ids = new Random(12)
                .ints(0, 100_000)
                .distinct()
                .limit(33)
                .mapToObj(number -> (number % 2 == 0 ? "Z" : "a") + number)
                .toList();
        database.change(handle ->
                ids.forEach(id -> store.insert(handle, plain(id, List.of(new Scope("s:" + id, null))))));

        List<ResourceServer> byOffset = new ArrayList<>();
        List<ResourceServer> byKey = new ArrayList<>();
        database.read(handle -> {
            assertThat(store.count(handle, Filter.ALL)).isEqualTo(33);
            for (int offset = 0; offset < 40; offset += 10) {
                byOffset.addAll(store.page(handle, Filter.ALL, offset, 10));
            }
            List<ResourceServer> page = store.pageAfter(handle, Filter.ALL, "", 10);
            while (!page.isEmpty()) {
                byKey.addAll(page);
                page = store.pageAfter(handle, Filter.ALL, byKey.getLast().id(), 10);
            }
            return true;
        });

        assertThat(byOffset)
                .containsExactlyElementsOf(ids.stream()
                        .sorted()
                        .map(id -> plain(id, List.of(new Scope("s:" + id, null))))
                        .toList());
        assertThat(byKey).isEqualTo(byOffset);
    }

    @Test
    void the_view_loads_more_apis_than_a_statement_has_parameters() {
        int number = 70_000;
        database.change(handle -> handle.execute("""
                insert into resource_servers (id, identifier, signing_alg, token_lifetime_s, is_system, extra,
                                              created_at_ms, updated_at_ms)
                with recursive numbers (n) as (select 1 union all select n + 1 from numbers where n < ?)
                select 'rs' || n, 'https://' || n, 'RS256', 60, 0, '{}', 0, 0 from numbers""", number));
        ResourceServers view = new ResourceServers(store);

        view.loadAll();

        assertThat(view.size()).isEqualTo(number);
        assertThat(view.find("https://70000")).isPresent();
    }

    @Test
    void the_view_equals_the_database_after_any_sequence_of_changes() {
        long seed = 20_261_125;
        Random random = new Random(seed);
        insert(system("s"));
        ResourceServers followed = new ResourceServers(store);
        followed.follow(feed);
        feed.start();
        for (int step = 0; step < 60; step++) {
            database.change(handle -> {
                for (int changes = random.nextInt(1, 4); changes > 0; changes--) {
                    changeSomething(handle, random);
                }
            });
            if (random.nextInt(3) == 0) {
                feed.catchUp();
                requireEqualToTheDatabase(followed, "seed " + seed + ", step " + step);
            }
        }
        feed.catchUp();
        requireEqualToTheDatabase(followed, "seed " + seed);
        ResourceServers loaded = new ResourceServers(store);
        loaded.loadAll();
        requireEqualToTheDatabase(loaded, "loaded anew, seed " + seed);
        loaded.reload(Set.of("r1", "never"));
        requireEqualToTheDatabase(loaded, "reloaded, seed " + seed);
    }

    private void changeSomething(Handle handle, Random random) {
        String id = "r" + random.nextInt(6);
        ResourceServer server = random.nextBoolean() ? plain(id, null) : full(id);
        if (random.nextInt(3) == 0) {
            store.delete(handle, id);
        } else if (store.find(handle, id).isPresent()) {
            store.update(handle, server);
        } else {
            store.insert(handle, server);
        }
    }

    private void requireEqualToTheDatabase(ResourceServers view, String when) {
        for (int i = 0; i < 6; i++) {
            Optional<ResourceServer> stored = find("r" + i);
            Optional<ResourceServer> found = view.find("https://r" + i + ".example.com");
            assertThat(found.isPresent()).as(when).isEqualTo(stored.isPresent());
            found.ifPresent(server -> requireSame(stored, server));
        }
        assertThat(view.findSystem().map(ResourceServer::id)).as(when).contains("s");
        assertThat(view.size())
                .as(when)
                .isEqualTo(database.<Integer, RuntimeException>read(handle -> store.count(handle, Filter.ALL)));
    }

    @Test
    void a_page_from_a_checkpoint_is_found_by_the_key() {
        database.change(handle -> {
            handle.execute(
                    "insert into resource_servers (id, identifier, signing_alg, token_lifetime_s, is_system, extra,"
                            + " created_at_ms, updated_at_ms) " + QueryPlans.rows(5_000)
                            + "select 'api-' || i, 'https://' || i || '.example.com', 'RS256', 86400, 0, '{}', 0, 0 from n");
            QueryPlans.countRows(dialect, handle);
            for (String after : List.of("", "api-2500")) {
                QueryPlans.requireByIndex(
                        dialect, handle, () -> store.pageAfter(handle, ResourceServerStore.Filter.ALL, after, 51));
            }
        });
    }
}
