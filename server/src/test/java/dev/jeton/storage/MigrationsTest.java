package dev.jeton.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.flywaydb.core.Flyway;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class MigrationsTest {
    private static final String VERSIONS =
            "select cast(version as integer) from flyway_schema_history where success order by installed_rank";

    private static List<Integer> versions(Database database) {
        return database.<List<Integer>, RuntimeException>read(
                handle -> handle.createQuery(VERSIONS).mapTo(Integer.class).list());
    }

    /** Those of the files, in their order. */
    private static List<Integer> allVersions() throws IOException, URISyntaxException {
        URL folder = Objects.requireNonNull(Migrations.class.getResource("/db/migration"));
        try (Stream<Path> files = Files.list(Path.of(folder.toURI()))) {
            return files.map(file -> file.getFileName().toString())
                    .map(name -> Integer.valueOf(name.substring(1, name.indexOf("__"))))
                    .sorted()
                    .toList();
        }
    }

    @Test
    void the_newest_version_is_that_of_the_newest_file() throws IOException, URISyntaxException {
        assertThat(allVersions()).last().isEqualTo(Migrations.NEWEST);
    }

    @ParameterizedTest
    @EnumSource(Database.Dialect.class)
    void a_fresh_database_gets_every_version_once(Database.Dialect dialect, @TempDir Path folder)
            throws IOException, URISyntaxException {
        try (Database database = TestDatabase.empty(dialect, folder)) {
            Migrations.run(database);
            Migrations.run(database);

            assertThat(versions(database)).isEqualTo(allVersions());
        }
    }

    @ParameterizedTest
    @EnumSource(Database.Dialect.class)
    void what_an_older_version_wrote_is_kept(Database.Dialect dialect, @TempDir Path folder) {
        try (Database database = TestDatabase.empty(dialect, folder)) {
            migrateToVersion4(database, dialect);
            String client = """
                    insert into clients (client_id, name, grant_types, client_metadata, extra, created_at_ms,
                                         updated_at_ms)
                    values (?, 'Job', '[]', '{}', ?, 1, 1)""";
            database.<RuntimeException>change(handle -> {
                handle.execute(client, "ours", "{}");
                handle.execute(client, "foreign", "{\"is_first_party\":false,\"sso\":true}");
                handle.execute("""
                        insert into resource_servers (id, identifier, signing_alg, token_lifetime_s, is_system, extra,
                                                      created_at_ms, updated_at_ms)
                        values ('api', 'https://api.example.com', 'RS256', 60, 0, '{}', 1, 1)""");
                handle.execute("""
                        insert into client_grants (id, client_id, resource_server_id, scope, subject_type, extra,
                                                   created_at_ms, updated_at_ms)
                        values ('cgr_1', 'ours', 'api', '["read:x"]', 'client', '{}', 1, 1)""");
            });

            Migrations.run(database);

            assertThat(rows(database, "select client_id || ' ' || is_first_party from clients order by client_id"))
                    .containsExactly("foreign 0", "ours 1");
            assertThat(rows(database, "select id || ' ' || client_id || ' ' || scope from client_grants"))
                    .containsExactly("cgr_1 ours [\"read:x\"]");
        }
    }

    private static void migrateToVersion4(Database database, Database.Dialect dialect) {
        Flyway.configure()
                .dataSource(database.readerPool())
                .locations("classpath:db/migration")
                .placeholders(Migrations.placeholders(dialect))
                .target("4")
                .load()
                .migrate();
    }

    @Test
    void what_a_node_that_still_runs_changes_meanwhile_is_not_lost(@TempDir Path folder) throws Exception {
        try (Database database = TestDatabase.empty(Database.Dialect.POSTGRESQL, folder)) {
            migrateToVersion4(database, Database.Dialect.POSTGRESQL);
            CompletableFuture<Void> migration = database.<CompletableFuture<Void>, RuntimeException>write(handle -> {
                CompletableFuture<Void> started = CompletableFuture.runAsync(() -> Migrations.run(database));
                while (rows(database, "select 'waits' from pg_locks where locktype = 'advisory' and not granted")
                        .isEmpty()) {
                    assertThat(started).isNotDone();
                    Thread.onSpinWait();
                }
                handle.execute("""
                        insert into clients (client_id, name, grant_types, client_metadata, extra, created_at_ms,
                                             updated_at_ms)
                        values ('late', 'Job', '[]', '{}', '{}', 1, 1)""");
                return started;
            });

            migration.get(30, TimeUnit.SECONDS);

            assertThat(rows(database, "select client_id || ' ' || is_first_party from clients"))
                    .containsExactly("late 1");
            // The lock is free again: whoever writes next does not wait.
            database.<RuntimeException>change(handle -> handle.execute("delete from clients"));
        }
    }

    private static List<String> rows(Database database, String query) {
        return database.<List<String>, RuntimeException>read(
                handle -> handle.createQuery(query).mapTo(String.class).list());
    }

    @ParameterizedTest
    @EnumSource(Database.Dialect.class)
    void a_current_database_is_left_to_itself(Database.Dialect dialect, @TempDir Path folder) {
        try (Database database = TestDatabase.place(dialect, folder).get()) {
            // Flyway, were it asked, would refuse this.
            database.change(handle -> handle.execute("update flyway_schema_history set checksum = 1"));

            assertThatCode(() -> Migrations.run(database)).doesNotThrowAnyException();
        }
    }

    @ParameterizedTest
    @EnumSource(Database.Dialect.class)
    void a_newer_schema_is_refused_and_not_touched(Database.Dialect dialect, @TempDir Path folder) {
        int newer = Migrations.NEWEST + 1;
        try (Database database = TestDatabase.place(dialect, folder).get()) {
            claimVersion(database, newer);

            assertThatThrownBy(() -> Migrations.run(database))
                    .isInstanceOf(Migrations.NewerSchemaException.class)
                    .hasMessage("the database has schema version " + newer + ", this Jeton knows versions up to "
                            + Migrations.NEWEST
                            + ": start the newer Jeton that wrote it, or restore an older backup");
            assertThat(versions(database)).endsWith(newer);
        }
    }

    private static void claimVersion(Database database, int version) {
        database.change(handle -> handle.execute("""
                insert into flyway_schema_history (installed_rank, version, description, type, script, checksum,
                                                   installed_by, installed_on, execution_time, success)
                select max(installed_rank) + 1, ?, 'newer', 'SQL', 'newer.sql', 1, 'x', max(installed_on), 1,
                       count(*) > 0
                  from flyway_schema_history""", Integer.toString(version)));
    }

    @Test
    void nodes_that_start_at_once_migrate_once() throws Exception {
        Database.PostgreSql server = TestPostgres.freshDatabase();
        int nodes = 3;
        CyclicBarrier start = new CyclicBarrier(nodes);
        try (ExecutorService threads = Executors.newFixedThreadPool(nodes)) {
            List<Future<List<Integer>>> migrating = new ArrayList<>();
            for (int node = 0; node < nodes; node++) {
                migrating.add(threads.submit(() -> {
                    try (Database database = TestDatabase.postgreSql(server)) {
                        start.await();
                        Migrations.run(database);
                        return versions(database);
                    }
                }));
            }
            for (Future<List<Integer>> node : migrating) {
                assertThat(node.get()).isEqualTo(allVersions());
            }
        }
    }

    @Test
    void a_migration_and_the_row_that_says_so_are_one_transaction() {
        try (Database database = TestDatabase.postgreSql(TestPostgres.freshDatabase())) {
            Migrations.run(database);

            List<String> apart = database.<List<String>, RuntimeException>read(
                    handle -> handle.createQuery("""
                    select relname
                      from pg_class c
                     where relkind = 'r' and relnamespace = 'public'::regnamespace
                       and not exists (select 1 from flyway_schema_history h where h.xmin = c.xmin)""").mapTo(String.class).list());
            assertThat(apart).containsExactly("flyway_schema_history");
        }
    }

    @Test
    void a_database_that_may_not_be_written_is_told_as_unavailable() {
        Database.PostgreSql server = TestDatabase.postgresCopy();
        TestDatabase.execute(server, "delete from flyway_schema_history");
        TestDatabase.execute(
                server, "alter database " + TestDatabase.name(server) + " set default_transaction_read_only = on");

        try (Database database = TestDatabase.postgreSql(server)) {
            assertThatThrownBy(() -> Migrations.run(database))
                    .isInstanceOf(StorageUnavailableException.class)
                    .hasMessageContaining("read-only");
        }
    }
}
