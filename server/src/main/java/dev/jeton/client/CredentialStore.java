package dev.jeton.client;

import dev.jeton.oauth.ClientId;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/** The credentials of clients in the database; they go with their client. */
final class CredentialStore {
    private static final String COLUMNS = """
            id, client_id, type, name, kid, alg, subject_dn, thumbprint, pem, expires_at_ms, created_at_ms, updated_at_ms
            """;
    private static final String LIST =
            "select " + COLUMNS + " from client_credentials where client_id = :client_id order by created_at_ms, id";
    private static final String FIND =
            "select " + COLUMNS + " from client_credentials where client_id = :client_id and id = :id";
    private static final String INSERT = """
            insert into client_credentials (id, client_id, type, name, kid, alg, subject_dn, thumbprint, pem,
                                            expires_at_ms, created_at_ms, updated_at_ms)
            values (:id, :client_id, :type, :name, :kid, :alg, :subject_dn, :thumbprint, :pem, :expires_at_ms,
                    :created_at_ms, :updated_at_ms)""";
    private static final String UPDATE = """
            update client_credentials
               set expires_at_ms = :expires_at_ms, updated_at_ms = :updated_at_ms
             where id = :id""";
    private static final String DELETE = "delete from client_credentials where id = :id";

    void insert(Handle handle, Credential credential) {
        handle.createUpdate(INSERT)
                .bind("id", credential.id())
                .bind("client_id", credential.client().value())
                .bind("type", credential.type().wireName())
                .bind("name", credential.name())
                .bind("kid", credential.kid())
                .bind("alg", credential.alg())
                .bind("subject_dn", credential.subjectDn())
                .bind("thumbprint", credential.thumbprint())
                .bind("pem", credential.pem())
                .bind("expires_at_ms", expiry(credential))
                .bind("created_at_ms", credential.createdAt().toEpochMilli())
                .bind("updated_at_ms", credential.updatedAt().toEpochMilli())
                .execute();
    }

    /** Changes when it expires. */
    void update(Handle handle, Credential credential) {
        handle.createUpdate(UPDATE)
                .bind("id", credential.id())
                .bind("expires_at_ms", expiry(credential))
                .bind("updated_at_ms", credential.updatedAt().toEpochMilli())
                .execute();
    }

    private static @Nullable Long expiry(Credential credential) {
        return credential.expiresAt().map(Instant::toEpochMilli).orElse(null);
    }

    void delete(Handle handle, Credential credential) {
        handle.createUpdate(DELETE).bind("id", credential.id()).execute();
    }

    Optional<Credential> find(Handle handle, ClientId client, String id) {
        return handle.createQuery(FIND)
                .bind("client_id", client.value())
                .bind("id", id)
                .map((row, _) -> credential(row))
                .findOne();
    }

    /** All of that client, the oldest first: there are few. */
    List<Credential> list(Handle handle, ClientId client) {
        return handle.createQuery(LIST)
                .bind("client_id", client.value())
                .map((row, _) -> credential(row))
                .list();
    }

    private static Credential credential(ResultSet row) throws SQLException {
        long expiry = row.getLong("expires_at_ms");
        Optional<Instant> expiresAt = row.wasNull() ? Optional.empty() : Optional.of(Instant.ofEpochMilli(expiry));
        return new Credential(
                row.getString("id"),
                new ClientId(row.getString("client_id")),
                Credential.Type.of(row.getString("type")),
                Optional.ofNullable(row.getString("name")),
                Optional.ofNullable(row.getString("kid")),
                Optional.ofNullable(row.getString("alg")),
                Optional.ofNullable(row.getString("subject_dn")),
                Optional.ofNullable(row.getString("thumbprint")),
                Optional.ofNullable(row.getString("pem")),
                expiresAt,
                Instant.ofEpochMilli(row.getLong("created_at_ms")),
                Instant.ofEpochMilli(row.getLong("updated_at_ms")));
    }
}
