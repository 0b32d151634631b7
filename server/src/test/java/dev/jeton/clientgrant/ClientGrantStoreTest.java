package dev.jeton.clientgrant;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.jeton.client.Client;
import dev.jeton.client.ClientSecret;
import dev.jeton.client.ClientStore;
import dev.jeton.clientgrant.ClientGrantStore.Filter;
import dev.jeton.oauth.Audience;
import dev.jeton.oauth.ClientId;
import dev.jeton.oauth.Issuer;
import dev.jeton.oauth.ScopeSet;
import dev.jeton.resourceserver.ResourceServer;
import dev.jeton.resourceserver.ResourceServerStore;
import dev.jeton.resourceserver.SigningAlgorithm;
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
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.function.UnaryOperator;
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

/** What {@link ClientGrantStore} and {@link ClientGrants} promise, on each kind of database. */
@ParameterizedClass
@EnumSource(Database.Dialect.class)
class ClientGrantStoreTest {
    private static final Instant MADE = Instant.parse("2026-11-23T12:00:00.123Z");
    private static final Instant CHANGED = Instant.parse("2026-11-24T01:02:03.004Z");
    private static final ClientId ALICE = new ClientId("alice");
    private static final ClientId BOB = new ClientId("bob");

    private final Database.Dialect dialect;
    private Database database;
    private ChangeFeed feed;
    private ClientStore clients;
    private ResourceServerStore servers;
    private ClientGrantStore store;

    @SuppressWarnings("NullAway.Init") // opened before each test
    ClientGrantStoreTest(Database.Dialect dialect) {
        this.dialect = dialect;
    }

    @BeforeEach
    void open(@TempDir Path folder) {
        database = TestDatabase.migrated(dialect, folder);
        Encryption encryption = TestDatabase.encryption(database);
        feed = new ChangeFeed(database, InstantSource.system());
        clients = new ClientStore(database, encryption, feed, true);
        servers = new ResourceServerStore(database, encryption, feed, Issuer.of("https://login.example.com"));
        store = new ClientGrantStore(database, feed);
        database.change(handle -> {
            insertClient(handle, ALICE);
            insertClient(handle, BOB);
            insertServer(handle, "api1");
            insertServer(handle, "api2");
        });
    }

    @AfterEach
    void close() {
        feed.close();
        database.close();
    }

    private void insertClient(Handle handle, ClientId id) {
        Client client = new Client(id, "Job", null, null, List.of(), null, Map.of(), "{}", MADE, MADE);
        clients.insert(handle, client, new ClientSecret("secret"));
    }

    private void insertServer(Handle handle, String id) {
        servers.insert(
                handle,
                new ResourceServer(
                        id,
                        new Audience("https://" + id + ".example.com"),
                        null,
                        null,
                        SigningAlgorithm.RS256,
                        Optional.empty(),
                        Duration.ofHours(1),
                        null,
                        false,
                        "{}",
                        MADE,
                        MADE));
    }

    private static ClientGrant grant(String id, ClientId client, String server, String scope) {
        return new ClientGrant(
                id,
                Optional.of(client),
                server,
                Optional.of(ScopeSet.parse(scope)),
                ClientGrant.FOR_CLIENTS,
                "{}",
                MADE,
                MADE);
    }

    private void insert(ClientGrant... grants) {
        database.change(handle -> List.of(grants).forEach(grant -> store.insert(handle, grant)));
    }

    private Optional<ClientGrant> find(String id) {
        return database.<Optional<ClientGrant>, RuntimeException>read(handle -> store.find(handle, id));
    }

    private static ScopeSet allScopes(String resourceServerId) {
        return ScopeSet.parse("all of:" + resourceServerId);
    }

    @Test
    void gives_back_a_grant_in_the_order_and_script_of_its_scope() {
        ClientGrant grant = new ClientGrant(
                "cgr_1",
                Optional.of(ALICE),
                "api1",
                Optional.of(ScopeSet.of(List.of("write:b", "read:a", "lire:été", "読む", "a\"b\\c"))),
                "user",
                "{\"organization_usage\":\"deny\",\"x\":null}",
                MADE,
                CHANGED);
        insert(grant, grant("cgr_2", ALICE, "api1", ""));

        assertThat(find("cgr_1")).contains(grant);
        assertThat(find("cgr_2")).contains(grant("cgr_2", ALICE, "api1", ""));
        assertThat(find("CGR_1")).isEmpty();
    }

    @Test
    void gives_back_the_largest_grant() {
        List<String> scopes = IntStream.range(0, 1_000)
                .mapToObj(number -> number + "s".repeat(276))
                .toList();
        ClientGrant largest = new ClientGrant(
                "g".repeat(1_000),
                Optional.of(ALICE),
                "api1",
                Optional.of(ScopeSet.of(scopes)),
                ClientGrant.FOR_CLIENTS,
                "{\"x\":\"" + "y".repeat(1_000_000) + "\"}",
                Instant.ofEpochMilli(Long.MAX_VALUE),
                Instant.ofEpochMilli(Long.MIN_VALUE));
        insert(largest);

        assertThat(find(largest.id())).contains(largest);
    }

