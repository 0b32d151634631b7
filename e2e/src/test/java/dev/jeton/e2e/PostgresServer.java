package dev.jeton.e2e;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Base64;
import java.util.HashMap;
import java.util.Map;

/** A PostgreSQL server of a test's own, with one database for Jeton. */
public final class PostgresServer implements AutoCloseable {
    private static final String DATABASE = "jeton";

    private final EmbeddedPostgres server;

    private PostgresServer(EmbeddedPostgres server) {
        this.server = server;
    }

    public static PostgresServer start() throws IOException, SQLException {
        PostgresServer started = new PostgresServer(EmbeddedPostgres.builder().start());
        started.execute("postgres", "create database " + DATABASE);
        return started;
    }

    /** The settings of a Jeton server on that database, with those of {@link ManagementApi#BOOTSTRAP}. */
    public Map<String, String> settings() {
        Map<String, String> settings = new HashMap<>(ManagementApi.BOOTSTRAP);
        settings.put("JETON_DB_URL", url(DATABASE));
        settings.put("JETON_DB_USER", "postgres");
        settings.put("JETON_DB_PASSWORD", "postgres");
        settings.put("JETON_MASTER_KEY", Base64.getEncoder().encodeToString(new byte[32]));
        return settings;
    }

    private String url(String database) {
        return "jdbc:postgresql://localhost:" + server.getPort() + "/" + database;
    }

    /** A connection to Jeton's database. */
    public Connection connect() throws SQLException {
        return DriverManager.getConnection(url(DATABASE), "postgres", "postgres");
    }

    private void execute(String database, String sql) throws SQLException {
        try (Connection connection = DriverManager.getConnection(url(database), "postgres", "postgres");
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    @Override
    public void close() throws IOException {
        server.close();
    }
}
