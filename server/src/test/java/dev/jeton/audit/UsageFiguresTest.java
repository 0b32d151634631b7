package dev.jeton.audit;

import static java.util.Objects.requireNonNull;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import dev.jeton.audit.AuditEvent.TokenRefused;
import dev.jeton.audit.UsageFiguresStore.Addresses;
import dev.jeton.audit.UsageFiguresStore.Busy;
import dev.jeton.audit.UsageFiguresStore.Figures;
import dev.jeton.audit.UsageFiguresStore.Step;
import dev.jeton.audit.UsageFiguresStore.Unused;
import dev.jeton.audit.UsageFiguresStore.UnusedClient;
import dev.jeton.audit.UsageFiguresStore.UnusedGrant;
import dev.jeton.oauth.ClientId;
import dev.jeton.oauth.RefusalReason;
import dev.jeton.storage.Database;
import dev.jeton.storage.Migrations;
import dev.jeton.storage.TestPostgres;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What is counted of the log, on both databases. */
class UsageFiguresTest {
    private static final String OTHER = "other-client";
    private static final String IDLE = "idle-client";

    @TempDir
    Path data;

    private final TestEvents events = new TestEvents("2026-11-23T17:15:30.123Z");
    private @Nullable Database database;
    private @Nullable AuditLog auditLog;

    private UsageFiguresStore start(Database.Dialect dialect) {
        Database opened = switch (dialect) {
            case SQLITE -> Database.sqlite(data.resolve("jeton.db"), 4);
            case POSTGRESQL -> Database.postgreSql(TestPostgres.freshDatabase(), 4);
        };
        Migrations.run(opened);
        opened.change(handle -> {
            handle.execute("""
                    insert into resource_servers (id, identifier, signing_alg, token_lifetime_s, is_system, extra,
                                                  created_at_ms, updated_at_ms)
                    values (?, 'https://api.example.com/billing', 'RS256', 1, 0, '{}', 0, 0)""", TestEvents.BILLING_API);
            for (String client : List.of(TestEvents.BILLING, OTHER, IDLE)) {
                handle.execute("""
                        insert into clients (client_id, name, grant_types, client_metadata, extra, created_at_ms,
                                             updated_at_ms)
                        values (?, 'x', '[]', '{}', '{}', 0, 0)""", client);
                handle.execute("""
                        insert into client_grants (id, client_id, resource_server_id, scope, subject_type, extra,
                                                   created_at_ms, updated_at_ms)
                        values (?, ?, ?, '', 'client', '{}', 0, 0)""", "cgr_" + client, client, TestEvents.BILLING_API);
            }
        });
        database = opened;
        auditLog = AuditLog.start(opened, data, AuditLogContract.SETTINGS, events);
        return auditLog.usage();
    }

    @AfterEach
    void stop() {
        log().close();
        requireNonNull(database).close();
    }

    private AuditLog log() {
        return requireNonNull(auditLog);
    }

    private void append(AuditEvent.TokenEvent event) {
        log().append(event).orTimeout(20, SECONDS).join();
    }

    /** A client that proved to be that one asked for an API that there is. */
    private TokenRefused refusedAtApi() {
        TokenRefused refused = events.refused("no");
        return new TokenRefused(
                refused.at(),
                refused.source(),
                refused.client(),
                refused.clientName(),
                TestEvents.BILLING_API,
                refused.audience(),
                refused.scope(),
                refused.granted(),
                refused.error(),
                refused.description(),
                refused.reason(),
                RefusalReason.SCOPE_NOT_GRANTED,
                Optional.empty());
    }

    @ParameterizedTest
    @EnumSource
    void each_event_counts_once_for_its_client_and_its_api(Database.Dialect dialect) {
        UsageFiguresStore usage = start(dialect);
        append(events.issued("jti-1"));
        append(events.issued("jti-2"));
        append(events.refused("no grant"));
        append(refusedAtApi());
        append(events.strange("192.0.2.1", "access_denied"));
        log().tend();
        log().tend();
        events.advance(Duration.ofHours(1));
        append(events.issued("jti-3"));
        Instant last = events.instant();
        append(events.issued(OTHER, "jti-4"));
        log().tend();
        events.set("2026-11-24T00:10:00.000Z");

        assertThat(usage.ofClients(List.of(TestEvents.BILLING, OTHER, IDLE, "nobody"), events.instant()))
                .containsOnlyKeys(TestEvents.BILLING, OTHER, IDLE)
                .containsEntry(TestEvents.BILLING, new Figures(TestEvents.BILLING, 3, 3, 2, Optional.of(last)))
                .containsEntry(OTHER, new Figures(OTHER, 1, 1, 0, Optional.of(last)))
                .containsEntry(IDLE, new Figures(IDLE, 0, 0, 0, Optional.empty()));
        assertThat(usage.ofApis(List.of(TestEvents.BILLING_API, "66f2a1c09d3e4b7a5c018e30"), events.instant()))
                .containsOnlyKeys(TestEvents.BILLING_API)
                .containsEntry(TestEvents.BILLING_API, new Figures(TestEvents.BILLING_API, 4, 4, 1, Optional.of(last)));
        assertThat(usage.countedUpTo()).hasValueSatisfying(at -> assertThat(at).isBetween(last, last.plusMillis(10)));
        assertThat(usage.busiest(24, events.instant(), 10))
                .containsExactly(new Busy(new ClientId(TestEvents.BILLING), 3), new Busy(new ClientId(OTHER), 1));
        assertThat(usage.busiest(24, events.instant(), 1)).hasSize(1);
        assertThat(usage.busiest(1, events.instant(), 10)).isEmpty();
    }

