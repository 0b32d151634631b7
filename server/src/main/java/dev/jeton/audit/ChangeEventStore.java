package dev.jeton.audit;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.Query;
import org.jspecify.annotations.Nullable;

/** The table {@code change_events} of the main database. */
final class ChangeEventStore {
    private static final String INSERT = """
            insert into change_events (log_ms, at_ms, type, description, client_id, client_name, user_id, user_name,
                                       ip, user_agent, request_id, details)
            values (:log_ms, :at_ms, :type, :description, :client_id, :client_name, :user_id, :user_name,
                    :ip, :user_agent, :request_id, :details)""";

    private static final String FIND = """
            select log_ms, at_ms, type, description, client_id, client_name, user_id, user_name, ip, user_agent,
                   request_id, details
              from change_events
             where log_ms >= :from_ms and log_ms < :to_ms""";

    private static final String NEWEST = "select coalesce(max(log_ms), 0) from change_events";
    private static final String DELETE = "delete from change_events where log_ms < ?";

    private ChangeEventStore() {}

    /** A change as it is stored; {@code details} is the JSON object of the log event. */
    record Row(
            long logMs,
            long atMs,
            String type,
            String description,
            @Nullable String clientId,
            @Nullable String clientName,
            @Nullable String userId,
            @Nullable String userName,
            String ip,
            @Nullable String userAgent,
            String requestId,
            String details) {}

    static void insert(Handle transaction, Row row) {
        transaction
                .createUpdate(INSERT)
                .bind("log_ms", row.logMs())
                .bind("at_ms", row.atMs())
                .bind("type", row.type())
                .bind("description", row.description())
                .bind("client_id", row.clientId())
                .bind("client_name", row.clientName())
                .bind("user_id", row.userId())
                .bind("user_name", row.userName())
                .bind("ip", row.ip())
                .bind("user_agent", row.userAgent())
                .bind("request_id", row.requestId())
                .bind("details", row.details())
                .execute();
    }

    /** At most {@code limit} changes from {@code fromMs} to before {@code toMs}, null for any client or type. */
    static List<Row> find(
            Handle handle,
            long fromMs,
            long toMs,
            @Nullable String clientId,
            @Nullable String type,
            boolean newestFirst,
            int limit) {
        String sql = FIND
                + (clientId == null ? "" : " and client_id = :client_id")
                + (type == null ? "" : " and type = :type")
                + (newestFirst ? " order by log_ms desc limit :limit" : " order by log_ms limit :limit");
        try (Query query = handle.createQuery(sql)) {
            query.bind("from_ms", fromMs).bind("to_ms", toMs).bind("limit", limit);
            if (clientId != null) {
                query.bind("client_id", clientId);
            }
            if (type != null) {
                query.bind("type", type);
            }
            return query.map((found, context) -> row(found)).list();
        }
    }

    private static Row row(ResultSet found) throws SQLException {
        return new Row(
                found.getLong("log_ms"),
                found.getLong("at_ms"),
                found.getString("type"),
                found.getString("description"),
                found.getString("client_id"),
                found.getString("client_name"),
                found.getString("user_id"),
                found.getString("user_name"),
                found.getString("ip"),
                found.getString("user_agent"),
                found.getString("request_id"),
                found.getString("details"));
    }

    /** The place of the newest change, 0 if there is none. */
    static long newestMs(Handle handle) {
        return handle.createQuery(NEWEST).mapTo(long.class).one();
    }

    static void deleteBefore(Handle handle, long ms) {
        handle.execute(DELETE, ms);
    }
}
