package dev.jeton.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import tools.jackson.databind.JsonNode;

/** {@code jeton backup}: has the server write a consistent copy of its embedded database. */
@Command(
        name = "backup",
        description = "Have the server write a backup of its database while it runs (on the server's disk).",
        footer = "  jeton backup")
final class BackupCommand implements Callable<Integer> {
    private final Session session;

    BackupCommand(Session session) {
        this.session = session;
    }

    @Override
    public Integer call() {
        JsonNode backup = session.api().post("back up the database", ApiPath.of("backups"));
        if (session.json()) {
            session.output().json(backup);
            return 0;
        }
        session.output().line("The backup is in " + Json.text(backup, "path") + " on the server:");
        session.output().blank();
        Table files = Table.headed("FILE", "BYTES");
        backup.path("files").values().forEach(file -> files.row(Json.text(file, "name"), Json.text(file, "bytes")));
        session.output().table(files);
        return 0;
    }
}
