package dev.jeton.samples.timesheets.api;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The API as it is started from a shell: its settings come from the environment, and what it says is seen. */
@Timeout(120)
class ProcessTest {
    @TempDir
    private Path folder;

    private final List<Process> started = new ArrayList<>();

    private Process start(Map<String, String> environment) throws IOException {
        ProcessBuilder builder = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "--enable-native-access=ALL-UNNAMED",
                        "-XX:TieredStopAtLevel=1",
                        "-cp",
                        System.getProperty("java.class.path"),
                        TimesheetsApi.class.getName())
                .directory(folder.toFile())
                .redirectError(folder.resolve("stderr").toFile());
        builder.environment().remove("JETON_ISSUER");
        builder.environment().putAll(environment);
        Process process = builder.start();
        started.add(process);
        return process;
    }

    private List<String> stderr() {
        try {
            return Files.readAllLines(folder.resolve("stderr"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @AfterEach
    void stop() {
        started.forEach(Process::destroyForcibly);
    }

    @Test
    void says_in_one_line_when_it_is_ready_and_nothing_else() throws Exception {
        Process process = start(Map.of("JETON_ISSUER", "http://127.0.0.1:1/", "TIMESHEETS_PORT", "0"));
        try (BufferedReader stdout = process.inputReader()) {
            String line = stdout.readLine();

            assertThat(line).matches("Timesheets API is ready at http://127\\.0\\.0\\.1:[1-9][0-9]*/");
            URI api = URI.create(line.substring(line.indexOf("http")));
            HttpResponse<String> answer = HttpClient.newHttpClient()
                    .send(
                            HttpRequest.newBuilder(api.resolve("timesheets")).build(),
                            HttpResponse.BodyHandlers.ofString());
            assertThat(answer.statusCode()).isEqualTo(401);
            assertThat(folder.resolve("timesheets.db")).exists();
            process.toHandle().destroy(); // Process.destroy would close the streams here
            assertThat(stdout.readLine()).isNull();
            assertThat(stderr()).isEmpty();
        }
    }

    @Test
    void does_not_start_without_an_issuer_and_says_so_in_one_sentence() throws Exception {
        Process process = start(Map.of("TIMESHEETS_PORT", "0"));

        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).isEqualTo(1);
        assertThat(process.inputReader().readLine()).isNull();
        assertThat(stderr()).singleElement().asString().startsWith("Set JETON_ISSUER ");
    }
}
