package dev.jeton.samples.timesheets.upload;

import static dev.jeton.samples.timesheets.upload.JobRun.entries;
import static org.assertj.core.api.Assertions.assertThat;

import dev.jeton.samples.timesheets.upload.JobRun.Result;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The environment and the command line as people set them. */
class SettingsTest {
    private static final Map<String, String> COMPLETE = Map.of(
            "JETON_ISSUER", "https://auth.example.com/",
            "JETON_CLIENT_ID", "import-job",
            "JETON_CLIENT_SECRET", "precious");

    @TempDir
    Path folder;

    private Result run(Map<String, String> environment) {
        return new JobRun(folder, environment).upload(entries(1));
    }

    private Result runWith(String name, String value) {
        Map<String, String> environment = new HashMap<>(COMPLETE);
        environment.put(name, value);
        return run(environment);
    }

    @Test
    void names_all_that_is_missing_and_what_to_put_there() {
        Result result = run(Map.of("JETON_CLIENT_ID", " "));

        assertThat(result.exitCode()).isEqualTo(2);
        assertThat(result.err()).isEqualTo("""
                timesheets-import: set in the environment:
                  JETON_ISSUER: the URL of the Jeton server, as https://auth.example.com/
                  JETON_CLIENT_ID: the client id of this job; jeton apps list shows it, jeton apps create makes a new one
                  JETON_CLIENT_SECRET_FILE: a file with the secret of that client; or JETON_CLIENT_SECRET, the secret itself
                """);
    }

    @Test
    void has_defaults_for_the_api() {
        Settings settings = Settings.of(COMPLETE);

        assertThat(settings.audience()).isEqualTo("https://timesheets.example.com");
        assertThat(settings.api()).isEqualTo(URI.create("http://127.0.0.1:8081"));
        assertThat(settings.toString()).doesNotContain("precious");
    }

    @ParameterizedTest
    @CsvSource({
        "https://timesheets.example.com/, https://timesheets.example.com",
        "https://example.com/api, https://example.com/api",
        "http://localhost:8081/, http://localhost:8081",
        "http://[::1]:8081, http://[::1]:8081"
    })
    void takes_the_address_of_the_api_with_and_without_a_slash(String given, URI api) {
        assertThat(Settings.of(Map.of(
                                "JETON_ISSUER", "https://auth.example.com/",
                                "JETON_CLIENT_ID", "c",
                                "JETON_CLIENT_SECRET", "s",
                                "TIMESHEETS_URL", given))
                        .api())
                .isEqualTo(api);
    }

    @ParameterizedTest
    @CsvSource({
        "TIMESHEETS_URL, http://timesheets.example.com, anybody on the way could read and use the token",
        "TIMESHEETS_URL, ftp://127.0.0.1/, is an https URL",
        "TIMESHEETS_URL, timesheets.example.com, TIMESHEETS_URL is not a URL",
        "TIMESHEETS_URL, https://user:precious@example.com, TIMESHEETS_URL is not a URL",
        "TIMESHEETS_URL, https://example.com/?precious, TIMESHEETS_URL is not a URL",
        "JETON_ISSUER, auth.example.com, JETON_ISSUER is not a URL",
        "JETON_ISSUER, https://auth example.com/, JETON_ISSUER is not a URL",
        "JETON_ISSUER, http://auth.example.com/, anybody on the way could read the client secret",
        "JETON_ISSUER, https://auth.example.com/#precious, JETON_ISSUER is not a URL",
        "JETON_ISSUER, ftp://auth.example.com/, unlike the one given",
        "TIMESHEETS_URL, https://example.com/#precious, TIMESHEETS_URL is not a URL",
        "JETON_CLIENT_ID, 'import-job ', the client id is blank",
        "TIMESHEETS_AUDIENCE, ' urn:api', the audience is blank",
        "JETON_CLIENT_SECRET_FILE, /run/secret, 'set JETON_CLIENT_SECRET or JETON_CLIENT_SECRET_FILE, not both'"
    })
    void refuses_a_setting_that_is_of_no_use(String name, String value, String reason) {
        Result result = runWith(name, value);

        assertThat(result.exitCode()).isEqualTo(2);
        assertThat(result.err()).contains(reason).doesNotContain("precious");
    }

    @Test
    void reads_the_secret_from_a_file_without_its_line_end() throws IOException {
        try (FakeServers servers = new FakeServers()) {
            Path file = folder.resolve("secret");
            Files.writeString(file, "the-secret-of-the-job\r\n");
            Map<String, String> environment = new HashMap<>(servers.environment());
            environment.remove("JETON_CLIENT_SECRET");
            environment.put("JETON_CLIENT_SECRET_FILE", file.toString());

            assertThat(run(environment).exitCode()).isZero();
        }
    }

    @ParameterizedTest
    @CsvSource({
        "'', the client secret is empty",
        "' \n', the client secret is empty",
        "'precious\nprecious\n', holds a line end",
        "LONG, is too long for a secret"
    })
    void refuses_a_secret_file_that_holds_none(String content, String reason) throws IOException {
        Path file = folder.resolve("secret");
        Files.writeString(file, content.equals("LONG") ? "precious".repeat(1000) : content);
        Map<String, String> environment = new HashMap<>(COMPLETE);
        environment.remove("JETON_CLIENT_SECRET");
        environment.put("JETON_CLIENT_SECRET_FILE", file.toString());

        Result result = run(environment);

        assertThat(result.exitCode()).isEqualTo(2);
        assertThat(result.err()).contains("JETON_CLIENT_SECRET_FILE: ", reason).doesNotContain("precious");
    }

    @Test
    void says_that_the_secret_file_cannot_be_read() {
        Map<String, String> environment = new HashMap<>(COMPLETE);
        environment.remove("JETON_CLIENT_SECRET");
        environment.put("JETON_CLIENT_SECRET_FILE", folder.resolve("missing").toString());

        assertThat(run(environment).err()).contains("JETON_CLIENT_SECRET_FILE: cannot read");
    }

    @Test
    void explains_itself() {
        Result result = new JobRun(folder, Map.of()).run("--help");

        assertThat(result.exitCode()).isZero();
        assertThat(result.out())
                .contains("Usage: java -jar timesheets-import.jar", "TIMESHEETS_URL", "Exit code: 0")
                .doesNotContain("\t");
        assertThat(result.out().lines()).allMatch(line -> line.length() <= 120);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "--verbose", "a.csv b.csv", "--skip-invalid a.csv", "--verbos", "-h"})
    void refuses_another_command_line(String line) {
        Result result = new JobRun(folder, COMPLETE).run(line.isEmpty() ? new String[0] : line.split(" "));

        assertThat(result.exitCode()).isEqualTo(2);
        assertThat(result.err()).contains("--help");
    }
}
