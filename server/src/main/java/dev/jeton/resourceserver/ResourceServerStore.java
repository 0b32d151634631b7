package dev.jeton.resourceserver;

import dev.jeton.oauth.Audience;
import dev.jeton.oauth.Issuer;
import dev.jeton.resourceserver.ResourceServer.Scope;
import dev.jeton.storage.ChangeFeed;
import dev.jeton.storage.Database;
import dev.jeton.storage.Encryption;
import java.nio.charset.StandardCharsets;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.PreparedBatch;
import org.jdbi.v3.core.statement.Query;
import org.jdbi.v3.core.statement.SqlStatement;
import org.jspecify.annotations.Nullable;

/** The resource servers and their scopes in the database. */
public final class ResourceServerStore {
    /** How the feed of changes names this entity. */
    static final String ENTITY = "resource_server";

    private static final String COLUMNS = """
            id, identifier, name, signing_alg, signing_secret, token_lifetime_s, token_dialect, has_scopes,
                   is_system, extra, created_at_ms, updated_at_ms
            """;
    private static final String FIND = "select " + COLUMNS + " from resource_servers where id = :id";
    private static final String FIND_SOME = "select " + COLUMNS + " from resource_servers where id in (<ids>)";
    private static final String FIND_BY_IDENTIFIER =
            "select " + COLUMNS + " from resource_servers where identifier = :identifier";
    private static final String AUDIENCE = "select identifier, is_system from resource_servers where id = :id";
    private static final String FIND_SYSTEM = "select " + COLUMNS + " from resource_servers where is_system = 1";
    private static final String FIND_ALL = "select " + COLUMNS + " from resource_servers";
    private static final String FROM = " from resource_servers";
    private static final String ALL_IN_ORDER = " order by is_system desc, id limit :limit offset :offset";
    private static final String BEHIND = " id > :after order by id limit :limit";
    private static final String INSERT = """
            insert into resource_servers (id, identifier, name, signing_alg, signing_secret, token_lifetime_s,
                                          token_dialect, has_scopes, is_system, extra, created_at_ms, updated_at_ms)
            values (:id, :identifier, :name, :signing_alg, :signing_secret, :token_lifetime_s,
                    :token_dialect, :has_scopes, :is_system, :extra, :created_at_ms, :updated_at_ms)""";
    private static final String UPDATE = """
            update resource_servers
               set name = :name, signing_alg = :signing_alg, signing_secret = :signing_secret,
                   token_lifetime_s = :token_lifetime_s, token_dialect = :token_dialect,
                   has_scopes = :has_scopes, extra = :extra, updated_at_ms = :updated_at_ms
             where id = :id""";
    private static final String DELETE = "delete from resource_servers where id = :id";
    private static final String DELETE_SCOPES = "delete from scopes where resource_server_id = :id";
    private static final String INSERT_SCOPE = """
            insert into scopes (resource_server_id, position, value, description)
            values (:id, :position, :value, :description)""";
    private static final String SCOPES_OF = """
            select resource_server_id, value, description
              from scopes
             where resource_server_id in (<ids>)
             order by resource_server_id, position""";
    /** Names no ids: there may be more of them than a statement has parameters. */
    private static final String ALL_SCOPES = """
            select resource_server_id, value, description
              from scopes
             order by resource_server_id, position""";

    /**
     * Which resource servers to list.
     *
     * @param audiences those with one of these; all if empty
     */
    public record Filter(Optional<List<Audience>> audiences) {
        public static final Filter ALL = new Filter(Optional.empty());

        public static Filter by(List<Audience> audiences) {
            return new Filter(Optional.of(audiences));
        }
    }

    private final Database database;
    private final Encryption encryption;
    private final ChangeFeed changes;
    private final Issuer issuer;

    /** @param issuer gives the system API its identifier */
    public ResourceServerStore(Database database, Encryption encryption, ChangeFeed changes, Issuer issuer) {
        this.database = database;
        this.encryption = encryption;
        this.changes = changes;
        this.issuer = issuer;
    }

    public void insert(Handle handle, ResourceServer server) {
        bind(handle.createUpdate(INSERT), server)
                .bind("identifier", server.isSystem() ? null : server.audience().value())
                .bind("is_system", server.isSystem() ? 1 : 0)
                .bind("created_at_ms", server.createdAt().toEpochMilli())
                .execute();
        insertScopes(handle, server);
        changes.announce(handle, ENTITY, server.id());
    }

