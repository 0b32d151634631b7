package dev.jeton.action;

import static java.util.stream.Collectors.joining;

import dev.jeton.action.Revision.ShownSecret;
import dev.jeton.extension.Bundles;
import dev.jeton.extension.Dependency;
import dev.jeton.extension.DependencyTree;
import dev.jeton.extension.Script;
import dev.jeton.extension.ScriptSecret;
import dev.jeton.storage.ChangeFeed;
import dev.jeton.storage.Database;
import dev.jeton.storage.Encryption;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.SqlStatement;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.json.JsonMapper;

/**
 * The Actions, their versions and bindings in the database. A revision is stored once however often it was deployed, its
 * secrets encrypted; a tree of packages is stored once however many revisions need it. What nothing names any more goes
 * in the transaction that makes it so.
 */
public final class ActionStore implements Bundles.Source {
    /** How the feed of changes names this entity: whatever becomes of an Action, a version and a binding of it too. */
    public static final String ENTITY = "action";

    private static final JsonMapper JSON = JsonMapper.shared();
    private static final TypeReference<LinkedHashMap<String, String>> STRINGS = new TypeReference<>() {};
    private static final TypeReference<LinkedHashMap<String, Long>> TIMES = new TypeReference<>() {};

    private static final String ACTION = "a.id, a.name, a.created_at_ms, a.updated_at_ms, " + revision("draft")
            + ", live_version.id as version_id, live_version.number as version_number,"
            + " live_version.created_at_ms as version_created_at_ms, " + revision("live");
    private static final String FROM_ACTIONS = """
              from actions a
              join action_revisions draft on draft.id = a.draft_id
              left join action_versions live_version on live_version.action_id = a.id and live_version.deployed = 1
              left join action_revisions live on live.id = live_version.revision_id
            """;
    private static final String FIND = "select " + ACTION + FROM_ACTIONS + " where a.id = :id";
    private static final String FIND_BY_NAME = "select " + ACTION + FROM_ACTIONS + " where a.name = :name";
    private static final String FILTER = """
             where (:trigger_id is null or draft.trigger_id = :trigger_id)
               and (:name is null or a.name = :name)
               and (:deployed is null or :deployed = case when live_version.id is null then 0 else 1 end)
            """;
    private static final String PAGE =
            "select " + ACTION + FROM_ACTIONS + FILTER + " order by a.created_at_ms, a.id limit :limit offset :offset";
    private static final String COUNT = "select count(*)" + FROM_ACTIONS + FILTER;
    private static final String INSERT = """
            insert into actions (id, name, draft_id, created_at_ms, updated_at_ms)
            values (:id, :name, :draft_id, :created_at_ms, :updated_at_ms)""";
    private static final String UPDATE = """
            update actions
               set name = :name, draft_id = :draft_id, updated_at_ms = :updated_at_ms
             where id = :id""";
    private static final String DELETE = "delete from actions where id = :id";

    private static final String PUT_TREE = """
            insert into dependency_trees (digest, content)
            values (:digest, :content)
            on conflict (digest) do nothing""";
    private static final String PUT_REVISION = """
            insert into action_revisions (id, trigger_id, trigger_version, code, runtime, dependencies, dependency_tree,
                                          secrets, secret_values)
            values (:id, :trigger_id, :trigger_version, :code, :runtime, :dependencies, :dependency_tree,
                    :secrets, :secret_values)
            on conflict (id) do nothing""";
    private static final String FORGET_REVISIONS = """
            delete from action_revisions
             where not exists (select 1 from actions where draft_id = action_revisions.id)
               and not exists (select 1 from action_versions where revision_id = action_revisions.id)""";
    private static final String FORGET_TREES = """
            delete from dependency_trees
             where not exists (select 1 from action_revisions where dependency_tree = dependency_trees.digest)""";
    private static final String SECRET_VALUES = "select secret_values from action_revisions where id = :id";

