package dev.jeton;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.json.JsonMapper;

/** What the kernel saw of one token: its record was written and synced before its answer was. */
class DurabilityTest {
    private static final JsonMapper JSON = JsonMapper.shared();
    private static final Pattern CALL = Pattern.compile("(?<thread>\\d+) +(?<text>.*)");
    private static final Pattern SYNC = Pattern.compile("f(data)?sync\\(\\d+<[^>]*/audit/audit-[^>]*-wal>.*");
    private static final Pattern SYNC_ENDS =
            Pattern.compile("(f(data)?sync\\(.*|<\\.\\.\\. f(data)?sync resumed>.*)= 0");

    @Test
    void the_record_of_a_token_is_synced_before_its_answer_is_written(@TempDir Path folder) throws Exception {
        assumeThat(canTrace()).as("strace is installed and may trace").isTrue();
        Path trace = folder.resolve("trace");
        Process strace = serveUnderStrace(folder.resolve("data"), trace);
        String requestId;
        try (BufferedReader out = strace.inputReader(StandardCharsets.UTF_8)) {
            String issuer = issuer(out);
            requestId = getToken(issuer, CliCredentials.of(folder.resolve("data/cli.json")));
        } finally {
            strace.children().forEach(ProcessHandle::destroy);
            assertThat(strace.waitFor(30, TimeUnit.SECONDS)).isTrue();
        }

        requireSyncBeforeAnswer(Files.readAllLines(trace, StandardCharsets.ISO_8859_1), requestId);
    }

    private static boolean canTrace() throws InterruptedException {
        try {
            return new ProcessBuilder("strace", "-f", "-o", "/dev/null", "true")
                            .redirectErrorStream(true)
                            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                            .start()
                            .waitFor()
                    == 0;
        } catch (IOException _) {
            return false;
        }
    }

    private static Process serveUnderStrace(Path data, Path trace) throws IOException {
        ProcessBuilder builder = new ProcessBuilder(
                "strace",
                "-f",
                "--seccomp-bpf",
                "-y",
                "-s",
                "8192",
                "-e",
                "trace=fsync,fdatasync,write,writev,pwrite64,sendto,sendmsg",
                "-o",
                trace.toString(),
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--enable-native-access=ALL-UNNAMED",
                "--sun-misc-unsafe-memory-access=allow",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                "dev.jeton.Main",
                "serve");
        builder.environment().keySet().removeIf(name -> name.startsWith("JETON_"));
        builder.environment().put("JETON_DATA", data.toString());
        builder.environment().put("JETON_PORT", "0");
        builder.environment().put("JETON_EVENT_LOOPS", "1");
        return builder.redirectErrorStream(true).start();
    }

    private static String issuer(BufferedReader out) throws IOException {
        StringBuilder heard = new StringBuilder();
        for (String line = out.readLine(); line != null; line = out.readLine()) {
            if (line.startsWith("Jeton is ready at ")) {
                return line.substring("Jeton is ready at ".length());
            }
            heard.append(line).append('\n');
        }
        throw new AssertionError("the server did not start:\n" + heard);
    }

    private static String getToken(String issuer, CliCredentials client) throws IOException, InterruptedException {
        try (HttpClient http =
                HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build()) {
            HttpResponse<String> response = http.send(
                    HttpRequest.newBuilder(URI.create(issuer + "oauth/token"))
                            .header("content-type", "application/json")
                            .POST(BodyPublishers.ofString(JSON.writeValueAsString(Map.of(
                                    "grant_type",
                                    "client_credentials",
                                    "client_id",
                                    client.clientId(),
                                    "client_secret",
                                    client.clientSecret(),
                                    "audience",
                                    issuer + "api/v2/"))))
                            .build(),
                    BodyHandlers.ofString());
            assertThat(response.statusCode()).isEqualTo(200);
            return response.headers().firstValue("X-Auth0-RequestId").orElseThrow();
        }
    }

    private static void requireSyncBeforeAnswer(List<String> trace, String requestId) {
        int recorded = find(
                trace,
                0,
                "the record is written",
                line -> line.contains("/audit/audit-") && line.contains("-wal>") && line.contains(requestId));
        int syncBegins = find(
                trace,
                recorded + 1,
                "its file is synced",
                line -> SYNC.matcher(text(line)).matches());
        String thread = thread(trace.get(syncBegins));
        int synced = find(
                trace,
                syncBegins,
                "the sync returns 0",
                line -> thread(line).equals(thread)
                        && SYNC_ENDS.matcher(text(line)).matches());
        int answered = find(
                trace, 0, "the answer is written", line -> line.contains("HTTP/1.1 200") && line.contains(requestId));

        assertThat(answered)
                .as(trace.get(synced) + "\nis before\n" + trace.get(answered))
                .isGreaterThan(synced);
    }

    private static int find(List<String> trace, int from, String what, Predicate<String> isIt) {
        for (int i = from; i < trace.size(); i++) {
            if (isIt.test(trace.get(i))) {
                return i;
            }
        }
        throw new AssertionError("not in the trace: " + what);
    }

    private static String thread(String line) {
        Matcher call = CALL.matcher(line);
        return call.matches() ? call.group("thread") : "";
    }

    private static String text(String line) {
        Matcher call = CALL.matcher(line);
        return call.matches() ? call.group("text") : "";
    }
}
