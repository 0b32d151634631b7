package dev.jeton.management;

import static dev.jeton.Answers.json;
import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import dev.jeton.Await;
import dev.jeton.MutableClock;
import dev.jeton.TestServer;
import dev.jeton.management.EveryChange.Change;
import dev.jeton.storage.BreakableDriver;
import dev.jeton.storage.Database;
import dev.jeton.storage.TestDatabase;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.AfterParameterizedClassInvocation;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Every operation that changes something is broken at each of its statements in turn, and at its commit: nothing of it is
 * there then, in the database, in memory or beside them, and it can be made again. On each kind of database.
 */
@ParameterizedClass
@EnumSource(Database.Dialect.class)
@SuppressWarnings("NullAway.Init") // started before all tests of a kind
class HalfWayTest {
    private static final int MOST_STATEMENTS = 100;
    /** A change looks and records at least. */
    private static final int FEWEST_STATEMENTS = 2;
    /** Of users' code: more than one only while they are replaced. */
    private static final int WORKERS = 1;

    private static final Set<String> OF_TOKEN_AUDIT = Set.of(
            "flyway_schema_history", "usage", "usage_of_apis", "usage_minutes", "usage_counted", "console_lines");
    /** The last of its lines is where it runs. */
    private static final String NPM = """
            #!/bin/sh
            pwd >> "$0.folders"
            mkdir -p node_modules/one
            echo '{"name":"one","version":"1.0.0"}' > node_modules/one/package.json
            """;

    /** They would tell of each fault. */
    private static final List<Logger> QUIET = Stream.of(
                    "dev.jeton.http.Exchange", "dev.jeton.storage.ChangeFeed", "dev.jeton.management.RegistryWriter")
            .map(name -> (Logger) LoggerFactory.getLogger(name))
            .toList();

    @TempDir
    private static Path folder;

    private static Database.Dialect dialect;
    private static Path data;
    private static Path npm;
    private static BreakableDriver driver;
    private static TestServer server;
    private static EveryChange changes;
    private static Connection looking;
    private static String everything;

    @SuppressWarnings("UnusedVariable") // what the server runs on
    HalfWayTest(Database.Dialect dialect) {}

    @BeforeParameterizedClassInvocation
    static void start(Database.Dialect kind) throws IOException, SQLException {
        dialect = kind;
        Path own = Files.createDirectory(folder.resolve(kind.name()));
        npm = Files.writeString(Files.createDirectory(own.resolve("bin")).resolve("npm"), NPM);
        Files.setPosixFilePermissions(npm, PosixFilePermissions.fromString("rwx------"));
        data = own.resolve("data");
        Map<String, String> settings = new HashMap<>(Map.of(
                "JETON_HOOKS_SANDBOX",
                "off",
                "JETON_AUDIT_DURABILITY",
                "async",
                "PATH",
                npm.getParent() + ":" + System.getenv("PATH")));
        Database.PostgreSql database = switch (kind) {
            case SQLITE -> new Database.PostgreSql("jdbc:sqlite:" + data.resolve("jeton.db"), null, null);
            case POSTGRESQL -> TestDatabase.postgresCopy();
        };
        if (kind == Database.Dialect.POSTGRESQL) {
            settings.putAll(Map.of(
                    "JETON_DB_URL", database.url(),
                    "JETON_DB_USER", String.valueOf(database.user()),
                    "JETON_DB_PASSWORD", String.valueOf(database.password()),
                    "JETON_MASTER_KEY", Base64.getEncoder().encodeToString(TestDatabase.masterKey(1))));
        }
        driver = BreakableDriver.before(database.url());
        server = TestServer.startOn(data, settings, new MutableClock(TestServer.START));
        changes = new EveryChange(server);
        looking = DriverManager.getConnection(database.url(), database.user(), database.password());
        everything = selectEverything();
        QUIET.forEach(logger -> logger.setLevel(Level.OFF));
    }

