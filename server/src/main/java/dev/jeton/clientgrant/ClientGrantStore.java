package dev.jeton.clientgrant;

import dev.jeton.oauth.ClientId;
import dev.jeton.oauth.ScopeSet;
import dev.jeton.storage.ChangeFeed;
import dev.jeton.storage.Database;
import dev.jeton.storage.SharedValues;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.Query;
import org.jdbi.v3.core.statement.SqlStatement;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.json.JsonMapper;

/** The client grants in the database. The feed names them by their client, since a view holds them so. */
public final class ClientGrantStore {
    /** How the feed of changes names this entity; the id is the client's. */
    static final String ENTITY = "client_grant";

    private static final JsonMapper JSON = JsonMapper.shared();
    private static final TypeReference<List<String>> STRINGS = new TypeReference<>() {};

    private static final String COLUMNS = """
            id, client_id, resource_server_id, scope, subject_type, extra, created_at_ms, updated_at_ms
            """;
    private static final String FIND = "select " + COLUMNS + " from client_grants where id = :id";
    private static final String FOR_CLIENTS = """
            select client_id, resource_server_id, scope
              from client_grants
             where subject_type = :subject_type
            """;
    private static final String FOR_SOME_CLIENTS = FOR_CLIENTS + "and client_id in (<ids>)";
    private static final String FILTER = """
             where (:client_id is null or client_id = :client_id)
               and (:resource_server_id is null or resource_server_id = :resource_server_id)
            """;
    private static final String PAGE =
            "select " + COLUMNS + " from client_grants" + FILTER + " order by id limit :limit offset :offset";
    private static final String PAGE_AFTER =
            "select " + COLUMNS + " from client_grants" + FILTER + " and id > :after order by id limit :limit";
    private static final String COUNT = "select count(*) from client_grants" + FILTER;
    private static final String EXISTS = """
            select count(*)
              from client_grants
             where client_id = :client_id and resource_server_id = :resource_server_id
               and subject_type = :subject_type""";
    private static final String INSERT = """
            insert into client_grants (id, client_id, resource_server_id, scope, subject_type, extra, created_at_ms,
                                       updated_at_ms)
            values (:id, :client_id, :resource_server_id, :scope, :subject_type, :extra, :created_at_ms,
                    :updated_at_ms)""";
    private static final String UPDATE = """
            update client_grants
               set scope = :scope, extra = :extra, updated_at_ms = :updated_at_ms
             where id = :id""";
    private static final String DELETE = "delete from client_grants where id = :id returning client_id";
    private static final String CLIENTS_OF =
            "select distinct client_id from client_grants where resource_server_id = :resource_server_id";

    /** Which grants to list; null means any. */
    public record Filter(
            @Nullable ClientId client, @Nullable String resourceServerId) {
        public static final Filter ALL = new Filter(null, null);
    }

    private final Database database;
    private final ChangeFeed changes;
    private final SharedValues<ScopeSet> scopes =
            new SharedValues<>(json -> ScopeSet.of(JSON.readValue(json, STRINGS)));

    public ClientGrantStore(Database database, ChangeFeed changes) {
        this.database = database;
        this.changes = changes;
    }

    public void insert(Handle handle, ClientGrant grant) {
        handle.createUpdate(INSERT)
                .bind("id", grant.id())
                .bind("client_id", grant.client().value())
                .bind("resource_server_id", grant.resourceServerId())
                .bind("scope", JSON.writeValueAsString(grant.scope().values()))
                .bind("subject_type", grant.subjectType())
                .bind("extra", grant.extraJson())
                .bind("created_at_ms", grant.createdAt().toEpochMilli())
                .bind("updated_at_ms", grant.updatedAt().toEpochMilli())
                .execute();
        changes.announce(handle, ENTITY, grant.client().value());
    }

    public void update(Handle handle, ClientGrant grant) {
        handle.createUpdate(UPDATE)
                .bind("id", grant.id())
                .bind("scope", JSON.writeValueAsString(grant.scope().values()))
                .bind("extra", grant.extraJson())
                .bind("updated_at_ms", grant.updatedAt().toEpochMilli())
                .execute();
        changes.announce(handle, ENTITY, grant.client().value());
    }