    @Test
    void changes_scope_and_kept_fields_only() {
        insert(grant("cgr_1", ALICE, "api1", "a"), grant("cgr_2", BOB, "api1", "a"));
        ClientGrant changed = new ClientGrant(
                "cgr_1",
                Optional.of(ALICE),
                "api1",
                Optional.of(ScopeSet.parse("b c")),
                ClientGrant.FOR_CLIENTS,
                "{\"k\":1}",
                MADE,
                CHANGED);

        List<String> announced = TestDatabase.announcedBy(database, handle -> store.update(handle, changed));

        assertThat(announced).containsExactly("client_grant alice");
        assertThat(find("cgr_1")).contains(changed);
        assertThat(find("cgr_2")).contains(grant("cgr_2", BOB, "api1", "a"));
    }

    @Test
    void refuses_a_second_grant_of_the_same_client_api_and_subject() {
        insert(grant("cgr_1", ALICE, "api1", "a"));

        assertThatThrownBy(() -> insert(grant("cgr_2", ALICE, "api2", "a"), grant("cgr_3", ALICE, "api1", "b")))
                .isInstanceOf(JdbiException.class)
                .isNotInstanceOf(StorageUnavailableException.class);
        assertThat(find("cgr_2")).isEmpty();
        assertThatThrownBy(() -> insert(grant("cgr_1", BOB, "api2", "a"))).isInstanceOf(JdbiException.class);
        assertThat(find("cgr_1")).contains(grant("cgr_1", ALICE, "api1", "a"));
    }

    @Test
    void refuses_a_grant_of_nobody_or_for_nothing() {
        assertThatThrownBy(() -> insert(grant("cgr_1", new ClientId("nobody"), "api1", "")))
                .isInstanceOf(JdbiException.class);
        assertThatThrownBy(() -> insert(grant("cgr_1", ALICE, "nothing", ""))).isInstanceOf(JdbiException.class);
    }

    @Test
    void knows_whether_a_client_has_a_grant() {
        insert(grant("cgr_1", ALICE, "api1", ""));

        database.read(handle -> {
            assertThat(store.exists(handle, ALICE, "api1", "client")).isTrue();
            assertThat(store.exists(handle, ALICE, "api1", "user")).isFalse();
            assertThat(store.exists(handle, ALICE, "api2", "client")).isFalse();
            assertThat(store.exists(handle, BOB, "api1", "client")).isFalse();
            return true;
        });
    }

    @Test
    void deletes_a_grant_once_and_announces_its_client() {
        insert(grant("cgr_1", ALICE, "api1", "a"), grant("cgr_2", ALICE, "api2", "a"));
        List<Boolean> deleted = new ArrayList<>();

        List<String> announced = TestDatabase.announcedBy(database, handle -> {
            deleted.add(store.delete(handle, "cgr_1"));
            deleted.add(store.delete(handle, "cgr_1"));
        });

        assertThat(deleted).containsExactly(true, false);
        assertThat(announced).containsExactly("client_grant alice");
        assertThat(find("cgr_1")).isEmpty();
        assertThat(find("cgr_2")).isPresent();
    }

    @Test
    void grants_go_with_their_client_and_the_feed_says_so() {
        insert(grant("cgr_1", ALICE, "api1", "a"), grant("cgr_2", BOB, "api1", "a"));

        List<String> announced = TestDatabase.announcedBy(database, handle -> {
            clients.delete(handle, ALICE);
            store.announceDeletedWith(handle, ALICE);
        });

        assertThat(announced).containsExactly("client alice", "client_grant alice");
        assertThat(find("cgr_1")).isEmpty();
        assertThat(find("cgr_2")).isPresent();
    }

    @Test
    void grants_go_with_their_api_and_the_feed_names_each_client_once() {
        ClientGrant ofUsers = new ClientGrant(
                "cgr_4", Optional.of(ALICE), "api1", Optional.of(ScopeSet.EMPTY), "user", "{}", MADE, MADE);
        insert(
                grant("cgr_1", ALICE, "api1", "a"),
                grant("cgr_2", BOB, "api1", "a"),
                grant("cgr_3", BOB, "api2", "a"),
                ofUsers);

        List<String> announced = TestDatabase.announcedBy(database, handle -> {
            store.announceDeletedWith(handle, "api1");
            servers.delete(handle, "api1");
        });

        assertThat(announced)
                .containsExactlyInAnyOrder("client_grant alice", "client_grant bob", "resource_server api1");
        assertThat(database.<List<ClientGrant>, RuntimeException>read(handle -> store.page(handle, Filter.ALL, 0, 10)))
                .containsExactly(grant("cgr_3", BOB, "api2", "a"));
    }

