package dev.jeton.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jeton.cli.CommandLineRun.Result;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KeysCommandTest {
    @TempDir
    Path folder;

    private final FakeServer server = new FakeServer();

    @AfterEach
    void stop() {
        server.close();
    }

    private Result jeton(String... args) {
        return CommandLineRun.against(server, folder).run(args);
    }

    @Test
    void lists_the_keys_with_their_states() {
        server.on("GET /api/v2/keys/signing", 200, """
                [{"kid":"k1","alg":"RS256","current":true,"current_since":"2026-01-05T10:00:00.000Z"},
                 {"kid":"k2","alg":"RS256","next":true},
                 {"kid":"k0","alg":"ES256","revoked":true,"previous":true,"revoked_at":"2026-02-01T00:00:00.000Z"}]""");

        assertThat(jeton("keys", "list").out()).isEqualTo("""
                        ALG    KEY ID  STATE    CURRENT SINCE         UNTIL
                        RS256  k1      current  2026-01-05 10:00:00Z
                        RS256  k2      next
                        ES256  k0      revoked                        2026-02-01 00:00:00Z
                        """);
    }

    @Test
    void rotates_the_key_of_a_family_by_force() {
        server.on("POST /api/v2/keys/signing/rotate", 201, "{\"kid\":\"k2\",\"cert\":\"…\"}");

        Result result = jeton("keys", "rotate", "--alg", "ES256", "--force");

        assertThat(server.calls()).containsExactly("POST /api/v2/keys/signing/rotate?alg=ES256&force=true");
        assertThat(result.out()).startsWith("ES256 tokens are signed with key k2 from now on.\n");
    }

    @Test
    void leaves_the_family_to_the_server_unless_told() {
        server.on("POST /api/v2/keys/signing/rotate", 201, "{\"kid\":\"k2\"}");

        jeton("keys", "rotate");

        assertThat(server.calls()).containsExactly("POST /api/v2/keys/signing/rotate");
    }

    @Test
    void revokes_a_key() {
        server.on("PUT /api/v2/keys/signing/k-1_x/revoke", 200, "{\"kid\":\"k-1_x\"}");

        assertThat(jeton("keys", "revoke", "k-1_x").exitCode()).isZero();
        assertThat(server.calls()).containsExactly("PUT /api/v2/keys/signing/k-1_x/revoke");
    }
}
