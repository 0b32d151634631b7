package dev.jeton.extension;

import dev.jeton.storage.Database;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.PreparedBatch;
import org.jspecify.annotations.Nullable;

/** The newest lines that users' code wrote, in the database, so that all nodes see all. */
public final class ConsoleStore {
    /** How many lines are kept of all scripts together. */
    static final int KEPT = 10_000;

    private static final String INSERT = """
            insert into console_lines (script_id, at_ms, level, text, request_id)
            values (:script_id, :at_ms, :level, :text, :request_id)""";
    private static final String DELETE_OLD =
            "delete from console_lines where sequence <= (select max(sequence) from console_lines) - :kept";
    private static final String AFTER = """
            select sequence, at_ms, level, text, request_id
              from console_lines
             where script_id = :script_id and sequence > :after
             order by sequence
             limit :limit""";
    private static final String NEWEST = """
            select sequence, at_ms, level, text, request_id
              from console_lines
             where script_id = :script_id
             order by sequence desc
             limit :limit""";

    /** A line as it is kept; {@code sequence} grows from one to the next. */
    public record Stored(
            long sequence,
            Instant at,
            String level,
            String text,
            @Nullable String requestId) {}

    private final Database database;

    public ConsoleStore(Database database) {
        this.database = database;
    }

    /** A line and when it came. */
    record Arrived(Instant at, Console.Line line) {}

    /** Adds the lines, and drops the oldest of what is too much. */
    void add(List<Arrived> lines) {
        database.change(handle -> {
            insert(handle, lines);
            handle.createUpdate(DELETE_OLD).bind("kept", KEPT).execute();
        });
    }

    private static void insert(Handle handle, List<Arrived> lines) {
        PreparedBatch batch = handle.prepareBatch(INSERT);
        for (Arrived arrived : lines) {
            batch.bind("script_id", arrived.line().scriptId())
                    .bind("at_ms", arrived.at().toEpochMilli())
                    .bind("level", arrived.line().level())
                    .bind("text", arrived.line().text())
                    .bind("request_id", arrived.line().requestId())
                    .add();
        }
        batch.execute();
    }

    /** Those behind {@code after}, oldest first. */
    public List<Stored> after(String scriptId, long after, int limit) {
        return database.read(handle -> handle.createQuery(AFTER)
                .bind("script_id", scriptId)
                .bind("after", after)
                .bind("limit", limit)
                .map((row, _) -> stored(row))
                .list());
    }

    /** The newest, oldest first. */
    public List<Stored> newest(String scriptId, int limit) {
        return database.read(handle -> handle.createQuery(NEWEST)
                        .bind("script_id", scriptId)
                        .bind("limit", limit)
                        .map((row, _) -> stored(row))
                        .list())
                .reversed();
    }

    private static Stored stored(ResultSet row) throws SQLException {
        return new Stored(
                row.getLong("sequence"),
                Instant.ofEpochMilli(row.getLong("at_ms")),
                row.getString("level"),
                row.getString("text"),
                row.getString("request_id"));
    }
}
