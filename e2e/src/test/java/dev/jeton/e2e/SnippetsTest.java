package dev.jeton.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.jeton.e2e.Jeton.Result;
import dev.jeton.verifier.AccessToken;
import dev.jeton.verifier.AccessTokenVerifier;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The folder snippets: what {@code jeton snippet} prints is run as it is, with values that try to break out of their quotes. */
class SnippetsTest {
    private static final Path HOME =
            Path.of(System.getProperty("jeton.home", "..")).toAbsolutePath().normalize();
    private static final String HOSTILE = "'\"\\ $HOME ${HOME} $(id) `id` #{1} #$0 %s \\u0022 \\(1) ü€😀 ?> */ JSON ";
    private static final String API = "urn:orders " + HOSTILE + "{{client_secret}}\\";
    private static final String SECRET = "secret " + HOSTILE + "{{audience}}\\";
    private static final Pattern TOKEN = Pattern.compile("eyJ[\\w-]+\\.[\\w-]+\\.[\\w-]+");
    private static final String READY = "The API is ready at ";

    @TempDir
    private static Path folder;

    private static Jeton user;
    private static RunningServer server;
    private static String reader;
    private static String readersToken;
    private static String writersToken;

    /** What a program is run with; the file's name comes last. */
    private static final Map<String, List<String>> TOOLCHAINS = Map.of(
            "curl", List.of("sh"),
            "go", List.of("go", "run"),
            "java",
                    List.of(
                            Path.of(System.getProperty("java.home"), "bin", "java")
                                    .toString(),
                            "-XX:TieredStopAtLevel=1",
                            "-XX:+UseSerialGC"),
            "node", List.of("node"),
            "php", List.of("php"),
            "python", List.of("python3"),
            "ruby", List.of("ruby"));

    @BeforeAll
    static void start() {
        user = new Jeton(folder).with(ManagementApi.BOOTSTRAP);
        server = user.start("serve", "--port", "0", "--data", "data");
        ManagementApi management = new ManagementApi(server.issuer());
        management.post(
                "resource-servers",
                Map.of(
                        "identifier",
                        API,
                        "scopes",
                        List.of(Map.of("value", "read:orders"), Map.of("value", "write:orders"))));
        reader = application(management, "Reader of orders", "read:orders");
        readersToken = management.token(reader, SECRET, API);
        writersToken = management.token(application(management, "Writer of orders", "write:orders"), SECRET, API);
    }

