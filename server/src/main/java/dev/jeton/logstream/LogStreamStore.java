package dev.jeton.logstream;

import dev.jeton.storage.Encryption;
import java.nio.charset.StandardCharsets;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.SqlStatement;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** The log streams in the database, their sinks encrypted. */
public final class LogStreamStore {
    private static final JsonMapper JSON = JsonMapper.shared();

    private static final String COLUMNS = """
            id, name, type, status, is_priority, filters, pii_config, sink, created_at_ms, updated_at_ms
            """;
    private static final String LIST = "select " + COLUMNS + " from log_streams order by id";
    private static final String COUNT = "select count(*) from log_streams";
    private static final String FIND = "select " + COLUMNS + " from log_streams where id = :id";
    /** An id is not used twice, so it is not the highest plus one. */
    private static final String NEXT_NUMBER = """
            insert into settings (name, value)
            values ('log_streams_made', '1')
            on conflict (name)
            do update set value = cast(cast(settings.value as integer) + 1 as text)
            returning value""";

    private static final String INSERT = """
            insert into log_streams (id, name, type, status, is_priority, filters, pii_config, sink, created_at_ms,
                                     updated_at_ms)
            values (:id, :name, :type, :status, :is_priority, :filters, :pii_config, :sink, :created_at_ms,
                    :updated_at_ms)""";
    private static final String UPDATE = """
            update log_streams
               set name = :name, status = :status, is_priority = :is_priority, filters = :filters,
                   pii_config = :pii_config, sink = :sink, updated_at_ms = :updated_at_ms
             where id = :id""";
    private static final String DELETE = "delete from log_streams where id = :id";

    private final Encryption encryption;

    public LogStreamStore(Encryption encryption) {
        this.encryption = encryption;
    }

    /** {@code lst_} and 16 digits: a counter. */
    String nextId(Handle handle) {
        return "lst_%016d"
                .formatted(Long.parseLong(
                        handle.createQuery(NEXT_NUMBER).mapTo(String.class).one()));
    }

    void insert(Handle handle, LogStream stream) {
        bind(handle.createUpdate(INSERT), stream)
                .bind("type", stream.type())
                .bind("created_at_ms", stream.createdAt().toEpochMilli())
                .execute();
    }

    void update(Handle handle, LogStream stream) {
        bind(handle.createUpdate(UPDATE), stream).execute();
    }

    private <S extends SqlStatement<S>> S bind(S statement, LogStream stream) {
        return statement
                .bind("id", stream.id())
                .bind("name", stream.name().orElse(null))
                .bind("status", stream.status())
                .bind("is_priority", stream.isPriority() ? 1 : 0)
                .bind("filters", stream.filters().map(JsonNode::toString).orElse(null))
                .bind("pii_config", stream.piiConfig().map(JsonNode::toString).orElse(null))
                .bind(
                        "sink",
                        encryption.encrypt(
                                stream.sink().toString().getBytes(StandardCharsets.UTF_8),
                                "log_streams",
                                stream.id(),
                                "sink"))
                .bind("updated_at_ms", stream.updatedAt().toEpochMilli());
    }

    void delete(Handle handle, String id) {
        handle.createUpdate(DELETE).bind("id", id).execute();
    }

    Optional<LogStream> find(Handle handle, String id) {
        return handle.createQuery(FIND)
                .bind("id", id)
                .map((row, _) -> stream(row))
                .findOne();
    }

    int count(Handle handle) {
        return handle.createQuery(COUNT).mapTo(int.class).one();
    }

    /** In the order in which they were made. */
    List<LogStream> list(Handle handle) {
        return handle.createQuery(LIST).map((row, _) -> stream(row)).list();
    }

    private LogStream stream(ResultSet row) throws SQLException {
        String id = row.getString("id");
        byte[] sink = encryption.decrypt(row.getBytes("sink"), "log_streams", id, "sink");
        return new LogStream(
                id,
                Optional.ofNullable(row.getString("name")),
                row.getString("type"),
                row.getString("status"),
                row.getInt("is_priority") == 1,
                Optional.ofNullable(row.getString("filters")).map(json -> (ArrayNode) JSON.readTree(json)),
                Optional.ofNullable(row.getString("pii_config")).map(json -> (ObjectNode) JSON.readTree(json)),
                (ObjectNode) JSON.readTree(sink),
                Instant.ofEpochMilli(row.getLong("created_at_ms")),
                Instant.ofEpochMilli(row.getLong("updated_at_ms")));
    }
}
