package dev.jeton.audit;

import dev.jeton.audit.AuditStore.Origin;
import dev.jeton.oauth.ClientId;
import dev.jeton.storage.Database;
import dev.jeton.storage.StorageUnavailableException;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.Query;

/**
 * What clients and APIs were used for, from the counts of {@link UsageStore}: some seconds old, and by the hour. A day is
 * the last 24 full hours and the one that runs, a week the last 168; so a figure is rather too high than too low.
 *
 * <p>No answer looks at more than a bounded number of rows. All methods throw {@link StorageUnavailableException} if the
 * database cannot be used now.
 */
public final class UsageFiguresStore {
    /** How many ids can be asked for at once. */
    public static final int MOST_IDS = 100;

    private static final long HOUR_MS = 3_600_000;
    private static final Duration DAY = Duration.ofDays(1);
    private static final Duration WEEK = Duration.ofDays(7);
    /** So many of the newest token events are looked at for the addresses in them. */
    private static final int MOST_EVENTS = 50_000;
    /** So many of each hour are candidates for the busiest of all hours. */
    private static final int BUSIEST_OF_HOUR = 20;

    /** For which APIs each client has counts, without a look at all of its hours; null stands for no more. */
    private static final String USED = """
            used (client_id, resource_server_id) as (
                select client_id,
                       (select min(u.resource_server_id) from usage u where u.client_id = asked.client_id)
                  from asked
                 union all
                select client_id,
                       (select min(u.resource_server_id)
                          from usage u
                         where u.client_id = used.client_id and u.resource_server_id > used.resource_server_id)
                  from used
                 where resource_server_id is not null)
            """;

    private static final String OF_CLIENTS = """
            with recursive asked as (select client_id from clients where client_id in (<ids>)),
            """ + USED + """
            select client_id as id,
                   (select coalesce(sum(u.tokens), 0)
                      from usage u
                     where u.client_id = used.client_id and u.resource_server_id = used.resource_server_id
                       and u.hour_ms >= :day_ms) as tokens_day,
                   (select coalesce(sum(u.tokens), 0)
                      from usage u
                     where u.client_id = used.client_id and u.resource_server_id = used.resource_server_id
                       and u.hour_ms >= :week_ms) as tokens_week,
                   (select coalesce(sum(u.refusals), 0)
                      from usage u
                     where u.client_id = used.client_id and u.resource_server_id = used.resource_server_id
                       and u.hour_ms >= :day_ms) as refusals_day,
                   (select u.last_at_ms
                      from usage u
                     where u.client_id = used.client_id and u.resource_server_id = used.resource_server_id
                       and u.tokens > 0
                     order by u.hour_ms desc
                     limit 1) as last_at_ms
              from used""";

    private static final String OF_APIS = """
            select id,
                   (select coalesce(sum(u.tokens), 0)
                      from usage_of_apis u
                     where u.resource_server_id = id and u.hour_ms >= :day_ms) as tokens_day,
                   (select coalesce(sum(u.tokens), 0)
                      from usage_of_apis u
                     where u.resource_server_id = id and u.hour_ms >= :week_ms) as tokens_week,
                   (select coalesce(sum(u.refusals), 0)
                      from usage_of_apis u
                     where u.resource_server_id = id and u.hour_ms >= :day_ms) as refusals_day,
                   (select u.last_at_ms
                      from usage_of_apis u
                     where u.resource_server_id = id and u.tokens > 0
                     order by u.hour_ms desc
                     limit 1) as last_at_ms
              from resource_servers
             where id in (<ids>)""";

    private static final String API_HOURS = """
            select resource_server_id, tokens, last_at_ms
              from usage_of_apis
             where hour_ms >= :from_ms and hour_ms < :to_ms and tokens > 0""";

    private static final String TOKENS_OF = """
            with recursive asked as (select client_id from clients where client_id in (<ids>)),
            """ + USED + """
            select client_id,
                   (select coalesce(sum(u.tokens), 0)
                      from usage u
                     where u.client_id = used.client_id and u.resource_server_id = used.resource_server_id
                       and u.hour_ms >= :from_ms) as tokens
              from used
             where resource_server_id is not null""";