    private static final String VERSION = "select v.id, v.number, v.deployed, v.created_at_ms, " + revision("r") + """
              from action_versions v
              join action_revisions r on r.id = v.revision_id
             where v.action_id = :action_id
            """;
    private static final String FIND_VERSION = VERSION + " and v.id = :id";
    private static final String PAGE_OF_VERSIONS = VERSION + " order by v.number desc limit :limit offset :offset";
    private static final String COUNT_VERSIONS = "select count(*) from action_versions where action_id = :action_id";
    private static final String NEXT_NUMBER =
            "select coalesce(max(number), 0) + 1 from action_versions where action_id = :action_id";
    private static final String WITHDRAW =
            "update action_versions set deployed = 0 where action_id = :action_id and deployed = 1";
    private static final String INSERT_VERSION = """
            insert into action_versions (id, action_id, number, revision_id, deployed, created_at_ms)
            values (:id, :action_id, :number, :revision_id, 1, :created_at_ms)""";
    private static final String FORGET_VERSIONS =
            "delete from action_versions where action_id = :action_id and deployed = 0 and number <= :number";

    private static final String PAGE_OF_BINDINGS = "select b.id as binding_id, b.display_name,"
            + " b.created_at_ms as binding_created_at_ms, b.updated_at_ms as binding_updated_at_ms, " + ACTION
            + FROM_ACTIONS + """
              join action_bindings b on b.action_id = a.id
             where b.trigger_id = :trigger_id
             order by b.position
             limit :limit offset :offset""";
    private static final String COUNT_BINDINGS = "select count(*) from action_bindings where trigger_id = :trigger_id";
    private static final String IS_BOUND = "select count(*) from action_bindings where action_id = :action_id";
    private static final String UNBIND =
            "delete from action_bindings where action_id = :action_id returning id, trigger_id, display_name";
    private static final String UNBIND_ALL =
            "delete from action_bindings where trigger_id = :trigger_id returning action_id";
    private static final String BIND = """
            insert into action_bindings (id, trigger_id, position, action_id, display_name,
                                         created_at_ms, updated_at_ms)
            values (:id, :trigger_id, :position, :action_id, :display_name, :created_at_ms, :updated_at_ms)""";

    private static final String SCRIPT = """
            select a.id, a.name, r.id as revision_id, r.code, r.secret_values, t.content
              from actions a
            """;
    private static final String TREE = " left join dependency_trees t on t.digest = r.dependency_tree";
    private static final String FIND_DRAFT =
            SCRIPT + " join action_revisions r on r.id = a.draft_id" + TREE + " where a.id = :id";
    private static final String FIND_SCRIPT =
            SCRIPT + " join action_revisions r on r.id = :revision_id" + TREE + " where a.id = :id";
    private static final String OF_BOUND = """
              join action_bindings b on b.action_id = a.id
              join action_versions v on v.action_id = a.id and v.deployed = 1
              join action_revisions r on r.id = v.revision_id
            """;
    private static final String IN_THEIR_ORDER = " where b.trigger_id = :trigger_id order by b.position";
    private static final String BOUND = SCRIPT + OF_BOUND + TREE + IN_THEIR_ORDER;
    private static final String BOUND_VERSIONS =
            "select a.id, a.name, r.id as revision_id from actions a" + "\n" + OF_BOUND + IN_THEIR_ORDER;

    /** Which Actions to list; null means any. */
    record Filter(
            @Nullable String triggerId,
            @Nullable String name,
            @Nullable Boolean deployed) {
        static final Filter ALL = new Filter(null, null, null);
    }

    private final Database database;
    private final Encryption encryption;
    private final ChangeFeed changes;

    public ActionStore(Database database, Encryption encryption, ChangeFeed changes) {
        this.database = database;
        this.encryption = encryption;
        this.changes = changes;
    }

    /** The columns of a revision, each with the table's alias before its name. */
    private static String revision(String alias) {
        return Stream.of(
                        "id",
                        "trigger_id",
                        "trigger_version",
                        "code",
                        "runtime",
                        "dependencies",
                        "dependency_tree",
                        "secrets")
                .map(column -> alias + "." + column + " as " + alias + "_" + column)
                .collect(joining(", "));
    }

    /** Its draft is stored already. */
    void insert(Handle handle, Action action) {
        bind(handle.createUpdate(INSERT), action)
                .bind("created_at_ms", action.createdAt().toEpochMilli())
                .execute();
        changes.announce(handle, ENTITY, action.id());
    }