    /** Whether it was there. */
    public boolean delete(Handle handle, String id) {
        Optional<String> client =
                handle.createQuery(DELETE).bind("id", id).mapTo(String.class).findOne();
        client.ifPresent(value -> changes.announce(handle, ENTITY, value));
        return client.isPresent();
    }

    /** Says that the grants of that client go with it; in the transaction that deletes it. */
    public void announceDeletedWith(Handle handle, ClientId client) {
        changes.announce(handle, ENTITY, client.value());
    }

    /** Says that the grants for that resource server go with it; before the statement that deletes it. */
    public void announceDeletedWith(Handle handle, String resourceServerId) {
        handle.createQuery(CLIENTS_OF)
                .bind("resource_server_id", resourceServerId)
                .mapTo(String.class)
                .forEach(client -> changes.announce(handle, ENTITY, client));
    }

    public Optional<ClientGrant> find(Handle handle, String id) {
        return handle.createQuery(FIND)
                .bind("id", id)
                .map((row, _) -> grant(row))
                .findOne();
    }

    /** Whether that client has a grant of that type for that resource server: there is at most one. */
    public boolean exists(Handle handle, ClientId client, String resourceServerId, String subjectType) {
        return handle.createQuery(EXISTS)
                        .bind("client_id", client.value())
                        .bind("resource_server_id", resourceServerId)
                        .bind("subject_type", subjectType)
                        .mapTo(int.class)
                        .one()
                > 0;
    }

    /** In the order of the ids. */
    public List<ClientGrant> page(Handle handle, Filter filter, int offset, int limit) {
        return bind(handle.createQuery(PAGE), filter)
                .bind("offset", offset)
                .bind("limit", limit)
                .map((row, _) -> grant(row))
                .list();
    }

    /** In the order of the ids, those behind {@code after}; the empty string is before all. */
    public List<ClientGrant> pageAfter(Handle handle, Filter filter, String after, int limit) {
        return bind(handle.createQuery(PAGE_AFTER), filter)
                .bind("after", after)
                .bind("limit", limit)
                .map((row, _) -> grant(row))
                .list();
    }

    public int count(Handle handle, Filter filter) {
        return bind(handle.createQuery(COUNT), filter).mapTo(int.class).one();
    }

    private static <S extends SqlStatement<S>> S bind(S statement, Filter filter) {
        ClientId client = filter.client();
        return statement
                .bind("client_id", client == null ? null : client.value())
                .bind("resource_server_id", filter.resourceServerId());
    }

    /** Every grant that a client may use itself. */
    void forEachForClients(GrantConsumer consumer) {
        database.read(handle -> {
            accept(consumer, handle.createQuery(FOR_CLIENTS));
            return true;
        });
    }

    /** Those of these clients, likewise. */
    void forEachForClients(Collection<String> clientIds, GrantConsumer consumer) {
        database.read(handle -> {
            accept(consumer, handle.createQuery(FOR_SOME_CLIENTS).bindList("ids", List.copyOf(clientIds)));
            return true;
        });
    }

    /** Takes what of a grant decides requests. */
    @FunctionalInterface
    interface GrantConsumer {
        void accept(ClientId client, String resourceServerId, ScopeSet scope);
    }

    private void accept(GrantConsumer consumer, Query query) {
        query.bind("subject_type", ClientGrant.FOR_CLIENTS)
                .map((row, _) -> {
                    consumer.accept(
                            new ClientId(row.getString("client_id")),
                            row.getString("resource_server_id"),
                            scopes.of(row.getString("scope")));
                    return true;
                })
                .useIterator(rows -> rows.forEachRemaining(_ -> {}));
    }

    private ClientGrant grant(ResultSet row) throws SQLException {
        return new ClientGrant(
                row.getString("id"),
                new ClientId(row.getString("client_id")),
                row.getString("resource_server_id"),
                scopes.of(row.getString("scope")),
                row.getString("subject_type"),
                row.getString("extra"),
                Instant.ofEpochMilli(row.getLong("created_at_ms")),
                Instant.ofEpochMilli(row.getLong("updated_at_ms")));
    }
}
