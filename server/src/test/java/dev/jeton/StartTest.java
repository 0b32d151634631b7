package dev.jeton;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jeton.config.ConfigException;
import dev.jeton.http.HttpEngine.CannotListenException;
import dev.jeton.storage.Encryption.WrongMasterKeyException;
import dev.jeton.storage.Migrations.NewerSchemaException;
import dev.jeton.storage.StorageUnavailableException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.Base64;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A start that fails says why in a sentence, and leaves nothing open: mended, the next one succeeds. */
class StartTest {
    private final Path data;

    StartTest(@TempDir Path folder) {
        this.data = folder.resolve("data");
    }

    @Test
    void a_folder_that_another_server_holds() {
        try (AuthorizationServer holder = StartFailures.start(data, Map.of())) {
            StartFailures.require(data, Map.of(), ConfigException.class, "in use by another Jeton server (process ");
            assertThat(holder.issuer().value()).isNotEmpty();
        }
        StartFailures.requireStart(data, Map.of());
    }

    @Test
    void a_file_where_the_folder_should_be() throws Exception {
        Files.writeString(data, "a file");

        StartFailures.require(
                data, Map.of(), ConfigException.class, "a file stands where the folder should be; move it away");

        Files.delete(data);
        StartFailures.requireStart(data, Map.of());
    }

    @Test
    void the_wrong_master_key() throws Exception {
        StartFailures.requireStart(data, Map.of());
        Path file = data.resolve("master.key");
        String right = Files.readString(file);
        Files.writeString(file, Base64.getEncoder().encodeToString(new byte[32]));

        StartFailures.require(
                data,
                Map.of(),
                WrongMasterKeyException.class,
                "the master key does not fit this database: give the one");

        Files.writeString(file, right);
        StartFailures.requireStart(data, Map.of());
    }

    @Test
    void a_schema_that_a_newer_version_wrote() throws Exception {
        StartFailures.requireStart(data, Map.of());
        execute("insert into flyway_schema_history select 99, '99', description, type, script, checksum, installed_by,"
                + " installed_on, execution_time, success from flyway_schema_history where installed_rank = 1");

        StartFailures.require(
                data,
                Map.of(),
                NewerSchemaException.class,
                "the database has schema version 99, this Jeton knows versions up to ");

        execute("delete from flyway_schema_history where installed_rank = 99");
        StartFailures.requireStart(data, Map.of());
    }

    @Test
    void credentials_of_the_command_line_that_cannot_be_written() throws Exception {
        Path inTheWay = data.resolve("cli.json/folder");
        Files.createDirectories(inTheWay);

        StartFailures.require(data, Map.of(), ConfigException.class, "cli.json cannot be written");

        Files.delete(inTheWay);
        Files.delete(inTheWay.getParent());
        StartFailures.requireStart(data, Map.of());
        assertThat(CliCredentials.of(data.resolve("cli.json")).clientSecret()).isNotEmpty();
    }

    private void execute(String sql) throws SQLException {
        try (var connection = DriverManager.getConnection("jdbc:sqlite:" + data.resolve("jeton.db"));
                var statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    @Test
    void a_port_that_another_program_has() throws Exception {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            StartFailures.require(
                    data,
                    Map.of("JETON_PORT", Integer.toString(taken.getLocalPort())),
                    CannotListenException.class,
                    "is in use by another program");
        }
        StartFailures.requireStart(data, Map.of());
    }

    @Test
    void a_postgresql_that_is_not_there() {
        StartFailures.require(
                data,
                Map.of(
                        "JETON_DB_URL",
                        "jdbc:postgresql://127.0.0.1:1/jeton",
                        "JETON_MASTER_KEY",
                        Base64.getEncoder().encodeToString(new byte[32])),
                StorageUnavailableException.class,
                "Connection to 127.0.0.1:1 refused");
    }
}
