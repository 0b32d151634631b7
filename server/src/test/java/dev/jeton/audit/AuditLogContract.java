package dev.jeton.audit;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.jeton.audit.AuditEvent.TokenRefused;
import dev.jeton.audit.AuditSettings.Durability;
import dev.jeton.oauth.ClientId;
import dev.jeton.oauth.RefusalReason;
import dev.jeton.storage.Database;
import dev.jeton.storage.Migrations;
import dev.jeton.storage.QueryPlans;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.HandleConsumer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.node.ObjectNode;

/** What the audit log promises on every database. */
abstract class AuditLogContract {
    static final AuditSettings SETTINGS =
            new AuditSettings(Durability.COMMIT, 10_000, Duration.ofMillis(1), 2, 3, 30, 0);

    @TempDir
    Path data;

    final TestEvents events = new TestEvents("2026-11-23T17:15:30.123Z");
    Database database;
    AuditLog auditLog;

    /** Another connection to the database of this test, as another node has it. */
    abstract Database open();

    /** Does something with the tables that the events of today are in. */
    abstract void withTokenEvents(HandleConsumer<RuntimeException> consumer);

    /** The names of the days that hold events. */
    abstract List<String> days();

    @BeforeEach
    void start() {
        database = open();
        Migrations.run(database);
        auditLog = AuditLog.start(database, data, SETTINGS, events);
    }

    @AfterEach
    void stop() {
        auditLog.close();
        database.close();
    }

    void restart(AuditSettings settings, InstantSource clock) {
        auditLog.close();
        auditLog = AuditLog.start(database, data, settings, clock);
    }

    static AuditSettings settings(int retentionDays, long maxBytes) {
        return new AuditSettings(Durability.COMMIT, 10_000, Duration.ofMillis(1), 2, 3, retentionDays, maxBytes);
    }

    void append(AuditEvent.TokenEvent event) {
        join(auditLog.append(event));
    }

    static void join(CompletableFuture<@Nullable Void> stored) {
        stored.orTimeout(20, SECONDS).join();
    }

    void change(String description) {
        database.change(handle -> auditLog.changes().record(handle, events.change(description)));
    }

    List<LogEvent> newest() {
        return auditLog.reader().page(LogQuery.ALL, true, 0, 100);
    }

    static List<String> jtis(List<LogEvent> found) {
        return found.stream()
                .map(event -> event.details().path("access_token_jti").asString(event.description()))
                .toList();
    }

    @Test
    void an_issued_token_is_in_the_log_when_its_append_completes() {
        append(events.issued("jti-1"));

        LogEvent event = newest().getFirst();
        assertThat(event.logId())
                .isEqualTo("90020261123171530123" + "0" + "0".repeat(28)
                        + event.logId().substring(49))
                .hasSize(56);
        ObjectNode json = event.toJson("login.example.com", "acme");
        assertThat(json.get("_id")).isEqualTo(json.get("log_id")).isEqualTo(json.get("id"));
        assertThat(json.get("date").asString()).isEqualTo("2026-11-23T17:15:30.123Z");
        assertThat(json.get("type").asString()).isEqualTo("seccft");
        assertThat(json.get("description").asString()).isEqualTo("Client Credentials for Access Token");
        assertThat(json.get("client_id").asString()).isEqualTo(TestEvents.BILLING);
        assertThat(json.get("client_name").asString()).isEqualTo("Billing worker");
        assertThat(json.get("ip").asString()).isEqualTo("203.0.113.7");
        assertThat(json.get("user_agent").asString()).isEqualTo("Go-Auth0/latest");
        assertThat(json.get("hostname").asString()).isEqualTo("login.example.com");
        assertThat(json.get("tenant_name").asString()).isEqualTo("acme");
        assertThat(json.get("audience").asString()).isEqualTo("https://api.example.com/billing");
        assertThat(json.get("scope").asString()).isEqualTo("read:invoices");
        assertThat(json.get("details").get("access_token_jti").asString()).isEqualTo("jti-1");
        assertThat(json.get("details").get("request_id").asString()).isEqualTo("req-1");
        assertThat(json.get("isMobile").isBoolean()).isTrue();
    }

    @Test
    void a_refusal_shows_what_left_and_keeps_the_reason_in_the_details() {
        append(events.refused("no grant for the audience"));

        ObjectNode json = newest().getFirst().toJson("login.example.com", "acme");
        assertThat(json.get("type").asString()).isEqualTo("feccft");
        assertThat(json.get("description").asString())
                .isEqualTo("Client is not authorized to access this resource server.");
        assertThat(json.get("details").get("error").asString()).isEqualTo("access_denied");
        assertThat(json.get("details").get("reason").asString()).isEqualTo("no grant for the audience");
    }

