package dev.jeton.audit;

import dev.jeton.audit.AuditStore.UsageChunk;
import dev.jeton.audit.AuditStore.UsageCount;
import dev.jeton.oauth.ClientId;
import dev.jeton.storage.Database;
import dev.jeton.storage.StorageUnavailableException;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/**
 * Tokens and refusals per client, resource server and hour.
 *
 * <p>They are counted from the stored token events, some seconds later, in one transaction with the mark up to where:
 * each event counts once whatever crashes, the writer of the log does nothing for it, and the counts stand in the main
 * database where they can be joined with clients and grants. What a stranger does in a client's name is not its usage.
 *
 * <p>All methods throw {@link StorageUnavailableException} if the database cannot be used now.
 */
public final class UsageStore {
    private static final long HOUR_MS = 3_600_000;

    private static final String COUNTED = "select position from usage_counted";
    private static final String ADVANCE = "update usage_counted set position = :to where position = :from";
    private static final String ADD = """
            insert into usage (client_id, resource_server_id, hour_ms, tokens, refusals, last_at_ms)
            values (?, ?, ?, ?, ?, ?)
            on conflict (client_id, resource_server_id, hour_ms) do update
               set tokens = usage.tokens + excluded.tokens,
                   refusals = usage.refusals + excluded.refusals,
                   last_at_ms = case when excluded.last_at_ms > usage.last_at_ms then excluded.last_at_ms
                                     else usage.last_at_ms end""";

    private static final String DELETE = "delete from usage where hour_ms < ?";
    private static final String LAST_USED =
            "select max(last_at_ms) from usage where client_id = :client_id and tokens > 0";

    private static final String PER_CLIENT = """
            select client_id as id, sum(tokens) as tokens, sum(refusals) as refusals
              from usage
             where hour_ms >= :from_ms and hour_ms < :to_ms
             group by client_id
             order by tokens desc, id
             limit :limit""";

    private static final String PER_RESOURCE_SERVER = """
            select resource_server_id as id, sum(tokens) as tokens, sum(refusals) as refusals
              from usage
             where hour_ms >= :from_ms and hour_ms < :to_ms and resource_server_id <> ''
             group by resource_server_id
             order by tokens desc, id
             limit :limit""";

    private static final String TOTAL = """
            select '' as id, coalesce(sum(tokens), 0) as tokens, coalesce(sum(refusals), 0) as refusals
              from usage
             where hour_ms >= :from_ms and hour_ms < :to_ms""";

    private static final String TOTAL_OF_CLIENT = TOTAL + " and client_id = :client_id";

    private static final String UNUSED_GRANTS = """
            select id, client_id, resource_server_id, last_at_ms
              from (select g.id, g.client_id, g.resource_server_id,
                           (select max(u.last_at_ms)
                              from usage u
                             where u.client_id = g.client_id
                               and u.resource_server_id = g.resource_server_id
                               and u.tokens > 0) as last_at_ms
                      from client_grants g
                     where g.created_at_ms < :since_ms and g.id > :after_id and g.client_id is not null) as uses
             where last_at_ms is null or last_at_ms < :since_ms
             order by id
             limit :limit""";

    private final Database database;

    /** Tokens and refusals of one client or at one resource server. */
    public record Usage(String id, long tokens, long refusals) {}

    /** A grant for which no token was issued of late; {@code lastUsed} is empty if none ever was. */
    public record UnusedGrant(String id, ClientId client, String resourceServerId, Optional<Instant> lastUsed) {}

    UsageStore(Database database) {
        this.database = database;
    }

    /** When a token was last issued to that client. */
    public Optional<Instant> lastUsed(ClientId client) {
        return database.read(handle -> handle.createQuery(LAST_USED)
                .bind("client_id", client.value())
                .map((found, context) -> instant(found.getLong(1), found.wasNull()))
                .one());
    }

