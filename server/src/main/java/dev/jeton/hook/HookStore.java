package dev.jeton.hook;

import dev.jeton.extension.Bundles;
import dev.jeton.extension.DependencyTree;
import dev.jeton.extension.Script;
import dev.jeton.extension.ScriptSecret;
import dev.jeton.storage.ChangeFeed;
import dev.jeton.storage.Conditions;
import dev.jeton.storage.Database;
import dev.jeton.storage.Encryption;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import java.util.Collection;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.SqlStatement;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.json.JsonMapper;

/** The Hooks, their npm packages and their secrets in the database; secrets are encrypted. */
public final class HookStore implements Bundles.Source {
    /** How the feed of changes names this entity. */
    public static final String ENTITY = "hook";

    private static final JsonMapper JSON = JsonMapper.shared();
    private static final TypeReference<Map<String, String>> STRINGS = new TypeReference<>() {};

    private static final String COLUMNS =
            "id, name, script, dependencies, trigger_id, enabled, created_at_ms, updated_at_ms";
    private static final String FIND = "select " + COLUMNS + " from hooks where id = :id";
    private static final String FROM = " from hooks";
    private static final String IS_TAKEN = "select count(*) from hooks where name = :name and id <> :id";
    private static final String INSERT = """
            insert into hooks (id, name, script, dependencies, trigger_id, enabled, created_at_ms, updated_at_ms)
            values (:id, :name, :script, :dependencies, :trigger_id, :enabled, :created_at_ms, :updated_at_ms)""";
    private static final String UPDATE = """
            update hooks
               set name = :name, script = :script, dependencies = :dependencies, enabled = :enabled,
                   updated_at_ms = :updated_at_ms
             where id = :id""";
    private static final String PUT_TREE = "update hooks set dependency_tree = :dependency_tree where id = :id";
    private static final String SWITCH_OTHERS_OFF = """
            update hooks
               set enabled = 0, updated_at_ms = :updated_at_ms
             where trigger_id = :trigger_id and enabled = 1 and id <> :id
            returning id, name, script, dependencies, trigger_id, enabled, created_at_ms, updated_at_ms""";
    private static final String DELETE = "delete from hooks where id = :id";
    private static final String SECRET_NAMES = "select name from hook_secrets where hook_id = :hook_id";
    private static final String PUT_SECRET = """
            insert into hook_secrets (hook_id, name, encrypted)
            values (:hook_id, :name, :encrypted)
            on conflict (hook_id, name)
            do update set encrypted = excluded.encrypted""";
    private static final String DELETE_SECRETS =
            "delete from hook_secrets where hook_id = :hook_id and name in (<names>)";
    private static final String SCRIPT = "select id, name, script, dependency_tree from hooks";
    private static final String FIND_ENABLED = SCRIPT + " where trigger_id = :trigger_id and enabled = 1";
    private static final String ENABLED_VERSION = """
            select h.id, h.name, h.script, h.dependencies, length(h.dependency_tree) as tree_bytes, s.name as secret,
                   s.encrypted
              from hooks h
              left join hook_secrets s on s.hook_id = h.id
             where h.trigger_id = :trigger_id and h.enabled = 1
             order by s.name""";
    private static final String FIND_SCRIPT = SCRIPT + " where id = :id";
    private static final String SECRETS = "select name, encrypted from hook_secrets where hook_id = :hook_id";

    /** Enough to tell any two apart. */
    private static final int SECRET_VERSION_BYTES = 16;

    /** Which Hooks to list; null means any. */
    record Filter(@Nullable String triggerId, @Nullable Boolean enabled) {}

    private final Database database;
    private final Encryption encryption;
    private final ChangeFeed changes;

    public HookStore(Database database, Encryption encryption, ChangeFeed changes) {
        this.database = database;
        this.encryption = encryption;
        this.changes = changes;
    }

    /** If it is enabled, the others of its trigger are no longer; returns those, as they are now. */
    List<Hook> insert(Handle handle, Hook hook) {
        List<Hook> others = switchOthersOff(handle, hook);
        bind(handle.createUpdate(INSERT), hook)
                .bind("trigger_id", hook.triggerId())
                .bind("created_at_ms", hook.createdAt().toEpochMilli())
                .execute();
        changes.announce(handle, ENTITY, hook.id());
        return others;
    }

