package dev.jeton.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.jeton.cli.CommandLineRun.Result;
import dev.jeton.cli.FakeServer.Reply;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.http.HttpRequest;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RefusalTest {
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
    void names_the_scope_a_refused_call_needs() {
        server.on("GET /api/v2/keys/signing", 403, """
                {"statusCode":403,"error":"Forbidden","errorCode":"insufficient_scope",
                 "message":"Insufficient scope, expected any of: read:signing_keys,read:keys"}""");

        assertThat(jeton("keys", "list")).isEqualTo(new Result(1, "", """
                        jeton: cannot list the signing keys: Insufficient scope, expected any of: read:signing_keys,read:keys
                          grant application cli-client the scope read:signing_keys or read:keys for the API %sapi/v2/
                        """.formatted(server.issuer())));
    }

    @Test
    void says_where_refused_credentials_came_from() {
        server.on("POST /oauth/token", 401, """
                {"error":"access_denied","error_description":"Unauthorized"}""");

        assertThat(jeton("keys", "list").err()).isEqualTo("""
                        jeton: cannot get a management token: Unauthorized
                          check client id cli-client and its secret, from options and environment; jeton login stores new ones
                        """);
    }

    @Test
    void waits_for_no_answer_for_ever_that_begins_and_does_not_end() throws Exception {
        try (ServerSocket stalling = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                ExecutorService thread = Executors.newVirtualThreadPerTaskExecutor()) {
            Future<Socket> begun = thread.submit(() -> {
                Socket connection = stalling.accept();
                connection
                        .getOutputStream()
                        .write("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
                return connection;
            });
            String url = "http://127.0.0.1:" + stalling.getLocalPort() + "/";
            Progress untold = new Progress(new Output(System.err, false), false, Progress.Seconds::pass);
            JetonServer server = new JetonServer(ServerAddress.of(url, Optional.empty()), untold);
            HttpRequest request = server.request(ApiPath.of("api/v2/keys/signing"))
                    .timeout(Duration.ofMillis(300))
                    .build();

            assertThatExceptionOfType(Failure.class)
                    .isThrownBy(() -> server.send("list the signing keys", request))
                    .withMessage("cannot list the signing keys: no answer from " + url + " in time")
                    .matches(failure -> failure.exitCode() == 3);
            begun.get().close();
        }
    }

    @Test
    void asks_whether_the_server_is_running_when_nothing_listens() {
        String issuer = server.issuer();
        server.close();

        Result result = jeton("keys", "list");

        assertThat(result.exitCode()).isEqualTo(3);
        assertThat(result.err()).endsWith("  is the server running at " + issuer + "? start it with ./jeton serve\n");
    }

    @Test
    void points_to_the_help_where_the_server_does_not_take_a_value() {
        server.on("POST /api/v2/clients", 400, """
                {"statusCode":400,"message":"No enum match for: x on property app_type.","errorCode":"invalid_body"}""");

        assertThat(jeton("apps", "create", "A", "--type", "x").err()).endsWith("\n  see jeton apps create --help\n");
    }

    @Test
    void says_when_to_try_again() {
        server.on(
                "GET /api/v2/keys/signing",
                _ -> new Reply(
                        429,
                        "{\"statusCode\":429,\"message\":\"Global limit has been reached\"}",
                        Map.of("Retry-After", "7")));

        Result result = jeton("keys", "list");

        assertThat(result.exitCode()).isEqualTo(3);
        assertThat(result.err()).endsWith("  try again in 7 seconds\n");
    }

    @Test
    void tells_a_server_that_is_not_ready_from_one_that_refuses() {
        server.on("GET /api/v2/keys/signing", 503, """
                {"statusCode":503,"message":"The server is starting; try again","errorCode":"temporarily_unavailable"}""");
        server.on("POST /api/v2/backups", 503, "<html>Service Unavailable</html>");
        server.on("POST /api/v2/hooks/x/test", 503, """
                {"statusCode":503,"message":"npm is not on the server's PATH","errorCode":"npm_not_found"}""");
        server.on("GET /api/v2/hooks", 200, "{\"hooks\":[{\"id\":\"x\"}]}");

        assertThat(jeton("keys", "list").exitCode()).isEqualTo(3);
        assertThat(jeton("backup").exitCode()).isEqualTo(3);
        assertThat(jeton("hooks", "test", "x").exitCode()).isEqualTo(1);
    }

    @Test
    void says_all_of_it_in_json_for_a_script() {
        server.on("GET /api/v2/keys/signing", 403, """
                {"statusCode":403,"error":"Forbidden","errorCode":"insufficient_scope",
                 "message":"Insufficient scope, expected any of: read:signing_keys"}""");

        assertThat(jeton("keys", "list", "--json")).isEqualTo(new Result(1, "", """
                        {"error":"refused",\
                        "message":"cannot list the signing keys: Insufficient scope, expected any of: read:signing_keys",\
                        "fix":"grant application cli-client the scope read:signing_keys for the API %sapi/v2/",\
                        "code":"insufficient_scope","exit_code":1}
                        """.formatted(server.issuer())));
        assertThat(jeton("apps", "list", "--jsn", "--json").err()).isEqualTo("""
                        {"error":"wrong_usage","message":"there is no option '--jsn'; did you mean --json?",\
                        "fix":"see jeton apps list --help","code":null,"exit_code":2}
                        """);
        assertThat(jeton("apps", "--json").err()).isEqualTo("""
                        {"error":"wrong_usage","message":"there is no command given to jeton apps",\
                        "fix":"see jeton apps --help","code":null,"exit_code":2}
                        """);
    }

    @Test
    void names_the_request_when_the_server_failed() {
        server.on(
                "GET /api/v2/keys/signing",
                _ -> new Reply(
                        500,
                        "{\"statusCode\":500,\"error\":\"Internal Server Error\",\"message\":\"Internal\"}",
                        Map.of("X-Auth0-RequestId", "0123456789abcdef0123")));

        assertThat(jeton("keys", "list").err())
                .isEqualTo("jeton: cannot list the signing keys: Internal (request 0123456789abcdef0123)\n");
    }

    @Test
    void does_not_take_a_web_page_for_an_answer() {
        server.on("GET /api/v2/keys/signing", 502, "<html>Bad Gateway</html>");

        assertThat(jeton("keys", "list").err())
                .contains("answered 502, and not with JSON")
                .doesNotContain("<html>");
    }

    @Test
    void follows_no_redirect_with_its_credentials() {
        server.on("POST /oauth/token", _ -> new Reply(307, "{}", Map.of("Location", "/elsewhere")));

        assertThat(jeton("keys", "list").exitCode()).isEqualTo(1);
        assertThat(server.calls()).isEmpty();
    }

    @Test
    void escapes_control_characters_in_the_servers_words() {
        server.on("GET /api/v2/keys/signing", 400, "{\"message\":\"\\u001b[2Jgone\\nsecond line\"}");

        assertThat(jeton("keys", "list").err())
                .isEqualTo("jeton: cannot list the signing keys: \\u001b[2Jgone\\nsecond line\n");
    }

    @Test
    void names_the_nearest_option_and_command() {
        assertThat(jeton("apps", "list", "--jsn")).isEqualTo(new Result(2, "", """
                        jeton: there is no option '--jsn'; did you mean --json?
                          see jeton apps list --help
                        """));
        assertThat(jeton("aps", "list").err())
                .startsWith("jeton: there is no command 'aps'; did you mean jeton ")
                .contains("jeton apps")
                .doesNotContain("'list'");
        assertThat(jeton("xyzzy").err()).isEqualTo("""
                        jeton: there is no command 'xyzzy'
                          see jeton --help
                        """);
        assertThat(jeton("apps", "list", "more").err()).isEqualTo("""
                        jeton: 'more' is one argument too many
                          see jeton apps list --help
                        """);
    }
}
