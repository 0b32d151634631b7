package dev.jeton.administrator;

import dev.jeton.storage.ChangeFeed;
import dev.jeton.storage.Database;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import org.jdbi.v3.core.Handle;

/** The administrators in the database. */
public final class AdministratorStore {
    static final String ENTITY = "administrator";

    private static final String ALL = """
            select id, name, role, password, created_at_ms, updated_at_ms, signed_in_at_ms
              from administrators""";
    private static final String FIND = ALL + " where id = :id";
    private static final String FIND_BY_NAME = ALL + " where name_key = :name_key";
    private static final String LIST = ALL + " order by name_key";
    private static final String COUNT = "select count(*) from administrators";
    private static final String COUNT_ROLE = "select count(*) from administrators where role = :role";
    private static final String INSERT = """
            insert into administrators (id, name, name_key, role, password, created_at_ms, updated_at_ms, signed_in_at_ms)
            values (:id, :name, :name_key, :role, :password, :created_at_ms, :updated_at_ms, :signed_in_at_ms)""";
    private static final String SET_ROLE = """
            update administrators
               set role = :role, updated_at_ms = :updated_at_ms
             where id = :id""";
    private static final String SET_PASSWORD = """
            update administrators
               set password = :password, updated_at_ms = :updated_at_ms
             where id = :id""";
    private static final String SET_SIGNED_IN = """
            update administrators
               set signed_in_at_ms = :signed_in_at_ms
             where id = :id""";
    private static final String DELETE = "delete from administrators where id = :id";

    /** An administrator and what the password is checked against. */
    record Account(Administrator administrator, PasswordHash password) {}

    private final Database database;
    private final ChangeFeed changes;

    public AdministratorStore(Database database, ChangeFeed changes) {
        this.database = database;
        this.changes = changes;
    }

    void insert(Handle handle, Account account) {
        Administrator administrator = account.administrator();
        handle.createUpdate(INSERT)
                .bind("id", administrator.id())
                .bind("name", administrator.name())
                .bind("name_key", Administrator.key(administrator.name()))
                .bind("role", administrator.role().wireName())
                .bind("password", account.password().reveal())
                .bind("created_at_ms", administrator.createdAt().toEpochMilli())
                .bind("updated_at_ms", administrator.updatedAt().toEpochMilli())
                .bind(
                        "signed_in_at_ms",
                        administrator.signedInAt().map(Instant::toEpochMilli).orElse(null))
                .execute();
        changes.announce(handle, ENTITY, administrator.id());
    }

    void setRole(Handle handle, String id, Role role, Instant now) {
        handle.createUpdate(SET_ROLE)
                .bind("id", id)
                .bind("role", role.wireName())
                .bind("updated_at_ms", now.toEpochMilli())
                .execute();
        changes.announce(handle, ENTITY, id);
    }

    void setPassword(Handle handle, String id, PasswordHash password, Instant now) {
        handle.createUpdate(SET_PASSWORD)
                .bind("id", id)
                .bind("password", password.reveal())
                .bind("updated_at_ms", now.toEpochMilli())
                .execute();
        changes.announce(handle, ENTITY, id);
    }

    /** Not announced: the view has no use for it. */
    void setSignedIn(Handle handle, String id, Instant now) {
        handle.createUpdate(SET_SIGNED_IN)
                .bind("id", id)
                .bind("signed_in_at_ms", now.toEpochMilli())
                .execute();
    }

    void delete(Handle handle, String id) {
        handle.createUpdate(DELETE).bind("id", id).execute();
        changes.announce(handle, ENTITY, id);
    }

    Optional<Account> find(Handle handle, String id) {
        return handle.createQuery(FIND)
                .bind("id", id)
                .map((row, _) -> account(row))
                .findOne();
    }

    /** Whatever the case of the name. */
    Optional<Account> findByName(Handle handle, String name) {
        return handle.createQuery(FIND_BY_NAME)
                .bind("name_key", Administrator.key(name))
                .map((row, _) -> account(row))
                .findOne();
    }

    /** By name. */
    List<Administrator> list(Handle handle) {
        return handle.createQuery(LIST).map((row, _) -> administrator(row)).list();
    }

    int count(Handle handle) {
        return handle.createQuery(COUNT).mapTo(int.class).one();
    }

    int count(Handle handle, Role role) {
        return handle.createQuery(COUNT_ROLE)
                .bind("role", role.wireName())
                .mapTo(int.class)
                .one();
    }

    void forEach(Consumer<Administrator> consumer) {
        database.read(this::list).forEach(consumer);
    }

    /** Those of these that there are. */
    void forEach(Set<String> ids, Consumer<Administrator> consumer) {
        database.read(handle -> handle.createQuery(ALL + " where id in (<ids>)")
                        .bindList("ids", List.copyOf(ids))
                        .map((row, _) -> administrator(row))
                        .list())
                .forEach(consumer);
    }

    private static Account account(ResultSet row) throws SQLException {
        return new Account(administrator(row), new PasswordHash(row.getString("password")));
    }

    private static Administrator administrator(ResultSet row) throws SQLException {
        long signedInMs = row.getLong("signed_in_at_ms");
        boolean neverSignedIn = row.wasNull();
        return new Administrator(
                row.getString("id"),
                row.getString("name"),
                Role.of(row.getString("role")),
                Instant.ofEpochMilli(row.getLong("created_at_ms")),
                Instant.ofEpochMilli(row.getLong("updated_at_ms")),
                neverSignedIn ? Optional.empty() : Optional.of(Instant.ofEpochMilli(signedInMs)));
    }
}