    private static final String UNUSED_CLIENTS = """
            with recursive looked_at as (
                select client_id, name, created_at_ms
                  from clients
                 where client_id > :after
                 order by client_id
                 limit :looked_at),
            asked as (select client_id from looked_at where created_at_ms < :since_ms),
            """ + USED + """
            select client_id, name, created_at_ms
              from looked_at
             where created_at_ms < :since_ms
               and client_id not in (
                   select client_id
                     from used
                    where resource_server_id is not null
                      and exists (select 1
                                    from usage u
                                   where u.client_id = used.client_id
                                     and u.resource_server_id = used.resource_server_id
                                     and u.hour_ms >= :since_hour_ms and u.tokens > 0))
             order by client_id
             limit :limit""";

    private static final String UNUSED_GRANTS = """
            select id, client_id, resource_server_id,
                   (select u.last_at_ms
                      from usage u
                     where u.client_id = looked_at.client_id and u.resource_server_id = looked_at.resource_server_id
                       and u.tokens > 0
                     order by u.hour_ms desc
                     limit 1) as last_at_ms
              from (select id, client_id, resource_server_id, created_at_ms
                      from client_grants
                     where id > :after and client_id is not null
                     order by id
                     limit :looked_at) as looked_at
             where created_at_ms < :since_ms
               and not exists (select 1
                                 from usage u
                                where u.client_id = looked_at.client_id
                                  and u.resource_server_id = looked_at.resource_server_id
                                  and u.hour_ms >= :since_hour_ms and u.tokens > 0)
             order by id
             limit :limit""";

    private static final String LAST_CLIENT_LOOKED_AT = """
            select client_id from clients where client_id > :after order by client_id limit 1 offset :looked_at - 1""";
    private static final String LAST_GRANT_LOOKED_AT = """
            select id
              from client_grants
             where id > :after and client_id is not null
             order by id
             limit 1 offset :looked_at - 1""";

    private static final String STEPS = """
            select (minute_ms - :from_ms) / :step_ms as step, reason, sum(events) as events
              from usage_minutes
             where minute_ms >= :from_ms and minute_ms < :to_ms
             group by 1, 2
             order by 1, 2""";
    private static final String FIRST_MINUTE = "select min(minute_ms) from usage_minutes";

    private final Database database;
    private final AuditStore log;

    /**
     * What a client, or an API, was used for.
     *
     * @param refusalsDay of those that proved to be a client
     */
    public record Figures(String id, long tokensDay, long tokensWeek, long refusalsDay, Optional<Instant> lastToken) {
        private static final Comparator<Optional<Instant>> NONE_FIRST =
                Comparator.comparing(instant -> instant.orElse(Instant.EPOCH));

        private Figures plus(Figures other) {
            return new Figures(
                    id,
                    tokensDay + other.tokensDay,
                    tokensWeek + other.tokensWeek,
                    refusalsDay + other.refusalsDay,
                    NONE_FIRST.compare(lastToken, other.lastToken) < 0 ? other.lastToken : lastToken);
        }
    }

    /**
     * A client that is issued no tokens.
     *
     * @param lastToken empty if there never was one, or none is on record any more
     */
    public record UnusedClient(ClientId id, String name, Instant createdAt, Optional<Instant> lastToken) {}

    /** A grant for which no tokens are issued, likewise. */
    public record UnusedGrant(String id, ClientId client, String resourceServerId, Optional<Instant> lastToken) {}

    /**
     * Some of what is not used.
     *
     * @param next from where to go on; empty if all has been looked at. There may be one where little or nothing was found
     */
    public record Unused<T>(List<T> found, Optional<String> next) {}

    /** What a client was issued. */
    public record Busy(ClientId client, long tokens) {}

    /** Tokens for one API within some hours. */
    public record ApiTokens(long tokens, Instant last) {}

    /**
     * How many addresses there were.
     *
     * @param isAtLeast whether there may be more, in older events than were looked at
     */
    public record Addresses(int count, boolean isAtLeast) {}

    /**
     * What happened in a step of time.
     *
     * @param number of the step, from 0
     * @param reason why tokens were refused, strangers included; empty if they were issued
     */
    public record Step(int number, String reason, long events) {}

    UsageFiguresStore(Database database, AuditStore log) {
        this.database = database;
        this.log = log;
    }

    /** Those of these clients that there are, by their ids. */
    public Map<String, Figures> ofClients(Collection<String> ids, Instant now) {
        return database.read(handle -> figures(handle, OF_CLIENTS, ids, now));
    }

    /** Those of these resource servers that there are, by their ids. */
    public Map<String, Figures> ofApis(Collection<String> ids, Instant now) {
        return database.read(handle -> figures(handle, OF_APIS, ids, now));
    }

