package dev.jeton.audit;

import dev.jeton.audit.AuditStore.MinuteCount;
import dev.jeton.audit.AuditStore.UsageChunk;
import dev.jeton.audit.AuditStore.UsageCount;
import dev.jeton.storage.Database;
import dev.jeton.storage.StorageUnavailableException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jdbi.v3.core.Handle;

/**
 * Counts tokens and refusals: per client, resource server and hour; per resource server and hour; and per minute.
 *
 * <p>They are counted from the stored token events, some seconds later, in one transaction with the mark up to where:
 * each event counts once whatever crashes, the writer of the log does nothing for it, and the counts stand in the main
 * database where they can be joined with clients and grants. What a stranger does in a client's name is not its usage,
 * and counts per minute only.
 *
 * <p>All methods throw {@link StorageUnavailableException} if the database cannot be used now.
 */
final class UsageStore {
    static final String COUNTED = "select position from usage_counted";
    private static final String ADVANCE = "update usage_counted set position = :to where position = :from";
    private static final String ADD = """
            insert into usage (client_id, resource_server_id, hour_ms, tokens, refusals, last_at_ms)
            values (?, ?, ?, ?, ?, ?)
            on conflict (client_id, resource_server_id, hour_ms) do update
               set tokens = usage.tokens + excluded.tokens,
                   refusals = usage.refusals + excluded.refusals,
                   last_at_ms = case when excluded.last_at_ms > usage.last_at_ms then excluded.last_at_ms
                                     else usage.last_at_ms end""";
    private static final String ADD_OF_API = """
            insert into usage_of_apis (resource_server_id, hour_ms, tokens, refusals, last_at_ms)
            values (?, ?, ?, ?, ?)
            on conflict (resource_server_id, hour_ms) do update
               set tokens = usage_of_apis.tokens + excluded.tokens,
                   refusals = usage_of_apis.refusals + excluded.refusals,
                   last_at_ms = case when excluded.last_at_ms > usage_of_apis.last_at_ms then excluded.last_at_ms
                                     else usage_of_apis.last_at_ms end""";
    private static final String ADD_MINUTE = """
            insert into usage_minutes (minute_ms, reason, events)
            values (?, ?, ?)
            on conflict (minute_ms, reason) do update set events = usage_minutes.events + excluded.events""";

    private static final List<String> DELETE =
            List.of("delete from usage where hour_ms < ?", "delete from usage_of_apis where hour_ms < ?");
    private static final String DELETE_MINUTES = "delete from usage_minutes where minute_ms < ?";

    private final Database database;

    private record ApiHour(String resourceServerId, long hourMs) {}

    UsageStore(Database database) {
        this.database = database;
    }

    /** The key of the last token event that is counted. */
    long countedUpTo() {
        return database.read(
                handle -> handle.createQuery(COUNTED).mapTo(long.class).one());
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
                    add(handle.getConnection(), chunk);
                }
                return advanced > 0;
            });
        } catch (SQLException e) {
            throw new StorageUnavailableException(e);
        }
    }

    /** Not by Jdbi, whose binding by name costs as much as the row where there are a hundred thousand. */
    private static void add(Connection connection, UsageChunk chunk) throws SQLException {
        Map<ApiHour, UsageCount> ofApis = new HashMap<>();
        try (PreparedStatement batch = connection.prepareStatement(ADD)) {
            for (UsageCount count : chunk.counts()) {
                batch.setString(1, count.clientId());
                batch.setString(2, count.resourceServerId());
                batch.setLong(3, count.hourMs());
                batch.setLong(4, count.tokens());
                batch.setLong(5, count.refusals());
                batch.setLong(6, count.lastAtMs());
                batch.addBatch();
                if (!count.resourceServerId().isEmpty()) {
                    ofApis.merge(new ApiHour(count.resourceServerId(), count.hourMs()), count, UsageCount::plus);
                }
            }
            batch.executeBatch();
        }
        try (PreparedStatement batch = connection.prepareStatement(ADD_OF_API)) {
            for (UsageCount count : ofApis.values()) {
                batch.setString(1, count.resourceServerId());
                batch.setLong(2, count.hourMs());
                batch.setLong(3, count.tokens());
                batch.setLong(4, count.refusals());
                batch.setLong(5, count.lastAtMs());
                batch.addBatch();
            }
            batch.executeBatch();
        }
        try (PreparedStatement batch = connection.prepareStatement(ADD_MINUTE)) {
            for (MinuteCount count : chunk.minutes()) {
                batch.setLong(1, count.minuteMs());
                batch.setString(2, count.reason());
                batch.setLong(3, count.events());
                batch.addBatch();
            }
            batch.executeBatch();
        }
    }

    /** @param minutesMs before when counts per minute go too */
    static void deleteBefore(Handle handle, long ms, long minutesMs) {
        DELETE.forEach(delete -> handle.execute(delete, ms));
        handle.execute(DELETE_MINUTES, minutesMs);
    }
}