    /** The name and the draft, which is stored already, and the time. */
    void update(Handle handle, Action action) {
        bind(handle.createUpdate(UPDATE), action).execute();
        forgetUnused(handle);
        changes.announce(handle, ENTITY, action.id());
    }

    private static <S extends SqlStatement<S>> S bind(S statement, Action action) {
        return statement
                .bind("id", action.id())
                .bind("name", action.name())
                .bind("draft_id", action.draft().id())
                .bind("updated_at_ms", action.updatedAt().toEpochMilli());
    }

    /** Deletes it with its versions; it is not bound. */
    void delete(Handle handle, String id) {
        handle.createUpdate(DELETE).bind("id", id).execute();
        forgetUnused(handle);
        changes.announce(handle, ENTITY, id);
    }

    private static void forgetUnused(Handle handle) {
        handle.execute(FORGET_REVISIONS);
        handle.execute(FORGET_TREES);
    }

    Optional<Action> find(Handle handle, String id) {
        return handle.createQuery(FIND)
                .bind("id", id)
                .map((row, _) -> action(row))
                .findOne();
    }

    Optional<Action> findByName(Handle handle, String name) {
        return handle.createQuery(FIND_BY_NAME)
                .bind("name", name)
                .map((row, _) -> action(row))
                .findOne();
    }

    /** In the order of their making. */
    List<Action> page(Handle handle, Filter filter, int offset, int limit) {
        return bind(handle.createQuery(PAGE), filter)
                .bind("offset", offset)
                .bind("limit", limit)
                .map((row, _) -> action(row))
                .list();
    }

    int count(Handle handle, Filter filter) {
        return bind(handle.createQuery(COUNT), filter).mapTo(int.class).one();
    }

    private static <S extends SqlStatement<S>> S bind(S statement, Filter filter) {
        Boolean deployed = filter.deployed();
        return statement
                .bind("trigger_id", filter.triggerId())
                .bind("name", filter.name())
                .bind("deployed", deployed == null ? null : Integer.valueOf(deployed ? 1 : 0));
    }

    /** Stores it if it is not there; until a revision names it, it stays only to the end of the transaction. */
    void putTree(Handle handle, DependencyTree tree) {
        handle.createUpdate(PUT_TREE)
                .bind("digest", tree.digest())
                .bind("content", tree.toBytes())
                .execute();
    }

    /** Stores it if it is not there; likewise until an Action or a version names it. Its tree is stored already. */
    void putRevision(Handle handle, OpenRevision draft) {
        Revision revision = draft.revision();
        Map<String, String> dependencies = new LinkedHashMap<>();
        revision.dependencies().forEach(dependency -> dependencies.put(dependency.name(), dependency.version()));
        Map<String, Long> secrets = new LinkedHashMap<>();
        revision.secrets()
                .forEach(secret -> secrets.put(secret.name(), secret.updatedAt().toEpochMilli()));
        handle.createUpdate(PUT_REVISION)
                .bind("id", revision.id())
                .bind("trigger_id", revision.trigger().id())
                .bind("trigger_version", revision.trigger().version())
                .bind("code", revision.code())
                .bind("runtime", revision.runtime())
                .bind("dependencies", JSON.writeValueAsString(dependencies))
                .bind("dependency_tree", revision.dependencyTree().orElse(null))
                .bind("secrets", JSON.writeValueAsString(secrets))
                .bind("secret_values", draft.secrets().isEmpty() ? null : encrypted(draft))
                .execute();
    }

    private byte[] encrypted(OpenRevision draft) {
        Map<String, String> values = new LinkedHashMap<>();
        draft.secrets().forEach(secret -> values.put(secret.name(), secret.value()));
        return encryption.encrypt(
                JSON.writeValueAsBytes(values),
                "action_revisions",
                draft.revision().id(),
                "secret_values");
    }

    /** The values of a revision's secrets, in the clear. */
    List<ScriptSecret> secrets(Handle handle, String revisionId) {
        return handle.createQuery(SECRET_VALUES)
                .bind("id", revisionId)
                .map((row, _) -> secrets(row, revisionId))
                .findOne()
                .orElse(List.of());
    }

