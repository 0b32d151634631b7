package dev.jeton.extension;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.jeton.MutableClock;
import dev.jeton.TestServer;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What code that means harm can do, inside bubblewrap and without: the cells of the table in docs/hooks.md. */
class HostileHookTest {
    private static final JsonMapper JSON = JsonMapper.shared();
    private static final String AUDIENCE = "https://api.example.com";
    private static final String REFUSED = "ERR_ACCESS_DENIED";

    @TestInstance(TestInstance.Lifecycle.PER_CLASS)
    abstract static class Sandbox {
        TestServer server;
        private JsonNode client;
        private String hookId;

        abstract Map<String, String> settings();

        @BeforeAll
        void start() {
            server = TestServer.start(settings());
            server.createApi(AUDIENCE, List.of("read"), Map.of());
            client = server.createClient("job", Map.of());
            server.createGrant(client.path("client_id").asString(), AUDIENCE, List.of("read"));
            JsonNode hook = server.managed(
                    "POST",
                    "hooks",
                    Map.of("name", "harm", "script", "1", "triggerId", "credentials-exchange", "enabled", true));
            hookId = hook.path("id").asString();
            server.managed("POST", "hooks/" + hookId + "/secrets", Map.of("WORD", "sesame"));
        }

        @AfterAll
        void stop() {
            if (server != null) {
                server.close();
            }
        }

        /** Whatever a Hook did, the server is well; the next one, of the next test, runs in a fresh process. */
        @AfterEach
        void the_server_is_well() {
            assertThat(server.get("health/ready").statusCode()).isEqualTo(200);
        }

        HttpResponse<String> run(String body) {
            server.managed(
                    "PATCH",
                    "hooks/" + hookId,
                    Map.of(
                            "script",
                            "module.exports = async function (client, scope, audience, context, cb) {\n" + body
                                    + "\n};"));
            return token();
        }

        HttpResponse<String> token() {
            return server.token(client, AUDIENCE);
        }

        /** The claim {@code result}. */
        String result(String body) {
            HttpResponse<String> response = run(body);
            assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
            String token = JSON.readTree(response.body()).path("access_token").asString();
            return JSON.readTree(Base64.getUrlDecoder().decode(token.split("\\.", -1)[1]))
                    .path("result")
                    .asString();
        }

        /** What that statement ended with: a code, or {@code done}. */
        String attempt(String statement) {
            return attempts(List.of(statement)).getFirst();
        }

        /** The same of several, one after the other in one call. */
        List<String> attempts(List<String> statements) {
            String tried = statements.stream()
                    .map(
                            "try { %s; result.push('done'); } catch (e) { result.push(e.code || e.message); }\n"
                                    ::formatted)
                    .collect(Collectors.joining());
            return List.of(result("const result = [];\n" + tried + "cb(null, {scope, result: result.join(' ')});")
                    .split(" ", -1));
        }

        void fails(String body) {
            HttpResponse<String> response = run(body);
            assertThat(response.statusCode()).as(response.body()).isEqualTo(500);
            assertThat(response.body()).contains("server_error").doesNotContain("sesame");
            JsonNode event = server.managed("GET", "logs?per_page=1", null).path(0);
            assertThat(event.path("type").asString()).isEqualTo("feccft");
            assertThat(event.path("details").path("reason").asString()).isNotEmpty();
            assertThat(event.toString()).doesNotContain("sesame");
            assertThat(result("cb(null, {scope, result: 'well'})")).isEqualTo("well");
        }

        /** Asks for a token with a parameter that the Hook sees in {@code context.body}. */
        CompletableFuture<HttpResponse<String>> tokenFor(String purpose) {
            Map<String, String> body = Map.of(
                    "grant_type",
                    "client_credentials",
                    "client_id",
                    client.path("client_id").asString(),
                    "client_secret",
                    client.path("client_secret").asString(),
                    "audience",
                    AUDIENCE,
                    "purpose",
                    purpose);
            return CompletableFuture.supplyAsync(() -> server.token(body));
        }

        String connect(String host, int port) {
            return result("""
                    const socket = require('net').connect({host: '%s', port: %d});
                    socket.setTimeout(300);
                    socket.on('timeout', () => { socket.destroy(); cb(null, {scope, result: 'no answer'}); });
                    socket.on('connect', () => { socket.destroy(); cb(null, {scope, result: 'connected'}); });
                    socket.on('error', (e) => cb(null, {scope, result: e.code}));""".formatted(host, port));
        }
    }