    @ParameterizedTest
    @EnumSource
    void a_day_is_24_full_hours_and_a_week_168_and_the_hour_that_runs(Database.Dialect dialect) {
        UsageFiguresStore usage = start(dialect);
        append(events.issued("jti-1"));
        log().tend();
        Instant hour = Instant.parse("2026-11-23T17:00:00Z");
        List<String> ids = List.of(TestEvents.BILLING);

        for (Instant now : List.of(hour.plus(Duration.ofHours(25)).minusMillis(1), hour.plus(Duration.ofHours(25)))) {
            boolean within = now.isBefore(hour.plus(Duration.ofHours(25)));
            assertThat(usage.ofClients(ids, now).values())
                    .extracting(Figures::tokensDay)
                    .containsExactly(within ? 1L : 0L);
        }
        assertThat(usage.ofClients(ids, hour.plus(Duration.ofDays(7))).values())
                .extracting(Figures::tokensWeek)
                .containsExactly(1L);
        assertThat(usage.ofClients(ids, hour.plus(Duration.ofHours(169))).values())
                .extracting(Figures::tokensWeek)
                .containsExactly(0L);
    }

    @ParameterizedTest
    @EnumSource
    void the_busiest_of_an_hour_are_those_of_the_hour_before_and_the_one_that_runs(Database.Dialect dialect) {
        UsageFiguresStore usage = start(dialect);
        append(events.issued("jti-1"));
        log().tend();
        Instant hour = Instant.parse("2026-11-23T17:00:00Z");

        assertThat(usage.busiest(1, hour.plus(Duration.ofMinutes(61)), 10))
                .containsExactly(new Busy(new ClientId(TestEvents.BILLING), 1));
        assertThat(usage.busiest(1, hour.plus(Duration.ofHours(2)), 10)).isEmpty();
    }

    @ParameterizedTest
    @EnumSource
    void a_refusal_is_not_the_last_token(Database.Dialect dialect) {
        UsageFiguresStore usage = start(dialect);
        append(events.issued("jti-1"));
        Instant last = events.instant();
        events.advance(Duration.ofMinutes(10));
        append(refusedAtApi());
        log().tend();

        assertThat(usage.ofClients(List.of(TestEvents.BILLING), events.instant())
                        .values())
                .extracting(Figures::lastToken)
                .containsExactly(Optional.of(last));
    }

    @ParameterizedTest
    @EnumSource
    void minutes_have_tokens_and_refusals_by_reason_and_strangers_too(Database.Dialect dialect) {
        UsageFiguresStore usage = start(dialect);
        append(events.issued("jti-1"));
        append(events.issued("jti-2"));
        append(refusedAtApi());
        for (int i = 0; i < 50; i++) {
            append(events.strange("192.0.2.1", "access_denied"));
        }
        Instant first = Instant.parse("2026-11-23T17:15:00Z");
        events.advance(Duration.ofMinutes(1));
        append(events.issued("jti-3"));
        log().tend();

        assertThat(usage.steps(first, events.instant(), Duration.ofMinutes(1)))
                .containsExactly(
                        new Step(0, "", 2),
                        new Step(0, "client_not_authenticated", 50),
                        new Step(0, "scope_not_granted", 1),
                        new Step(1, "", 1));
        assertThat(usage.steps(first, events.instant(), Duration.ofHours(1)))
                .extracting(Step::events)
                .containsExactly(3L, 50L, 1L);
        assertThat(usage.firstMinute()).contains(first);

        events.advance(Duration.ofDays(9));
        log().tend();
        assertThat(usage.firstMinute()).isEmpty();
        assertThat(usage.ofClients(List.of(TestEvents.BILLING), first).values())
                .extracting(Figures::tokensDay)
                .as("counts by the hour are kept for a year")
                .containsExactly(3L);
        events.advance(Duration.ofDays(360));
        log().tend();
        assertThat(usage.ofClients(List.of(TestEvents.BILLING), first).values())
                .extracting(Figures::tokensDay)
                .containsExactly(0L);
    }