    /** All but the identifier, which never changes. */
    public void update(Handle handle, ResourceServer server) {
        bind(handle.createUpdate(UPDATE), server).execute();
        handle.createUpdate(DELETE_SCOPES).bind("id", server.id()).execute();
        insertScopes(handle, server);
        changes.announce(handle, ENTITY, server.id());
    }

    private <S extends SqlStatement<S>> S bind(S statement, ResourceServer server) {
        TokenDialect dialect = server.tokenDialect();
        return statement
                .bind("id", server.id())
                .bind("name", server.name())
                .bind("signing_alg", server.signingAlgorithm().wireName())
                .bind(
                        "signing_secret",
                        server.signingSecret()
                                .map(secret -> encryption.encrypt(
                                        secret.keyBytes(), "resource_servers", server.id(), "signing_secret"))
                                .orElse(null))
                .bind("token_lifetime_s", server.tokenLifetime().toSeconds())
                .bind("token_dialect", dialect == null ? null : dialect.wireName())
                .bind("has_scopes", server.scopes() == null ? 0 : 1)
                .bind("extra", server.extraJson())
                .bind("updated_at_ms", server.updatedAt().toEpochMilli());
    }

    private static void insertScopes(Handle handle, ResourceServer server) {
        List<Scope> scopes = server.scopes();
        if (scopes == null || scopes.isEmpty()) {
            return;
        }
        PreparedBatch batch = handle.prepareBatch(INSERT_SCOPE);
        for (int position = 0; position < scopes.size(); position++) {
            batch.bind("id", server.id())
                    .bind("position", position)
                    .bind("value", scopes.get(position).value())
                    .bind("description", scopes.get(position).description())
                    .add();
        }
        batch.execute();
    }

    /** Deletes it with its scopes and the grants for it; whether it was there. */
    public boolean delete(Handle handle, String id) {
        boolean deleted = handle.createUpdate(DELETE).bind("id", id).execute() > 0;
        changes.announce(handle, ENTITY, id);
        return deleted;
    }

    public Optional<ResourceServer> find(Handle handle, String id) {
        return single(
                handle,
                handle.createQuery(FIND)
                        .bind("id", id)
                        .map((row, _) -> Row.of(row))
                        .findOne());
    }

    /** Those of these that there are, in the order of the ids given. */
    List<ResourceServer> find(Handle handle, List<String> ids) {
        if (ids.isEmpty()) {
            return List.of();
        }
        return withScopes(
                handle,
                handle.createQuery(FIND_SOME).bindList("ids", ids).map((row, _) -> Row.of(row)).stream()
                        .sorted(Comparator.comparingInt(row -> ids.indexOf(row.id())))
                        .toList());
    }

    public Optional<ResourceServer> find(Handle handle, Audience audience) {
        if (audience.equals(issuer.systemAudience())) {
            return findSystem(handle);
        }
        return single(
                handle,
                handle.createQuery(FIND_BY_IDENTIFIER)
                        .bind("identifier", audience.value())
                        .map((row, _) -> Row.of(row))
                        .findOne());
    }

    /** The identifier of the one with that id. */
    public Optional<Audience> findAudience(Handle handle, String id) {
        return handle.createQuery(AUDIENCE)
                .bind("id", id)
                .map((row, _) -> audience(row.getInt("is_system") == 1, row.getString("identifier")))
                .findOne();
    }

    private Audience audience(boolean isSystem, @Nullable String identifier) {
        return isSystem || identifier == null ? issuer.systemAudience() : new Audience(identifier);
    }

    public Optional<ResourceServer> findSystem(Handle handle) {
        return single(
                handle,
                handle.createQuery(FIND_SYSTEM).map((row, _) -> Row.of(row)).findOne());
    }

    private Optional<ResourceServer> single(Handle handle, Optional<Row> row) {
        return row.map(found -> withScopes(handle, List.of(found)).getFirst());
    }

    /** The system API, then the others in the order of their ids, which is that of their age. */
    public List<ResourceServer> page(Handle handle, Filter filter, int offset, int limit) {
        return list(
                handle,
                "select " + COLUMNS + FROM + where(filter) + ALL_IN_ORDER,
                filter,
                query -> query.bind("offset", offset).bind("limit", limit));
    }