    abstract static class Harm extends Sandbox {
        @ParameterizedTest
        @ValueSource(strings = {"process.exit(0)", "while (true);"})
        void takes_only_the_calls_in_its_own_worker_with_it(String harm) throws Exception {
            run("""
                    const {purpose} = context.body;
                    if (purpose === 'harm') %s;
                    setTimeout(() => cb(null, {scope}), purpose === 'wait' ? 500 : 0);""".formatted(harm));
            List<CompletableFuture<HttpResponse<String>>> beside =
                    Stream.generate(() -> tokenFor("wait")).limit(4).toList();
            assertThat(tokenFor("harm").get().statusCode()).isEqualTo(500);
            for (CompletableFuture<HttpResponse<String>> one : beside) {
                HttpResponse<String> response = one.get();
                if (response.statusCode() != 200) {
                    assertThat(response.statusCode()).isEqualTo(500);
                    assertThat(response.body())
                            .containsAnyOf("The worker ended before it answered", "exceeded allowed execution time");
                }
            }
        }

        @Test
        void reads_no_file_of_the_server() throws Exception {
            Path one;
            try (Stream<Path> files = Files.walk(server.folder())) {
                one = files.filter(Files::isRegularFile).findFirst().orElseThrow();
            }
            assertThat(attempts(List.of(
                            "require('fs').readFileSync('" + one + "')",
                            "require('fs').readdirSync('" + server.folder() + "')")))
                    .containsOnly(REFUSED);
        }

        @Test
        void reads_nothing_else() {
            assertThat(attempts(Stream.of("/etc/passwd", "/proc/self/environ", "/proc/1/cmdline", "/proc/self/mem")
                            .map("require('fs').readFileSync('%s')"::formatted)
                            .toList()))
                    .hasSize(4)
                    .containsOnly(REFUSED);
        }

        /** Where Node.js brings a database, no permission guards its files. */
        @Test
        void opens_no_database() {
            assertThat(attempt("new (require('node:sqlite').DatabaseSync)('/tmp/jeton-hostile.db')"))
                    .isEqualTo("ERR_UNKNOWN_BUILTIN_MODULE");
        }

        @Test
        void lists_no_other_bundle() {
            assertThat(attempt("require('fs').readdirSync(require('path').join(__dirname, '..', '..'))"))
                    .isEqualTo(REFUSED);
        }

        @Test
        void finds_no_environment() {
            assertThat(result("cb(null, {scope, result: Object.keys(process.env).join(' ')})"))
                    .isIn("", "PWD");
        }

        @Test
        void writes_nothing() {
            assertThat(attempts(Stream.of("/tmp/jeton-hostile", "./here", "/dev/shm/jeton-hostile")
                            .map("require('fs').writeFileSync('%s', 'x')"::formatted)
                            .toList()))
                    .hasSize(3)
                    .containsOnly(REFUSED);
        }

        @Test
        void starts_nothing() {
            assertThat(attempts(List.of(
                            "require('child_process').execSync('id')",
                            "require('child_process').spawn('id')",
                            "new (require('worker_threads').Worker)('1', {eval: true})",
                            "process.dlopen({exports: {}}, '/usr/lib/x86_64-linux-gnu/libc.so.6')")))
                    .containsExactly(REFUSED, REFUSED, REFUSED, "ERR_DLOPEN_DISABLED");
        }

        @ParameterizedTest
        @ValueSource(
                strings = {
                    "while (true);",
                    "await new Promise(() => {});",
                    "const all = []; while (true) all.push({a: new Array(1000).fill(all.length)});",
                    "const all = []; while (true) all.push(Buffer.alloc(10 << 20, 1));",
                    "process.exit(0);",
                    "process.abort();",
                    "process.kill(process.pid, 'SIGKILL');",
                    "process._getActiveHandles().forEach((handle) => handle.destroy && handle.destroy());",
                })
        void that_never_answers_yields_no_token(String body) {
            fails(body);
        }

