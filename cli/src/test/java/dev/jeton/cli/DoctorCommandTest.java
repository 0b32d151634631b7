package dev.jeton.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jeton.cli.CommandLineRun.Result;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Base64;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

/** A server as seen from another machine: well, and broken in one way after the other. */
class DoctorCommandTest {
    @TempDir
    private Path folder;

    private final FakeServer server = new FakeServer();

    @BeforeEach
    void beWell() {
        server.on("GET /health/ready", 200, "{\"status\":\"ok\"}")
                .on("GET /.well-known/oauth-authorization-server", 200, """
                        {"issuer":"%1$s","jwks_uri":"%1$s.well-known/jwks.json"}""".formatted(server.issuer()))
                .on("GET /.well-known/jwks.json", 200, "{\"keys\":[{},{}]}");
        issue(CommandLineRun.NOW, "read:clients create:clients");
    }

    @AfterEach
    void stop() {
        server.close();
    }

    private void issue(Instant at, String scope) {
        String claims =
                Json.compact(Json.object().put("iat", at.getEpochSecond()).put("scope", scope));
        server.on(
                "POST /oauth/token",
                200,
                Json.compact(Json.object().put("access_token", base64("{}") + "." + base64(claims) + ".c2ln")));
    }

    private static String base64(String json) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(json.getBytes(StandardCharsets.UTF_8));
    }

    private Result doctor() {
        return CommandLineRun.against(server, folder).run("doctor");
    }

    private void assertFailure(String check, String text, String cure) {
        Result result = doctor();
        assertThat(result.exitCode()).isEqualTo(1);
        assertThat(result.out()).containsPattern("\nfail  " + check + " +.*" + text + ".*\n +cure: .*" + cure);
    }

    @Test
    void all_is_well() {
        Result result = doctor();

        assertThat(result.exitCode()).isZero();
        assertThat(result.out())
                .startsWith("ok    url           " + server.issuer() + "\n")
                .contains(
                        "\nok    name          127.0.0.1 is 127.0.0.1\n",
                        "\nok    issuer        is the URL\n",
                        "\nok    keys          2 in ",
                        "\nok    credentials   accepted: cli-client, from options and environment\n",
                        "\nok    scopes        2: read:clients create:clients\n",
                        "\nok    clock         the server's and this machine's differ by 0 s\n")
                .endsWith("\n0 failed, 0 to look at, 9 well.\n")
                .doesNotContain(CommandLineRun.SECRET);
    }

    @Test
    void for_programs_it_is_json() {
        server.on("GET /health/ready", 503, "{\"status\":\"unavailable\",\"reasons\":[\"the disk is full\"]}");

        JsonNode report = Json.parse(
                CommandLineRun.against(server, folder).run("doctor", "--json").out());

        assertThat(report.path("ok").asBoolean()).isFalse();
        assertThat(report.path("findings").get(3)).isEqualTo(Json.parse("""
                {"check":"health","level":"fail","text":"the server is not ready: the disk is full",
                 "cure":"run ./jeton doctor on its machine"}"""));
    }

    @Test
    void a_name_without_an_address_and_a_port_without_a_server() throws IOException {
        String free;
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            free = "http://127.0.0.1:" + socket.getLocalPort();
        }

        assertThat(new CommandLineRun(folder)
                        .run("doctor", "--url", "https://jeton.invalid")
                        .out())
                .containsPattern("\nfail  name +jeton.invalid has no address here\n +cure: ")
                .doesNotContain("connection");
        Result refused = new CommandLineRun(folder).run("doctor", "--url", free);
        assertThat(refused.exitCode()).isEqualTo(3);
        assertThat(refused.out())
                .containsPattern("\nfail  connection +port \\d+ of 127.0.0.1: Connection refused\n +cure: ");
    }

    @Test
    void without_credentials_the_rest_is_looked_at() {
        Result result = new CommandLineRun(folder).run("doctor", "--url", server.issuer());

        assertThat(result.exitCode()).isZero();
        assertThat(result.out())
                .startsWith("warn  credentials   no server known")
                .contains("\nok    keys ");
    }

    @Test
    void something_else_answers_there() {
        server.on("GET /health/ready", 404, "{}");

        assertFailure("health", "answered with 404, and not by Jeton", "what proxy is in front");
    }

    @Test
    void the_issuer_is_another_than_the_url() {
        server.on(
                "GET /.well-known/oauth-authorization-server",
                200,
                "{\"issuer\":\"https://auth.example.com/\",\"jwks_uri\":\"https://auth.example.com/.well-known/jwks.json\"}");

        assertFailure(
                "issuer", "is https://auth.example.com/, and the URL is " + server.issuer(), "use the issuer as URL");
    }

    @Test
    void there_are_no_keys() {
        server.on("GET /.well-known/jwks.json", 200, "{\"keys\":[]}");

        assertFailure("keys", "none in ", "on its machine");
    }

    @Test
    void the_credentials_are_refused_or_good_for_nothing() {
        issue(CommandLineRun.NOW, "");
        assertThat(doctor().out()).containsPattern("\nwarn  scopes +none at .*\n +cure: ");

        server.on("POST /oauth/token", 401, "{\"error\":\"access_denied\",\"error_description\":\"Unauthorized\"}");
        assertFailure("credentials", "refused: Unauthorized", "jeton login");
    }

    @ParameterizedTest
    @CsvSource({"-1, ok", "2, ok", "-30, warn", "30, warn", "-90, fail", "90, fail"})
    void the_clock_of_the_server_is_told_by_its_token(long seconds, String level) {
        issue(CommandLineRun.NOW.plusSeconds(seconds), "read:clients");

        assertThat(doctor().out()).contains("\n" + level + " ".repeat(6 - level.length()) + "clock ");
    }
}
