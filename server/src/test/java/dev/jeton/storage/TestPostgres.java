package dev.jeton.storage;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.concurrent.atomic.AtomicInteger;

/** A real PostgreSQL server for tests: started when first asked for, one per JVM, with a database for each who asks. */
public final class TestPostgres {
    private static final AtomicInteger databases = new AtomicInteger();

    private TestPostgres() {}

    private static final class Server {
        private static final EmbeddedPostgres INSTANCE = start();

        private static EmbeddedPostgres start() {
            try {
                return EmbeddedPostgres.builder().start();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    /** An empty database that nobody else is given. */
    public static Database.PostgreSql freshDatabase() {
        String name = "test_" + databases.incrementAndGet();
        try (Connection connection = Server.INSTANCE.getPostgresDatabase().getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute("create database " + name);
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
        return new Database.PostgreSql(
                "jdbc:postgresql://localhost:" + Server.INSTANCE.getPort() + "/" + name, "postgres", "postgres");
    }
}