    @Test
    void a_change_is_recorded_with_its_transaction_or_not_at_all() {
        change("Create a client");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> database.change(handle -> {
                    auditLog.changes().record(handle, events.change("Delete a client"));
                    throw new IllegalArgumentException("undone");
                }));

        assertThat(newest()).hasSize(1);
        ObjectNode json = newest().getFirst().toJson("login.example.com", "acme");
        assertThat(json.get("type").asString()).isEqualTo("sapi");
        assertThat(json.get("description").asString()).isEqualTo("Create a client");
        assertThat(json.get("details").get("request").toString())
                .isEqualTo("{\"auth\":{\"strategy\":\"jwt\",\"user\":{}},\"channel\":\"api\",\"ip\":\"198.51.100.4\","
                        + "\"method\":\"post\",\"path\":\"/api/v2/clients\",\"query\":{},"
                        + "\"userAgent\":\"Go-Auth0/latest\",\"body\":{\"name\":\"Billing worker\"}}");
        assertThat(json.get("details").get("response").toString()).isEqualTo("{\"statusCode\":201,\"body\":{}}");
    }

    @Test
    void a_run_of_users_code_is_known_by_the_id_of_its_event() {
        TokenRefused refused = events.refused("no");
        append(new TokenRefused(
                refused.at(),
                refused.source(),
                refused.client(),
                refused.clientName(),
                refused.resourceServerId(),
                refused.audience(),
                refused.scope(),
                refused.granted(),
                refused.error(),
                refused.description(),
                refused.reason(),
                refused.code(),
                Optional.of(new AuditEvent.Execution(
                        Duration.ofNanos(1_234_567),
                        List.of(
                                new AuditEvent.Execution.Result("hook", "1", "one", Duration.ofNanos(500_900), null),
                                new AuditEvent.Execution.Result(
                                        "action", "2", "t\"w\no", Duration.ofMillis(20), "x".repeat(300)))))));

        LogEvent event = newest().getFirst();
        assertThat(event.details().get("actions").toString())
                .isEqualTo("{\"executions\":[\"" + event.logId() + "\"],\"results\":["
                        + "{\"kind\":\"hook\",\"id\":\"1\",\"name\":\"one\",\"duration_ms\":0.5},"
                        + "{\"kind\":\"action\",\"id\":\"2\",\"name\":\"t\\\"w\ufffdo\",\"duration_ms\":20.0,"
                        + "\"error\":\"" + "x".repeat(200) + "\"}],\"duration_ms\":1.234}");
    }

    @Test
    void what_strangers_send_is_cut_and_cleaned() {
        append(new TokenRefused(
                events.instant(),
                new AuditEvent.Source("203.0.113.7", "a\0b\ud800" + "x".repeat(5_000), "req-1"),
                new ClientId("zero\0client"),
                null,
                null,
                null,
                null,
                null,
                "access_denied",
                "Unauthorized",
                "line\nbreak \ud83d\ude00",
                RefusalReason.CLIENT_NOT_AUTHENTICATED,
                Optional.empty()));

        LogEvent event = newest().getFirst();
        assertThat(event.clientId()).isEqualTo("zero\ufffdclient");
        assertThat(event.userAgent()).startsWith("a\ufffdb\ufffdxxx").hasSize(256);
        assertThat(event.details().get("reason").asString()).isEqualTo("line\ufffdbreak \ud83d\ude00");
    }

    @Test
    void events_are_stored_in_the_order_of_their_appends() {
        List<CompletableFuture<@Nullable Void>> stored = IntStream.range(0, 500)
                .mapToObj(i -> auditLog.append(events.issued("jti-" + i)))
                .toList();
        stored.forEach(AuditLogContract::join);

        append(events.issued("last"));
        List<LogEvent> all = all();
        assertThat(jtis(all).subList(0, 500))
                .containsExactlyElementsOf(
                        IntStream.range(0, 500).mapToObj(i -> "jti-" + i).toList());
    }

    /** Everything, by checkpoints. */
    private List<LogEvent> all() {
        List<LogEvent> all = new ArrayList<>();
        String last = new LogPosition(0, LogPosition.Source.TOKEN, 0).logId();
        for (List<LogEvent> more = after(last); !more.isEmpty(); more = after(last)) {
            all.addAll(more);
            last = more.getLast().logId();
        }
        return all;
    }

    private List<LogEvent> after(String logId) {
        return auditLog.reader().after(LogQuery.ALL, logId, 100).events();
    }

    @Test
    void the_log_is_one_sequence_of_token_events_and_changes_by_log_id() {
        append(events.issued("jti-1"));
        change("Create a client");
        events.advance(Duration.ofMillis(40));
        append(events.refused("no grant"));
        change("Update a client");
        append(events.issued("jti-2"));

        List<LogEvent> newest = newest();
        assertThat(newest).extracting(LogEvent::type).containsExactly("seccft", "sapi", "feccft", "sapi", "seccft");
        assertThat(newest).extracting(LogEvent::logId).isSortedAccordingTo((a, b) -> b.compareTo(a));
        assertThat(all()).isEqualTo(newest.reversed());
        assertThat(newest)
                .allSatisfy(event ->
                        assertThat(auditLog.reader().find(event.logId())).contains(event));
        assertThat(auditLog.reader()
                        .after(LogQuery.ALL, newest.get(3).logId(), 2)
                        .events())
                .containsExactly(newest.get(2), newest.get(1));
        assertThat(auditLog.reader()
                        .after(LogQuery.ALL, newest.getFirst().logId(), 10)
                        .events())
                .isEmpty();
    }

    @Test
    void an_unknown_log_id_finds_nothing_and_is_no_checkpoint() {
        append(events.issued("jti-1"));
        assertThat(auditLog.reader().find(new LogPosition(1, LogPosition.Source.TOKEN, 5).logId()))
                .isEmpty();
        assertThat(auditLog.reader().find("90020261123171530123456000000000000001223372036854776001"))
                .isEmpty();
        assertThat(auditLog.reader().find("nonsense")).isEmpty();
        assertThatIllegalArgumentException()
                .isThrownBy(() ->
                        auditLog.reader().after(LogQuery.ALL, "nonsense", 10).events())
                .withMessageContaining("log_id");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> auditLog.reader()
                        .after(LogQuery.ALL, newest().getFirst().logId(), 101)
                        .events());
    }

    @Test
    void pages_are_newest_first_and_end_after_a_thousand() {
        List<CompletableFuture<@Nullable Void>> stored = IntStream.range(0, 1_020)
                .mapToObj(i -> auditLog.append(events.issued("jti-" + i)))
                .toList();
        stored.forEach(AuditLogContract::join);

        assertThat(jtis(auditLog.reader().page(LogQuery.ALL, true, 1, 3)))
                .containsExactly("jti-1016", "jti-1015", "jti-1014");
        assertThat(auditLog.reader().page(LogQuery.ALL, true, 9, 100)).hasSize(100);
        assertThat(auditLog.reader().page(LogQuery.ALL, true, 11, 90)).hasSize(10);
        assertThat(auditLog.reader().page(LogQuery.ALL, true, 10, 100)).isEmpty();
        assertThat(auditLog.reader().page(LogQuery.ALL, true, 0, 0)).isEmpty();
        assertThat(jtis(auditLog.reader().page(LogQuery.ALL, false, 0, 2))).containsExactly("jti-0", "jti-1");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> auditLog.reader().page(LogQuery.ALL, true, 0, 101))
                .withMessage("per_page is from 0 to 100");
    }

    @Test
    void a_query_finds_by_client_type_time_and_first_log_id() {
        append(events.issued("jti-1"));
        append(events.issued("other", "jti-2"));
        append(events.refused("no grant"));
        change("Create a client");
        Instant later = events.instant().plusSeconds(1);
        events.advance(Duration.ofSeconds(1));
        append(events.issued("jti-3"));

        assertThat(jtis(page("client_id:other"))).containsExactly("jti-2");
        assertThat(jtis(page("type:seccft AND client_id:" + TestEvents.BILLING)))
                .containsExactly("jti-3", "jti-1");
        assertThat(page("type:feccft")).hasSize(1);
        assertThat(jtis(page("type:sapi"))).containsExactly("Create a client");
        assertThat(page("type:slo")).isEmpty();
        assertThat(jtis(page("date:[" + later + " TO *]"))).containsExactly("jti-3");
        assertThat(page("date:[* TO " + later + "}")).hasSize(4);
        assertThat(page("date:[* TO *]")).hasSize(5);
        assertThat(jtis(page("NOT client_id:" + TestEvents.BILLING + " AND type:seccft")))
                .containsExactly("jti-2");
        List<LogEvent> newest = newest();
        assertThat(page("log_id:[" + newest.get(1).logId() + " TO *]")).isEqualTo(newest.subList(0, 2));
        assertThat(page("log_id:[" + newest.get(2).logId() + " TO *]")).isEqualTo(newest.subList(0, 3));
        assertThat(page("log_id:{" + newest.get(2).logId() + " TO *]")).isEqualTo(newest.subList(0, 2));
        for (int i = 0; i < newest.size(); i++) {
            String logId = newest.get(i).logId();
            assertThat(page("log_id:{* TO " + logId + "}")).isEqualTo(newest.subList(i + 1, newest.size()));
            assertThat(page("log_id:[* TO " + logId + "]")).isEqualTo(newest.subList(i, newest.size()));
            assertThat(page("log_id:[" + logId + " TO " + logId + "]")).containsExactly(newest.get(i));
        }
    }

    @Test
    void a_query_that_few_events_match_looks_behind_the_first_thousand() {
        append(events.issued("rare", "jti-rare"));
        change("Create a client");
        List<CompletableFuture<@Nullable Void>> stored = IntStream.range(0, 2_100)
                .mapToObj(i -> auditLog.append(events.issued("jti-" + i)))
                .toList();
        stored.forEach(AuditLogContract::join);

        assertThat(jtis(page("client_id:rare*"))).containsExactly("jti-rare");
        assertThat(jtis(page("description:Create*"))).containsExactly("Create a client");
        assertThat(jtis(page("NOT client_id:" + TestEvents.BILLING))).containsExactly("jti-rare");
    }

    List<LogEvent> page(String query) {
        try {
            return auditLog.reader().page(LogQuery.parse(query, "localhost"), true, 0, 100);
        } catch (LogQuery.MalformedQueryException e) {
            throw new IllegalArgumentException(e);
        }
    }

    @Test
    void a_checkpoint_holds_back_what_stands_after_a_change_not_yet_committed() {
        append(events.issued("jti-1"));
        String start = newest().getFirst().logId();
        database.change(handle -> {
            auditLog.changes().record(handle, events.change("Create a client"));
            auditLog.changes().record(handle, events.change("Create a client grant"));
            append(events.issued("jti-2"));
            assertThat(jtis(newest())).containsExactly("jti-2", "jti-1");
            assertThat(auditLog.reader().after(LogQuery.ALL, start, 100).events())
                    .isEmpty();
        });
        List<LogEvent> after = auditLog.reader().after(LogQuery.ALL, start, 100).events();
        assertThat(after).extracting(LogEvent::logId).isSorted();
        assertThat(jtis(after)).containsExactlyInAnyOrder("Create a client", "Create a client grant", "jti-2");
    }

    @Test
    void a_checkpoint_goes_on_after_a_change_was_rolled_back() {
        append(events.issued("jti-1"));
        String start = newest().getFirst().logId();
        assertThatIllegalArgumentException()
                .isThrownBy(() -> database.change(handle -> {
                    auditLog.changes().record(handle, events.change("Create a client"));
                    append(events.issued("jti-2"));
                    throw new IllegalArgumentException("undone");
                }));
        assertThat(jtis(auditLog.reader().after(LogQuery.ALL, start, 100).events()))
                .containsExactly("jti-2");
    }

    @Test
    void checkpoints_neither_skip_nor_repeat_under_concurrent_appends_and_an_unsteady_clock() throws Exception {
        append(events.issued("first"));
        String start = newest().getFirst().logId();
        appendsConcurrently(start, List.of(auditLog));
    }

    /** Appends to all nodes at once while reading on from {@code start} on each, and expects to have read it all. */
    final void appendsConcurrently(String start, List<AuditLog> nodes) throws Exception {
        int appenders = 3;
        Set<String> expected = ConcurrentHashMap.newKeySet();
        CountDownLatch running = new CountDownLatch(nodes.size() * (appenders + 1));
        try (ExecutorService threads = Executors.newCachedThreadPool()) {
            List<Future<?>> done = new ArrayList<>();
            for (int n = 0; n < nodes.size(); n++) {
                AuditLog node = nodes.get(n);
                for (int a = 0; a < appenders; a++) {
                    String name = n + "-" + a + "-";
                    done.add(threads.submit(counted(running, () -> appendMany(node, name, expected))));
                }
                String name = n + "-change-";
                done.add(threads.submit(counted(running, () -> changeMany(node, name, expected))));
            }
            List<Future<List<LogEvent>>> readers = nodes.stream()
                    .map(node -> threads.submit(() -> readUntilDone(node, start, running)))
                    .toList();
            for (Future<?> each : done) {
                each.get(60, SECONDS);
            }
            for (Future<List<LogEvent>> reader : readers) {
                List<LogEvent> read = reader.get(60, SECONDS);
                assertThat(read)
                        .extracting(LogEvent::logId)
                        .doesNotHaveDuplicates()
                        .isSorted();
                assertThat(jtis(read)).containsExactlyInAnyOrderElementsOf(expected);
            }
        }
    }

    private static Runnable counted(CountDownLatch running, Runnable work) {
        return () -> {
            try {
                work.run();
            } finally {
                running.countDown();
            }
        };
    }

    private static void appendMany(AuditLog node, String name, Set<String> expected) {
        Random random = new Random(name.hashCode());
        List<CompletableFuture<@Nullable Void>> stored = new ArrayList<>();
        for (int i = 0; i < 400; i++) {
            expected.add(name + i);
            stored.add(node.append(unsteady(random).issued(name + i)));
            if (random.nextInt(4) == 0) {
                join(stored.getLast());
            }
        }
        stored.forEach(AuditLogContract::join);
    }

    /** Changes of which every fifth or so is undone. */
    private void changeMany(AuditLog node, String name, Set<String> expected) {
        Random random = new Random(name.hashCode());
        for (int i = 0; i < 60; i++) {
            String change = name + i;
            boolean undone = random.nextInt(5) == 0;
            try {
                database.change(handle -> {
                    node.changes().record(handle, unsteady(random).change(change));
                    if (undone) {
                        throw new IllegalArgumentException("undone");
                    }
                });
                expected.add(change);
            } catch (IllegalArgumentException _) {
                // Not expected to be found.
            }
        }
    }

    private static List<LogEvent> readUntilDone(AuditLog node, String start, CountDownLatch running) {
        List<LogEvent> read = new ArrayList<>();
        String last = start;
        while (true) {
            boolean done = running.getCount() == 0;
            List<LogEvent> more = node.reader().after(LogQuery.ALL, last, 50).events();
            if (more.isEmpty() && done) {
                return read;
            }
            read.addAll(more);
            last = more.isEmpty() ? last : more.getLast().logId();
        }
    }

    /** The time by a clock that is up to 50 ms wrong, differently each time. */
    private static TestEvents unsteady(Random random) {
        return new TestEvents(Instant.now().plusMillis(random.nextInt(100) - 50).toString());
    }

    @Test
    void each_day_has_its_own_part_by_the_time_of_the_events() {
        events.set("2026-11-23T23:59:59.999Z");
        CompletableFuture<@Nullable Void> before = auditLog.append(events.issued("before"));
        events.set("2026-11-24T00:00:00.000Z");
        CompletableFuture<@Nullable Void> after = auditLog.append(events.issued("after"));
        join(before);
        join(after);

        assertThat(days()).containsExactly("2026-11-23", "2026-11-24");
        assertThat(jtis(all())).containsExactly("before", "after");
        assertThat(newest())
                .extracting(event -> event.logId().substring(3, 11))
                .containsExactly("20261124", "20261123");
    }

    @Test
    void a_clock_set_back_keeps_the_order_and_the_events_own_time() {
        events.set("2026-11-24T00:00:10.000Z");
        append(events.issued("first"));
        events.set("2026-11-23T22:00:00.000Z");
        append(events.issued("second"));
        restart(SETTINGS, events);
        append(events.issued("third"));

        assertThat(jtis(all())).containsExactly("first", "second", "third");
        assertThat(newest().getFirst().at()).isEqualTo("2026-11-23T22:00:00Z");
    }

    @Test
    void the_log_goes_on_where_it_ended_after_a_restart() {
        append(events.issued("jti-1"));
        String last = newest().getFirst().logId();
        restart(SETTINGS, events);
        append(events.issued("jti-2"));
        assertThat(jtis(auditLog.reader().after(LogQuery.ALL, last, 10).events()))
                .containsExactly("jti-2");
    }

    @Test
    void refusals_of_strangers_beyond_the_threshold_become_one_row_when_the_minute_ends() {
        for (int i = 0; i < 50; i++) {
            append(events.strange("192.0.2.1", "access_denied"));
        }
        assertThat(newest()).hasSize(2);

        events.advance(Duration.ofMinutes(1));
        append(events.issued("jti-1"));
        assertThat(newest()).hasSize(4);
        LogEvent folded = newest().get(1);
        assertThat(folded.type()).isEqualTo("feccft");
        assertThat(folded.ip()).isEqualTo("192.0.2.1");
        assertThat(folded.clientId()).isNull();
        assertThat(folded.details().get("count").asInt()).isEqualTo(48);
        assertThat(page("type:feccft")).hasSize(3);
    }

    @Test
    void what_is_counted_is_stored_at_the_end() {
        for (int i = 0; i < 5; i++) {
            append(events.strange("192.0.2.1", "access_denied"));
        }
        restart(SETTINGS, events);
        assertThat(newest().getFirst().details().get("count").asInt()).isEqualTo(3);
    }

    @Test
    void days_older_than_the_retention_are_dropped() {
        restart(settings(2, 0), events);
        for (int day = 20; day <= 24; day++) {
            events.set("2026-11-" + day + "T12:00:00.000Z");
            append(events.issued("jti-" + day));
        }
        auditLog.tend();

        assertThat(days()).startsWith("2026-11-22", "2026-11-23", "2026-11-24");
        assertThat(jtis(newest())).containsExactly("jti-24", "jti-23", "jti-22");
        assertThat(auditLog.overCap()).isFalse();
        append(events.issued("more"));
    }

    @Test
    void over_the_cap_the_oldest_days_are_dropped_but_never_today() {
        restart(settings(30, 1), events);
        for (int day = 22; day <= 24; day++) {
            events.set("2026-11-" + day + "T12:00:00.000Z");
            append(events.issued("jti-" + day));
        }
        auditLog.tend();

        assertThat(jtis(newest())).containsExactly("jti-24");
        assertThat(auditLog.overCap()).isTrue();
        restart(settings(30, 1L << 40), events);
        auditLog.tend();
        assertThat(auditLog.overCap()).isFalse();
    }

    @Test
    void what_is_behind_a_checkpoint_is_found_by_the_key() {
        append(events.issued("jti-1"));
        long key = newestKey();
        withTokenEvents(handle -> {
            handle.execute("insert into token_events (position, kind, at_ms, client_id, ip, request_id, events) "
                    + QueryPlans.rows(5_000) + "select " + key
                    + " + i, i % 2, 0, 'client-' || (i % 10), '::1', 'r', 1 from n");
            QueryPlans.countRows(database.dialect(), handle);
            for (long from : List.of(0L, key + 2_500)) {
                requireByKey(handle, new AuditStore.Query(from, key + 10_000, null, null));
                requireByKey(handle, new AuditStore.Query(from, key + 10_000, "client-3", null));
                requireByKey(handle, new AuditStore.Query(from, key + 10_000, null, false));
            }
        });
        database.change(handle -> {
            handle.execute(
                    "insert into change_events (log_ms, at_ms, type, description, client_id, ip, request_id, details) "
                            + QueryPlans.rows(5_000)
                            + "select i, i, 'sapi', 'x', 'client-' || (i % 10), '::1', 'r', '{}' from n");
            QueryPlans.countRows(database.dialect(), handle);
            for (String client : Arrays.asList(null, "client-3")) {
                QueryPlans.requireByIndex(
                        database.dialect(),
                        handle,
                        () -> ChangeEventStore.find(handle, 2_500, Long.MAX_VALUE, client, null, false, 51));
            }
        });
    }

    private long newestKey() {
        List<Long> keys = new ArrayList<>();
        withTokenEvents(handle -> keys.add(handle.createQuery("select max(position) from token_events")
                .mapTo(long.class)
                .one()));
        return keys.getFirst();
    }

    private void requireByKey(Handle handle, AuditStore.Query query) {
        List<String> sent = new ArrayList<>();
        Connection listening = (Connection) Proxy.newProxyInstance(
                Connection.class.getClassLoader(), new Class<?>[] {Connection.class}, (_, method, arguments) -> {
                    sent.add((String) arguments[0]);
                    return method.invoke(handle.getConnection(), arguments);
                });
        try {
            TokenEventStore.find(listening, query, false, 51);
        } catch (SQLException e) {
            throw new AssertionError(e);
        }
        String statement = sent.getFirst();
        for (Object value : query.clientId() == null
                ? List.of(query.fromKey(), query.toKey(), 51)
                : List.of(query.fromKey(), query.toKey(), "'" + query.clientId() + "'", 51)) {
            statement = statement.replaceFirst("\\?", value.toString());
        }
        QueryPlans.requireByIndex(database.dialect(), handle, statement);
    }
}