    private static Map<String, Figures> figures(Handle handle, String sql, Collection<String> ids, Instant now) {
        if (ids.isEmpty()) {
            return Map.of();
        }
        return handle
                .createQuery(sql)
                .bindList("ids", List.copyOf(ids))
                .bind("day_ms", hourMs(now.minus(DAY)))
                .bind("week_ms", hourMs(now.minus(WEEK)))
                .map((found, _) -> new Figures(
                        found.getString("id"),
                        found.getLong("tokens_day"),
                        found.getLong("tokens_week"),
                        found.getLong("refusals_day"),
                        instant(found, "last_at_ms")))
                .stream()
                .collect(Collectors.toMap(Figures::id, figures -> figures, Figures::plus));
    }

    /** Tokens per resource server in the hours that lie in the last day and touch that period. */
    public Map<String, ApiTokens> ofApisWithin(Instant from, Instant to, Instant now) {
        return database.read(handle -> handle
                .createQuery(API_HOURS)
                .bind("from_ms", Math.max(hourMs(from), hourMs(now.minus(DAY))))
                .bind("to_ms", to.toEpochMilli())
                .map((found, _) -> Map.entry(
                        found.getString("resource_server_id"),
                        new ApiTokens(found.getLong("tokens"), Instant.ofEpochMilli(found.getLong("last_at_ms")))))
                .stream()
                .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue, UsageFiguresStore::sum)));
    }

    private static ApiTokens sum(ApiTokens one, ApiTokens other) {
        return new ApiTokens(
                one.tokens() + other.tokens(), one.last().isAfter(other.last()) ? one.last() : other.last());
    }

    /**
     * The clients that were issued most tokens since then, of those that are among the busiest of some hour.
     *
     * @param hours how many full ones, besides the one that runs
     */
    public List<Busy> busiest(int hours, Instant now, int limit) {
        long last = hourMs(now);
        String sql = IntStream.rangeClosed(0, hours)
                .mapToObj(hour -> """
                        select client_id, tokens
                          from (select client_id, tokens
                                  from usage
                                 where hour_ms = %d and tokens > 0
                                 order by tokens desc
                                 limit %d) as hour
                        """.formatted(last - hour * HOUR_MS, BUSIEST_OF_HOUR))
                .collect(Collectors.joining(" union all "));
        return database.read(handle -> {
            Map<String, Long> candidates = new HashMap<>();
            handle.createQuery(sql)
                    .map((found, _) ->
                            candidates.merge(found.getString("client_id"), found.getLong("tokens"), Long::sum))
                    .list();
            List<String> ids = candidates.entrySet().stream()
                    .sorted(Map.Entry.<String, Long>comparingByValue().reversed())
                    .limit(MOST_IDS)
                    .map(Map.Entry::getKey)
                    .toList();
            return ids.isEmpty() ? List.of() : ranked(handle, ids, last - hours * HOUR_MS, limit);
        });
    }

    private static List<Busy> ranked(Handle handle, List<String> ids, long fromMs, int limit) {
        Map<String, Long> tokens = new HashMap<>();
        handle.createQuery(TOKENS_OF)
                .bindList("ids", ids)
                .bind("from_ms", fromMs)
                .map((found, _) -> tokens.merge(found.getString("client_id"), found.getLong("tokens"), Long::sum))
                .list();
        return tokens.entrySet().stream()
                .sorted(Map.Entry.<String, Long>comparingByValue().reversed().thenComparing(Map.Entry.comparingByKey()))
                .limit(limit)
                .map(entry -> new Busy(new ClientId(entry.getKey()), entry.getValue()))
                .toList();
    }

    /**
     * Clients older than {@code since} that were issued no token since then, by their ids from behind {@code after} on.
     *
     * @param mostLookedAt among how many clients they are looked for
     */
    public Unused<UnusedClient> unusedClients(Instant since, String after, int mostLookedAt, int limit, Instant now) {
        record Found(ClientId id, String name, Instant createdAt) {}
        return database.readSnapshot(handle -> {
            List<Found> found = unused(handle.createQuery(UNUSED_CLIENTS), since, after, mostLookedAt, limit)
                    .map((row, _) -> new Found(
                            new ClientId(row.getString("client_id")),
                            row.getString("name"),
                            Instant.ofEpochMilli(row.getLong("created_at_ms"))))
                    .list();
            Map<String, Figures> figures = figures(
                    handle,
                    OF_CLIENTS,
                    found.stream().map(client -> client.id().value()).toList(),
                    now);
            List<UnusedClient> clients = found.stream()
                    .map(client -> new UnusedClient(
                            client.id(),
                            client.name(),
                            client.createdAt(),
                            Optional.ofNullable(figures.get(client.id().value()))
                                    .flatMap(Figures::lastToken)))
                    .toList();
            return new Unused<>(
                    clients,
                    found.size() == limit
                            ? Optional.of(found.getLast().id().value())
                            : end(handle, LAST_CLIENT_LOOKED_AT, after, mostLookedAt));
        });
    }

    /** Likewise the grants. */
    public Unused<UnusedGrant> unusedGrants(Instant since, String after, int mostLookedAt, int limit) {
        return database.readSnapshot(handle -> {
            List<UnusedGrant> found = unused(handle.createQuery(UNUSED_GRANTS), since, after, mostLookedAt, limit)
                    .map((row, _) -> new UnusedGrant(
                            row.getString("id"),
                            new ClientId(row.getString("client_id")),
                            row.getString("resource_server_id"),
                            instant(row, "last_at_ms")))
                    .list();
            return new Unused<>(
                    found,
                    found.size() == limit
                            ? Optional.of(found.getLast().id())
                            : end(handle, LAST_GRANT_LOOKED_AT, after, mostLookedAt));
        });
    }

    private static Query unused(Query query, Instant since, String after, int mostLookedAt, int limit) {
        return query.bind("since_ms", since.toEpochMilli())
                .bind("since_hour_ms", hourMs(since))
                .bind("after", after)
                .bind("looked_at", mostLookedAt)
                .bind("limit", limit);
    }

    private static Optional<String> end(Handle handle, String sql, String after, int mostLookedAt) {
        return handle.createQuery(sql)
                .bind("after", after)
                .bind("looked_at", mostLookedAt)
                .mapTo(String.class)
                .findOne();
    }

    /** From how many addresses tokens were asked for in the last day for that client, by the log. */
    public Addresses addressesOfClient(ClientId client, Instant now) {
        return addresses(Optional.of(client), _ -> true, now);
    }

    /** Likewise for some resource servers. */
    public Addresses addressesOfApis(Predicate<String> resourceServerId, Instant now) {
        return addresses(Optional.empty(), resourceServerId, now);
    }

    private Addresses addresses(Optional<ClientId> client, Predicate<String> resourceServerId, Instant now) {
        long from = LogPosition.firstTokenKey(now.minus(DAY).toEpochMilli());
        AuditStore.Stretch newest = log.stretch(from, Long.MAX_VALUE, true, MOST_EVENTS);
        long count = newest.count() == 0
                ? 0
                : log
                        .origins(
                                newest.firstKey(),
                                newest.lastKey() + 1,
                                client.map(ClientId::value).orElse(null))
                        .stream()
                        .filter(origin -> resourceServerId.test(origin.resourceServerId()))
                        .map(Origin::ip)
                        .distinct()
                        .count();
        return new Addresses((int) count, newest.count() == MOST_EVENTS);
    }

    /** All that is on record from one minute to before another, in steps of some minutes; it is kept for a week. */
    public List<Step> steps(Instant from, Instant to, Duration step) {
        return database.read(handle -> handle.createQuery(STEPS)
                .bind("from_ms", from.toEpochMilli())
                .bind("to_ms", to.toEpochMilli())
                .bind("step_ms", step.toMillis())
                .map((found, _) -> new Step(found.getInt("step"), found.getString("reason"), found.getLong("events")))
                .list());
    }

    /** The first minute on record: what was before is not known. */
    public Optional<Instant> firstMinute() {
        return database.read(handle -> handle.createQuery(FIRST_MINUTE)
                .map((found, _) -> {
                    long ms = found.getLong(1);
                    return found.wasNull() ? Optional.<Instant>empty() : Optional.of(Instant.ofEpochMilli(ms));
                })
                .one());
    }

    /** The time of the last event that is counted; empty if none is. */
    public Optional<Instant> countedUpTo() {
        long key = database.read(handle ->
                handle.createQuery(UsageStore.COUNTED).mapTo(long.class).one());
        return key <= 0 ? Optional.empty() : Optional.of(Instant.ofEpochMilli(LogPosition.msOfTokenKey(key)));
    }

    private static long hourMs(Instant time) {
        return Math.floorDiv(time.toEpochMilli(), HOUR_MS) * HOUR_MS;
    }

    private static Optional<Instant> instant(ResultSet found, String column) throws SQLException {
        long ms = found.getLong(column);
        return found.wasNull() || ms == 0 ? Optional.empty() : Optional.of(Instant.ofEpochMilli(ms));
    }
}
