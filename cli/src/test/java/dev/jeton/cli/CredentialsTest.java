package dev.jeton.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jeton.cli.CommandLineRun.Result;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CredentialsTest {
    @TempDir
    Path folder;

    private final FakeServer server = new FakeServer();
    private final FakeServer other = new FakeServer();

    @BeforeEach
    void answer() {
        server.on("GET /api/v2/keys/signing", 200, "[]");
        other.on("GET /api/v2/keys/signing", 200, "[]");
    }

    @AfterEach
    void stop() {
        server.close();
        other.close();
    }

    private void store(Path file, String issuer, String clientId) throws IOException {
        Files.createDirectories(file.getParent());
        Files.writeString(
                file,
                Json.compact(Json.object()
                        .put("issuer", issuer)
                        .put("client_id", clientId)
                        .put("client_secret", "stored-secret")));
    }

    private Path loginFile() {
        return folder.resolve(".config/jeton/cli.json");
    }

    private String clientAt(FakeServer asked) {
        return Json.text(asked.tokenRequests().getLast().json(), "client_id");
    }

    @Test
    void says_what_to_do_when_there_are_none() {
        Result result = new CommandLineRun(folder).run("keys", "list");

        assertThat(result.exitCode()).isEqualTo(2);
        assertThat(result.err())
                .isEqualTo("jeton: no server known: start one here with ./jeton serve,"
                        + " or run jeton login --url <url> --client-id <id>\n");
    }

    @Test
    void uses_the_data_folder_here_last() throws IOException {
        store(folder.resolve("data/cli.json"), server.issuer(), "of-data-here");

        assertThat(new CommandLineRun(folder).run("keys", "list").exitCode()).isZero();
        assertThat(clientAt(server)).isEqualTo("of-data-here");
    }

    @Test
    void prefers_the_login_to_the_data_folder_here() throws IOException {
        store(folder.resolve("data/cli.json"), server.issuer(), "of-data-here");
        store(loginFile(), server.issuer(), "of-login");

        new CommandLineRun(folder).run("keys", "list");

        assertThat(clientAt(server)).isEqualTo("of-login");
    }

    @Test
    void prefers_a_named_data_folder_to_the_login() throws IOException {
        store(loginFile(), server.issuer(), "of-login");
        store(folder.resolve("d1/cli.json"), server.issuer(), "of-variable");
        store(folder.resolve("d2/cli.json"), server.issuer(), "of-option");

        new CommandLineRun(folder).with("JETON_DATA", "d1").run("keys", "list");
        assertThat(clientAt(server)).isEqualTo("of-variable");

        new CommandLineRun(folder).with("JETON_DATA", "d1").run("keys", "list", "--data", "d2");
        assertThat(clientAt(server)).isEqualTo("of-option");
    }

    @Test
    void prefers_options_to_the_environment_and_both_to_files() throws IOException {
        store(folder.resolve("d2/cli.json"), server.issuer(), "of-option");
        Files.writeString(folder.resolve("secret"), "from-file\n");

        CommandLineRun.against(other, folder)
                .run(
                        "keys",
                        "list",
                        "--data",
                        "d2",
                        "--url",
                        server.issuer(),
                        "--client-id",
                        "given",
                        "--secret-file",
                        "secret");

        assertThat(server.tokenRequests().getLast().json()).isEqualTo(Json.parse("""
                {"grant_type":"client_credentials","client_id":"given","client_secret":"from-file",
                 "audience":"%sapi/v2/"}""".formatted(server.issuer())));
    }

    @Test
    void never_sends_stored_credentials_to_another_server() throws IOException {
        store(loginFile(), server.issuer(), "of-login");

        Result result = new CommandLineRun(folder).run("keys", "list", "--url", other.issuer());

        assertThat(result.exitCode()).isEqualTo(2);
        assertThat(result.err()).contains("no credentials for " + other.issuer(), "jeton login --url");
        assertThat(other.tokenRequests()).isEmpty();
    }

    @Test
    void refuses_a_named_data_folder_without_credentials() throws IOException {
        store(loginFile(), server.issuer(), "of-login");

        Result result = new CommandLineRun(folder).run("keys", "list", "--data", "nowhere");

        assertThat(result.exitCode()).isEqualTo(2);
        assertThat(server.tokenRequests()).isEmpty();
    }

    @Test
    void names_the_file_that_cannot_be_understood_and_not_what_is_in_it() throws IOException {
        Files.createDirectories(loginFile().getParent());
        Files.writeString(loginFile(), "{\"client_secret\":\"stored-secret\"");

        Result result = new CommandLineRun(folder).run("keys", "list");

        assertThat(result.err()).contains(loginFile().toString()).doesNotContain("stored-secret");
    }

    @Test
    void stores_a_login_for_this_user_only_once_the_credentials_have_proved_right() throws IOException {
        Result result = new CommandLineRun(folder)
                .answering(new Typing("typed-secret"))
                .run("login", "--url", server.issuer(), "--client-id", "me");

        assertThat(result.exitCode()).isZero();
        assertThat(result.out()).contains(loginFile().toString()).doesNotContain("typed-secret");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(loginFile())))
                .isEqualTo("rw-------");
        assertThat(Json.parse(Files.readString(loginFile()))).isEqualTo(Json.parse("""
                {"current":"default",
                 "profiles":{"default":{"issuer":"%s","client_id":"me","client_secret":"typed-secret"}}}""".formatted(server.issuer())));

        new CommandLineRun(folder).run("keys", "list");
        assertThat(clientAt(server)).isEqualTo("me");
    }

    @Test
    void stores_the_login_below_xdg_config_home() {
        new CommandLineRun(folder)
                .with("XDG_CONFIG_HOME", folder.resolve("xdg").toString())
                .with("JETON_CLIENT_SECRET", "s")
                .run("login", "--url", server.issuer(), "--client-id", "me");

        assertThat(folder.resolve("xdg/jeton/cli.json")).exists();
        assertThat(loginFile()).doesNotExist();
    }

    @Test
    void stores_no_login_that_the_server_refuses() {
        server.on("POST /oauth/token", 401, """
                {"error":"access_denied","error_description":"Unauthorized"}""");

        Result result = new CommandLineRun(folder)
                .with("JETON_CLIENT_SECRET", "wrong")
                .run("login", "--url", server.issuer(), "--client-id", "me");

        assertThat(result.exitCode()).isEqualTo(1);
        assertThat(result.err()).startsWith("jeton: cannot get a management token: Unauthorized\n");
        assertThat(loginFile()).doesNotExist();
    }

    @Test
    void forgets_the_login() throws IOException {
        store(loginFile(), server.issuer(), "of-login");

        assertThat(new CommandLineRun(folder).run("logout").exitCode()).isZero();
        assertThat(loginFile()).doesNotExist();
        assertThat(new CommandLineRun(folder).run("logout").out()).isEqualTo("Nobody was logged in.\n");
    }

    @Test
    void a_secret_does_not_print_itself() {
        assertThat(new Secret("abc")).hasToString("[secret]");
    }

    @Test
    void warns_of_plain_http_to_another_machine_only() {
        assertThat(ServerAddress.of("http://auth.example.com", Optional.empty()).isExposed())
                .isTrue();
        assertThat(ServerAddress.of("https://auth.example.com", Optional.empty())
                        .isExposed())
                .isFalse();
        assertThat(ServerAddress.of("http://127.0.0.1:8080", Optional.empty()).isExposed())
                .isFalse();
        assertThat(ServerAddress.of("http://127.0.0.1.example.com", Optional.empty())
                        .isExposed())
                .isTrue();
    }
}
