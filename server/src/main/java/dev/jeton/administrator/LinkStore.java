package dev.jeton.administrator;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.jdbi.v3.core.Handle;

/** The one-time links in the database, each known by the digest of its secret. */
final class LinkStore {
    private static final String INSERT = """
            insert into links (digest, purpose, role, administrator_id, made_by, created_at_ms, expires_at_ms)
            values (:digest, :purpose, :role, :administrator_id, :made_by, :created_at_ms, :expires_at_ms)""";
    private static final String FIND = """
            select purpose, role, administrator_id, made_by, created_at_ms, expires_at_ms
              from links
             where digest = :digest""";
    private static final String LIST = """
            select digest, purpose, role, administrator_id, made_by, created_at_ms, expires_at_ms
              from links
             where purpose <> 'first'
             order by created_at_ms, digest""";
    private static final String COUNT = "select count(*) from links";
    private static final String DELETE = "delete from links where digest = :digest";
    private static final String DELETE_FIRST = "delete from links where purpose = 'first'";
    private static final String DELETE_OLD_FIRST = """
            delete from links
             where purpose = 'first'
                   and digest not in (select digest
                                        from links
                                       where purpose = 'first'
                                       order by created_at_ms desc, digest
                                       limit :kept)""";
    private static final String DELETE_EXPIRED = "delete from links where expires_at_ms <= :now_ms";
    private static final String DELETE_RESETS =
            "delete from links where administrator_id = :administrator_id and purpose = 'reset'";
    private static final String DELETE_MADE_BY = "delete from links where made_by = :made_by";

    void insert(Handle handle, String digest, OneTimeLink link) {
        handle.createUpdate(INSERT)
                .bind("digest", digest)
                .bind("purpose", link.purpose().wireName())
                .bind("role", link.role().map(Role::wireName).orElse(null))
                .bind("administrator_id", link.administratorId().orElse(null))
                .bind("made_by", link.madeBy().orElse(null))
                .bind("created_at_ms", link.createdAt().toEpochMilli())
                .bind(
                        "expires_at_ms",
                        link.expiresAt().map(Instant::toEpochMilli).orElse(null))
                .execute();
    }

    /** Whether it has expired or not. */
    Optional<OneTimeLink> find(Handle handle, String digest) {
        return handle.createQuery(FIND)
                .bind("digest", digest)
                .map((row, _) -> link(row))
                .findOne();
    }

    /** Invitations and resets, the oldest first, by the digests of their secrets; whether they have expired or not. */
    Map<String, OneTimeLink> list(Handle handle) {
        Map<String, OneTimeLink> links = new LinkedHashMap<>();
        handle.createQuery(LIST)
                .map((row, _) -> links.put(row.getString("digest"), link(row)))
                .list();
        return links;
    }

    int count(Handle handle) {
        return handle.createQuery(COUNT).mapTo(int.class).one();
    }

    void delete(Handle handle, String digest) {
        handle.createUpdate(DELETE).bind("digest", digest).execute();
    }

    /** All of the first start's. */
    void deleteFirst(Handle handle) {
        handle.execute(DELETE_FIRST);
    }

    /** The first start's, but for the newest. */
    void deleteOldFirst(Handle handle, int kept) {
        handle.createUpdate(DELETE_OLD_FIRST).bind("kept", kept).execute();
    }

    void deleteExpired(Handle handle, Instant now) {
        handle.createUpdate(DELETE_EXPIRED).bind("now_ms", now.toEpochMilli()).execute();
    }

    /** Those by which that administrator's password can be reset. */
    void deleteResets(Handle handle, String administratorId) {
        handle.createUpdate(DELETE_RESETS)
                .bind("administrator_id", administratorId)
                .execute();
    }

    void deleteMadeBy(Handle handle, String id) {
        handle.createUpdate(DELETE_MADE_BY).bind("made_by", id).execute();
    }

    private static OneTimeLink link(ResultSet row) throws SQLException {
        long expiresMs = row.getLong("expires_at_ms");
        Optional<Instant> expiresAt = row.wasNull() ? Optional.empty() : Optional.of(Instant.ofEpochMilli(expiresMs));
        return new OneTimeLink(
                Purpose.of(row.getString("purpose")),
                Optional.ofNullable(row.getString("role")).map(Role::of),
                Optional.ofNullable(row.getString("administrator_id")),
                Optional.ofNullable(row.getString("made_by")),
                Instant.ofEpochMilli(row.getLong("created_at_ms")),
                expiresAt);
    }
}