    /** In the order of the ids, those behind {@code after}; the empty string is before all. */
    public List<ResourceServer> pageAfter(Handle handle, Filter filter, String after, int limit) {
        String condition = where(filter);
        return list(
                handle,
                "select " + COLUMNS + FROM + condition + (condition.isEmpty() ? " where " : " and ") + BEHIND,
                filter,
                query -> query.bind("after", after).bind("limit", limit));
    }

    /** The system API's identifier is in no row. */
    private String where(Filter filter) {
        return filter.audiences()
                .map(audiences -> audiences.isEmpty()
                        ? " where 1 = 0"
                        : " where (identifier in (<identifiers>)"
                                + (audiences.contains(issuer.systemAudience()) ? " or is_system = 1)" : ")"))
                .orElse("");
    }

    private static Query bind(Query query, Filter filter) {
        return filter.audiences()
                .filter(audiences -> !audiences.isEmpty())
                .map(audiences -> query.bindList(
                        "identifiers", audiences.stream().map(Audience::value).toList()))
                .orElse(query);
    }

    private List<ResourceServer> list(Handle handle, String sql, Filter filter, UnaryOperator<Query> bind) {
        return withScopes(
                handle,
                bind.apply(bind(handle.createQuery(sql), filter))
                        .map((row, _) -> Row.of(row))
                        .list());
    }

    public int count(Handle handle, Filter filter) {
        return bind(handle.createQuery("select count(*)" + FROM + where(filter)), filter)
                .mapTo(int.class)
                .one();
    }

    List<ResourceServer> findAll() {
        return database.read(handle -> withScopes(
                handle.createQuery(FIND_ALL).map((row, _) -> Row.of(row)).list(), handle.createQuery(ALL_SCOPES)));
    }

    private List<ResourceServer> withScopes(Handle handle, List<Row> rows) {
        if (rows.isEmpty()) {
            return List.of();
        }
        return withScopes(
                rows,
                handle.createQuery(SCOPES_OF)
                        .bindList("ids", rows.stream().map(Row::id).toList()));
    }

    private List<ResourceServer> withScopes(List<Row> rows, Query scopesOfRows) {
        Map<String, List<Scope>> scopes = new HashMap<>();
        scopesOfRows
                .map((row, _) -> scopes.computeIfAbsent(row.getString("resource_server_id"), _ -> new ArrayList<>())
                        .add(new Scope(row.getString("value"), row.getString("description"))))
                .list();
        return rows.stream()
                .map(row -> resourceServer(row, row.hasScopes() ? scopes.getOrDefault(row.id(), List.of()) : null))
                .toList();
    }

    /** A row before it has its scopes. */
    private record Row(
            String id,
            @Nullable String identifier,
            @Nullable String name,
            String signingAlg,
            Optional<byte[]> signingSecret,
            long tokenLifetimeSeconds,
            @Nullable String tokenDialect,
            boolean hasScopes,
            boolean isSystem,
            String extra,
            long createdAtMs,
            long updatedAtMs) {
        static Row of(ResultSet row) throws SQLException {
            return new Row(
                    row.getString("id"),
                    row.getString("identifier"),
                    row.getString("name"),
                    row.getString("signing_alg"),
                    Optional.ofNullable(row.getBytes("signing_secret")),
                    row.getLong("token_lifetime_s"),
                    row.getString("token_dialect"),
                    row.getInt("has_scopes") == 1,
                    row.getInt("is_system") == 1,
                    row.getString("extra"),
                    row.getLong("created_at_ms"),
                    row.getLong("updated_at_ms"));
        }
    }

    private ResourceServer resourceServer(Row row, @Nullable List<Scope> scopes) {
        String dialect = row.tokenDialect();
        return new ResourceServer(
                row.id(),
                audience(row.isSystem(), row.identifier()),
                row.name(),
                scopes,
                SigningAlgorithm.find(row.signingAlg()).orElseThrow(),
                row.signingSecret()
                        .map(encrypted -> encryption.decrypt(encrypted, "resource_servers", row.id(), "signing_secret"))
                        .map(bytes -> new SigningSecret(new String(bytes, StandardCharsets.UTF_8))),
                Duration.ofSeconds(row.tokenLifetimeSeconds()),
                dialect == null ? null : TokenDialect.find(dialect).orElseThrow(),
                row.isSystem(),
                row.extra(),
                Instant.ofEpochMilli(row.createdAtMs()),
                Instant.ofEpochMilli(row.updatedAtMs()));
    }
}