    @AfterParameterizedClassInvocation
    static void stop() throws SQLException {
        QUIET.forEach(logger -> logger.setLevel(null));
        server.close();
        looking.close();
        driver.close();
    }

    /** One statement whose rows are those of all tables, as texts that begin with the name of the table. */
    private static String selectEverything() throws SQLException {
        List<String> tables = texts(
                switch (dialect) {
                    case SQLITE -> "select name from sqlite_master where type = 'table' and name not like 'sqlite%'";
                    case POSTGRESQL -> "select tablename from pg_tables where schemaname = 'public'";
                });
        List<String> selects = new ArrayList<>();
        for (String table : tables) {
            if (!OF_TOKEN_AUDIT.contains(table) && !table.startsWith("token_events")) {
                selects.add("select '" + table + " ' || " + whole(table) + " from " + table);
            }
        }
        assertThat(selects).hasSizeGreaterThan(15);
        return String.join(" union all ", selects);
    }

    private static String whole(String table) throws SQLException {
        return switch (dialect) {
            case SQLITE ->
                texts("select name from pragma_table_info('" + table + "')").stream()
                        .map(column -> "quote(" + column + ")")
                        .collect(Collectors.joining(" || ' ' || "));
            case POSTGRESQL -> table + "::text";
        };
    }

    private static List<String> texts(String query) throws SQLException {
        List<String> rows = new ArrayList<>();
        try (Statement statement = looking.createStatement();
                ResultSet found = statement.executeQuery(query)) {
            while (found.next()) {
                rows.add(found.getString(1));
            }
        }
        return rows;
    }

    /** What must be the same after a change that failed. */
    private record State(Set<String> rows, Set<String> answers, Set<String> besides) {
        static State now() throws SQLException, IOException {
            // First: what one sees only for a moment after a change is not waited for.
            Set<String> answers = Set.of(
                    settled(() -> server.token(changes.job(), EveryChange.API)),
                    settled(() -> server.get(".well-known/jwks.json")));
            return new State(new TreeSet<>(texts(everything)), answers, files());
        }

        /** The status and what was answered; of a token its claims, without what no two have in common. */
        private static String settled(Supplier<HttpResponse<String>> request) {
            HttpResponse<String> response = request.get();
            if (response.statusCode() == 503) {
                Await.until(
                        "the server has caught up",
                        () -> server.get("health/ready").statusCode() == 200);
                response = request.get();
            }
            String token = json(response).path("access_token").asString("");
            return response.statusCode()
                    + (token.isEmpty()
                            ? response.body()
                            : claims(token).without("jti").toString());
        }

        private static ObjectNode claims(String token) {
            String claims = token.split("\\.", -1)[1];
            return (ObjectNode) json(new String(Base64.getUrlDecoder().decode(claims), StandardCharsets.UTF_8));
        }

        /** Copies of the database, and what npm left behind. */
        private static Set<String> files() throws IOException {
            Set<String> files = new TreeSet<>();
            Path backups = data.resolve("backups");
            if (Files.exists(backups)) {
                try (Stream<Path> there = Files.walk(backups)) {
                    there.filter(file -> !file.equals(backups)).forEach(file -> files.add(file.toString()));
                }
            }
            Path folders = Path.of(npm + ".folders");
            if (Files.exists(folders)) {
                Files.readAllLines(folders).stream()
                        .filter(path -> Files.exists(Path.of(path)))
                        .forEach(files::add);
            }
            return files;
        }
    }

    private static long workers() {
        return ProcessHandle.current()
                .descendants()
                .filter(process -> process.info().command().orElse("").endsWith("node"))
                .count();
    }

    private static HttpResponse<String> make(Change change) {
        return server.manage(change.method(), change.path(), change.body());
    }

    @Test
    void there_is_an_example_of_every_operation_that_changes_something() {
        assertThat(changes.examples().keySet()).containsExactlyInAnyOrderElementsOf(EveryChange.operations(server));
    }