        @ParameterizedTest
        @ValueSource(
                strings = {
                    "{\"id\":\"000000000000000000000000\",\"claims\":{\"scope\":[\"admin\"]}}\\n",
                    "not json\\n",
                    "{\"surprise\":1}\\n",
                    "[]\\n",
                })
        void that_speaks_for_the_worker_ends_it(String line) {
            fails("process._getActiveHandles().forEach((handle) => handle.write && handle.write('" + line + "'));");
        }

        /** The call's own answer, changed on its way: whoever waits for it must not wait for ever. */
        @ParameterizedTest
        @ValueSource(strings = {"{\"a\":1}", "[null,{}]", "[-1e999]", "\"x\""})
        void that_alters_its_own_answer_gets_no_more_than_that(String ms) {
            HttpResponse<String> response = run("""
                    process._getActiveHandles().forEach((handle) => {
                      const write = handle.write;
                      if (write) Object.defineProperty(handle, 'write', {value: function (line, ...rest) {
                        return write.call(this, String(line).replace(/"ms":.*\\}/, '"ms":%s}'), ...rest);
                      }});
                    });
                    cb(null, {scope});""".formatted(ms));
            assertThat(response.statusCode()).isIn(200, 500);
            // What it said of its duration is not believed, so it was altered.
            assertThat(server.managed("GET", "logs?per_page=1", null)
                            .path(0)
                            .path("details")
                            .path("actions")
                            .toString())
                    .containsAnyOf("\"results\":[]", "\"duration_ms\":0.0", "The worker ended");
        }

        @Test
        void a_reply_of_100_MB_ends_the_worker() {
            fails("process._getActiveHandles().forEach((handle) => handle.write && "
                    + "handle.write(Buffer.alloc(100 << 20, 'x')));");
        }

        @Test
        void floods_of_output_go_nowhere() {
            assertThat(result("""
                    for (let i = 0; i < 2000; i++) {
                      process.stdout.write('x'.repeat(10000));
                      process.stderr.write('x'.repeat(10000));
                      console.log('x'.repeat(10000));
                    }
                    cb(null, {scope, result: 'done'});""")).isEqualTo("done");
        }

        @Test
        void ten_thousand_sockets_are_more_than_it_gets() {
            assertThat(result("""
                    const net = require('net');
                    const codes = await Promise.all(Array.from({length: 10000}, () => new Promise((resolve) => {
                      const server = net.createServer().on('error', (e) => resolve(e.code));
                      server.listen(0, '127.0.0.1', () => resolve('open'));
                    })));
                    cb(null, {scope, result: codes.filter((code) => code === 'open').length < 256 ? 'few' : 'many'});""")).isEqualTo("few");
        }

        @ParameterizedTest
        @MethodSource("patches")
        void spoils_no_other_call(String patch) {
            run(patch + "; cb(null, {scope, result: 'patched'});");
            HttpResponse<String> next = token();
            assertThat(next.statusCode()).isEqualTo(200);
            assertThat(JSON.readTree(next.body()).path("scope").asString()).isEqualTo("read");
        }

        static Stream<String> patches() {
            return Stream.of(
                    "JSON.stringify = () => '{}'; JSON.parse = () => ({})",
                    "Object.prototype.scope = ['admin']; Object.prototype.toJSON = () => 'x'",
                    "Array.prototype.push = () => 0; Map.prototype.get = () => 1; String.prototype.indexOf = () => -1",
                    "process.exit = () => {}; globalThis.setTimeout = () => {}");
        }
    }

    @Nested
    class InsideBubblewrap extends Harm {
        @Override
        Map<String, String> settings() {
            assumeTrue(Files.isExecutable(Path.of("/usr/bin/bwrap")), "bubblewrap is not installed");
            return Map.of(
                    "JETON_HOOKS_DEADLINE", "2s", "JETON_HOOKS_MEMORY", "64MiB", "JETON_HOOKS_SANDBOX", "require");
        }

        @Test
        void sees_no_process_of_the_server() {
            assertThat(attempt("process.kill(" + ProcessHandle.current().pid() + ", 0)"))
                    .isEqualTo("ESRCH");
            assertThat(result("cb(null, {scope, result: String(process.ppid)})"))
                    .isEqualTo("1");
        }

        @Test
        void killing_its_parent_ends_no_more_than_itself() {
            run("process.kill(process.ppid, 'SIGKILL'); cb(null, {scope})");
        }