    @ParameterizedTest
    @EnumSource
    void clients_and_grants_for_which_no_token_was_issued_since_are_found(Database.Dialect dialect) {
        UsageFiguresStore usage = start(dialect);
        append(events.issued("jti-1"));
        Instant used = events.instant();
        events.advance(Duration.ofDays(20));
        append(events.issued(OTHER, "jti-2"));
        append(refusedAtApi());
        log().tend();
        Instant since = used.plus(Duration.ofDays(10));

        Unused<UnusedClient> clients = usage.unusedClients(since, "", 100, 10, events.instant());
        assertThat(clients.next()).isEmpty();
        assertThat(clients.found())
                .containsExactly(
                        new UnusedClient(new ClientId(IDLE), "x", Instant.EPOCH, Optional.empty()),
                        new UnusedClient(new ClientId(TestEvents.BILLING), "x", Instant.EPOCH, Optional.of(used)));
        Unused<UnusedClient> glance = usage.unusedClients(since, OTHER, 1, 10, events.instant());
        assertThat(glance.found()).hasSize(1);
        assertThat(glance.next()).as("one was looked at, and there may be more").contains(TestEvents.BILLING);
        Unused<UnusedClient> first = usage.unusedClients(since, "", 100, 1, events.instant());
        assertThat(first.next()).contains(IDLE);
        assertThat(usage.unusedClients(since, IDLE, 100, 10, events.instant()).found())
                .extracting(client -> client.id().value())
                .containsExactly(TestEvents.BILLING);
        assertThat(usage.unusedClients(used, "", 100, 10, events.instant()).found())
                .extracting(client -> client.id().value())
                .containsExactly(IDLE);
        assertThat(usage.unusedClients(Instant.EPOCH, "", 100, 10, events.instant())
                        .found())
                .as("a client that is younger has had no time")
                .isEmpty();

        Unused<UnusedGrant> grants = usage.unusedGrants(since, "", 100, 10);
        assertThat(grants.found())
                .containsExactly(
                        new UnusedGrant("cgr_" + IDLE, new ClientId(IDLE), TestEvents.BILLING_API, Optional.empty()),
                        new UnusedGrant(
                                "cgr_" + TestEvents.BILLING,
                                new ClientId(TestEvents.BILLING),
                                TestEvents.BILLING_API,
                                Optional.of(used)));
        assertThat(usage.unusedGrants(since, "cgr_" + IDLE, 100, 10).found()).hasSize(1);
        assertThat(usage.unusedGrants(since, "", 100, 1).next()).contains("cgr_" + IDLE);
    }

    @ParameterizedTest
    @EnumSource
    void addresses_are_those_of_tokens_of_the_last_24_hours(Database.Dialect dialect) {
        UsageFiguresStore usage = start(dialect);
        append(events.issued("yesterday"));
        events.advance(Duration.ofDays(1));
        append(events.issued("jti-1"));
        append(events.issued(OTHER, "jti-2"));
        append(events.strange("192.0.2.1", "access_denied"));
        AuditEvent.TokenIssued elsewhere = events.issued("jti-3");
        append(new AuditEvent.TokenIssued(
                elsewhere.at(),
                TestEvents.source("2001:db8::1"),
                elsewhere.client(),
                elsewhere.clientName(),
                elsewhere.resourceServerId(),
                elsewhere.audience(),
                elsewhere.scope(),
                elsewhere.jti(),
                elsewhere.execution()));

        Instant now = events.instant().plusMillis(1);
        assertThat(usage.addressesOfClient(new ClientId(TestEvents.BILLING), now))
                .isEqualTo(new Addresses(2, false));
        assertThat(usage.addressesOfClient(new ClientId(OTHER), now)).isEqualTo(new Addresses(1, false));
        assertThat(usage.addressesOfClient(new ClientId(IDLE), now)).isEqualTo(new Addresses(0, false));
        assertThat(usage.addressesOfApis(TestEvents.BILLING_API::equals, now)).isEqualTo(new Addresses(2, false));
        assertThat(usage.addressesOfApis("another"::equals, now)).isEqualTo(new Addresses(0, false));
        assertThat(usage.addressesOfApis(_ -> true, now.plus(Duration.ofDays(2))))
                .isEqualTo(new Addresses(0, false));
    }
}
