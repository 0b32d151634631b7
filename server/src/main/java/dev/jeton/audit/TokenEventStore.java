package dev.jeton.audit;

import dev.jeton.audit.AuditStore.MinuteCount;
import dev.jeton.audit.AuditStore.Origin;
import dev.jeton.audit.AuditStore.Query;
import dev.jeton.audit.AuditStore.Stretch;
import dev.jeton.audit.AuditStore.UsageChunk;
import dev.jeton.audit.AuditStore.UsageCount;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads the table {@code token_events}, which is the same in a day's SQLite file and in PostgreSQL. */
final class TokenEventStore {
    private static final String NEWEST = "select position from token_events order by position desc limit 1";

    private static final String FIND = """
            select position, kind, at_ms, client_id, client_name, resource_server_id, audience, scope, jti,
                   error, description, reason, reason_code, granted, ip, user_agent, request_id, execution, events
              from token_events
             where position >= ? and position < ?""";

    private static final String CHUNK_END = """
            select max(position)
              from (select position
                      from token_events
                     where position > ? and position < ?
                     order by position
                     limit ?) as chunk""";

    // A stranger's refusal has no client_name: only what a client itself did is its usage.
    // In the order of the key of usage, so that each of its pages is touched once.
    private static final String COUNT_USAGE = """
            select client_id, coalesce(resource_server_id, ''), at_ms / 3600000,
                   sum(case when kind = 0 then 1 else 0 end), sum(case when kind = 0 then 0 else 1 end),
                   max(case when kind = 0 then at_ms else 0 end)
              from token_events
             where position > ? and position <= ? and client_name is not null and client_id is not null
             group by 1, 2, 3
             order by 1, 2, 3""";

    private static final String COUNT_MINUTES = """
            select at_ms / 60000, case when kind = 0 then '' else coalesce(reason_code, 'unknown') end, sum(events)
              from token_events
             where position > ? and position <= ?
             group by 1, 2""";

    private static final String STRETCH = """
            select count(*), coalesce(min(position), 0), coalesce(max(position), 0)
              from (select position from token_events where position >= ? and position < ? order by position""";

    private static final String ORIGINS = """
            select distinct coalesce(resource_server_id, ''), ip
              from token_events
             where position >= ? and position < ? and kind = 0""";

    private static final long HOUR_MS = 3_600_000;
    private static final long MINUTE_MS = 60_000;

    private TokenEventStore() {}

    static Optional<Long> newestKey(Connection connection) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(NEWEST);
                ResultSet found = statement.executeQuery()) {
            return found.next() ? Optional.of(found.getLong(1)) : Optional.empty();
        }
    }

    static List<TokenRow.Stored> find(Connection connection, Query query, boolean newestFirst, int limit)
            throws SQLException {
        String sql = FIND
                + (query.clientId() == null ? "" : " and client_id = ?")
                + (query.granted() == null ? "" : query.granted() ? " and kind = 0" : " and kind > 0")
                + (newestFirst ? " order by position desc limit ?" : " order by position limit ?");
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            int column = 1;
            statement.setLong(column++, query.fromKey());
            statement.setLong(column++, query.toKey());
            if (query.clientId() != null) {
                statement.setString(column++, query.clientId());
            }
            statement.setInt(column, limit);
            List<TokenRow.Stored> rows = new ArrayList<>();
            try (ResultSet found = statement.executeQuery()) {
                while (found.next()) {
                    rows.add(new TokenRow.Stored(found.getLong("position"), row(found)));
                }
            }
            return rows;
        }
    }

    private static TokenRow row(ResultSet found) throws SQLException {
        return new TokenRow(
                TokenRow.Kind.of(found.getInt("kind")),
                found.getLong("at_ms"),
                found.getString("client_id"),
                found.getString("client_name"),
                found.getString("resource_server_id"),
                found.getString("audience"),
                found.getString("scope"),
                found.getString("jti"),
                found.getString("error"),
                found.getString("description"),
                found.getString("reason"),
                found.getString("reason_code"),
                found.getString("granted"),
                found.getString("ip"),
                found.getString("user_agent"),
                found.getString("request_id"),
                found.getString("execution"),
                found.getLong("events"));
    }

    static Optional<UsageChunk> countUsage(Connection connection, long afterKey, long beforeKey, int limit)
            throws SQLException {
        Long end = chunkEnd(connection, afterKey, beforeKey, limit);
        if (end == null) {
            return Optional.empty();
        }
        try (PreparedStatement statement = connection.prepareStatement(COUNT_USAGE)) {
            statement.setLong(1, afterKey);
            statement.setLong(2, end);
            List<UsageCount> counts = new ArrayList<>();
            try (ResultSet found = statement.executeQuery()) {
                while (found.next()) {
                    counts.add(new UsageCount(
                            found.getString(1),
                            found.getString(2),
                            found.getLong(3) * HOUR_MS,
                            found.getLong(4),
                            found.getLong(5),
                            found.getLong(6)));
                }
            }
            return Optional.of(new UsageChunk(end, List.copyOf(counts), countMinutes(connection, afterKey, end)));
        }
    }

    private static List<MinuteCount> countMinutes(Connection connection, long afterKey, long end) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(COUNT_MINUTES)) {
            statement.setLong(1, afterKey);
            statement.setLong(2, end);
            List<MinuteCount> counts = new ArrayList<>();
            try (ResultSet found = statement.executeQuery()) {
                while (found.next()) {
                    counts.add(new MinuteCount(found.getLong(1) * MINUTE_MS, found.getString(2), found.getLong(3)));
                }
            }
            return List.copyOf(counts);
        }
    }

    static Stretch stretch(Connection connection, long fromKey, long toKey, boolean newest, int limit)
            throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(
                STRETCH + (newest ? " desc limit ?) as stretch" : " limit ?) as stretch"))) {
            statement.setLong(1, fromKey);
            statement.setLong(2, toKey);
            statement.setInt(3, limit);
            try (ResultSet found = statement.executeQuery()) {
                found.next();
                return new Stretch(found.getInt(1), found.getLong(2), found.getLong(3));
            }
        }
    }

    static Set<Origin> origins(Connection connection, long fromKey, long toKey, @Nullable String clientId)
            throws SQLException {
        try (PreparedStatement statement =
                connection.prepareStatement(ORIGINS + (clientId == null ? "" : " and client_id = ?"))) {
            statement.setLong(1, fromKey);
            statement.setLong(2, toKey);
            if (clientId != null) {
                statement.setString(3, clientId);
            }
            Set<Origin> origins = new HashSet<>();
            try (ResultSet found = statement.executeQuery()) {
                while (found.next()) {
                    origins.add(new Origin(found.getString(1), found.getString(2)));
                }
            }
            return origins;
        }
    }

    private static @Nullable Long chunkEnd(Connection connection, long afterKey, long beforeKey, int limit)
            throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(CHUNK_END)) {
            statement.setLong(1, afterKey);
            statement.setLong(2, beforeKey);
            statement.setInt(3, limit);
            try (ResultSet found = statement.executeQuery()) {
                found.next();
                long end = found.getLong(1);
                return found.wasNull() ? null : end;
            }
        }
    }
}