        @Test
        void reaches_the_network_and_so_the_server() {
            assertThat(connect("127.0.0.1", server.port())).isEqualTo("connected");
        }
    }

    @Nested
    class InsideBubblewrapWithoutNetwork extends Sandbox {
        @Override
        Map<String, String> settings() {
            assumeTrue(Files.isExecutable(Path.of("/usr/bin/bwrap")), "bubblewrap is not installed");
            return Map.of("JETON_HOOKS_DEADLINE", "2s", "JETON_HOOKS_MEMORY", "64MiB", "JETON_HOOKS_NETWORK", "false");
        }

        @Test
        void reaches_nobody() {
            assertThat(connect("127.0.0.1", server.port())).isEqualTo("ECONNREFUSED");
            assertThat(connect("169.254.169.254", 80)).isEqualTo("ENETUNREACH");
            assertThat(connect("203.0.113.1", 80)).isEqualTo("ENETUNREACH");
        }
    }

    @Nested
    class WithFlagsAlone extends Harm {
        @Override
        Map<String, String> settings() {
            return Map.of("JETON_HOOKS_DEADLINE", "2s", "JETON_HOOKS_MEMORY", "64MiB", "JETON_HOOKS_SANDBOX", "off");
        }

        @Test
        void could_signal_the_server() {
            assertThat(attempt("process.kill(" + ProcessHandle.current().pid() + ", 0)"))
                    .isEqualTo("done");
        }

        @Test
        void reaches_the_network_and_so_the_server() {
            assertThat(connect("127.0.0.1", server.port())).isEqualTo("connected");
        }
    }

    /** Safe rather than obliging: what cannot be had here is not done without. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "no node    | Hooks and Actions run in Node.js 20.9 or newer, which is not on the PATH of the server",
                "required   | hooks.sandbox is \"require\", but bubblewrap (bwrap) does not work here",
                "no network | hooks.network is off, which takes bubblewrap (bwrap), and it does not work here",
            })
    void runs_no_hook_where_its_sandbox_cannot_be_had(
            String lacking, String obstacle, @TempDir Path programs, @TempDir Path data) throws Exception {
        JsonNode client;
        String hook;
        Map<String, Object> enabled =
                Map.of("name", "one", "script", "1", "triggerId", "credentials-exchange", "enabled", true);
        try (TestServer server = TestServer.startOn(data, Map.of(), new MutableClock(TestServer.START))) {
            server.createApi(AUDIENCE, List.of("read"), Map.of());
            client = server.createClient("job", Map.of());
            server.createGrant(client.path("client_id").asString(), AUDIENCE, List.of("read"));
            hook = server.managed("POST", "hooks", enabled).path("id").asString();
        }
        if (!lacking.equals("no node")) {
            Files.createSymbolicLink(programs.resolve("node"), Path.of("/usr/bin/node"));
        }
        Map<String, String> settings = Map.of(
                "PATH",
                programs.toString(),
                "JETON_HOOKS_SANDBOX",
                lacking.equals("required") ? "require" : "auto",
                "JETON_HOOKS_NETWORK",
                String.valueOf(!lacking.equals("no network")));
        try (TestServer server = TestServer.startOn(data, settings, new MutableClock(TestServer.START))) {
            HttpResponse<String> token = server.token(client, AUDIENCE);
            assertThat(token.statusCode()).isEqualTo(500);
            assertThat(token.body()).contains("The Hook or Action cannot be run");

            for (HttpResponse<String> refused : List.of(
                    server.manage(
                            "POST", "hooks", Map.of("name", "two", "script", "1", "triggerId", "credentials-exchange")),
                    server.manage("POST", "hooks/" + hook + "/test", Map.of("payload", Map.of())))) {
                assertThat(refused.statusCode()).isEqualTo(400);
                assertThat(refused.body()).contains("hooks_not_supported");
                assertThat(JSON.readTree(refused.body()).path("message").asString())
                        .startsWith(obstacle);
            }
            server.managed("PATCH", "hooks/" + hook, Map.of("enabled", false));
            assertThat(server.token(client, AUDIENCE).statusCode()).isEqualTo(200);
            assertThat(server.manage("PATCH", "hooks/" + hook, Map.of("enabled", true))
                            .statusCode())
                    .isEqualTo(400);
        }
    }
}
