package dev.jeton.client;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jeton.TestServer;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

class ClientSecretsAtRestTest {
    @ParameterizedTest(name = "secrets.reveal {0}")
    @ValueSource(strings = {"true", "false"})
    void no_file_but_the_command_lines_own_holds_a_secret_in_the_clear(String reveal) throws IOException {
        try (TestServer server = TestServer.start(Map.of("JETON_SECRETS_REVEAL", reveal))) {
            JsonNode client = server.createClient("Import job", Map.of());
            String id = client.path("client_id").asString();
            JsonNode chosen = server.createClient("Own secret", Map.of("client_secret", "a secret of one's own"));
            JsonNode rotated = server.managed("POST", "clients/" + id + "/rotate-secret", null);
            server.createApi(
                    "https://api.example.com/shared",
                    List.of(),
                    Map.of("signing_alg", "HS256", "signing_secret", "the secret that signs for an API"));
            List<String> secrets = List.of(
                    client.path("client_secret").asString(),
                    chosen.path("client_secret").asString(),
                    rotated.path("client_secret").asString(),
                    "the secret that signs for an API",
                    server.managementToken());

            List<String> files = contents(server.folder());

            assertThat(secrets).doesNotHaveDuplicates().noneMatch(String::isEmpty);
            assertThat(files).as("what is public is there").anyMatch(file -> file.contains(id));
            for (String secret : secrets) {
                assertThat(files).noneMatch(file -> file.contains(secret));
            }
            assertThat(server.managed("GET", "clients/" + id, null).has("client_secret"))
                    .isEqualTo(Boolean.parseBoolean(reveal));
        }
    }

    private static List<String> contents(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            return files.filter(Files::isRegularFile)
                    .filter(file -> !file.endsWith("cli.json"))
                    .map(ClientSecretsAtRestTest::read)
                    .toList();
        }
    }

    private static String read(Path file) {
        try {
            return Files.readString(file, StandardCharsets.ISO_8859_1);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }
}
