package dev.jeton.administrator;

import dev.jeton.storage.ChangeFeed;
import dev.jeton.storage.Database;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.Query;

/** The sessions in the database. */
public final class SessionStore {
    static final String ENTITY = "session";
    /** Of one administrator; with one more the oldest ends. */
    static final int MOST = 20;

    private static final String ALL = "select digest, administrator_id, started_at_ms, used_at_ms from sessions";
    private static final String INSERT = """
            insert into sessions (digest, administrator_id, started_at_ms, used_at_ms)
            values (:digest, :administrator_id, :started_at_ms, :used_at_ms)""";
    private static final String USE = """
            update sessions
               set used_at_ms = :now_ms
             where digest = :digest and used_at_ms <= :before_ms""";
    private static final String END = "delete from sessions where digest = :digest returning digest";
    private static final String END_ALL =
            "delete from sessions where administrator_id = :administrator_id returning digest";
    private static final String END_OTHERS = """
            delete from sessions
             where administrator_id = :administrator_id and digest <> :kept
            returning digest""";
    private static final String END_OLDEST = """
            delete from sessions
             where administrator_id = :administrator_id
                   and digest not in (select digest
                                        from sessions
                                       where administrator_id = :administrator_id
                                       order by started_at_ms desc, digest
                                       limit :most)
            returning digest""";
    private static final String END_EXPIRED = """
            delete from sessions
             where started_at_ms <= :started_ms or used_at_ms <= :used_ms
            returning digest""";

    private final Database database;
    private final ChangeFeed changes;

    public SessionStore(Database database, ChangeFeed changes) {
        this.database = database;
        this.changes = changes;
    }

    /** Adds one, and ends the oldest of its administrator if there are too many. */
    void insert(Handle handle, Session session) {
        handle.createUpdate(INSERT)
                .bind("digest", session.digest())
                .bind("administrator_id", session.administratorId())
                .bind("started_at_ms", session.startedAt().toEpochMilli())
                .bind("used_at_ms", session.usedAt().toEpochMilli())
                .execute();
        changes.announce(handle, ENTITY, session.digest());
        end(
                handle,
                handle.createQuery(END_OLDEST)
                        .bind("administrator_id", session.administratorId())
                        .bind("most", MOST));
    }

    /** Notes that it is in use now, unless that was noted after {@code before}. */
    void use(Handle handle, String digest, Instant before, Instant now) {
        int used = handle.createUpdate(USE)
                .bind("digest", digest)
                .bind("before_ms", before.toEpochMilli())
                .bind("now_ms", now.toEpochMilli())
                .execute();
        if (used > 0) {
            changes.announce(handle, ENTITY, digest);
        }
    }

    void end(Handle handle, String digest) {
        end(handle, handle.createQuery(END).bind("digest", digest));
    }

    void endAll(Handle handle, String administratorId) {
        end(handle, handle.createQuery(END_ALL).bind("administrator_id", administratorId));
    }

    /** Ends all of that administrator's but one. */
    void endOthers(Handle handle, String administratorId, String kept) {
        end(
                handle,
                handle.createQuery(END_OTHERS)
                        .bind("administrator_id", administratorId)
                        .bind("kept", kept));
    }

    /** Ends those that began before one time or were used last before the other. */
    void endExpired(Handle handle, Instant started, Instant used) {
        end(
                handle,
                handle.createQuery(END_EXPIRED)
                        .bind("started_ms", started.toEpochMilli())
                        .bind("used_ms", used.toEpochMilli()));
    }

    private void end(Handle handle, Query deletion) {
        List<String> ended = deletion.mapTo(String.class).list();
        ended.forEach(digest -> changes.announce(handle, ENTITY, digest));
    }

    void forEach(Consumer<Session> consumer) {
        database.read(handle ->
                        handle.createQuery(ALL).map((row, _) -> session(row)).list())
                .forEach(consumer);
    }

    /** Those of these that there are. */
    void forEach(Set<String> digests, Consumer<Session> consumer) {
        database.read(handle -> handle.createQuery(ALL + " where digest in (<digests>)")
                        .bindList("digests", List.copyOf((Collection<String>) digests))
                        .map((row, _) -> session(row))
                        .list())
                .forEach(consumer);
    }

    private static Session session(ResultSet row) throws SQLException {
        return new Session(
                row.getString("digest"),
                row.getString("administrator_id"),
                Instant.ofEpochMilli(row.getLong("started_at_ms")),
                Instant.ofEpochMilli(row.getLong("used_at_ms")));
    }
}
