package dev.jeton.management;

import dev.jeton.http.ApiError;
import dev.jeton.http.Response;
import dev.jeton.http.Router;
import dev.jeton.storage.Backup;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** {@code POST /api/v2/backups}, which Auth0 does not have: a copy of the SQLite files, made while the server runs. */
public final class BackupRoutes {
    private static final JsonMapper JSON = JsonMapper.shared();

    private static final Schema BACKUP = Schema.object()
            .require(Schema.text(), "path", "created_at")
            .require(
                    Schema.listOf(Schema.object()
                            .require(Schema.text(), "name")
                            .require(Schema.whole(0, Long.MAX_VALUE), "bytes")),
                    "files")
            .named("Backup");

    private final Optional<Backup> backup;
    private final RegistryWriter writer;
    private final InstantSource clock;

    /** @param backup empty on PostgreSQL, which has its own tools */
    public BackupRoutes(Optional<Backup> backup, RegistryWriter writer, InstantSource clock) {
        this.backup = backup;
        this.writer = writer;
        this.clock = clock;
    }

    public void mount(Router router, ManagementAccess access) {
        access.mount(
                router,
                "BackupRoutes",
                Operation.post("/backups", "Create a backup", "create:backups").answers(201, BACKUP),
                this::create);
    }

    private Response create(Call call) {
        Backup files = backup.orElseThrow(() -> ApiError.badRequest(
                "This server keeps its data in PostgreSQL: back it up with pg_dump, and keep the master key apart",
                "backup_not_supported"));
        Instant now = clock.instant();
        Backup.Result result = files.make(now);
        ObjectNode answer = JSON.createObjectNode().put("path", result.folder().toString());
        ArrayNode list = answer.putArray("files");
        result.files().forEach(file -> list.addObject().put("name", file.name()).put("bytes", file.bytes()));
        answer.put("created_at", now.toString());
        try {
            return writer.write(call, "Create a backup", Optional.empty(), _ -> RegistryWriter.Outcome.of(201, answer));
        } catch (RuntimeException e) {
            // Of a copy of everything there is a record, or there is no copy.
            files.discard(result.folder());
            throw e;
        }
    }
}
