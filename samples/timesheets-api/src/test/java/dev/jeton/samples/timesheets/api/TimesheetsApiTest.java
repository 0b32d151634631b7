package dev.jeton.samples.timesheets.api;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jeton.samples.timesheets.api.RunningApi.Answer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

class TimesheetsApiTest {
    private static final String UPLOAD = "/timesheets/upload";

    private static final TestIssuer ISSUER = new TestIssuer();
    private static final String IMPORT_JOB = ISSUER.token("batch:upload");
    private static final String APPROVER = ISSUER.token("approve:timesheets");

    @TempDir
    private static Path folder;

    private static RunningApi api;

    @BeforeAll
    static void start() {
        api = new RunningApi(ISSUER, folder.resolve("timesheets.db"));
    }

    @AfterAll
    static void stop() {
        api.close();
        ISSUER.close();
    }

    /** JSON with single quotes. */
    private static String json(String text) {
        return text.replace('\'', '"');
    }

    private static String entry(String entryId) {
        return json("{'entry_id':'" + entryId
                + "','user_id':'007','date':'2026-11-20T09:00:00Z','project':'Lighthouse'," + "'hours':7.5}");
    }

    private static long uploaded(String entryId) {
        Answer answer = api.post(UPLOAD, IMPORT_JOB, entry(entryId));
        assertThat(answer.status()).isEqualTo(201);
        return answer.body().path("id").asLong();
    }

    private static List<Long> ids(Answer answer) {
        return StreamSupport.stream(answer.body().spliterator(), false)
                .map(timesheet -> timesheet.path("id").asLong())
                .toList();
    }