    private static String application(ManagementApi management, String name, String scope) {
        String id = management
                .post("clients", Map.of("name", name, "app_type", "non_interactive", "client_secret", SECRET))
                .path("client_id")
                .asString();
        management.post("client-grants", Map.of("client_id", id, "audience", API, "scope", List.of(scope)));
        return id;
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    private static Stream<JsonNode> index() throws IOException {
        return JsonMapper.shared().readTree(Files.readString(HOME.resolve("snippets/index.json"))).values().stream();
    }

    private static Stream<String> names(String task) throws IOException {
        return index().filter(snippet -> snippet.path("task").asString().equals(task))
                .filter(snippet -> snippet.path("executed").asBoolean())
                .map(snippet -> snippet.path("name").asString());
    }

    static Stream<String> thatAskForAToken() throws IOException {
        return names("token");
    }

    static Stream<String> thatCallAnApi() throws IOException {
        return names("call");
    }

    @Test
    void every_file_is_in_the_index_and_every_entry_has_its_file() throws IOException {
        try (Stream<Path> files = Files.list(HOME.resolve("snippets"))) {
            assertThat(files.map(file -> file.getFileName().toString()))
                    .containsExactlyInAnyOrderElementsOf(Stream.concat(
                                    Stream.of("README.md", "index.json"),
                                    index().map(snippet -> snippet.path("file").asString()))
                            .toList());
        }
        assertThat(index())
                .allMatch(snippet -> snippet.path("executed").asBoolean()
                        == snippet.path("note").isNull());
    }

    @ParameterizedTest
    @MethodSource("thatAskForAToken")
    void prints_a_token_and_fails_with_status_and_body_if_there_is_none(String language) throws IOException {
        List<String> command = toolchain(language);
        Path program = snippet(language, "--app", "Reader of orders", "--api", API, "--with-secret");

        Result result = run(command, program).done();

        assertThat(result.err()).isEmpty();
        assertThat(result.out()).hasLineCount(1);
        Matcher token = TOKEN.matcher(result.out());
        assertThat(token.find()).isTrue();
        AccessToken verified = AccessTokenVerifier.forIssuer(server.issuer(), API)
                .build()
                .verify(token.group())
                .orElseThrow();
        assertThat(verified.clientId()).contains(reader);

        replace(program, "client_credentials", "password");
        Result refused = run(command, program);
        assertThat(refused.exitCode()).isNotZero();
        assertThat(refused.out() + refused.err()).contains("400", "unsupported_grant_type");
    }

    @ParameterizedTest
    @MethodSource("thatCallAnApi")
    void prints_the_answer_of_an_api_and_fails_with_status_and_body_if_it_refuses(String language) throws IOException {
        List<String> command = toolchain(language);
        String url = server.issuer() + "api/v2/clients?fields=name&include_fields=true";
        Path program = snippet(language, "--task", "call", "--api-url", url);

        Result refused = run(command, program);
        assertThat(refused.exitCode()).isNotZero();
        assertThat(refused.out() + refused.err()).contains("400", "Bad HTTP authentication header format");

        replace(program, "YOUR_ACCESS_TOKEN", new ManagementApi(server.issuer()).token());
        assertThat(run(command, program).done().out()).contains("Reader of orders");
    }

    @Test
    void the_java_program_lets_in_who_may_read_orders() throws IOException {
        Path program = snippet("java", "--task", "verify", "--api", API);
        assertChecksTokens(with(toolchain("java"), "-cp", System.getProperty("java.class.path"), program.toString()));
    }

    @Test
    void the_express_program_lets_in_who_may_read_orders() throws IOException {
        Path packages = NodeProgram.installed(HOME.resolve("samples/timesheets-api-node"));
        Path program = packages.resolve("verify-express.mjs"); // imports are looked for beside the file
        Files.move(snippet("express", "--api", API), program, StandardCopyOption.REPLACE_EXISTING);
        assertChecksTokens(List.of("node", program.toString()));
    }

    private static void assertChecksTokens(List<String> command) {
        try (RunningServer api = user.with(Map.of("PORT", "0")).startAny(READY, command)) {
            String orders = api.issuer() + "orders";
            assertThat(call(orders, "Authorization: Bearer " + readersToken))
                    .startsWith("200")
                    .contains(reader);
            assertThat(call(orders, "Authorization: Bearer " + writersToken)).startsWith("403");
            assertThat(call(orders, "Authorization: Bearer " + readersToken + "x"))
                    .startsWith("401");
            assertThat(call(orders + "?access_token=" + readersToken, "Accept: */*"))
                    .startsWith("401")
                    .containsIgnoringCase("www-authenticate: bearer");
        }
    }

    /** Status, headers and body. */
    private static String call(String url, String header) {
        return user.runAny("", List.of("curl", "--silent", "--include", "--header", header, url))
                .done()
                .out()
                .replaceFirst("^HTTP/1.1 ", "");
    }

    /** What the command prints, in a file of the name that the snippet has. */
    private static Path snippet(String... args) throws IOException {
        List<String> command = new ArrayList<>(List.of("snippet", "--json", "--data", "data"));
        command.addAll(List.of(args));
        JsonNode snippet = user.run(command.toArray(String[]::new)).done().json();
        return Files.writeString(
                folder.resolve(snippet.path("file").asString()),
                snippet.path("text").asString());
    }

    private static Result run(List<String> command, Path program) {
        return user.runAny("", with(command, program.toString()));
    }

    private static List<String> with(List<String> command, String... more) {
        return Stream.concat(command.stream(), Stream.of(more)).toList();
    }

    private static void replace(Path program, String what, String by) throws IOException {
        Files.writeString(program, Files.readString(program).replace(what, by));
    }

    private static List<String> toolchain(String language) {
        List<String> command = TOOLCHAINS.get(language);
        String name = command.getFirst();
        boolean isThere = Stream.of(System.getenv("PATH").split(File.pathSeparator))
                .anyMatch(part -> Files.isExecutable(Path.of(part).resolve(name)));
        assumeTrue(isThere, () -> name + " is not on the PATH: the snippet in " + language + " is not run");
        if (name.equals("php")) {
            Result extension = user.runAny("", List.of("php", "-r", "exit(extension_loaded('curl') ? 0 : 1);"));
            assumeTrue(extension.exitCode() == 0, "php has no extension curl: the snippet in php is not run");
        }
        return command;
    }
}