    /** The clients that were issued most tokens in the hours that begin within the period. */
    public List<Usage> perClient(Instant from, Instant to, int limit) {
        return period(PER_CLIENT, from, to, limit, null);
    }

    /** The resource servers for which most tokens were issued in the hours that begin within the period. */
    public List<Usage> perResourceServer(Instant from, Instant to, int limit) {
        return period(PER_RESOURCE_SERVER, from, to, limit, null);
    }

    /** What all clients did in the hours that begin within the period; the id is empty. */
    public Usage total(Instant from, Instant to) {
        return period(TOTAL, from, to, null, null).getFirst();
    }

    /** What that client did in the hours that begin within the period; the id is empty. */
    public Usage total(Instant from, Instant to, ClientId client) {
        return period(TOTAL_OF_CLIENT, from, to, null, client).getFirst();
    }

    private List<Usage> period(
            String sql, Instant from, Instant to, @Nullable Integer limit, @Nullable ClientId client) {
        return database.read(handle -> {
            var query = handle.createQuery(sql)
                    .bind("from_ms", Math.floorDiv(from.toEpochMilli(), HOUR_MS) * HOUR_MS)
                    .bind("to_ms", to.toEpochMilli());
            if (limit != null) {
                query.bind("limit", limit);
            }
            if (client != null) {
                query.bind("client_id", client.value());
            }
            return query.map((found, context) ->
                            new Usage(found.getString("id"), found.getLong("tokens"), found.getLong("refusals")))
                    .list();
        });
    }

    /**
     * Grants older than {@code since} for which no token was issued since then, by id.
     *
     * @param afterId the last id of the page before, or an empty string
     */
    public List<UnusedGrant> grantsUnusedSince(Instant since, String afterId, int limit) {
        return database.read(handle -> handle.createQuery(UNUSED_GRANTS)
                .bind("since_ms", since.toEpochMilli())
                .bind("after_id", afterId)
                .bind("limit", limit)
                .map((found, context) -> new UnusedGrant(
                        found.getString("id"),
                        new ClientId(found.getString("client_id")),
                        found.getString("resource_server_id"),
                        instant(found.getLong("last_at_ms"), found.wasNull())))
                .list());
    }

    private static Optional<Instant> instant(long ms, boolean isNull) {
        return isNull ? Optional.empty() : Optional.of(Instant.ofEpochMilli(ms));
    }

    /** The key of the last token event that is counted. */
    long countedUpTo() {
        return database.read(UsageStore::countedUpTo);
    }

    private static long countedUpTo(Handle handle) {
        return handle.createQuery(COUNTED).mapTo(long.class).one();
    }

    /** Adds counts of the events after {@code counted}, unless another node has done so meanwhile. */
    boolean add(long counted, UsageChunk chunk) {
        try {
            return database.<Boolean, SQLException>write(handle -> {
                int advanced = handle.createUpdate(ADVANCE)
                        .bind("from", counted)
                        .bind("to", chunk.lastKey())
                        .execute();
                if (advanced > 0) {
                    add(handle, chunk.counts());
                }
                return advanced > 0;
            });
        } catch (SQLException e) {
            throw new StorageUnavailableException(e);
        }
    }

    private static void add(Handle handle, List<UsageCount> counts) throws SQLException {
        // Not by Jdbi, whose binding by name costs as much as the row where there are a hundred thousand.
        try (PreparedStatement batch = handle.getConnection().prepareStatement(ADD)) {
            for (UsageCount count : counts) {
                batch.setString(1, count.clientId());
                batch.setString(2, count.resourceServerId());
                batch.setLong(3, count.hourMs());
                batch.setLong(4, count.tokens());
                batch.setLong(5, count.refusals());
                batch.setLong(6, count.lastAtMs());
                batch.addBatch();
            }
            batch.executeBatch();
        }
    }

    static void deleteBefore(Handle handle, long ms) {
        handle.execute(DELETE, ms);
    }
}
