package dev.jeton.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.jeton.oauth.ClientId;
import dev.jeton.storage.ChangeFeed;
import dev.jeton.storage.Database;
import dev.jeton.storage.Encryption;
import dev.jeton.storage.QueryPlans;
import dev.jeton.storage.StorageUnavailableException;
import dev.jeton.storage.TestDatabase;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.JdbiException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** What {@link ClientStore} and {@link Clients} promise, on each kind of database. */
@ParameterizedClass
@EnumSource(Database.Dialect.class)
class ClientStoreTest {
    private static final Instant MADE = Instant.parse("2026-11-23T12:00:00.123Z");
    private static final Instant CHANGED = Instant.parse("2026-11-24T01:02:03.004Z");
    private static final ClientSecret SECRET = new ClientSecret("a-secret-with-ünïcode-🔑");

    private final Database.Dialect dialect;
    private Database database;
    private Encryption encryption;
    private ChangeFeed feed;
    private ClientStore store;

    @SuppressWarnings("NullAway.Init") // opened before each test
    ClientStoreTest(Database.Dialect dialect) {
        this.dialect = dialect;
    }

    @BeforeEach
    void open(@TempDir Path folder) {
        database = TestDatabase.migrated(dialect, folder);
        encryption = TestDatabase.encryption(database);
        feed = new ChangeFeed(database, InstantSource.system());
        store = new ClientStore(database, encryption, feed, true);
    }

    @AfterEach
    void close() {
        feed.close();
        database.close();
    }

    private static Client plain(String id) {
        return new Client(new ClientId(id), "Job " + id, null, null, List.of(), null, Map.of(), "{}", MADE, MADE);
    }

    private static Client full(String id) {
        return new Client(
                new ClientId(id),
                "Nächtlicher Import – 夜間 🌙 'quoted' \"double\" :colon <angle> ?",
                "line\nline\ttab",
                "non_interactive",
                List.of("client_credentials", "urn:example:grant"),
                Client.AuthMethod.CLIENT_SECRET_BASIC,
                Map.of("Übung", "wert 値", "empty", "", "zero", "\0"),
                "{\"allowed_origins\":[\"https://例え.example\"],\"n\":null,\"is_first_party\":false}",
                MADE,
                CHANGED);
    }

    private void insert(Client client) {
        database.change(handle -> store.insert(handle, client, SECRET));
    }

    private Optional<Client> find(String id) {
        return database.<Optional<Client>, RuntimeException>read(handle -> store.find(handle, new ClientId(id)));
    }

    private Optional<String> findSecret(String id) {
        return database.<Optional<String>, RuntimeException>read(
                handle -> store.findSecret(handle, new ClientId(id)).map(ClientSecret::reveal));
    }

    private int count(String table) {
        return database.<Integer, RuntimeException>read(handle -> handle.createQuery("select count(*) from " + table)
                .mapTo(Integer.class)
                .one());
    }

    @Test
    void gives_back_a_client_with_nothing_but_what_it_must_have() {
        insert(plain("a"));

        assertThat(find("a")).contains(plain("a"));
        assertThat(find("A")).isEmpty();
    }

    @Test
    void gives_back_a_client_with_everything_in_any_script() {
        insert(full("a"));

        assertThat(find("a")).contains(full("a"));
    }

    @Test
    void gives_back_the_largest_client() {
        String id = "x".repeat(ClientId.MAX_LENGTH);
        Map<String, String> metadata = new HashMap<>();
        for (int i = 0; i < 10; i++) {
            metadata.put(i + "k".repeat(254), "🌙".repeat(127));
        }
        Client largest = new Client(
                new ClientId(id),
                "n".repeat(65_536),
                "d".repeat(65_536),
                "t".repeat(64),
                List.of("g".repeat(256)),
                Client.AuthMethod.NONE,
                metadata,
                "{\"x\":\"" + "y".repeat(1_000_000) + "\"}",
                Instant.ofEpochMilli(Long.MAX_VALUE),
                Instant.ofEpochMilli(Long.MIN_VALUE));
        insert(largest);

        assertThat(find(id)).contains(largest);
    }

    @Test
    void changes_everything_but_the_id_and_the_time_of_making() {
        insert(plain("a"));
        insert(plain("b"));

        database.change(handle -> store.update(handle, full("a")));

        assertThat(find("a")).contains(full("a"));
        assertThat(find("b")).contains(plain("b"));
        assertThat(findSecret("a")).contains(SECRET.reveal());
    }

    @Test
    void changes_everything_back_to_nothing() {
        insert(full("a"));

        database.change(handle -> store.update(handle, plain("a")));

        assertThat(find("a")).contains(plain("a"));
    }

    @Test
    void refuses_a_second_client_of_the_same_id_and_stores_nothing_of_it() {
        insert(plain("a"));

        assertThatThrownBy(() -> database.change(handle -> {
                    store.insert(handle, plain("b"), SECRET);
                    store.insert(handle, full("a"), new ClientSecret("other"));
                }))
                .isInstanceOf(JdbiException.class)
                .isNotInstanceOf(StorageUnavailableException.class);

        assertThat(find("a")).contains(plain("a"));
        assertThat(find("b")).isEmpty();
        assertThat(findSecret("a")).contains(SECRET.reveal());
    }

