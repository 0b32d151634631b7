package dev.jeton.client;

import dev.jeton.oauth.ClientId;
import dev.jeton.storage.ChangeFeed;
import dev.jeton.storage.Database;
import dev.jeton.storage.Encryption;
import dev.jeton.storage.SharedValues;
import java.nio.charset.StandardCharsets;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.Query;
import org.jdbi.v3.core.statement.SqlStatement;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.json.JsonMapper;

/** The clients and their secrets in the database. */
public final class ClientStore {
    /** How the feed of changes names this entity. */
    static final String ENTITY = "client";

    /** An application has one secret at a time; the column leaves room for two during a rotation. */
    private static final String ONLY_SECRET = "1";

    private static final JsonMapper JSON = JsonMapper.shared();
    private static final TypeReference<List<String>> STRINGS = new TypeReference<>() {};
    private static final TypeReference<Map<String, String>> METADATA = new TypeReference<>() {};

    private static final String COLUMNS = """
            client_id, name, description, app_type, grant_types, token_endpoint_auth_method, client_metadata, extra,
                   created_at_ms, updated_at_ms
            """;
    private static final String FIND = "select " + COLUMNS + " from clients where client_id = :client_id";
    private static final String FIND_SOME = "select " + COLUMNS + " from clients where client_id in (<ids>)";
    private static final String WITH_DIGESTS = "select " + COLUMNS + """
            , (select digest
                 from client_secrets
                where client_secrets.client_id = clients.client_id and secret_id = :secret_id) as digest
             from clients
            """;
    private static final String SOME_WITH_DIGESTS = WITH_DIGESTS + "where client_id in (<ids>)";
    private static final String INSERT = """
            insert into clients (client_id, name, description, app_type, grant_types, token_endpoint_auth_method,
                                 client_metadata, extra, is_first_party, created_at_ms, updated_at_ms)
            values (:client_id, :name, :description, :app_type, :grant_types, :token_endpoint_auth_method,
                    :client_metadata, :extra, :is_first_party, :created_at_ms, :updated_at_ms)""";
    private static final String UPDATE = """
            update clients
               set name = :name, description = :description, app_type = :app_type, grant_types = :grant_types,
                   token_endpoint_auth_method = :token_endpoint_auth_method, client_metadata = :client_metadata,
                   extra = :extra, is_first_party = :is_first_party, updated_at_ms = :updated_at_ms
             where client_id = :client_id""";
    private static final String DELETE = "delete from clients where client_id = :client_id";
    private static final String PUT_SECRET = """
            insert into client_secrets (client_id, secret_id, digest, encrypted, created_at_ms)
            values (:client_id, :secret_id, :digest, :encrypted, :created_at_ms)
            on conflict (client_id, secret_id)
            do update set digest = excluded.digest, encrypted = excluded.encrypted,
                          created_at_ms = excluded.created_at_ms""";
    private static final String FIND_ENCRYPTED = """
            select client_id, encrypted
              from client_secrets
             where client_id in (<ids>) and encrypted is not null""";

    private static final String SECRETS_CREATED = """
            select client_id, created_at_ms
              from client_secrets
             where client_id in (<ids>) and secret_id = :secret_id""";

    private final Database database;
    private final Encryption encryption;
    private final ChangeFeed changes;
    private final boolean keepReadable;

    // A million clients are kept in memory, and most of them differ in little.
    private final SharedValues<String> texts = new SharedValues<>(text -> text);
    private final SharedValues<List<String>> grantTypes =
            new SharedValues<>(json -> List.copyOf(JSON.readValue(json, STRINGS)));
    private final SharedValues<Map<String, String>> metadata =
            new SharedValues<>(json -> Map.copyOf(JSON.readValue(json, METADATA)));

    /** @param keepReadable {@code secrets.reveal}: whether secrets are kept so that they can be shown again */
    public ClientStore(Database database, Encryption encryption, ChangeFeed changes, boolean keepReadable) {
        this.database = database;
        this.encryption = encryption;
        this.changes = changes;
        this.keepReadable = keepReadable;
    }

