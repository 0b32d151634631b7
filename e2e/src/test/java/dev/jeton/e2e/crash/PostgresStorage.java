package dev.jeton.e2e.crash;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jeton.e2e.PostgresServer;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;

/** A database on a PostgreSQL server that syncs what it commits. */
final class PostgresStorage implements Storage {
    private static final String USAGE_IS_COUNTED = """
            select (select position from usage_counted) = (select max(position) from token_events)""";

    /** All heaps and B-trees of ours, each row of a table in its indexes. */
    private static final List<String> CHECKS = List.of("""
            select c.relname, v.msg
              from pg_class c, verify_heapam(c.oid) v
             where c.relkind = 'r' and c.relnamespace = 'public'::regnamespace""", """
            select c.relname, bt_index_check(c.oid, true)::text
              from pg_class c join pg_am a on a.oid = c.relam
             where c.relkind = 'i' and a.amname = 'btree' and c.relnamespace = 'public'::regnamespace
               and bt_index_check(c.oid, true)::text <> ''""");

    private final PostgresServer server;

    PostgresStorage(Path folder) throws IOException, SQLException {
        this.server = PostgresServer.startDurable(folder.resolve("postgres"));
    }

    PostgresServer server() {
        return server;
    }

    @Override
    public Map<String, String> settings() {
        return server.settings();
    }

    @Override
    public Connection registry() throws SQLException {
        return server.connect();
    }

    @Override
    public List<TokenRecord> tokenRecords() throws SQLException {
        try (Connection connection = registry()) {
            return Storage.rows(connection, TOKEN_RECORDS, Storage::tokenRecord);
        }
    }

    @Override
    public boolean usageIsCounted() throws SQLException {
        try (Connection connection = registry()) {
            return Storage.rows(connection, USAGE_IS_COUNTED, row -> row.getBoolean(1))
                    .getFirst();
        }
    }

    @Override
    public void clear() throws SQLException {
        server.recreateDatabase();
    }

    @Override
    public void requireSound() throws SQLException {
        server.execute("create extension if not exists amcheck");
        try (Connection connection = registry()) {
            for (String check : CHECKS) {
                assertThat(Storage.rows(connection, check, row -> row.getString(1) + ": " + row.getString(2)))
                        .isEmpty();
            }
        }
    }

    @Override
    public void close() throws IOException {
        server.close();
    }
}