    @Test
    void a_new_secret_takes_the_place_of_the_old() {
        insert(plain("a"));

        List<String> announced = TestDatabase.announcedBy(
                database, handle -> store.putSecret(handle, new ClientId("a"), new ClientSecret("new"), CHANGED));

        assertThat(announced).containsExactly("client a");
        assertThat(findSecret("a")).contains("new");
        assertThat(count("client_secrets")).isOne();
        Map<String, String> digests = digests();
        assertThat(digests).containsExactly(Map.entry("a", hex(encryption.digest(new ClientSecret("new").bytes()))));
    }

    private Map<String, String> digests() {
        Map<String, String> digests = new HashMap<>();
        store.forEach((client, digest) -> digests.put(client.id().value(), hex(Objects.requireNonNull(digest))));
        return digests;
    }

    private static String hex(byte[] bytes) {
        return HexFormat.of().formatHex(bytes);
    }

    @Test
    void refuses_a_secret_for_a_client_that_is_not_there() {
        assertThatThrownBy(
                        () -> database.change(handle -> store.putSecret(handle, new ClientId("none"), SECRET, CHANGED)))
                .isInstanceOf(JdbiException.class);
    }

    @Test
    void keeps_only_the_digest_where_secrets_are_not_to_be_shown() {
        ClientStore hiding = new ClientStore(database, encryption, feed, false);
        database.change(handle -> hiding.insert(handle, plain("a"), SECRET));

        assertThat(digests()).containsEntry("a", hex(encryption.digest(SECRET.bytes())));
        assertThat(findSecret("a")).as("asked by a store that may show it").isEmpty();

        insert(plain("b"));
        Optional<ClientSecret> shown = database.<Optional<ClientSecret>, RuntimeException>read(
                handle -> hiding.findSecret(handle, new ClientId("b")));
        assertThat(shown).as("asked by a store that may not").isEmpty();
    }

    @Test
    void a_rotation_while_secrets_are_not_to_be_shown_forgets_the_readable_one() {
        insert(plain("a"));
        ClientStore hiding = new ClientStore(database, encryption, feed, false);

        database.change(handle -> hiding.putSecret(handle, new ClientId("a"), new ClientSecret("new"), CHANGED));

        assertThat(findSecret("a")).isEmpty();
    }

    @Test
    void deletes_a_client_with_its_secret_and_says_whether_it_was_there() {
        insert(plain("a"));
        insert(plain("b"));
        List<Boolean> deleted = new ArrayList<>();

        List<String> announced = TestDatabase.announcedBy(database, handle -> {
            deleted.add(store.delete(handle, new ClientId("a")));
            deleted.add(store.delete(handle, new ClientId("a")));
        });

        assertThat(deleted).containsExactly(true, false);
        assertThat(announced).contains("client a");
        assertThat(find("a")).isEmpty();
        assertThat(digests()).containsOnlyKeys("b");
    }

    @Test
    void announces_every_change_in_the_transaction_that_makes_it() {
        assertThat(TestDatabase.announcedBy(database, handle -> store.insert(handle, plain("a"), SECRET)))
                .containsExactly("client a");
        assertThat(TestDatabase.announcedBy(database, handle -> store.update(handle, full("a"))))
                .containsExactly("client a");
        assertThatThrownBy(() -> database.change(handle -> {
                    store.update(handle, plain("a"));
                    throw new IllegalStateException("the use case failed");
                }))
                .hasMessage("the use case failed");
        assertThat(count("changes")).isEqualTo(2);
        assertThat(find("a")).contains(full("a"));
    }

    @Test
    void pages_hold_each_client_once_in_the_order_of_the_ids() {
        Random random = new Random(11);
        List<String> ids = random.ints(0, 100_000)
                .distinct()
                .limit(57)
                .mapToObj(number -> (number % 2 == 0 ? "Z" : "a") + number)
                .toList();
        database.change(handle -> ids.forEach(id -> store.insert(handle, plain(id), SECRET)));

        List<String> byOffset = new ArrayList<>();
        List<String> byKey = new ArrayList<>();
        database.read(handle -> {
            assertThat(store.count(handle, ClientFilter.ALL)).isEqualTo(57);
            for (int offset = 0; offset < 60; offset += 10) {
                store.page(handle, ClientFilter.ALL, offset, 10).forEach(client -> byOffset.add(id(client)));
            }
            String after = "";
            List<Client> page = store.pageAfter(handle, ClientFilter.ALL, after, 10);
            while (!page.isEmpty()) {
                page.forEach(client -> byKey.add(id(client)));
                page = store.pageAfter(handle, ClientFilter.ALL, byKey.getLast(), 10);
            }
            assertThat(store.page(handle, ClientFilter.ALL, 57, 10)).isEmpty();
            assertThat(store.page(handle, ClientFilter.ALL, 0, 0)).isEmpty();
            return true;
        });

        assertThat(byOffset).containsExactlyElementsOf(ids.stream().sorted().toList());
        assertThat(byKey).isEqualTo(byOffset);
    }