    public void insert(Handle handle, Client client, ClientSecret secret) {
        bind(handle.createUpdate(INSERT), client)
                .bind("created_at_ms", client.createdAt().toEpochMilli())
                .execute();
        putSecret(handle, client.id(), secret, client.createdAt());
    }

    public void update(Handle handle, Client client) {
        bind(handle.createUpdate(UPDATE), client).execute();
        changes.announce(handle, ENTITY, client.id().value());
    }

    private static <S extends SqlStatement<S>> S bind(S statement, Client client) {
        Client.AuthMethod method = client.authMethod();
        return statement
                .bind("client_id", client.id().value())
                .bind("name", client.name())
                .bind("description", client.description())
                .bind("app_type", client.appType())
                .bind("grant_types", JSON.writeValueAsString(client.grantTypes()))
                .bind("token_endpoint_auth_method", method == null ? null : method.wireName())
                .bind("client_metadata", JSON.writeValueAsString(client.metadata()))
                .bind("extra", client.extraJson())
                // Stands in extra too, where no list can look for it.
                .bind("is_first_party", client.isFirstParty() ? 1 : 0)
                .bind("updated_at_ms", client.updatedAt().toEpochMilli());
    }

    /** Deletes it with its secrets and grants; whether it was there. */
    public boolean delete(Handle handle, ClientId id) {
        boolean deleted =
                handle.createUpdate(DELETE).bind("client_id", id.value()).execute() > 0;
        changes.announce(handle, ENTITY, id.value());
        return deleted;
    }

    /** From the commit on, only this secret is right. */
    public void putSecret(Handle handle, ClientId id, ClientSecret secret, Instant now) {
        handle.createUpdate(PUT_SECRET)
                .bind("client_id", id.value())
                .bind("secret_id", ONLY_SECRET)
                .bind("digest", encryption.digest(secret.bytes()))
                .bind(
                        "encrypted",
                        keepReadable
                                ? encryption.encrypt(secret.bytes(), "client_secrets", id.value(), "encrypted")
                                : null)
                .bind("created_at_ms", now.toEpochMilli())
                .execute();
        changes.announce(handle, ENTITY, id.value());
    }

    /** The secret in the clear; empty if there is none, or it was stored while {@code secrets.reveal} was off. */
    public Optional<ClientSecret> findSecret(Handle handle, ClientId id) {
        return Optional.ofNullable(findSecrets(handle, List.of(id)).get(id));
    }

    /** The secrets of those clients in the clear, likewise. */
    public Map<ClientId, ClientSecret> findSecrets(Handle handle, Collection<ClientId> ids) {
        if (!keepReadable || ids.isEmpty()) {
            return Map.of();
        }
        return handle.createQuery(FIND_ENCRYPTED)
                .bindList("ids", ids.stream().map(ClientId::value).toList())
                .reduceResultSet(new HashMap<>(), (secrets, row, _) -> {
                    String id = row.getString("client_id");
                    byte[] secret = encryption.decrypt(row.getBytes("encrypted"), "client_secrets", id, "encrypted");
                    secrets.put(new ClientId(id), new ClientSecret(new String(secret, StandardCharsets.UTF_8)));
                    return secrets;
                });
    }

    /** When the secrets of those clients were made that have one. */
    public Map<String, Instant> secretsCreatedAt(Handle handle, Collection<String> ids) {
        if (ids.isEmpty()) {
            return Map.of();
        }
        return handle.createQuery(SECRETS_CREATED)
                .bindList("ids", List.copyOf(ids))
                .bind("secret_id", ONLY_SECRET)
                .map((row, _) ->
                        Map.entry(row.getString("client_id"), Instant.ofEpochMilli(row.getLong("created_at_ms"))))
                .collectToMap(Map.Entry::getKey, Map.Entry::getValue);
    }

    public Optional<Client> find(Handle handle, ClientId id) {
        return handle.createQuery(FIND)
                .bind("client_id", id.value())
                .map((row, _) -> client(row))
                .findOne();
    }