    /** All but the trigger and the time of making; if it is enabled, likewise. */
    List<Hook> update(Handle handle, Hook hook) {
        List<Hook> others = switchOthersOff(handle, hook);
        bind(handle.createUpdate(UPDATE), hook).execute();
        changes.announce(handle, ENTITY, hook.id());
        return others;
    }

    private static <S extends SqlStatement<S>> S bind(S statement, Hook hook) {
        return statement
                .bind("id", hook.id())
                .bind("name", hook.name())
                .bind("script", hook.script())
                .bind("dependencies", JSON.writeValueAsString(hook.dependencies()))
                .bind("enabled", hook.enabled() ? 1 : 0)
                .bind("updated_at_ms", hook.updatedAt().toEpochMilli());
    }

    private List<Hook> switchOthersOff(Handle handle, Hook hook) {
        if (!hook.enabled()) {
            return List.of();
        }
        List<Hook> others = handle.createQuery(SWITCH_OTHERS_OFF)
                .bind("id", hook.id())
                .bind("trigger_id", hook.triggerId())
                .bind("updated_at_ms", hook.updatedAt().toEpochMilli())
                .map((row, _) -> hook(row))
                .list();
        others.forEach(other -> changes.announce(handle, ENTITY, other.id()));
        return others;
    }

    /** What npm made of the Hook's dependencies; empty if it has none. */
    void putTree(Handle handle, String id, Optional<DependencyTree> tree) {
        handle.createUpdate(PUT_TREE)
                .bind("id", id)
                .bind("dependency_tree", tree.map(DependencyTree::toBytes).orElse(null))
                .execute();
        changes.announce(handle, ENTITY, id);
    }

    /** Deletes it with its secrets; whether it was there. */
    boolean delete(Handle handle, String id) {
        boolean deleted = handle.createUpdate(DELETE).bind("id", id).execute() > 0;
        changes.announce(handle, ENTITY, id);
        return deleted;
    }

    Optional<Hook> find(Handle handle, String id) {
        return handle.createQuery(FIND)
                .bind("id", id)
                .map((row, _) -> hook(row))
                .findOne();
    }

    /** Whether another Hook than that has the name. */
    boolean isTaken(Handle handle, String name, String id) {
        return handle.createQuery(IS_TAKEN)
                        .bind("name", name)
                        .bind("id", id)
                        .mapTo(int.class)
                        .one()
                > 0;
    }

    /** In the order of the ids, which is that of their making. */
    List<Hook> page(Handle handle, Filter filter, int offset, int limit) {
        Conditions conditions = conditions(filter);
        return conditions
                .bindTo(handle.createQuery(
                        "select " + COLUMNS + FROM + conditions.where() + " order by id limit :limit offset :offset"))
                .bind("offset", offset)
                .bind("limit", limit)
                .map((row, _) -> hook(row))
                .list();
    }

    /** In the order of the ids, those behind {@code after}; the empty string is before all. */
    List<Hook> pageAfter(Handle handle, Filter filter, String after, int limit) {
        Conditions conditions = conditions(filter).and("id > :after");
        return conditions
                .bindTo(handle.createQuery(
                        "select " + COLUMNS + FROM + conditions.where() + " order by id limit :limit"))
                .bind("after", after)
                .bind("limit", limit)
                .map((row, _) -> hook(row))
                .list();
    }

    int count(Handle handle, Filter filter) {
        Conditions conditions = conditions(filter);
        return conditions
                .bindTo(handle.createQuery("select count(*)" + FROM + conditions.where()))
                .mapTo(int.class)
                .one();
    }

    private static Conditions conditions(Filter filter) {
        Boolean enabled = filter.enabled();
        return new Conditions()
                .equal("trigger_id", filter.triggerId())
                .equal("enabled", enabled == null ? null : Integer.valueOf(enabled ? 1 : 0));
    }

    /** In the order of the alphabet. */
    SortedSet<String> secretNames(Handle handle, String hookId) {
        return new TreeSet<>(handle.createQuery(SECRET_NAMES)
                .bind("hook_id", hookId)
                .mapTo(String.class)
                .list());
    }

    /**
     * What tells one state of its secrets from another, by their names: each is encrypted anew with each writing, so that
     * what comes of it says nothing of the value.
     */
    SortedMap<String, String> secretVersions(Handle handle, String hookId) {
        SortedMap<String, String> versions = new TreeMap<>();
        handle.createQuery(SECRETS)
                .bind("hook_id", hookId)
                .map((row, _) -> versions.put(row.getString("name"), secretVersion(row.getBytes("encrypted"))))
                .list();
        return versions;
    }