    @Test
    void a_list_has_only_those_that_fit_and_counts_them() {
        database.change(handle -> {
            store.insert(handle, plain("a"), SECRET);
            store.insert(handle, full("b"), SECRET);
            store.insert(handle, full("c"), SECRET);
            store.update(handle, plain("c"));
        });

        assertThat(listed(filter(Optional.of(true), Set.of()))).containsExactly("a", "c");
        assertThat(listed(filter(Optional.of(false), Set.of()))).containsExactly("b");
        assertThat(listed(filter(Optional.empty(), Set.of("non_interactive", "spa"))))
                .containsExactly("b");
        assertThat(listed(filter(Optional.of(true), Set.of("non_interactive")))).isEmpty();
    }

    private static ClientFilter filter(Optional<Boolean> isFirstParty, Set<String> appTypes) {
        return new ClientFilter(false, false, isFirstParty, appTypes, Optional.empty());
    }

    private List<String> listed(ClientFilter filter) {
        return database.<List<String>, RuntimeException>read(handle -> {
            List<Client> page = store.page(handle, filter, 0, 10);
            assertThat(store.pageAfter(handle, filter, "", 10)).isEqualTo(page);
            assertThat(store.count(handle, filter)).isEqualTo(page.size());
            return page.stream().map(ClientStoreTest::id).toList();
        });
    }

    @Test
    void the_secrets_of_many_are_read_at_once() {
        database.change(handle -> {
            store.insert(handle, plain("a"), SECRET);
            store.insert(handle, plain("b"), new ClientSecret("other"));
        });

        Map<ClientId, ClientSecret> secrets = database.<Map<ClientId, ClientSecret>, RuntimeException>read(
                handle -> store.findSecrets(handle, List.of(new ClientId("a"), new ClientId("b"), new ClientId("c"))));

        assertThat(secrets).hasSize(2);
        assertThat(Objects.requireNonNull(secrets.get(new ClientId("b"))).reveal())
                .isEqualTo("other");
    }

    private static String id(Client client) {
        return client.id().value();
    }

    @Test
    void the_view_equals_the_database_after_any_sequence_of_changes() {
        long seed = 20_261_123;
        Random random = new Random(seed);
        Clients followed = new Clients(store);
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
        Clients loaded = new Clients(store);
        loaded.loadAll();
        requireEqualToTheDatabase(loaded, "loaded anew, seed " + seed);
        loaded.reload(Set.of("c1", "c2", "never"));
        requireEqualToTheDatabase(loaded, "reloaded, seed " + seed);
    }

    private void changeSomething(Handle handle, Random random) {
        ClientId id = new ClientId("c" + random.nextInt(12));
        Client client = random.nextBoolean() ? plain(id.value()) : full(id.value());
        boolean isThere = store.find(handle, id).isPresent();
        switch (random.nextInt(4)) {
            case 0 -> store.delete(handle, id);
            case 1 -> {
                if (isThere) {
                    store.putSecret(handle, id, new ClientSecret("s" + random.nextInt()), CHANGED);
                }
            }
            default -> {
                if (isThere) {
                    store.update(handle, client);
                } else {
                    store.insert(handle, client, new ClientSecret("s" + random.nextInt()));
                }
            }
        }
    }

    private void requireEqualToTheDatabase(Clients view, String when) {
        Map<String, String> digests = digests();
        for (int i = 0; i < 12; i++) {
            String id = "c" + i;
            Optional<Clients.Entry> entry = view.findEntry(new ClientId(id));
            assertThat(entry.map(Clients.Entry::client)).as(when).isEqualTo(find(id));
            assertThat(view.find(new ClientId(id))).as(when).isEqualTo(find(id));
            assertThat(entry.map(found -> hex(found.digest().bytes())))
                    .as(when)
                    .isEqualTo(Optional.ofNullable(digests.get(id)));
        }
        assertThat(view.size()).as(when).isEqualTo(count("clients"));
    }

    @Test
    void a_page_from_a_checkpoint_is_found_by_the_key() {
        database.change(handle -> {
            handle.execute(
                    "insert into clients (client_id, name, app_type, grant_types, client_metadata, extra, is_first_party,"
                            + " created_at_ms, updated_at_ms) " + QueryPlans.rows(5_000)
                            + "select 'client-' || i, 'Job', case when i % 2 = 0 then 'spa' else 'native' end, '[]', '{}', '{}', i % 2,"
                            + " 0, 0 from n");
            QueryPlans.countRows(dialect, handle);
            for (ClientFilter filter : List.of(
                    ClientFilter.ALL,
                    new ClientFilter(false, false, Optional.of(true), Set.of(), Optional.empty()),
                    new ClientFilter(false, false, Optional.empty(), Set.of("spa", "native"), Optional.empty()))) {
                for (String after : List.of("", "client-2500")) {
                    QueryPlans.requireByIndex(dialect, handle, () -> store.pageAfter(handle, filter, after, 51));
                }
            }
        });
    }
}