    private List<ScriptSecret> secrets(ResultSet row, String revisionId) throws SQLException {
        return Optional.ofNullable(row.getBytes("secret_values")).stream()
                .map(encrypted -> encryption.decrypt(encrypted, "action_revisions", revisionId, "secret_values"))
                .flatMap(values -> JSON.readValue(values, STRINGS).entrySet().stream())
                .map(secret -> new ScriptSecret(secret.getKey(), secret.getValue()))
                .toList();
    }

    /** Makes that revision, which is stored already, the newest version and the one at work. */
    Version deploy(Handle handle, String actionId, String id, Revision revision, Instant now) {
        int number = handle.createQuery(NEXT_NUMBER)
                .bind("action_id", actionId)
                .mapTo(int.class)
                .one();
        handle.createUpdate(WITHDRAW).bind("action_id", actionId).execute();
        handle.createUpdate(INSERT_VERSION)
                .bind("id", id)
                .bind("action_id", actionId)
                .bind("number", number)
                .bind("revision_id", revision.id())
                .bind("created_at_ms", now.toEpochMilli())
                .execute();
        handle.createUpdate(FORGET_VERSIONS)
                .bind("action_id", actionId)
                .bind("number", number - Version.MOST)
                .execute();
        forgetUnused(handle);
        changes.announce(handle, ENTITY, actionId);
        return new Version(id, number, revision, true, now);
    }

    Optional<Version> findVersion(Handle handle, String actionId, String id) {
        return handle.createQuery(FIND_VERSION)
                .bind("action_id", actionId)
                .bind("id", id)
                .map((row, _) -> version(row))
                .findOne();
    }

    /** The newest first. */
    List<Version> versions(Handle handle, String actionId, int offset, int limit) {
        return handle.createQuery(PAGE_OF_VERSIONS)
                .bind("action_id", actionId)
                .bind("offset", offset)
                .bind("limit", limit)
                .map((row, _) -> version(row))
                .list();
    }

    int countVersions(Handle handle, String actionId) {
        return handle.createQuery(COUNT_VERSIONS)
                .bind("action_id", actionId)
                .mapTo(int.class)
                .one();
    }

    /** In their order. */
    List<Binding> bindings(Handle handle, String triggerId, int offset, int limit) {
        return handle.createQuery(PAGE_OF_BINDINGS)
                .bind("trigger_id", triggerId)
                .bind("offset", offset)
                .bind("limit", limit)
                .map((row, _) -> binding(row))
                .list();
    }

    int countBindings(Handle handle, String triggerId) {
        return handle.createQuery(COUNT_BINDINGS)
                .bind("trigger_id", triggerId)
                .mapTo(int.class)
                .one();
    }

    /** Binds these, in their order, and no others. */
    void bindOnly(Handle handle, String triggerId, List<Binding> bindings) {
        Set<String> concerned = new LinkedHashSet<>(handle.createQuery(UNBIND_ALL)
                .bind("trigger_id", triggerId)
                .mapTo(String.class)
                .list());
        for (int i = 0; i < bindings.size(); i++) {
            Binding binding = bindings.get(i);
            handle.createUpdate(BIND)
                    .bind("id", binding.id())
                    .bind("trigger_id", triggerId)
                    .bind("position", i)
                    .bind("action_id", binding.action().id())
                    .bind("display_name", binding.displayName())
                    .bind("created_at_ms", binding.createdAt().toEpochMilli())
                    .bind("updated_at_ms", binding.updatedAt().toEpochMilli())
                    .execute();
            concerned.add(binding.action().id());
        }
        concerned.forEach(action -> changes.announce(handle, ENTITY, action));
    }

    boolean isBound(Handle handle, String actionId) {
        return handle.createQuery(IS_BOUND)
                        .bind("action_id", actionId)
                        .mapTo(int.class)
                        .one()
                > 0;
    }

    /** What told where an Action was bound. */
    record Unbound(String id, String triggerId, String displayName) {}