    private static void assertInvalid(Answer answer, String field) {
        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.error()).isEqualTo("invalid_entry");
        assertThat(answer.body().path("field").asString()).isEqualTo(field);
        assertThat(answer.body().path("error_description").asString()).endsWith(".");
    }

    // POST /timesheets/upload

    @Test
    void stores_what_is_uploaded() {
        Answer answer = api.post(UPLOAD, IMPORT_JOB, entry("stored"));

        assertThat(answer.status()).isEqualTo(201);
        long id = answer.body().path("id").asLong();
        assertThat(answer.body())
                .hasToString(json("{'id':" + id + ",'entry_id':'stored','user_id':'007','date':'2026-11-20T09:00:00Z',"
                        + "'project':'Lighthouse','hours':7.5,'approved':false}"));
    }

    @Test
    void leaves_out_an_entry_id_that_was_not_given_and_stores_each_such_entry() {
        String withoutId = entry("x").replace(json("'entry_id':'x',"), "");

        Answer first = api.post(UPLOAD, IMPORT_JOB, withoutId);
        Answer second = api.post(UPLOAD, IMPORT_JOB, withoutId);

        assertThat(first.body().has("entry_id")).isFalse();
        assertThat(second.status()).isEqualTo(201);
        assertThat(second.body().path("id").asLong())
                .isGreaterThan(first.body().path("id").asLong());
    }

    @Test
    void keeps_text_as_it_is_and_gives_the_date_in_utc() {
        Answer answer = api.post(
                UPLOAD,
                IMPORT_JOB,
                json("{'user_id':'\u2603 \\u0000 \ud83d\ude00','date':'2026-11-20T09:30:15.25+05:30',"
                        + "'project':'\\\\%_; --','hours':24}"));

        assertThat(answer.status()).isEqualTo(201);
        assertThat(answer.body().path("user_id").asString()).isEqualTo("\u2603 \u0000 \ud83d\ude00");
        assertThat(answer.body().path("project").asString()).isEqualTo("\\%_; --");
        assertThat(answer.body().path("date").asString()).isEqualTo("2026-11-20T04:00:15.250Z");
    }

    @Test
    void answers_what_is_stored_to_the_same_entry_again() {
        long id = uploaded("again");

        Answer again = api.post(
                UPLOAD,
                IMPORT_JOB,
                json("{'hours':7.50,'date':'2026-11-20T10:00:00+01:00','project':'Lighthouse','user_id':'007',"
                        + "'entry_id':'again'}"));

        assertThat(again.status()).isEqualTo(200);
        assertThat(again.body().path("id").asLong()).isEqualTo(id);
    }

    @Test
    void answers_409_to_another_entry_under_the_same_id() {
        uploaded("taken");

        Answer other = api.post(UPLOAD, IMPORT_JOB, entry("taken").replace("7.5", "7.25"));

        assertThat(other.status()).isEqualTo(409);
        assertThat(other.error()).isEqualTo("conflict");
    }

    @Test
    void stores_one_entry_of_many_that_come_at_once() throws Exception {
        Callable<Answer> upload = () -> api.post(UPLOAD, IMPORT_JOB, entry("at-once"));
        ExecutorService threads = Executors.newFixedThreadPool(8);
        try {
            List<Answer> answers =
                    threads
                            .invokeAll(IntStream.range(0, 16)
                                    .mapToObj(number -> upload)
                                    .toList())
                            .stream()
                            .map(TimesheetsApiTest::result)
                            .toList();

            assertThat(answers)
                    .extracting(Answer::status)
                    .containsOnly(200, 201)
                    .containsOnlyOnce(201);
            assertThat(answers)
                    .extracting(answer -> answer.body().path("id").asLong())
                    .containsOnly(answers.get(0).body().path("id").asLong());
        } finally {
            threads.shutdownNow();
        }
    }

    private static Answer result(Future<Answer> future) {
        try {
            return future.get();
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "entry_id | 'entry_id':'e' | 'entry_id':''",
                "entry_id | 'entry_id':'e' | 'entry_id':null",
                "entry_id | 'entry_id':'e' | 'entry_id':5",
                "user_id | 'user_id':'007', | ",
                "user_id | '007' | 7",
                "user_id | '007' | ''",
                "date | '2026-11-20T09:00:00Z' | '2026-11-20'",
                "date | '2026-11-20T09:00:00Z' | '2026-11-20T09:00:00'",
                "date | '2026-11-20T09:00:00Z' | '2026-02-30T09:00:00Z'",
                "date | '2026-11-20T09:00:00Z' | 1795165200",
                "project | 'Lighthouse' | ['Lighthouse']",
                "project | 'project':'Lighthouse', | ",
                "hours | 7.5 | 0",
                "hours | 7.5 | -1",
                "hours | 7.5 | 24.01",
                "hours | 7.5 | 1e400",
                "hours | 7.5 | '7.5'",
                "hours | 7.5 | true",
                "hours | ,'hours':7.5 | ",
                "approved | 7.5 | 7.5,'approved':true",
                "id | 7.5 | 7.5,'id':1",
                "Hours | 'hours' | 'Hours'"
            })
    void names_the_field_that_is_wrong(String field, String right, String wrong) {
        String body = entry("e").replace(json(right), wrong == null ? "" : json(wrong));

        assertInvalid(api.post(UPLOAD, IMPORT_JOB, body), field);
    }

    @ParameterizedTest
    @CsvSource({"entry_id, e, 100", "user_id, 007, 100", "project, Lighthouse, 200"})
    void takes_text_up_to_its_length(String field, String text, int maxLength) {
        String longest =
                entry("e").replace('"' + text + '"', '"' + field.substring(0, 1).repeat(maxLength) + '"');
        String tooLong = entry("e").replace('"' + text + '"', '"' + "a".repeat(maxLength + 1) + '"');

        assertThat(api.post(UPLOAD, IMPORT_JOB, longest).status()).isIn(201, 409);
        assertInvalid(api.post(UPLOAD, IMPORT_JOB, tooLong), field);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "{", "hello", "{\"hours\":1,\"hours\":2}", "{\"hours\":NaN}", "{} {}"})
    void answers_400_to_what_is_not_json(String body) {
        Answer answer = api.post(UPLOAD, IMPORT_JOB, body);

        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.error()).isEqualTo("invalid_json");
    }

    @Test
    void answers_400_to_what_is_not_utf_8() {
        byte[] body = entry("caf\u00e9").getBytes(StandardCharsets.ISO_8859_1);

        Answer answer = api.send(api.request(UPLOAD)
                .header("Authorization", "Bearer " + IMPORT_JOB)
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofByteArray(body)));

        assertThat(answer.error()).isEqualTo("invalid_json");
    }

    @ParameterizedTest
    @ValueSource(strings = {"[]", "null", "\"text\"", "1"})
    void answers_400_to_json_that_is_no_object(String body) {
        Answer answer = api.post(UPLOAD, IMPORT_JOB, body);

        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.error()).isEqualTo("invalid_entry");
    }

    @Test
    void answers_400_to_an_array_of_entries() {
        assertThat(api.post(UPLOAD, IMPORT_JOB, "[" + entry("in-an-array") + "]")
                        .status())
                .isEqualTo(400);
    }

    @ParameterizedTest
    @ValueSource(strings = {"text/plain", "application/x-www-form-urlencoded", "application/xml"})
    void answers_415_to_another_content_type(String contentType) {
        Answer answer = api.post(UPLOAD, IMPORT_JOB, entry("e"), contentType);

        assertThat(answer.status()).isEqualTo(415);
        assertThat(answer.error()).isEqualTo("unsupported_media_type");
    }

    @Test
    void answers_413_to_more_than_64_kib_with_or_without_a_length() {
        String body = " ".repeat(64 * 1024) + entry("too-large");
        HttpRequest.Builder inChunks = api.request(UPLOAD)
                .header("Authorization", "Bearer " + IMPORT_JOB)
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.fromPublisher(BodyPublishers.ofString(body)));

        assertThat(api.post(UPLOAD, IMPORT_JOB, body).status()).isEqualTo(413);
        assertThat(api.send(inChunks).status()).isEqualTo(413);
        String justFits = " ".repeat(64 * 1024 - entry("just-fits").length()) + entry("just-fits");
        assertThat(api.post(UPLOAD, IMPORT_JOB, justFits).status()).isEqualTo(201);
    }

    // POST /timesheets and GET /timesheets

    @Test
    void stores_an_entry_of_the_employee_that_the_token_names_and_shows_it_to_this_one_only() {
        String kim = ISSUER.token("create:timesheets read:timesheets", "kim@exampleco.com");
        String lee = ISSUER.token("create:timesheets read:timesheets", "lee@exampleco.com");
        String body = json("{'date':'2026-11-20T09:00:00Z','project':'Lighthouse','hours':8}");

        Answer first = api.post("/timesheets", kim, body);
        api.post("/timesheets", lee, body);
        Answer second = api.post("/timesheets", kim, body);

        assertThat(first.status()).isEqualTo(201);
        assertThat(first.body().path("user_id").asString()).isEqualTo("kim@exampleco.com");
        assertThat(ids(api.get("/timesheets", kim)))
                .containsExactly(
                        first.body().path("id").asLong(),
                        second.body().path("id").asLong());
        assertThat(ids(api.get("/timesheets", lee))).hasSize(1);
        assertThat(api.get("/timesheets", ISSUER.token("read:timesheets", "no@exampleco.com"))
                        .body())
                .hasToString("[]");
    }

    @Test
    void takes_no_user_id_from_an_employee() {
        String kim = ISSUER.token("create:timesheets", "kim@exampleco.com");

        assertInvalid(api.post("/timesheets", kim, entry("of-another")), "user_id");
    }

    @Test
    void answers_403_to_a_token_that_stands_for_no_employee() {
        String program = ISSUER.token("create:timesheets read:timesheets");
        String number = ISSUER.token("read:timesheets", Map.of("https://api.exampleco.com/email", 7));

        for (Answer answer : List.of(
                api.get("/timesheets", program),
                api.get("/timesheets", number),
                api.get("/timesheets", ISSUER.token("read:timesheets", " ")),
                api.post("/timesheets", program, "{"))) {
            assertThat(answer.status()).isEqualTo(403);
            assertThat(answer.error()).isEqualTo("no_employee");
        }
    }

    // PUT /approvals/{id} and GET /approvals

    @Test
    void approves_a_timesheet_once_and_for_all() {
        long first = uploaded("to-approve");
        long second = uploaded("to-approve-later");
        assertThat(ids(api.get("/approvals", APPROVER))).contains(first, second).isSorted();

        Answer approved = api.put("/approvals/" + first, APPROVER);
        Answer again = api.put("/approvals/" + first, APPROVER);

        assertThat(approved.status()).isEqualTo(200);
        assertThat(approved.body().path("approved").asBoolean()).isTrue();
        assertThat(again.status()).isEqualTo(200);
        assertThat(again.body()).isEqualTo(approved.body());
        assertThat(ids(api.get("/approvals", APPROVER))).contains(second).doesNotContain(first);
        assertThat(api.post(UPLOAD, IMPORT_JOB, entry("to-approve")).body()).isEqualTo(approved.body());
    }

    @ParameterizedTest
    @ValueSource(strings = {"0", "99999", "-1", "abc", "1.0", "999999999999999999999", "1%20"})
    void answers_404_to_an_approval_of_nothing(String id) {
        Answer answer = api.put("/approvals/" + id, APPROVER);

        assertThat(answer.status()).isEqualTo(404);
        assertThat(answer.error()).isEqualTo("not_found");
    }

    // Who may

    @ParameterizedTest
    @CsvSource({
        "POST, /timesheets/upload, batch:upload",
        "POST, /timesheets, create:timesheets",
        "GET, /timesheets, read:timesheets",
        "PUT, /approvals/1, approve:timesheets",
        "GET, /approvals, approve:timesheets"
    })
    void wants_the_scope_of_the_route_before_it_looks_at_the_body(String method, String path, String scope) {
        String all = "batch:upload create:timesheets read:timesheets approve:timesheets delete:timesheets";
        String others = all.replace(scope, "");

        Answer without = api.send(api.request(path).method(method, BodyPublishers.ofString("{")));
        Answer expired = api.send(api.request(path)
                .method(method, BodyPublishers.noBody())
                .header("Authorization", "Bearer " + ISSUER.token(scope, Map.of("exp", 1))));
        Answer withOthers = api.send(api.request(path)
                .method(method, BodyPublishers.ofString("{"))
                .header("Authorization", "Bearer " + ISSUER.token(others, "kim@exampleco.com")));

        assertThat(without.status()).isEqualTo(401);
        assertThat(without.headers().firstValue("WWW-Authenticate")).contains("Bearer realm=\"api\"");
        assertThat(expired.status()).isEqualTo(401);
        assertThat(expired.error()).isEqualTo("invalid_token");
        assertThat(withOthers.status()).isEqualTo(403);
        assertThat(withOthers.headers().firstValue("WWW-Authenticate").orElse(""))
                .endsWith("scope=\"" + scope + "\"");
    }

    @Test
    void asks_for_a_token_before_it_looks_at_the_content_type() {
        assertThat(api.send(api.request(UPLOAD).POST(BodyPublishers.ofString("x")))
                        .status())
                .isEqualTo(401);
    }

    @ParameterizedTest
    @ValueSource(strings = {"HEAD", "OPTIONS"})
    void answers_no_method_without_a_rule(String method) {
        int status = api.send(api.request("/timesheets").method(method, BodyPublishers.noBody()))
                .status();

        assertThat(status).isEqualTo(401);
    }

    // Errors

    @ParameterizedTest
    @ValueSource(strings = {"/", "/timesheets/", "/timesheets/1", "/approvals/1/2", "/index.html", "/actuator/health"})
    void answers_404_to_an_unknown_path_with_a_token_or_without(String path) {
        for (Answer answer : List.of(api.send(api.request(path)), api.get(path, IMPORT_JOB))) {
            assertThat(answer.status()).isEqualTo(404);
            assertThat(answer.error()).isEqualTo("not_found");
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "DELETE | /timesheets | GET, POST",
                "GET | /timesheets/upload | POST",
                "PATCH | /approvals/1 | PUT",
                "POST | /approvals | GET"
            })
    void answers_405_with_the_methods_that_there_are(String method, String path, String allowed) {
        for (String token : List.of(IMPORT_JOB, APPROVER)) {
            Answer answer = api.send(api.request(path)
                    .method(method, BodyPublishers.noBody())
                    .header("Authorization", "Bearer " + token));

            assertThat(answer.status()).isEqualTo(405);
            assertThat(answer.headers().firstValue("Allow").orElse("").split(", "))
                    .containsExactlyInAnyOrder(allowed.split(", "));
        }
        assertThat(api.send(api.request(path).method(method, BodyPublishers.noBody()))
                        .error())
                .isEqualTo("method_not_allowed");
    }

    @Test
    void answers_json_whatever_is_accepted() {
        Answer answer = api.send(api.request("/unknown").header("Accept", "text/html"));

        assertThat(answer.headers().firstValue("Content-Type")).contains("application/json");
        assertThat(answer.error()).isEqualTo("not_found");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"GET /a//b HTTP/1.1", "GET /[ HTTP/1.1", "GET /%zz HTTP/1.1", "FOO /timesheets HTTP/1.1", "x"})
    void answers_json_to_what_is_no_proper_request(String requestLine) throws IOException {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), api.port())) {
            socket.setSoTimeout(20_000);
            socket.getOutputStream()
                    .write((requestLine + "\r\nHost: localhost\r\nConnection: close\r\n\r\n")
                            .getBytes(StandardCharsets.US_ASCII));
            String answer = new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

            assertThat(answer)
                    .startsWith("HTTP/1.1 400 ")
                    .contains("{\"error\":\"bad_request\",")
                    .doesNotContainIgnoringCase("tomcat")
                    .doesNotContain("Exception");
        }
    }

    @Test
    @ExtendWith(OutputCaptureExtension.class)
    void tells_nothing_of_a_fault_and_logs_it_once(CapturedOutput output) throws SQLException {
        Path data = folder.resolve("faulty.db");
        try (RunningApi faulty = new RunningApi(ISSUER, data)) {
            faulty.post(UPLOAD, IMPORT_JOB, entry("e"));
            try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + data);
                    Statement statement = connection.createStatement()) {
                statement.execute("update timesheets set date = 'yesterday'");
            }

            Answer answer = faulty.get("/approvals", APPROVER);

            assertThat(answer.status()).isEqualTo(500);
            assertThat(answer.body())
                    .hasToString(json("{'error':'internal_server_error',"
                            + "'error_description':'The API failed; try again later.'}"));
            assertThat(output.getOut()).containsOnlyOnce(" ERROR ").contains("yesterday");
        }
    }

    // Restarts

    @Test
    void keeps_entries_over_a_restart_and_goes_on_counting() {
        Path data = folder.resolve("restarted.db");
        long first;
        try (RunningApi before = new RunningApi(ISSUER, data)) {
            first = before.post(UPLOAD, IMPORT_JOB, entry("before"))
                    .body()
                    .path("id")
                    .asLong();
        }
        try (RunningApi after = new RunningApi(ISSUER, data)) {
            assertThat(first).isEqualTo(1);
            assertThat(after.post(UPLOAD, IMPORT_JOB, entry("before")).status()).isEqualTo(200);
            assertThat(after.post(UPLOAD, IMPORT_JOB, entry("after"))
                            .body()
                            .path("id")
                            .asLong())
                    .isEqualTo(2);
            assertThat(ids(after.get("/approvals", APPROVER))).containsExactly(1L, 2L);
        }
    }
}
