package dev.jeton.management;

import static dev.jeton.Answers.assertRefused;
import static dev.jeton.Answers.each;
import static org.assertj.core.api.Assertions.assertThat;

import dev.jeton.Operator;
import dev.jeton.TestServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

class BackupRoutesTest {
    @Test
    void a_backup_holds_what_was_there_and_not_the_master_key() throws IOException, SQLException {
        try (TestServer server = TestServer.start()) {
            server.createClient("In the backup", Map.of());

            JsonNode backup = server.managed("POST", "backups", null);

            Path folder = Path.of(backup.path("path").asString());
            assertThat(folder).startsWith(server.folder());
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(folder)))
                    .isEqualTo("rwx------");
            assertThat(each(backup.path("files"), "name"))
                    .isNotEmpty()
                    .allMatch(name -> name.endsWith(".db"))
                    .noneMatch(name -> name.contains("master"));
            for (JsonNode file : backup.path("files")) {
                assertThat(Files.size(folder.resolve(file.path("name").asString())))
                        .isEqualTo(file.path("bytes").asLong());
            }
            Path database =
                    folder.resolve(backup.path("files").get(0).path("name").asString());
            try (var connection = DriverManager.getConnection("jdbc:sqlite:" + database);
                    var found = connection
                            .createStatement()
                            .executeQuery("select count(*) from clients where name = 'In the backup'")) {
                found.next();
                assertThat(found.getInt(1)).isEqualTo(1);
            }
        }
    }

    @Test
    void each_backup_is_a_folder_of_its_own_and_a_record_in_the_log() {
        try (TestServer server = TestServer.start()) {
            String first = server.managed("POST", "backups", null).path("path").asString();
            server.clock().advance(Duration.ofMillis(1));
            String second = server.managed("POST", "backups", null).path("path").asString();

            assertThat(first).isNotEqualTo(second);
            assertThat(each(server.managed("GET", "logs?per_page=2", null), "description"))
                    .containsOnly("Create a backup");
        }
    }

    @Test
    void a_backup_needs_a_scope_of_its_own() {
        try (TestServer server = TestServer.start()) {
            assertRefused(
                    Operator.with(server, "read:logs").call("POST", "backups", null),
                    403,
                    "Insufficient scope, expected any of: create:backups",
                    "insufficient_scope");
        }
    }
}