    @TestFactory
    Stream<DynamicTest> a_change_that_fails_half_way_has_not_been_made() {
        Stream<DynamicTest> tests = changes.examples().entrySet().stream()
                .filter(example ->
                        dialect == Database.Dialect.SQLITE || !example.getKey().equals("POST /backups"))
                .map(example -> DynamicTest.dynamicTest(
                        example.getKey(),
                        () -> assertMadeWholeOrNotAtAll(example.getValue().get())));
        return Stream.concat(
                tests,
                Stream.of(DynamicTest.dynamicTest(
                        "no process is left", () -> Await.until("there are few workers", () -> workers() <= WORKERS))));
    }

    private static void assertMadeWholeOrNotAtAll(Change change) throws SQLException, IOException {
        State before = State.now();
        driver.breakCommit();
        assertFailed(make(change), "at its commit", before);
        HttpResponse<String> response;
        int number = 0;
        do {
            // Each statement on one database; on the other the rule is the same, and some of them show it.
            number += dialect == Database.Dialect.SQLITE ? 1 : Math.max(1, number);
            driver.breakStatement(number);
            response = make(change);
            if (driver.hasBroken()) {
                assertFailed(response, "at statement " + number, before);
            }
        } while (driver.hasBroken() && number < MOST_STATEMENTS);
        assertThat(response.statusCode()).as(response.body()).isBetween(200, 299);
        assertThat(number).isGreaterThan(FEWEST_STATEMENTS);
        // A reader who goes on from a checkpoint sees it, so no place in the log is kept for what failed.
        assertThat(recorded()).containsOnlyOnce(requestId(response));
    }

    /** The requests of the newest records. */
    private static List<String> recorded() {
        return server.managed("GET", "logs?per_page=100", null)
                .valueStream()
                .map(event -> event.path("details").path("request_id").asString())
                .toList();
    }

    private static String requestId(HttpResponse<String> response) {
        return response.headers().firstValue("X-Auth0-RequestId").orElseThrow();
    }

    private static void assertFailed(HttpResponse<String> response, String where, State before)
            throws SQLException, IOException {
        assertThat(driver.hasBroken()).as(where + ": " + response.body()).isTrue();
        assertThat(response.body())
                .as(where)
                .isIn(
                        "{\"statusCode\":500,\"error\":\"Internal Server Error\",\"message\":"
                                + "\"An internal error; the log has it under request id " + requestId(response)
                                + "\",\"errorCode\":\"internal_error\"}",
                        "{\"statusCode\":503,\"error\":\"Service Unavailable\",\"message\":"
                                + "\"The server cannot answer this now; try again\","
                                + "\"errorCode\":\"temporarily_unavailable\"}");
        State now = State.now();
        assertThat(now.answers()).as(where).isEqualTo(before.answers());
        assertThat(now.besides()).as(where).isEqualTo(before.besides());
        assertThat(now.rows()).as(where).isEqualTo(before.rows());
    }

    /** Whoever were told that it failed would make it twice, or would never see the new secret. */
    @Test
    void a_change_that_is_made_is_answered_as_made_even_if_this_node_cannot_look_at_it_yet() {
        JsonNode client = server.createClient("Rotated", Map.of());
        server.createGrant(client.path("client_id").asString(), EveryChange.API, List.of());
        driver.breakAfterCommit();

        HttpResponse<String> response =
                make(new Change("POST", "clients/" + client.path("client_id").asString() + "/rotate-secret", null));

        assertThat(driver.hasBroken()).isTrue();
        assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
        Await.until(
                "the new secret is known",
                () -> server.token(json(response), EveryChange.API).statusCode() == 200);
        assertThat(server.token(client, EveryChange.API).statusCode()).isEqualTo(401);
        assertThat(recorded()).containsOnlyOnce(requestId(response));
    }
}
