package dev.jeton.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * What each version of the Timesheets API answers, with tokens of a packaged server. The API is shared by all cases, so
 * each has employees and entries of its own.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class TimesheetsContract {
    static final String READY = "Timesheets API is ready at ";

    private static final String AUDIENCE = "https://timesheets.example.com";
    private static final String UPLOAD = "batch:upload";
    private static final String CREATE = "create:timesheets";
    private static final String READ = "read:timesheets";
    private static final String APPROVE = "approve:timesheets";
    private static final Path EMAIL_HOOK =
            Path.of(System.getProperty("jeton.home", "..")).resolve("samples/email-claim.js");
    private static final List<String> SCOPES = List.of(UPLOAD, CREATE, READ, APPROVE, "delete:timesheets");
    // Offered HTTP/2 with a POST that it answers early, Node.js 20 now and then never hears the next request.
    private final HttpClient http =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private RunningServer server;
    private ManagementApi management;
    private RunningServer api;
    private String importer;
    private String approver;

    /** Starts this version of the API; its settings are in the user's environment. */
    abstract RunningServer startApi(Jeton user);

    @BeforeAll
    void start(@TempDir Path folder) throws IOException {
        server = new Jeton(folder).with(ManagementApi.BOOTSTRAP).start("serve", "--port", "0");
        management = new ManagementApi(server.issuer());
        management.post(
                "resource-servers",
                Map.of(
                        "name",
                        "Timesheets API",
                        "identifier",
                        AUDIENCE,
                        "scopes",
                        SCOPES.stream().map(scope -> Map.of("value", scope)).toList()));
        String hook = management
                .post(
                        "hooks",
                        Map.of(
                                "name",
                                "Email claim",
                                "triggerId",
                                "credentials-exchange",
                                "script",
                                Files.readString(EMAIL_HOOK)))
                .path("id")
                .asString();
        management.patch("hooks/" + hook, Map.of("enabled", true));
        importer = token(Map.of(), UPLOAD);
        approver = token(Map.of(), APPROVE);
        api = startApi(new Jeton(folder)
                .with(Map.of(
                        "JETON_ISSUER",
                        server.issuer(),
                        "TIMESHEETS_PORT",
                        "0",
                        "TIMESHEETS_DATA",
                        folder.resolve("timesheets").toString())));
    }

    @AfterAll
    void stop() {
        try {
            api.close();
        } finally {
            server.close();
        }
        assertThat(api.out()).isEqualTo(READY + api.issuer() + "\n");
        assertThat(api.err()).isEmpty();
    }

    /** A token of a new application with this metadata and a grant of these scopes. */
    private String token(Map<String, String> metadata, String... scopes) {
        JsonNode client = management.post(
                "clients",
                Map.of("name", "An application", "app_type", "non_interactive", "client_metadata", metadata));
        String id = client.path("client_id").asString();
        management.post("client-grants", Map.of("client_id", id, "audience", AUDIENCE, "scope", List.of(scopes)));
        return management.token(id, client.path("client_secret").asString(), AUDIENCE);
    }

    private static String newEmployee() {
        return UUID.randomUUID() + "@exampleco.com";
    }

    /** The token of the application that acts for this employee. */
    private String tokenOf(String employee) {
        return token(Map.of("email", employee), CREATE, READ);
    }

    private static TimesheetEntry entry() {
        return new TimesheetEntry();
    }

    private static TimesheetEntry uploaded() {
        return entry().with("user_id", "'007'");
    }

    private static String newEntryId() {
        return "'" + UUID.randomUUID() + "'";
    }

    private HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create(api.issuer() + path)).timeout(Duration.ofSeconds(20));
    }

    private ApiAnswer send(HttpRequest.Builder request) {
        try {
            return new ApiAnswer(http.send(request.build(), BodyHandlers.ofString()));
        } catch (IOException e) {
            throw new AssertionError(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    private ApiAnswer send(String method, String path, String token) {
        return send(request(path).header("Authorization", "Bearer " + token).method(method, BodyPublishers.noBody()));
    }

    private ApiAnswer get(String path, String token) {
        return send("GET", path, token);
    }

    private ApiAnswer post(String path, String token, String body) {
        return post(path, token, body, "application/json");
    }

    private ApiAnswer post(String path, String token, String body, String contentType) {
        return send(request(path)
                .header("Authorization", "Bearer " + token)
                .header("Content-Type", contentType)
                .POST(BodyPublishers.ofString(body)));
    }

    private ApiAnswer upload(TimesheetEntry entry) {
        return post("timesheets/upload", importer, entry.json());
    }

    private static List<Long> ids(JsonNode timesheets) {
        List<Long> ids = new ArrayList<>();
        timesheets.forEach(timesheet -> ids.add(timesheet.path("id").asLong()));
        assertThat(ids).isSorted();
        return ids;
    }

    @Test
    void an_uploaded_entry_is_stored_and_returned() {
        ApiAnswer answer = upload(uploaded());

        assertThat(answer.status()).isEqualTo(201);
        JsonNode timesheet = answer.json();
        assertThat(timesheet.path("id").isIntegralNumber()).isTrue();
        assertThat(timesheet.path("hours").asDouble()).isEqualTo(7.5);
        assertThat(timesheet).isEqualTo(JsonMapper.shared().readTree("""
                        {"id": %d, "user_id": "007", "date": "2026-11-20T09:00:00Z", "project": "Lighthouse",
                         "hours": 7.5, "approved": false}
                        """.formatted(
                        timesheet.path("id").asLong())));
        assertThat(upload(uploaded()).json().path("id").asLong())
                .isGreaterThan(timesheet.path("id").asLong());
    }

    @Test
    void an_entry_that_is_uploaded_again_is_stored_once() {
        TimesheetEntry entry = uploaded().with("entry_id", newEntryId());

        ApiAnswer first = upload(entry);
        ApiAnswer again = upload(entry);
        ApiAnswer otherwiseWritten =
                upload(entry.with("date", "'2026-11-20T10:00:00.000+01:00'").with("hours", "75e-1"));

        assertThat(first.status()).isEqualTo(201);
        assertThat(again.status()).isEqualTo(200);
        assertThat(again.json()).isEqualTo(first.json());
        assertThat(otherwiseWritten.status()).isEqualTo(200);
        assertThat(otherwiseWritten.json()).isEqualTo(first.json());
    }

    @ParameterizedTest
    @CsvSource({"user_id, '''008'''", "date, '''2026-11-21T09:00:00Z'''", "project, '''Harbour'''", "hours, 8"})
    void another_entry_under_the_same_entry_id_is_a_conflict(String member, String json) {
        String entryId = newEntryId();
        upload(uploaded().with("entry_id", entryId));

        JsonNode refused =
                upload(uploaded().with("entry_id", entryId).with(member, json)).refused(409, "conflict");

        assertThat(refused.path("field").asString()).isEqualTo("entry_id");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            hours    | 0
            hours    | -1
            hours    | 24.01
            hours    | '7.5'
            hours    | null
            hours    | 1e400
            hours    | true
            date     | '2026-11-20'
            date     | '2026-11-20T09:00:00'
            date     | '20 November 2026'
            date     | '2026-02-30T09:00:00Z'
            date     | 1795165200
            project  | ''
            project  | 5
            project  | ['Lighthouse']
            user_id  | ''
            user_id  | 7
            entry_id | ''
            entry_id | 7
            hour     | 7.5
            id       | 1
            approved | true
            """)
    void a_member_that_does_not_fit_is_named(String member, String json) {
        JsonNode refused = upload(uploaded().with(member, json)).refused(400, "invalid_entry");

        assertThat(refused.path("field").asString()).isEqualTo(member);
        assertThat(refused.path("error_description").asString()).contains(member);
    }

    @ParameterizedTest
    @ValueSource(strings = {"user_id", "date", "project", "hours"})
    void a_member_that_is_missing_is_named(String member) {
        JsonNode refused = upload(uploaded().without(member)).refused(400, "invalid_entry");

        assertThat(refused.path("field").asString()).isEqualTo(member);
    }

    @ParameterizedTest
    @CsvSource({"entry_id, 100", "user_id, 100", "project, 200"})
    void texts_are_bounded(String member, int longest) {
        String text = UUID.randomUUID() + "x".repeat(longest - 36);

        assertThat(upload(uploaded().with(member, "'" + text + "'")).status()).isEqualTo(201);
        upload(uploaded().with(member, "'" + text + "x'")).refused(400, "invalid_entry");
    }

    @Test
    void the_most_and_the_least_hours_of_a_day_and_milliseconds_are_taken() {
        assertThat(upload(uploaded().with("hours", "24")).status()).isEqualTo(201);
        assertThat(upload(uploaded().with("hours", "0.25")).status()).isEqualTo(201);
        assertThat(upload(uploaded().with("date", "'2017-05-10T17:40:20.095Z'"))
                        .json()
                        .path("date")
                        .asString())
                .isEqualTo("2017-05-10T17:40:20.095Z");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "{", "{'hours':7}", "hours=7.5", "\"\u0001\""})
    void a_body_that_is_not_json_is_refused(String body) {
        post("timesheets/upload", importer, body).refused(400, "invalid_json");
    }

    @ParameterizedTest
    @ValueSource(strings = {"[]", "[{\"hours\":7.5}]", "7", "null", "\"text\""})
    void a_body_that_is_no_object_is_refused(String body) {
        post("timesheets/upload", importer, body).refused(400, "invalid_entry");
    }

    @ParameterizedTest
    @ValueSource(strings = {"text/plain", "application/x-www-form-urlencoded", "application/jsonp"})
    void another_type_of_content_is_refused(String contentType) {
        post("timesheets/upload", importer, uploaded().json(), contentType).refused(415, "unsupported_media_type");
    }

    @Test
    void a_body_of_64_kib_is_read_and_a_larger_one_is_not() {
        String json = uploaded().json();
        String padding = " ".repeat(64 * 1024 - json.length());

        assertThat(post("timesheets/upload", importer, json + padding, "application/json; charset=utf-8")
                        .status())
                .isEqualTo(201);
        post("timesheets/upload", importer, json + padding + " ").refused(413, "too_large");
    }

    @Test
    void an_employee_creates_and_reads_timesheets_of_their_own() {
        String ada = newEmployee();
        String grace = newEmployee();
        String token = tokenOf(ada);

        ApiAnswer created = post("timesheets", token, entry().json());
        upload(entry().with("user_id", "'" + grace + "'"));
        ApiAnswer imported = upload(entry().with("user_id", "'" + ada + "'"));

        assertThat(created.status()).isEqualTo(201);
        assertThat(created.json().path("user_id").asString()).isEqualTo(ada);
        assertThat(created.json().path("approved").asBoolean(true)).isFalse();
        ApiAnswer list = get("timesheets", token);
        assertThat(list.status()).isEqualTo(200);
        assertThat(list.json()).containsExactly(created.json(), imported.json());
        assertThat(ids(get("timesheets", tokenOf(grace)).json())).hasSize(1);
        assertThat(get("timesheets", tokenOf(newEmployee())).json()).isEmpty();
    }

    @Test
    void an_employee_who_sends_an_entry_again_has_it_once() {
        String token = tokenOf(newEmployee());
        String entry = entry().with("entry_id", newEntryId()).json();

        assertThat(post("timesheets", token, entry).status()).isEqualTo(201);
        assertThat(post("timesheets", token, entry).status()).isEqualTo(200);
        assertThat(get("timesheets", token).json()).hasSize(1);
    }

    @Test
    void an_employee_cannot_take_an_entry_id_that_the_import_will_use() {
        String ada = newEmployee();
        String entryId = newEntryId();
        String taken = entry().with("entry_id", entryId).with("hours", "1").json();

        assertThat(post("timesheets", tokenOf(ada), taken).status()).isEqualTo(201);
        assertThat(post("timesheets", tokenOf(newEmployee()), taken).status()).isEqualTo(201);
        assertThat(upload(entry().with("entry_id", entryId).with("user_id", "'" + ada + "'"))
                        .status())
                .isEqualTo(201);
    }

    @Test
    void an_employee_cannot_say_to_be_somebody_else() {
        String ada = newEmployee();

        for (String userId : List.of("'007'", "'" + ada + "'", "null")) {
            JsonNode refused = post(
                            "timesheets",
                            tokenOf(ada),
                            entry().with("user_id", userId).json())
                    .refused(400, "invalid_entry");
            assertThat(refused.path("field").asString()).isEqualTo("user_id");
        }
    }

    @Test
    void a_token_that_names_no_employee_has_no_timesheets() {
        String token = token(Map.of(), CREATE, READ);

        get("timesheets", token).refused(403, "no_employee");
        post("timesheets", token, entry().json()).refused(403, "no_employee");
    }

    @Test
    void a_timesheet_is_approved_once_and_stays_so() {
        JsonNode first = upload(uploaded()).json();
        JsonNode second = upload(uploaded()).json();
        long id = first.path("id").asLong();
        assertThat(ids(get("approvals", approver).json()))
                .contains(id, second.path("id").asLong());

        ApiAnswer approved = send("PUT", "approvals/" + id, approver);
        ApiAnswer again = send("PUT", "approvals/" + id, approver);

        assertThat(approved.status()).isEqualTo(200);
        assertThat(approved.json().path("approved").asBoolean()).isTrue();
        assertThat(approved.json().path("id")).isEqualTo(first.path("id"));
        assertThat(again.status()).isEqualTo(200);
        assertThat(again.json()).isEqualTo(approved.json());
        assertThat(ids(get("approvals", approver).json()))
                .contains(second.path("id").asLong())
                .doesNotContain(id);
    }

    @ParameterizedTest
    @ValueSource(strings = {"0", "-1", "999999999", "99999999999999999999999", "1.5", "abc", "1%20"})
    void what_does_not_exist_is_not_approved(String id) {
        send("PUT", "approvals/" + id, approver).refused(404, "not_found");
    }

    @ParameterizedTest
    @CsvSource({
        "GET, nothing",
        "GET, ''",
        "DELETE, timesheets/1",
        "GET, timesheets/1",
        "GET, Timesheets",
        "GET, timesheets/",
        "PUT, approvals/1/2"
    })
    void another_path_is_not_found(String method, String path) {
        send(method, path, token(Map.of(), SCOPES.toArray(String[]::new))).refused(404, "not_found");
    }

    @ParameterizedTest
    @CsvSource({
        "GET,    timesheets/upload, POST",
        "DELETE, timesheets,        GET POST",
        "POST,   approvals,         GET",
        "GET,    approvals/1,       PUT"
    })
    void another_method_is_told_which_there_are(String method, String path, String allowed) {
        ApiAnswer answer = send(method, path, token(Map.of(), SCOPES.toArray(String[]::new)));

        answer.refused(405, "method_not_allowed");
        assertThat(answer.response().headers().firstValue("Allow").orElseThrow().split(", *"))
                .contains(allowed.split(" "))
                .doesNotContain(method);
    }

    @ParameterizedTest
    @CsvSource({
        "POST, timesheets/upload, batch:upload",
        "POST, timesheets,        create:timesheets",
        "GET,  timesheets,        read:timesheets",
        "PUT,  approvals/1,       approve:timesheets",
        "GET,  approvals,         approve:timesheets"
    })
    void each_route_needs_its_scope(String method, String path, String scope) {
        String[] others = SCOPES.stream().filter(other -> !other.equals(scope)).toArray(String[]::new);

        ApiAnswer without = send(request(path).method(method, BodyPublishers.noBody()));
        ApiAnswer lacking = send(method, path, token(Map.of("email", newEmployee()), others));

        without.refused(401, "missing_token");
        assertThat(without.challenge()).isEqualTo("Bearer realm=\"api\"");
        lacking.refused(403, "insufficient_scope");
        assertThat(lacking.challenge())
                .startsWith("Bearer realm=\"api\", error=\"insufficient_scope\", ")
                .endsWith(", scope=\"" + scope + "\"");
    }

    @Test
    void a_token_that_is_not_for_this_api_or_not_whole_is_refused() {
        int signature = importer.lastIndexOf('.') + 1;
        char changed = importer.charAt(signature) == 'A' ? 'B' : 'A';
        String forged = importer.substring(0, signature) + changed + importer.substring(signature + 1);

        for (String token : List.of("garbage", forged, management.token())) {
            ApiAnswer answer = post("timesheets/upload", token, uploaded().json());
            answer.refused(401, "invalid_token");
            assertThat(answer.challenge()).startsWith("Bearer realm=\"api\", error=\"invalid_token\", ");
        }
    }

    @Test
    void a_token_counts_in_one_authorization_header_only() {
        String bearer = "Bearer " + approver;

        ApiAnswer two =
                send(request("approvals").header("Authorization", bearer).header("Authorization", bearer));
        ApiAnswer query = send(request("approvals?access_token=" + approver));
        ApiAnswer basic = send(request("approvals").header("Authorization", "Basic YTpi"));

        two.refused(400, "invalid_request");
        assertThat(two.challenge()).startsWith("Bearer realm=\"api\"");
        query.refused(401, "missing_token");
        assertThat(basic.status()).isIn(400, 401); // no token, or one in a wrong form
        assertThat(basic.challenge()).isEqualTo("Bearer realm=\"api\"");
    }
}
