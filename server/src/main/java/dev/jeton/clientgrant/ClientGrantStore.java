package dev.jeton.clientgrant;

import dev.jeton.oauth.ClientId;
import dev.jeton.oauth.ScopeSet;
import dev.jeton.storage.ChangeFeed;
import dev.jeton.storage.Conditions;
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
            id, client_id, resource_server_id, scope, allow_all_scopes, subject_type, extra, created_at_ms, updated_at_ms
            """;
    private static final String FROM = " from client_grants";
    private static final String FIND = "select " + COLUMNS + " from client_grants where id = :id";
    private static final String FIND_OF_CLIENT = "select " + COLUMNS + """
              from client_grants
             where client_id = :client_id and resource_server_id = :resource_server_id
               and subject_type = :subject_type""";
    private static final String FOR_CLIENTS = """
            select client_id, resource_server_id, scope, allow_all_scopes
              from client_grants
             where subject_type = :subject_type and client_id is not null
            """;
    private static final String FOR_SOME_CLIENTS = FOR_CLIENTS + "and client_id in (<ids>)";
    private static final String EXISTS = """
            select count(*)
              from client_grants
             where client_id = :client_id and resource_server_id = :resource_server_id
               and subject_type = :subject_type""";
    private static final String DEFAULT_EXISTS = """
            select count(*)
              from client_grants
             where default_for = :default_for and resource_server_id = :resource_server_id
               and subject_type = :subject_type""";
    private static final String INSERT = """
            insert into client_grants (id, client_id, default_for, resource_server_id, scope, allow_all_scopes,
                                       subject_type, extra, created_at_ms, updated_at_ms)
            values (:id, :client_id, :default_for, :resource_server_id, :scope, :allow_all_scopes,
                    :subject_type, :extra, :created_at_ms, :updated_at_ms)""";
    private static final String UPDATE = """
            update client_grants
               set scope = :scope, allow_all_scopes = :allow_all_scopes, extra = :extra, updated_at_ms = :updated_at_ms
             where id = :id""";
    private static final String DELETE = "delete from client_grants where id = :id";
    private static final String CLIENTS_OF = """
            select distinct client_id
              from client_grants
             where resource_server_id = :resource_server_id and client_id is not null""";
    /** JSON has this text in it only as that member: within a string there is a backslash before each quote. */
    private static final String ANY_ORGANIZATION = "extra like '%\"allow_any_organization\":true%'";

    /**
     * Which grants to list; null means any.
     *
     * @param isDefault whether it is for no client of its own
     */
    public record Filter(
            @Nullable ClientId client,
            @Nullable String resourceServerId,
            @Nullable String subjectType,
            @Nullable Boolean anyOrganization,
            boolean isDefault) {
        public static final Filter ALL = new Filter(null, null, null, null, false);
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
        Optional<String> client = grant.client().map(ClientId::value);
        bind(handle.createUpdate(INSERT), grant)
                .bind("client_id", client.orElse(null))
                .bind("default_for", client.isPresent() ? null : ClientGrant.THIRD_PARTY_CLIENTS)
                .bind("resource_server_id", grant.resourceServerId())
                .bind("subject_type", grant.subjectType())
                .bind("created_at_ms", grant.createdAt().toEpochMilli())
                .execute();
        announce(handle, grant);
    }

    /** What it grants; whom and for what never changes. */
    public void update(Handle handle, ClientGrant grant) {
        bind(handle.createUpdate(UPDATE), grant).execute();
        announce(handle, grant);
    }

    private static <S extends SqlStatement<S>> S bind(S statement, ClientGrant grant) {
        ScopeSet scope = grant.scope().orElse(ScopeSet.EMPTY);
        return statement
                .bind("id", grant.id())
                .bind("scope", JSON.writeValueAsString(scope.values()))
                .bind("allow_all_scopes", grant.scope().isPresent() ? 0 : 1)
                .bind("extra", grant.extraJson())
                .bind("updated_at_ms", grant.updatedAt().toEpochMilli());
    }

    /** One that is no client's is in no view. */
    private void announce(Handle handle, ClientGrant grant) {
        grant.client().ifPresent(client -> changes.announce(handle, ENTITY, client.value()));
    }

    /** Whether it was there. */
    public boolean delete(Handle handle, String id) {
        Optional<ClientGrant> grant = find(handle, id);
        grant.ifPresent(found -> {
            handle.createUpdate(DELETE).bind("id", id).execute();
            announce(handle, found);
        });
        return grant.isPresent();
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

    /** The grant by which that client gets tokens for that resource server. */
    public Optional<ClientGrant> find(Handle handle, ClientId client, String resourceServerId) {
        return handle.createQuery(FIND_OF_CLIENT)
                .bind("client_id", client.value())
                .bind("resource_server_id", resourceServerId)
                .bind("subject_type", ClientGrant.FOR_CLIENTS)
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

    /** Whether there is such a default: at most one for a resource server and type. */
    public boolean defaultExists(Handle handle, String resourceServerId, String subjectType) {
        return handle.createQuery(DEFAULT_EXISTS)
                        .bind("default_for", ClientGrant.THIRD_PARTY_CLIENTS)
                        .bind("resource_server_id", resourceServerId)
                        .bind("subject_type", subjectType)
                        .mapTo(int.class)
                        .one()
                > 0;
    }

    /** In the order of the ids. */
    public List<ClientGrant> page(Handle handle, Filter filter, int offset, int limit) {
        Conditions conditions = conditions(filter);
        return conditions
                .bindTo(handle.createQuery(
                        "select " + COLUMNS + FROM + conditions.where() + " order by id limit :limit offset :offset"))
                .bind("offset", offset)
                .bind("limit", limit)
                .map((row, _) -> grant(row))
                .list();
    }

    /** In the order of the ids, those behind {@code after}; the empty string is before all. */
    public List<ClientGrant> pageAfter(Handle handle, Filter filter, String after, int limit) {
        Conditions conditions = conditions(filter).and("id > :after");
        return conditions
                .bindTo(handle.createQuery(
                        "select " + COLUMNS + FROM + conditions.where() + " order by id limit :limit"))
                .bind("after", after)
                .bind("limit", limit)
                .map((row, _) -> grant(row))
                .list();
    }

    public int count(Handle handle, Filter filter) {
        Conditions conditions = conditions(filter);
        return conditions
                .bindTo(handle.createQuery("select count(*)" + FROM + conditions.where()))
                .mapTo(int.class)
                .one();
    }

    /** Grants of all that this resource server has, in the order of their ids. */
    List<ClientGrant> ofAllScopes(Handle handle, String resourceServerId, int limit) {
        Conditions conditions = ofAllScopes(resourceServerId);
        return conditions
                .bindTo(handle.createQuery(
                        "select " + COLUMNS + FROM + conditions.where() + " order by id limit :limit"))
                .bind("limit", limit)
                .map((row, _) -> grant(row))
                .list();
    }

    int countOfAllScopes(Handle handle, String resourceServerId) {
        Conditions conditions = ofAllScopes(resourceServerId);
        return conditions
                .bindTo(handle.createQuery("select count(*)" + FROM + conditions.where()))
                .mapTo(int.class)
                .one();
    }

    private static Conditions ofAllScopes(String resourceServerId) {
        return new Conditions().equal("resource_server_id", resourceServerId).and("allow_all_scopes = 1");
    }

    private static Conditions conditions(Filter filter) {
        ClientId client = filter.client();
        Conditions conditions = new Conditions()
                .equal("client_id", client == null ? null : client.value())
                .equal("resource_server_id", filter.resourceServerId())
                .equal("subject_type", filter.subjectType())
                .equal("default_for", filter.isDefault() ? ClientGrant.THIRD_PARTY_CLIENTS : null);
        Boolean any = filter.anyOrganization();
        return any == null ? conditions : conditions.and(any ? ANY_ORGANIZATION : "not " + ANY_ORGANIZATION);
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
        void accept(ClientId client, String resourceServerId, Optional<ScopeSet> scope);
    }

    private void accept(GrantConsumer consumer, Query query) {
        query.bind("subject_type", ClientGrant.FOR_CLIENTS)
                .map((row, _) -> {
                    consumer.accept(
                            new ClientId(row.getString("client_id")), row.getString("resource_server_id"), scope(row));
                    return true;
                })
                .useIterator(rows -> rows.forEachRemaining(_ -> {}));
    }

    private ClientGrant grant(ResultSet row) throws SQLException {
        return new ClientGrant(
                row.getString("id"),
                Optional.ofNullable(row.getString("client_id")).map(ClientId::new),
                row.getString("resource_server_id"),
                scope(row),
                row.getString("subject_type"),
                row.getString("extra"),
                Instant.ofEpochMilli(row.getLong("created_at_ms")),
                Instant.ofEpochMilli(row.getLong("updated_at_ms")));
    }

    private Optional<ScopeSet> scope(ResultSet row) throws SQLException {
        return row.getInt("allow_all_scopes") == 1 ? Optional.empty() : Optional.of(scopes.of(row.getString("scope")));
    }
}