    @Test
    void every_filter_finds_the_same_by_offset_by_key_and_by_count() {
        List<ClientGrant> all = new ArrayList<>();
        database.change(handle -> {
            for (int i = 0; i < 23; i++) {
                insertServer(handle, "many" + i);
                all.add(grant((i % 2 == 0 ? "cgr_Z" : "cgr_a") + i, i % 3 == 0 ? BOB : ALICE, "many" + i, "a"));
                store.insert(handle, all.getLast());
            }
        });
        all.sort((one, other) -> one.id().compareTo(other.id()));

        for (Filter filter : List.of(
                Filter.ALL,
                filter(ALICE, null),
                filter(null, "many3"),
                filter(BOB, "many3"),
                filter(ALICE, "many3"),
                filter(new ClientId("nobody"), null))) {
            List<ClientGrant> expected = all.stream()
                    .filter(grant -> filter.client() == null
                            || grant.client().orElseThrow().equals(filter.client()))
                    .filter(grant -> filter.resourceServerId() == null
                            || grant.resourceServerId().equals(filter.resourceServerId()))
                    .toList();
            database.read(handle -> {
                assertThat(byOffset(handle, filter)).as(filter.toString()).isEqualTo(expected);
                assertThat(byKey(handle, filter)).as(filter.toString()).isEqualTo(expected);
                assertThat(store.count(handle, filter)).as(filter.toString()).isEqualTo(expected.size());
                return true;
            });
        }
    }

    private static Filter filter(@Nullable ClientId client, @Nullable String resourceServerId) {
        return new Filter(client, resourceServerId, null, null, false);
    }

    private static ClientGrant byDefault(String id, String server, String subjectType) {
        return new ClientGrant(
                id, Optional.empty(), server, Optional.of(ScopeSet.parse("a")), subjectType, "{}", MADE, MADE);
    }

    @Test
    void the_default_of_an_api_is_nobodys_and_there_is_one() {
        ClientGrant one = byDefault("cgr_1", "api1", "client");
        List<String> announced = TestDatabase.announcedBy(database, handle -> store.insert(handle, one));
        assertThat(announced).isEmpty();
        assertThat(find("cgr_1")).contains(one);

        database.read(handle -> {
            assertThat(store.defaultExists(handle, "api1", "client")).isTrue();
            assertThat(store.defaultExists(handle, "api1", "user")).isFalse();
            assertThat(store.defaultExists(handle, "api2", "client")).isFalse();
            return true;
        });
        insert(byDefault("cgr_2", "api1", "user"), byDefault("cgr_3", "api2", "client"));
        assertThatThrownBy(() -> insert(byDefault("cgr_4", "api1", "client"))).isInstanceOf(JdbiException.class);
        ClientGrants view = new ClientGrants(store, UnaryOperator.identity(), ClientGrantStoreTest::allScopes);
        view.loadAll();
        assertThat(view.find(ALICE, "api1")).isEmpty();
        assertThat(TestDatabase.announcedBy(database, handle -> store.announceDeletedWith(handle, "api1")))
                .isEmpty();
        assertThat(database.<Boolean, RuntimeException>write(handle -> store.delete(handle, "cgr_1")))
                .isTrue();
        assertThat(find("cgr_1")).isEmpty();
    }

    @Test
    void a_list_is_of_one_subject_type_of_defaults_or_of_what_any_organization_may_use() {
        ClientGrant open = new ClientGrant(
                "cgr_2",
                Optional.of(ALICE),
                "api1",
                Optional.empty(),
                "user",
                "{\"authorization_details_types\":[\"x\"],\"allow_any_organization\":true}",
                MADE,
                MADE);
        ClientGrant tricky = new ClientGrant(
                "cgr_3",
                Optional.of(BOB),
                "api1",
                Optional.empty(),
                "user",
                "{\"authorization_details_types\":[\"\\\"allow_any_organization\\\":true\"],\"allow_any_organization\":false}",
                MADE,
                MADE);
        ClientGrant ofClient = grant("cgr_1", ALICE, "api1", "a");
        ClientGrant byDefault = byDefault("cgr_4", "api1", "client");
        insert(ofClient, open, tricky, byDefault);

        database.read(handle -> {
            assertThat(byOffset(handle, new Filter(null, null, "user", null, false)))
                    .containsExactly(open, tricky);
            assertThat(byKey(handle, new Filter(null, null, null, true, false))).containsExactly(open);
            assertThat(byKey(handle, new Filter(null, "api1", null, false, false)))
                    .containsExactly(ofClient, tricky, byDefault);
            assertThat(byKey(handle, new Filter(null, null, null, null, true))).containsExactly(byDefault);
            assertThat(store.count(handle, new Filter(ALICE, "api1", "client", false, false)))
                    .isEqualTo(1);
            return true;
        });
    }