    /** Those of these clients that there are, in the order of the ids given. */
    List<Client> find(Handle handle, List<String> ids) {
        if (ids.isEmpty()) {
            return List.of();
        }
        Map<String, Client> found = handle.createQuery(FIND_SOME)
                .bindList("ids", ids)
                .map((row, _) -> client(row))
                .collectToMap(client -> client.id().value(), client -> client);
        return ids.stream().map(found::get).filter(Objects::nonNull).toList();
    }

    /** In the order of the ids. */
    List<Client> page(Handle handle, ClientFilter filter, int offset, int limit) {
        return select(handle, COLUMNS, filter, "", " order by client_id limit :limit offset :offset")
                .bind("offset", offset)
                .bind("limit", limit)
                .map((row, _) -> client(row))
                .list();
    }

    /** In the order of the ids, those behind {@code after}; the empty string is before all. */
    List<Client> pageAfter(Handle handle, ClientFilter filter, String after, int limit) {
        return select(handle, COLUMNS, filter, "client_id > :after", " order by client_id limit :limit")
                .bind("after", after)
                .bind("limit", limit)
                .map((row, _) -> client(row))
                .list();
    }

    int count(Handle handle, ClientFilter filter) {
        return select(handle, "count(*)", filter, "", "").mapTo(int.class).one();
    }

    /** A statement with the conditions that there are and no others: one that may be void defeats an index. */
    private static Query select(Handle handle, String what, ClientFilter filter, String condition, String order) {
        List<String> conditions = new ArrayList<>();
        if (!condition.isEmpty()) {
            conditions.add(condition);
        }
        filter.isFirstParty().ifPresent(_ -> conditions.add("is_first_party = :is_first_party"));
        if (!filter.appTypes().isEmpty()) {
            conditions.add("app_type in (<app_types>)");
        }
        String where = conditions.isEmpty() ? "" : " where " + String.join(" and ", conditions);
        Query query = handle.createQuery("select " + what + " from clients" + where + order);
        filter.isFirstParty().ifPresent(isFirstParty -> query.bind("is_first_party", isFirstParty ? 1 : 0));
        return filter.appTypes().isEmpty() ? query : query.bindList("app_types", List.copyOf(filter.appTypes()));
    }

    /** Every client with the digest of its secret. */
    void forEach(EntryConsumer consumer) {
        database.read(handle -> {
            accept(consumer, handle.createQuery(WITH_DIGESTS));
            return true;
        });
    }

    /** Those of these clients that there are, likewise. */
    void forEach(Collection<String> ids, EntryConsumer consumer) {
        database.read(handle -> {
            accept(consumer, handle.createQuery(SOME_WITH_DIGESTS).bindList("ids", List.copyOf(ids)));
            return true;
        });
    }

    /** Takes a client and the keyed digest of its secret; null if it has none. */
    @FunctionalInterface
    interface EntryConsumer {
        void accept(Client client, byte @Nullable [] digest);
    }

    private void accept(EntryConsumer consumer, Query query) {
        query.bind("secret_id", ONLY_SECRET)
                .map((row, _) -> {
                    consumer.accept(client(row), row.getBytes("digest"));
                    return true;
                })
                .useIterator(rows -> rows.forEachRemaining(_ -> {}));
    }

    private static Client.@Nullable AuthMethod authMethod(@Nullable String stored) {
        Client.AuthMethod method = Client.AuthMethod.of(stored);
        return stored != null && method == null ? Client.AuthMethod.UNKNOWN : method;
    }

    private Client client(ResultSet row) throws SQLException {
        String appType = row.getString("app_type");
        return new Client(
                new ClientId(row.getString("client_id")),
                row.getString("name"),
                row.getString("description"),
                appType == null ? null : texts.of(appType),
                grantTypes.of(row.getString("grant_types")),
                authMethod(row.getString("token_endpoint_auth_method")),
                metadata.of(row.getString("client_metadata")),
                texts.of(row.getString("extra")),
                Instant.ofEpochMilli(row.getLong("created_at_ms")),
                Instant.ofEpochMilli(row.getLong("updated_at_ms")));
    }
}
