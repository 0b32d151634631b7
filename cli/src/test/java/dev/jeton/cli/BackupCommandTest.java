package dev.jeton.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jeton.cli.CommandLineRun.Result;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BackupCommandTest {
    @TempDir
    Path folder;

    private final FakeServer server = new FakeServer();

    @AfterEach
    void stop() {
        server.close();
    }

    @Test
    void says_where_the_backup_is_and_what_it_holds() {
        server.on("POST /api/v2/backups", 201, """
                {"path":"/data/backups/1","files":[{"name":"jeton.db","bytes":123}],"created_at":"2026-11-23T17:15:30Z"}""");

        Result result = CommandLineRun.against(server, folder).run("backup");

        assertThat(result.out()).isEqualTo("""
                        The backup is in /data/backups/1 on the server:

                        FILE      BYTES
                        jeton.db  123
                        """);
    }

    @Test
    void passes_on_what_the_server_says_when_it_cannot() {
        server.on("POST /api/v2/backups", 400, """
                {"statusCode":400,"error":"Bad Request","message":"This server uses PostgreSQL; use pg_dump"}""");

        Result result = CommandLineRun.against(server, folder).run("backup");

        assertThat(result)
                .isEqualTo(new Result(
                        1, "", "jeton: cannot back up the database: This server uses PostgreSQL; use pg_dump\n"));
    }
}
