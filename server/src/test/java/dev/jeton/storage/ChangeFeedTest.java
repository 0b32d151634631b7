package dev.jeton.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.zaxxer.hikari.HikariDataSource;
import dev.jeton.Await;
import dev.jeton.MutableClock;
import java.nio.file.Path;
import java.sql.Connection;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ChangeFeedTest {
    private static final String ENTITY = "setting";
    private static final String FIND = "select name, value from settings";
    private static final String PUT = """
            insert into settings (name, value) values (:name, :value)
            on conflict (name) do update set value = excluded.value""";

    /** One node: a database of its own pool, a feed, and the table {@code settings} in memory. */
    private static final class Node implements ChangeFeed.View, AutoCloseable {
        final Database database;
        final ChangeFeed feed;
        final Map<String, String> view = new ConcurrentHashMap<>();
        final AtomicInteger loads = new AtomicInteger();

        Node(Database database) {
            this(database, InstantSource.system());
        }

        Node(Database database, InstantSource clock) {
            this.database = database;
            this.feed = new ChangeFeed(database, clock);
            feed.add(ENTITY, this);
        }

        static Node started(Database.PostgreSql server) {
            Node node = new Node(TestDatabase.postgreSql(server));
            node.feed.start();
            return node;
        }

        @Override
        public void loadAll() {
            loads.incrementAndGet();
            view.clear();
            view.putAll(stored());
        }

        @Override
        public void reload(Set<String> names) {
            Map<String, String> stored =
                    database.<Map<String, String>, RuntimeException>read(handle -> rows(handle, names));
            for (String name : names) {
                Optional.ofNullable(stored.get(name))
                        .ifPresentOrElse(value -> view.put(name, value), () -> view.remove(name));
            }
        }

        Map<String, String> stored() {
            return database.<Map<String, String>, RuntimeException>read(handle -> rows(handle, Set.of()));
        }

        /** All rows if no names are given. */
        private static Map<String, String> rows(Handle handle, Set<String> names) {
            Map<String, String> rows = new HashMap<>();
            var query = names.isEmpty()
                    ? handle.createQuery(FIND)
                    : handle.createQuery(FIND + " where name in (<names>)").bindList("names", List.copyOf(names));
            query.map((row, _) -> rows.put(row.getString("name"), row.getString("value")))
                    .list();
            return rows;
        }

        void put(String name, String value) {
            database.change(handle -> {
                handle.createUpdate(PUT).bind("name", name).bind("value", value).execute();
                feed.announce(handle, ENTITY, name);
            });
        }

        /** A change that comes to nothing, after it was announced. */
        void fail(String name) {
            try {
                database.change(handle -> {
                    handle.execute("delete from settings where name = ?", name);
                    feed.announce(handle, ENTITY, name);
                    throw new IllegalStateException("rolled back");
                });
            } catch (IllegalStateException _) {
                // As it should.
            }
        }

        void remove(String name) {
            database.change(handle -> {
                handle.execute("delete from settings where name = ?", name);
                feed.announce(handle, ENTITY, name);
            });
        }

        @Override
        public void close() {
            feed.close();
            database.close();
        }
    }

    /** Makes the change seen, and returns how long after its commit it was. */
    private static Duration untilSeen(Node by, String name, String value) {
        long committed = System.nanoTime();
        Await.until(name + " is seen", () -> value.equals(by.view.get(name)));
        return Duration.ofNanos(System.nanoTime() - committed);
    }

    @ParameterizedTest
    @EnumSource(Database.Dialect.class)
    void applies_what_was_committed_before_it_catches_up(Database.Dialect dialect, @TempDir Path folder) {
        try (Node node = new Node(TestDatabase.migrated(dialect, folder))) {
            node.put("before", "1");
            node.feed.start();
            assertThat(node.view).containsExactly(Map.entry("before", "1"));

            node.put("after", "2");
            node.remove("before");
            node.feed.catchUp();

            assertThat(node.view).containsExactly(Map.entry("after", "2"));
            assertThat(node.feed.isCurrent()).isTrue();
            assertThat(node.loads).hasValue(1);
        }
    }

    @ParameterizedTest
    @EnumSource(Database.Dialect.class)
    void catches_up_with_more_than_one_batch(Database.Dialect dialect, @TempDir Path folder) {
        try (Node node = new Node(TestDatabase.migrated(dialect, folder))) {
            node.feed.start();
            node.database.change(handle -> {
                for (int i = 0; i < 2_500; i++) {
                    handle.createUpdate(PUT)
                            .bind("name", "s" + i)
                            .bind("value", "v")
                            .execute();
                    node.feed.announce(handle, ENTITY, "s" + i);
                }
            });

            node.feed.catchUp();

            assertThat(node.view).hasSize(2_500);
            assertThat(node.loads).hasValue(1);
        }
    }

    @ParameterizedTest
    @EnumSource(Database.Dialect.class)
    void a_change_that_was_rolled_back_is_not_announced(Database.Dialect dialect, @TempDir Path folder) {
        try (Node node = new Node(TestDatabase.migrated(dialect, folder))) {
            node.feed.start();
            assertThatThrownBy(() -> node.database.change(handle -> {
                        handle.createUpdate(PUT)
                                .bind("name", "a")
                                .bind("value", "1")
                                .execute();
                        node.feed.announce(handle, ENTITY, "a");
                        throw new IllegalStateException("rolled back");
                    }))
                    .hasMessage("rolled back");
            node.put("b", "2");

            node.feed.catchUp();

            assertThat(node.view).containsExactly(Map.entry("b", "2"));
        }
    }

    @ParameterizedTest
    @EnumSource(Database.Dialect.class)
    void loads_everything_when_what_it_missed_is_forgotten(Database.Dialect dialect, @TempDir Path folder) {
        try (Node node = new Node(TestDatabase.migrated(dialect, folder))) {
            node.put("seen", "1");
            node.feed.catchUp();
            node.put("missed", "2");
            announceFarAhead(node);
            node.feed.forgetOld();

            node.feed.catchUp();

            assertThat(node.view).isEqualTo(Map.of("seen", "1", "missed", "2"));
            assertThat(node.loads).hasValue(1);
        }
    }

    /** As if a million changes had been made since. */
    private static void announceFarAhead(Node node) {
        String overriding = node.database.dialect() == Database.Dialect.POSTGRESQL ? "overriding system value" : "";
        node.database.change(handle -> handle.execute(
                "insert into changes (sequence, entity, id) " + overriding + " values (3000000, 'other', 'x')"));
    }

    @ParameterizedTest
    @EnumSource(Database.Dialect.class)
    void keeps_what_a_node_may_not_have_seen(Database.Dialect dialect, @TempDir Path folder) {
        try (Node node = new Node(TestDatabase.migrated(dialect, folder))) {
            node.put("a", "1");
            node.put("b", "2");

            node.feed.forgetOld();

            assertThat(node.database.<Integer, RuntimeException>read(
                            handle -> handle.createQuery("select count(*) from changes")
                                    .mapTo(Integer.class)
                                    .one()))
                    .isEqualTo(2);
        }
    }

    /** A gap that a rolled back transaction leaves is no reason to load everything. */
    @Test
    void a_gap_in_the_sequence_is_passed_over() {
        try (Node node = new Node(TestDatabase.postgreSql(TestDatabase.postgresCopy()))) {
            node.put("a", "1");
            node.feed.start();
            node.database.change(
                    handle -> handle.execute("select setval(pg_get_serial_sequence('changes', 'sequence'), 50)"));
            node.put("b", "2");

            node.feed.catchUp();

            assertThat(node.view).isEqualTo(Map.of("a", "1", "b", "2"));
            assertThat(node.loads).hasValue(1);
        }
    }

    @Test
    void on_sqlite_a_change_that_could_not_be_applied_makes_the_node_stale_until_it_is(@TempDir Path folder)
            throws Exception {
        try (Node node = new Node(TestDatabase.migrated(Database.Dialect.SQLITE, folder))) {
            node.put("withdrawn", "1");
            node.feed.start();
            node.remove("withdrawn");

            try (AutoCloseable _ = allConnectionsOf(node.database.readerPool())) {
                assertThatThrownBy(node.feed::catchUp).isInstanceOf(StorageUnavailableException.class);

                assertThat(node.feed.isCurrent()).isFalse();
            }

            Await.until("the node is current by itself", node.feed::isCurrent);
            assertThat(node.view).isEmpty();
        }
    }

    /** As an answer that waited for its record, or for its process to be woken, asks. */
    @ParameterizedTest
    @EnumSource(Database.Dialect.class)
    void what_was_decided_holds_for_a_second_and_then_as_long_as_nothing_changes(
            Database.Dialect dialect, @TempDir Path folder) {
        MutableClock clock = new MutableClock(Instant.EPOCH);
        try (Node node = new Node(TestDatabase.migrated(dialect, folder), clock)) {
            node.feed.catchUp();
            ChangeFeed.Moment decided = node.feed.moment();
            node.put("a", "1");
            node.feed.catchUp();
            assertThat(node.feed.holds(decided)).as("within the second").isTrue();

            ChangeFeed.Moment later = node.feed.moment();
            clock.advance(ChangeFeed.MOST_STALE.plusMillis(1));
            node.feed.catchUp();
            assertThat(node.feed.holds(decided)).as("after a change").isFalse();
            assertThat(node.feed.holds(later)).as("without one").isTrue();
        }
    }

    /** Some machines stop their monotonic clock when they sleep. */
    @Test
    void a_sleep_that_only_the_wall_clock_shows_makes_a_node_stale_until_it_has_caught_up() {
        MutableClock clock = new MutableClock(Instant.EPOCH);
        try (Node node = new Node(TestDatabase.postgreSql(TestDatabase.postgresCopy()), clock)) {
            node.feed.catchUp();
            ChangeFeed.Moment decided = node.feed.moment();
            clock.advance(ChangeFeed.MOST_STALE.plusMillis(1));

            assertThat(node.feed.isCurrent()).isFalse();
            assertThat(node.feed.holds(decided)).isFalse();

            node.feed.catchUp();
            assertThat(node.feed.isCurrent()).isTrue();
        }
    }

    private static AutoCloseable allConnectionsOf(HikariDataSource pool) throws Exception {
        List<Connection> taken = new ArrayList<>();
        for (int i = 0; i < pool.getMaximumPoolSize(); i++) {
            taken.add(pool.getConnection());
        }
        return () -> {
            for (Connection connection : taken) {
                connection.close();
            }
        };
    }

    @Test
    void a_change_on_one_node_is_seen_by_another_within_a_second_even_when_its_listening_is_cut() {
        Database.PostgreSql server = TestDatabase.postgresCopy();
        try (Node writer = Node.started(server);
                Node reader = Node.started(server)) {
            writer.put("a", "1");
            assertThat(untilSeen(reader, "a", "1")).isLessThan(ChangeFeed.MOST_STALE);

            for (int cut = 0; cut < 3; cut++) {
                TestDatabase.execute(
                        server,
                        "select pg_terminate_backend(pid) from pg_stat_activity"
                                + " where datname = current_database() and query like 'listen%'");
                writer.put("a", "after cut " + cut);
                assertThat(untilSeen(reader, "a", "after cut " + cut)).isLessThan(ChangeFeed.MOST_STALE);
                assertThat(reader.feed.isCurrent()).isTrue();
            }
            Await.until("both listen again", () -> listeners(writer) == 2);
        }
    }

    private static int listeners(Node node) {
        return node.database.<Integer, RuntimeException>read(
                handle -> handle.createQuery("select count(*) from pg_stat_activity"
                                + " where datname = current_database() and query like 'listen%'")
                        .mapTo(Integer.class)
                        .one());
    }

    @Test
    void a_node_that_cannot_follow_is_stale_after_a_second_and_catches_up_by_itself() {
        Database.PostgreSql server = TestDatabase.postgresCopy();
        try (Node writer = Node.started(server);
                Node reader = Node.started(server)) {
            // No query of the reader's ends while somebody holds this.
            try (Handle holding = holdTable(writer.database)) {
                Await.until(
                        "both know that they are stale", () -> !reader.feed.isCurrent() && !writer.feed.isCurrent());
                holding.rollback();
            }
            writer.put("a", "1");
            untilSeen(reader, "a", "1");
            Await.until("both are current", () -> reader.feed.isCurrent() && writer.feed.isCurrent());
        }
    }

    @Test
    void a_slow_writer_and_one_that_fails_leave_no_gap_through_which_a_later_change_is_lost() throws Exception {
        Database.PostgreSql server = TestDatabase.postgresCopy();
        try (Node one = Node.started(server);
                Node other = Node.started(server);
                ExecutorService threads = Executors.newFixedThreadPool(2)) {
            for (boolean fails : List.of(false, true)) {
                String slow = "slow " + fails;
                String later = "later " + fails;
                CountDownLatch announced = new CountDownLatch(1);
                CountDownLatch end = new CountDownLatch(1);
                Future<Boolean> first = threads.submit(() -> {
                    one.database.<InterruptedException>change(handle -> {
                        handle.createUpdate(PUT)
                                .bind("name", slow)
                                .bind("value", "1")
                                .execute();
                        one.feed.announce(handle, ENTITY, slow);
                        announced.countDown();
                        end.await();
                        if (fails) {
                            throw new IllegalStateException("rolled back");
                        }
                    });
                    return true;
                });
                announced.await();
                Future<?> second = threads.submit(() -> other.put(later, "2"));
                // Told of a change that it cannot see yet, a node looks in vain.
                long before = other.feed.moment().nanos();
                TestDatabase.execute(server, "notify jeton_changes");
                Await.until("it has looked", () -> other.feed.moment().nanos() > before);
                assertThat(other.view).doesNotContainKeys(slow, later);

                end.countDown();
                if (fails) {
                    assertThatThrownBy(first::get).hasStackTraceContaining("rolled back");
                } else {
                    first.get();
                }
                second.get();

                for (Node node : List.of(one, other)) {
                    assertThat(untilSeen(node, later, "2")).isLessThan(ChangeFeed.MOST_STALE);
                    assertThat(node.view.containsKey(slow)).isEqualTo(!fails);
                    assertThat(node.loads).hasValue(1);
                }
            }
        }
    }

    private static Handle holdTable(Database database) {
        Handle handle = Jdbi.open(database.readerPool());
        handle.begin();
        handle.execute("lock table changes in access exclusive mode");
        return handle;
    }

    @Test
    void a_closed_feed_leaves_no_thread_and_is_stale() {
        Node node = Node.started(TestDatabase.postgresCopy());
        node.close();

        assertThat(Thread.getAllStackTraces().keySet().stream().map(Thread::getName))
                .doesNotContain("jeton-changes");
        Await.until("it is stale", () -> !node.feed.isCurrent());
    }

    @Test
    void changes_of_many_writers_on_two_nodes_reach_both_in_the_order_of_their_commits() throws Exception {
        Database.PostgreSql server = TestDatabase.postgresCopy();
        int threadsPerNode = 2;
        int writes = 500;
        try (Node one = Node.started(server);
                Node other = Node.started(server);
                ExecutorService threads = Executors.newFixedThreadPool(2 * threadsPerNode)) {
            // Were the first of all rolled back, it would look like one that was forgotten.
            one.put("first", "1");
            CyclicBarrier start = new CyclicBarrier(2 * threadsPerNode);
            List<Future<?>> writing = new ArrayList<>();
            for (int thread = 0; thread < 2 * threadsPerNode; thread++) {
                Node node = thread % 2 == 0 ? one : other;
                int seed = thread;
                writing.add(threads.submit(() -> {
                    Random random = new Random(seed);
                    start.await();
                    for (int i = 0; i < writes; i++) {
                        String name = "s" + random.nextInt(100);
                        switch (random.nextInt(8)) {
                            case 0 -> node.fail(name);
                            case 1, 2 -> node.remove(name);
                            default -> node.put(name, seed + "-" + i);
                        }
                    }
                    return true;
                }));
            }
            for (Future<?> writer : writing) {
                writer.get();
            }
            Map<String, String> stored = one.stored();
            Await.until("one node equals the database", () -> one.view.equals(stored));
            Await.until("the other node equals the database", () -> other.view.equals(stored));
            assertThat(one.loads).hasValue(1);
            assertThat(other.loads).hasValue(1);
        }
    }
}
