package dev.jeton.e2e.crash;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jeton.e2e.ManagementApi;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** The SQLite files in a data folder. */
record SqliteStorage(Path data) implements Storage {
    @Override
    public Map<String, String> settings() {
        return ManagementApi.BOOTSTRAP;
    }

    Path registryFile() {
        return data.resolve("jeton.db");
    }

    List<Path> auditFiles() {
        try (Stream<Path> files = Files.list(data.resolve("audit"))) {
            return files.filter(file -> file.toString().endsWith(".db"))
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Connection open(Path file) throws SQLException {
        return DriverManager.getConnection("jdbc:sqlite:" + file);
    }

    @Override
    public Connection registry() throws SQLException {
        return open(registryFile());
    }

    @Override
    public List<TokenRecord> tokenRecords() throws SQLException {
        List<TokenRecord> records = new ArrayList<>();
        for (Path file : auditFiles()) {
            try (Connection connection = open(file)) {
                records.addAll(Storage.rows(connection, TOKEN_RECORDS, Storage::tokenRecord));
            }
        }
        return records;
    }

    @Override
    public boolean usageIsCounted() throws SQLException {
        try (Connection newest = open(auditFiles().getLast());
                Connection registry = registry()) {
            return number(registry, "select position from usage_counted")
                    == number(newest, "select max(position) from token_events");
        }
    }

    private static long number(Connection connection, String query) throws SQLException {
        return Storage.rows(connection, query, row -> row.getLong(1)).getFirst();
    }

    /** All is in the data folder, which whoever runs the server removes. */
    @Override
    public void clear() {}

    @Override
    public void requireSound() throws SQLException {
        List<Path> files = new ArrayList<>(auditFiles());
        files.add(registryFile());
        for (Path file : files) {
            try (Connection connection = open(file)) {
                assertThat(Storage.rows(connection, "pragma integrity_check", row -> row.getString(1)))
                        .as("%s", file)
                        .containsExactly("ok");
                assertThat(Storage.rows(connection, "pragma foreign_key_check", row -> row.getString(1)))
                        .as("%s", file)
                        .isEmpty();
            }
        }
    }

    @Override
    public void close() {}
}