    List<Unbound> unbind(Handle handle, String actionId) {
        List<Unbound> unbound = handle.createQuery(UNBIND)
                .bind("action_id", actionId)
                .map((row, _) ->
                        new Unbound(row.getString("id"), row.getString("trigger_id"), row.getString("display_name")))
                .list();
        changes.announce(handle, ENTITY, actionId);
        return unbound;
    }

    /** Of the Actions that are bound: a revision never changes. */
    @Override
    public List<String> versions() {
        return database.read(handle -> handle.createQuery(BOUND_VERSIONS)
                .bind("trigger_id", SupportedTrigger.CREDENTIALS_EXCHANGE)
                .map((row, _) -> row.getString("revision_id") + " " + row.getString("id") + " " + row.getString("name"))
                .list());
    }

    @Override
    public List<Script> scripts() {
        return bound();
    }

    /** What runs before a token is issued: the deployed versions of the Actions that are bound, in their order. */
    List<Script> bound() {
        return database.read(handle -> handle.createQuery(BOUND)
                .bind("trigger_id", SupportedTrigger.CREDENTIALS_EXCHANGE)
                .map((row, _) -> script(row))
                .list());
    }

    /** The draft of that Action, deployed or not. */
    public Optional<Script> findDraft(String id) {
        return database.read(handle -> handle.createQuery(FIND_DRAFT)
                .bind("id", id)
                .map((row, _) -> script(row))
                .findOne());
    }

    /** One revision of that Action; empty if one of them is gone. */
    Optional<Script> findScript(String id, String revisionId) {
        return database.read(handle -> handle.createQuery(FIND_SCRIPT)
                .bind("id", id)
                .bind("revision_id", revisionId)
                .map((row, _) -> script(row))
                .findOne());
    }

    private Script script(ResultSet row) throws SQLException {
        Map<String, String> values = new LinkedHashMap<>();
        secrets(row, row.getString("revision_id")).forEach(secret -> values.put(secret.name(), secret.value()));
        return new Script(
                Script.Kind.ACTION,
                row.getString("id"),
                row.getString("name"),
                row.getString("code"),
                values,
                Optional.ofNullable(row.getBytes("content")).map(DependencyTree::of));
    }

    private static Binding binding(ResultSet row) throws SQLException {
        return new Binding(
                row.getString("binding_id"),
                action(row),
                row.getString("display_name"),
                Instant.ofEpochMilli(row.getLong("binding_created_at_ms")),
                Instant.ofEpochMilli(row.getLong("binding_updated_at_ms")));
    }

    private static Action action(ResultSet row) throws SQLException {
        return new Action(
                row.getString("id"),
                row.getString("name"),
                revision(row, "draft"),
                row.getString("version_id") == null ? Optional.empty() : Optional.of(deployedVersion(row)),
                Instant.ofEpochMilli(row.getLong("created_at_ms")),
                Instant.ofEpochMilli(row.getLong("updated_at_ms")));
    }

    private static Version deployedVersion(ResultSet row) throws SQLException {
        return new Version(
                row.getString("version_id"),
                row.getInt("version_number"),
                revision(row, "live"),
                true,
                Instant.ofEpochMilli(row.getLong("version_created_at_ms")));
    }

    private static Version version(ResultSet row) throws SQLException {
        return new Version(
                row.getString("id"),
                row.getInt("number"),
                revision(row, "r"),
                row.getInt("deployed") == 1,
                Instant.ofEpochMilli(row.getLong("created_at_ms")));
    }

    private static Revision revision(ResultSet row, String alias) throws SQLException {
        return new Revision(
                row.getString(alias + "_id"),
                new SupportedTrigger(row.getString(alias + "_trigger_id"), row.getString(alias + "_trigger_version")),
                row.getString(alias + "_code"),
                row.getString(alias + "_runtime"),
                JSON.readValue(row.getString(alias + "_dependencies"), STRINGS).entrySet().stream()
                        .map(dependency -> new Dependency(dependency.getKey(), dependency.getValue()))
                        .toList(),
                Optional.ofNullable(row.getString(alias + "_dependency_tree")),
                JSON.readValue(row.getString(alias + "_secrets"), TIMES).entrySet().stream()
                        .map(secret -> new ShownSecret(secret.getKey(), Instant.ofEpochMilli(secret.getValue())))
                        .toList());
    }
}