    private List<ClientGrant> byOffset(Handle handle, Filter filter) {
        List<ClientGrant> found = new ArrayList<>();
        for (int offset = 0; offset < 30; offset += 5) {
            found.addAll(store.page(handle, filter, offset, 5));
        }
        return found;
    }

    private List<ClientGrant> byKey(Handle handle, Filter filter) {
        List<ClientGrant> found = new ArrayList<>(store.pageAfter(handle, filter, "", 5));
        int before = 0;
        while (found.size() > before) {
            before = found.size();
            found.addAll(store.pageAfter(handle, filter, found.getLast().id(), 5));
        }
        return found;
    }

    @Test
    void the_view_equals_the_database_after_any_sequence_of_changes() {
        long seed = 20_261_124;
        Random random = new Random(seed);
        ClientGrants followed = new ClientGrants(store, UnaryOperator.identity(), ClientGrantStoreTest::allScopes);
        followed.follow(feed);
        feed.start();
        for (int step = 0; step < 150; step++) {
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
        ClientGrants loaded = new ClientGrants(store, UnaryOperator.identity(), ClientGrantStoreTest::allScopes);
        loaded.loadAll();
        requireEqualToTheDatabase(loaded, "loaded anew, seed " + seed);
        loaded.reload(Set.of("alice", "never"));
        requireEqualToTheDatabase(loaded, "reloaded, seed " + seed);
    }

    private void changeSomething(Handle handle, Random random) {
        ClientId client = random.nextBoolean() ? ALICE : BOB;
        String server = random.nextBoolean() ? "api1" : "api2";
        String subject = random.nextInt(4) == 0 ? "user" : ClientGrant.FOR_CLIENTS;
        String id = "cgr_" + client + server + subject;
        ClientGrant grant = new ClientGrant(
                id,
                Optional.of(client),
                server,
                Optional.of(ScopeSet.parse("s" + random.nextInt(5))).filter(_ -> random.nextInt(4) > 0),
                subject,
                "{}",
                MADE,
                MADE);
        switch (random.nextInt(6)) {
            case 0 -> store.delete(handle, id);
            case 1 -> {
                clients.delete(handle, client);
                store.announceDeletedWith(handle, client);
                insertClient(handle, client);
            }
            case 2 -> {
                store.announceDeletedWith(handle, server);
                servers.delete(handle, server);
                insertServer(handle, server);
            }
            default -> {
                if (store.exists(handle, client, server, subject)) {
                    store.update(handle, grant);
                } else {
                    store.insert(handle, grant);
                }
            }
        }
    }

    private void requireEqualToTheDatabase(ClientGrants view, String when) {
        for (ClientId client : List.of(ALICE, BOB)) {
            for (String server : List.of("api1", "api2")) {
                Optional<ScopeSet> stored = find("cgr_" + client + server + ClientGrant.FOR_CLIENTS)
                        .map(grant -> grant.scope().orElseGet(() -> allScopes(server)));
                assertThat(view.find(client, server)).as(when).isEqualTo(stored);
            }
        }
    }

    @Test
    void a_page_from_a_checkpoint_is_found_by_the_key_or_by_the_index_of_its_filter() {
        database.change(handle -> {
            handle.execute("insert into clients (client_id, name, grant_types, client_metadata, extra, created_at_ms,"
                    + " updated_at_ms) " + QueryPlans.rows(5_000)
                    + "select 'client-' || i, 'Job', '[]', '{}', '{}', 0, 0 from n");
            handle.execute(
                    "insert into resource_servers (id, identifier, signing_alg, token_lifetime_s, is_system, extra,"
                            + " created_at_ms, updated_at_ms) " + QueryPlans.rows(5)
                            + "select 'api-' || i, 'https://' || i || '.example.com', 'RS256', 86400, 0, '{}', 0, 0 from n");
            handle.execute("insert into client_grants (id, client_id, resource_server_id, scope, subject_type, extra,"
                    + " created_at_ms, updated_at_ms) " + QueryPlans.rows(5_000)
                    + "select 'cgr-' || i, 'client-' || i, 'api-' || (1 + i % 5), '[]', 'client', '{}', 0, 0 from n");
            QueryPlans.countRows(dialect, handle);
            for (ClientGrantStore.Filter filter : List.of(
                    ClientGrantStore.Filter.ALL,
                    new ClientGrantStore.Filter(null, "api-3", null, null, false),
                    new ClientGrantStore.Filter(null, null, "client", null, false))) {
                for (String after : List.of("", "cgr-2500")) {
                    QueryPlans.requireByIndex(dialect, handle, () -> store.pageAfter(handle, filter, after, 51));
                }
            }
        });
    }
}
