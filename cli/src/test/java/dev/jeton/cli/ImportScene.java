package dev.jeton.cli;

import dev.jeton.cli.CommandLineRun.Result;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** A folder for an export, and an empty server to import it into. */
abstract class ImportScene {
    @TempDir
    Path folder;

    final FakeServer server = new FakeServer();

    @BeforeEach
    void anEmptyServer() {
        server.on("GET /api/v2/resource-servers", 200, "{\"resource_servers\":[]}")
                .on("GET /api/v2/clients", 200, "{\"clients\":[]}")
                .on("GET /api/v2/client-grants", 200, "{\"client_grants\":[]}")
                .on("GET /api/v2/hooks", 200, "{\"hooks\":[]}")
                .on("GET /api/v2/actions/actions", 200, "{\"actions\":[]}")
                .on("GET /api/v2/actions/triggers/credentials-exchange/bindings", 200, "{\"bindings\":[]}")
                .on("GET /api/v2/tenants/settings", 200, "{\"friendly_name\":\"127.0.0.1\"}")
                .on("GET /api/v2/log-streams", 200, "[]")
                .on("POST /api/v2/resource-servers", 201, "{\"id\":\"api1\"}")
                .on("POST /api/v2/clients", 201, "{\"client_id\":\"newId\"}")
                .on("PATCH /api/v2/clients/newId", 200, "{}")
                .on("POST /api/v2/client-grants", 201, "{\"id\":\"cgr_1\"}")
                .on("POST /api/v2/hooks", 201, "{\"id\":\"hook1\"}")
                .on("POST /api/v2/hooks/hook1/secrets", 201, "{}")
                .on("PATCH /api/v2/hooks/hook1", 200, "{}")
                .on("POST /api/v2/actions/actions", 201, "{\"id\":\"act1\"}")
                .on("POST /api/v2/actions/actions/act1/deploy", 200, "{}")
                .on("PATCH /api/v2/actions/triggers/credentials-exchange/bindings", 200, "{}")
                .on("PATCH /api/v2/tenants/settings", 200, "{}")
                .on("POST /api/v2/log-streams", 200, "{\"id\":\"lst_1\"}");
    }

    @AfterEach
    void stop() {
        server.close();
    }

    Result jeton(String... more) {
        String[] args =
                Stream.concat(Stream.of("import", "tenant"), Stream.of(more)).toArray(String[]::new);
        return CommandLineRun.against(server, folder).run(args);
    }

    void file(String path, String text) {
        try {
            Path file = folder.resolve("tenant").resolve(path);
            Files.createDirectories(file.getParent());
            Files.writeString(file, text);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }
}
