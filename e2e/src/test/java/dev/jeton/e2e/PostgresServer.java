package dev.jeton.e2e;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** A PostgreSQL server of a test's own, with one database for Jeton. */
public final class PostgresServer implements AutoCloseable {
    private static final String DATABASE = "jeton";

    private static final Duration START = Duration.ofSeconds(60);

    private final Optional<Path> data;
    private EmbeddedPostgres server;

    private PostgresServer(Optional<Path> data) throws IOException {
        this.data = data;
        this.server = builder().setPort(FreePort.next()).start();
    }

    public static PostgresServer start() throws IOException, SQLException {
        return withDatabase(Optional.empty());
    }

    /** One that keeps what it has committed whatever happens to it; its files are in that folder. */
    public static PostgresServer startDurable(Path data) throws IOException, SQLException {
        return withDatabase(Optional.of(data));
    }

    private static PostgresServer withDatabase(Optional<Path> data) throws IOException, SQLException {
        PostgresServer started = new PostgresServer(data);
        started.recreateDatabase();
        return started;
    }

    /** Makes Jeton's database anew, and empty. */
    public void recreateDatabase() throws SQLException {
        execute("postgres", "drop database if exists " + DATABASE + " with (force)");
        execute("postgres", "create database " + DATABASE);
    }

    /** Unless told otherwise, a server for tests syncs nothing. */
    private EmbeddedPostgres.Builder builder() {
        EmbeddedPostgres.Builder builder = EmbeddedPostgres.builder().setPGStartupWait(START);
        data.ifPresent(folder -> builder.setDataDirectory(folder)
                .setCleanDataDirectory(false)
                .setServerConfig("fsync", "on")
                // After a kill it syncs what it finds: in one call, not in one for each of a thousand files.
                .setServerConfig("recovery_init_sync_method", "syncfs")
                .setServerConfig("synchronous_commit", "on"));
        return builder;
    }

    /** Ends all its processes as a power failure does. */
    public void kill() throws IOException {
        List<ProcessHandle> all = processes();
        // First the one that would start others.
        all.forEach(ProcessHandle::destroyForcibly);
        all.forEach(process -> process.onExit().join());
    }

    /** Stops all its processes where they stand, until {@link #resume}. */
    public void pause() throws IOException {
        Signal.send("STOP", processes());
    }

    public void resume() throws IOException {
        Signal.send("CONT", processes());
    }

    /** Ends it, if it runs, with its connections cut; what they were doing is rolled back. */
    public void stop() throws IOException {
        server.close();
    }

    /** Starts it again, after {@link #kill} or {@link #stop}, on the same files and the same port. */
    public void startAgain() throws IOException {
        int port = server.getPort();
        server.close();
        server = builder().setPort(port).start();
    }

    /** The first of its processes, then those that it has started. */
    private List<ProcessHandle> processes() throws IOException {
        Path file = data.orElseThrow().resolve("postmaster.pid");
        long first = Long.parseLong(Files.readAllLines(file).getFirst().strip());
        ProcessHandle postmaster = ProcessHandle.of(first).orElseThrow();
        return Stream.concat(Stream.of(postmaster), postmaster.descendants()).toList();
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

    /** Where it listens on loopback. */
    public int port() {
        return server.getPort();
    }

    private String url(String database) {
        return "jdbc:postgresql://localhost:" + server.getPort() + "/" + database;
    }

    /** A connection to Jeton's database. */
    public Connection connect() throws SQLException {
        return DriverManager.getConnection(url(DATABASE), "postgres", "postgres");
    }

    /** Runs a statement in Jeton's database. */
    public void execute(String sql) throws SQLException {
        execute(DATABASE, sql);
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