    private static String secretVersion(byte[] encrypted) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(encrypted);
            return HexFormat.of().formatHex(digest, 0, SECRET_VERSION_BYTES);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }

    /** Adds the secret, or replaces the one of that name. */
    void putSecret(Handle handle, String hookId, ScriptSecret secret) {
        byte[] value = secret.value().getBytes(StandardCharsets.UTF_8);
        handle.createUpdate(PUT_SECRET)
                .bind("hook_id", hookId)
                .bind("name", secret.name())
                .bind("encrypted", encryption.encrypt(value, "hook_secrets", row(hookId, secret.name()), "encrypted"))
                .execute();
        changes.announce(handle, ENTITY, hookId);
    }

    /** Those that there are. */
    void deleteSecrets(Handle handle, String hookId, Collection<String> names) {
        if (names.isEmpty()) {
            return;
        }
        handle.createUpdate(DELETE_SECRETS)
                .bind("hook_id", hookId)
                .bindList("names", List.copyOf(names))
                .execute();
        changes.announce(handle, ENTITY, hookId);
    }

    /** What was written of the enabled Hook; a secret is encrypted anew with each writing. */
    @Override
    public List<String> versions() {
        return database.read(handle -> handle.createQuery(ENABLED_VERSION)
                .bind("trigger_id", Hook.CREDENTIALS_EXCHANGE)
                .map((row, _) -> version(row))
                .list());
    }

    private static String version(ResultSet row) throws SQLException {
        byte[] encrypted = row.getBytes("encrypted");
        return JSON.writeValueAsString(Arrays.asList(
                row.getString("id"),
                row.getString("name"),
                row.getString("script"),
                row.getString("dependencies"),
                row.getString("tree_bytes"),
                row.getString("secret"),
                encrypted == null ? null : Base64.getEncoder().encodeToString(encrypted)));
    }

    @Override
    public List<Script> scripts() {
        return findEnabled().stream().toList();
    }

    /** The Hook that is enabled, if there is one. */
    Optional<Script> findEnabled() {
        return database.read(handle -> handle.createQuery(FIND_ENABLED)
                .bind("trigger_id", Hook.CREDENTIALS_EXCHANGE)
                .map((row, _) -> script(handle, row))
                .findOne());
    }

    /** That Hook, enabled or not. */
    public Optional<Script> findScript(String id) {
        return database.read(handle -> handle.createQuery(FIND_SCRIPT)
                .bind("id", id)
                .map((row, _) -> script(handle, row))
                .findOne());
    }

    private Script script(Handle handle, ResultSet row) throws SQLException {
        String id = row.getString("id");
        return new Script(
                Script.Kind.HOOK,
                id,
                row.getString("name"),
                row.getString("script"),
                secrets(handle, id),
                Optional.ofNullable(row.getBytes("dependency_tree")).map(DependencyTree::of));
    }

    private Map<String, String> secrets(Handle handle, String hookId) {
        Map<String, String> secrets = new HashMap<>();
        handle.createQuery(SECRETS)
                .bind("hook_id", hookId)
                .map((row, _) -> secret(hookId, row))
                .forEach(secret -> secrets.put(secret.name(), secret.value()));
        return secrets;
    }

    private ScriptSecret secret(String hookId, ResultSet row) throws SQLException {
        String name = row.getString("name");
        byte[] value = encryption.decrypt(row.getBytes("encrypted"), "hook_secrets", row(hookId, name), "encrypted");
        return new ScriptSecret(name, new String(value, StandardCharsets.UTF_8));
    }

    /** An id has no slash, so that no two rows share a name. */
    private static String row(String hookId, String name) {
        return hookId + "/" + name;
    }

    private static Hook hook(ResultSet row) throws SQLException {
        return new Hook(
                row.getString("id"),
                row.getString("name"),
                row.getString("script"),
                JSON.readValue(row.getString("dependencies"), STRINGS),
                row.getString("trigger_id"),
                row.getInt("enabled") == 1,
                Instant.ofEpochMilli(row.getLong("created_at_ms")),
                Instant.ofEpochMilli(row.getLong("updated_at_ms")));
    }
}
