package dev.jeton.hook;

import dev.jeton.extension.ConsolePage;
import dev.jeton.extension.ConsoleStore;
import dev.jeton.extension.CredentialsExchange;
import dev.jeton.extension.DependencyTree;
import dev.jeton.extension.NpmDependencies;
import dev.jeton.extension.NpmDependencies.Installed;
import dev.jeton.extension.ScriptSecret;
import dev.jeton.extension.UnfitException;
import dev.jeton.hook.HookStore.Filter;
import dev.jeton.http.ApiError;
import dev.jeton.http.Form;
import dev.jeton.http.Response;
import dev.jeton.http.Router;
import dev.jeton.management.Call;
import dev.jeton.management.Effect;
import dev.jeton.management.EntityTag;
import dev.jeton.management.FieldSelection;
import dev.jeton.management.Fields;
import dev.jeton.management.ManagementAccess;
import dev.jeton.management.Operation;
import dev.jeton.management.Page;
import dev.jeton.management.RegistryWriter;
import dev.jeton.management.RegistryWriter.Outcome;
import dev.jeton.management.Schema;
import dev.jeton.oauth.Identifiers;
import dev.jeton.storage.Database;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** {@code /api/v2/hooks}. */
public final class HookRoutes {
    private static final JsonMapper JSON = JsonMapper.shared();
    private static final String OWNER = "HookRoutes";
    private static final List<String> READ = List.of("read:hooks");
    private static final String UPDATE = "update:hooks";
    private static final String DELETE = "delete:hooks";
    private static final String ONE = "/hooks/{id}";
    private static final String SECRETS = ONE + "/secrets";
    /** What is shown for a secret's value. */
    private static final String NOT_SHOWN = "_VALUE_NOT_SHOWN_";

    private final Database database;
    private final HookStore store;
    private final ConsoleStore console;
    private final CredentialsExchange exchange;
    private final NpmDependencies npm;
    private final RegistryWriter writer;
    private final Identifiers identifiers;
    private final InstantSource clock;

    public HookRoutes(
            Database database,
            HookStore store,
            ConsoleStore console,
            CredentialsExchange exchange,
            NpmDependencies npm,
            RegistryWriter writer,
            Identifiers identifiers,
            InstantSource clock) {
        this.database = database;
        this.store = store;
        this.console = console;
        this.exchange = exchange;
        this.npm = npm;
        this.writer = writer;
        this.identifiers = identifiers;
        this.clock = clock;
    }

    public void mount(Router router, ManagementAccess access) {
        access.mount(
                router,
                OWNER,
                Operation.get("/hooks", "Get hooks", READ)
                        .query(HookSchema.FILTERS)
                        .query(Page.PARAMETERS)
                        .query(FieldSelection.PARAMETERS)
                        .answers(200, Page.listOf("hooks", HookSchema.IN_A_LIST)),
                this::list);
        access.mount(
                router,
                OWNER,
                Operation.post("/hooks", "Create a hook", "create:hooks")
                        .takes(HookSchema.CREATE)
                        .answers(201, HookSchema.ANSWER),
                this::create);
        access.mount(
                router,
                OWNER,
                Operation.get(ONE, "Get a hook", READ)
                        .query(FieldSelection.PARAMETERS)
                        .answers(200, HookSchema.ANSWER),
                this::get);
        access.mount(
                router,
                OWNER,
                Operation.patch(ONE, "Update a hook", List.of(UPDATE))
                        .takes(HookSchema.UPDATE)
                        .answers(200, HookSchema.ANSWER),
                this::update);
        access.mount(router, OWNER, Operation.delete(ONE, "Delete a hook", DELETE), this::delete);
        access.mount(
                router,
                OWNER,
                Operation.get(ONE + "/logs", "Get a hook's console lines", READ)
                        .query(ConsolePage.PARAMETERS)
                        .answers(200, ConsolePage.ANSWER),
                this::logs);
        mountSecrets(router, access);
    }

    private void mountSecrets(Router router, ManagementAccess access) {
        access.mount(
                router,
                OWNER,
                Operation.get(SECRETS, "Get hook secrets", READ).answers(200, HookSchema.SECRETS),
                this::listSecrets);
        access.mount(
                router,
                OWNER,
                Operation.post(SECRETS, "Add hook secrets", UPDATE)
                        .takes(HookSchema.SECRETS)
                        .answers(201, Schema.object()),
                this::addSecrets);
        access.mount(
                router,
                OWNER,
                Operation.patch(SECRETS, "Update hook secrets", List.of(UPDATE))
                        .takes(HookSchema.SECRETS)
                        .answers(201, Schema.object()),
                this::updateSecrets);
        access.mount(
                router,
                OWNER,
                Operation.delete(SECRETS, "Delete hook secrets", DELETE).takes(HookSchema.SECRET_NAMES),
                this::deleteSecrets);
    }

    private Response list(Call call) {
        Filter filter = filter(call.request().query());
        JsonNode hooks = database.readSnapshot(handle -> Page.of(call.request())
                .list(
                        "hooks",
                        (offset, limit) -> store.page(handle, filter, offset, limit),
                        (after, limit) -> store.pageAfter(handle, filter, after, limit),
                        () -> store.count(handle, filter),
                        Hook::id,
                        hook -> json(hook).without("script")));
        return answer(hooks);
    }

    /** No answer of these routes shows a secret. */
    private static Response answer(JsonNode body) {
        return Response.json(200, JSON.writeValueAsBytes(body)).with("Cache-Control", "no-store");
    }

    private static Filter filter(Form query) {
        return new Filter(
                query.first("triggerId").filter(id -> !id.isEmpty()).orElse(null),
                Page.flag(query, "enabled").orElse(null));
    }

    private Response get(Call call) {
        FieldSelection selection = FieldSelection.of(call.request().query());
        Hook hook = database.read(handle -> require(handle, call));
        return answer(selection.apply(json(hook))).with("ETag", tag(hook).value());
    }

    private Response create(Call call) {
        Fields fields = Fields.of(call.request(), HookSchema.CREATE);
        Instant now = now();
        Hook hook = checked(
                fields,
                () -> new Hook(
                        identifiers.hookId(now),
                        fields.requireString("name", 0, Integer.MAX_VALUE),
                        fields.requireString("script", 0, Integer.MAX_VALUE),
                        dependencies(fields).orElse(Map.of()),
                        fields.requireString("triggerId", 0, 256),
                        fields.flag("enabled").orElse(false),
                        now,
                        now));
        requireNoObstacle();
        database.read(handle -> requireFreeName(handle, hook));
        Optional<DependencyTree> tree = npm.install(hook.dependencies()).map(Installed::tree);
        return warm(writer.write(call, "Create a hook", Optional.of(fields), handle -> {
            requireFreeName(handle, hook);
            Effect others = disabled(store.insert(handle, hook));
            store.putTree(handle, hook.id(), tree);
            return Outcome.of(201, json(hook)).tagged(tag(hook)).with(others);
        }));
    }

    /** Whoever makes or enables a Hook is told that it could not run here. */
    private void requireNoObstacle() {
        exchange.obstacle().ifPresent(obstacle -> {
            throw ApiError.badRequest(obstacle, "hooks_not_supported");
        });
    }

    /** The answer leaves when the next request of a token need not wait for a worker. */
    private Response warm(Response response) {
        exchange.awaitWarm();
        return response;
    }

    private Response update(Call call) {
        Fields fields = Fields.of(call.request(), HookSchema.UPDATE);
        Hook present = database.read(handle -> require(handle, call));
        // Before npm is asked, and once more below.
        tag(present).require(call.request());
        Optional<Map<String, String>> dependencies =
                dependencies(fields).filter(sent -> !sent.equals(present.dependencies()));
        Hook wanted = changed(present, fields, dependencies);
        if (wanted.enabled() && !present.enabled()) {
            requireNoObstacle();
        }
        database.read(handle -> requireFreeName(handle, wanted));
        Optional<DependencyTree> tree =
                npm.install(dependencies.orElse(Map.of())).map(Installed::tree);
        return warm(writer.write(call, "Update a hook", Optional.of(fields), handle -> {
            Hook before = require(handle, call);
            tag(before).require(call.request());
            Hook hook = changed(before, fields, dependencies);
            requireFreeName(handle, hook);
            Effect others = disabled(store.update(handle, hook));
            if (dependencies.isPresent()) {
                store.putTree(handle, hook.id(), tree);
            }
            return Outcome.of(200, json(hook))
                    .tagged(tag(hook))
                    .from(json(before))
                    .with(others);
        }));
    }

    private static Effect disabled(List<Hook> others) {
        return Effect.on(
                "hooks_disabled",
                others,
                (json, hook) -> json.put("id", hook.id()).put("name", hook.name()));
    }

    private Hook changed(Hook before, Fields fields, Optional<Map<String, String>> dependencies) {
        return checked(
                fields,
                () -> new Hook(
                        before.id(),
                        fields.string("name", 0, Integer.MAX_VALUE).orElse(before.name()),
                        fields.string("script", 0, Integer.MAX_VALUE).orElse(before.script()),
                        dependencies.orElse(before.dependencies()),
                        before.triggerId(),
                        fields.flag("enabled").orElse(before.enabled()),
                        before.createdAt(),
                        now()));
    }

    private Response delete(Call call) {
        return warm(writer.write(call, "Delete a hook", Optional.empty(), handle -> {
            Hook hook = require(handle, call);
            tag(hook).require(call.request());
            ObjectNode before = json(hook).set("secrets", secretVersions(handle, hook.id()));
            store.delete(handle, hook.id());
            return Outcome.noContent().from(before);
        }));
    }

    private Response logs(Call call) {
        String id = database.read(handle -> require(handle, call).id());
        return ConsolePage.of(console, id, call.request().query());
    }

    private Response listSecrets(Call call) {
        return database.readSnapshot(handle -> {
            String id = require(handle, call).id();
            ObjectNode names = JSON.createObjectNode();
            store.secretNames(handle, id).forEach(name -> names.put(name, NOT_SHOWN));
            return answer(names).with("ETag", secretsTag(handle, id).value());
        });
    }

    private Response addSecrets(Call call) {
        Fields fields = Fields.of(call.request(), HookSchema.SECRETS);
        List<ScriptSecret> secrets = secrets(fields);
        return warm(writer.writeSecrets(call, "Add hook secrets", names(secrets), handle -> {
            String id = requireWithSecrets(handle, call);
            JsonNode before = secretVersions(handle, id);
            Set<String> present = store.secretNames(handle, id);
            for (ScriptSecret secret : secrets) {
                if (present.contains(secret.name())) {
                    throw ApiError.conflict(
                            "The hook has a secret of that name already, which PATCH changes: " + secret.name(),
                            "hook_secret_conflict");
                }
                if (secret.value().equals(NOT_SHOWN)) {
                    throw fields.invalid(
                            NOT_SHOWN + " stands for a secret that is there; send its value", secret.name());
                }
            }
            int count = present.size() + secrets.size();
            if (count > Hook.MOST_SECRETS) {
                throw ApiError.badRequest(
                        "A hook has at most " + Hook.MOST_SECRETS + " secrets; with these it would have " + count,
                        "too_many_hook_secrets");
            }
            secrets.forEach(secret -> store.putSecret(handle, id, secret));
            return changed(Outcome.of(201, JSON.createObjectNode()), handle, id, before);
        }));
    }

    private Response updateSecrets(Call call) {
        List<ScriptSecret> secrets = secrets(Fields.of(call.request(), HookSchema.SECRETS));
        return warm(writer.writeSecrets(call, "Update hook secrets", names(secrets), handle -> {
            String id = requireWithSecrets(handle, call);
            JsonNode before = secretVersions(handle, id);
            Set<String> present = store.secretNames(handle, id);
            for (ScriptSecret secret : secrets) {
                if (!present.contains(secret.name())) {
                    throw ApiError.notFound(
                            "The hook has no secret of that name, which POST adds: " + secret.name(),
                            "inexistent_hook_secret");
                }
            }
            secrets.stream()
                    .filter(secret -> !secret.value().equals(NOT_SHOWN))
                    .forEach(secret -> store.putSecret(handle, id, secret));
            return changed(Outcome.of(201, JSON.createObjectNode()), handle, id, before);
        }));
    }

    private Response deleteSecrets(Call call) {
        List<String> names = Fields.strings(call.request(), HookSchema.SECRET_NAMES);
        return warm(writer.writeSecrets(call, "Delete hook secrets", names, handle -> {
            String id = requireWithSecrets(handle, call);
            JsonNode before = secretVersions(handle, id);
            store.deleteSecrets(handle, id, names);
            return changed(Outcome.noContent(), handle, id, before);
        }));
    }

    /** The record says which secrets there were and are, and which of them got another value. */
    private Outcome changed(Outcome outcome, Handle handle, String id, JsonNode before) {
        JsonNode after = secretVersions(handle, id);
        return outcome.tagged(EntityTag.of(after))
                .between(
                        JSON.createObjectNode().set("secrets", before),
                        JSON.createObjectNode().set("secrets", after));
    }

    private static List<ScriptSecret> secrets(Fields fields) {
        return checked(
                fields,
                () -> fields.allStrings().entrySet().stream()
                        .map(secret -> new ScriptSecret(secret.getKey(), secret.getValue()))
                        .toList());
    }

    private static List<String> names(List<ScriptSecret> secrets) {
        return secrets.stream().map(ScriptSecret::name).toList();
    }

    private static Optional<Map<String, String>> dependencies(Fields fields) {
        return fields.object("dependencies").map(Fields::allStrings);
    }

    /** Makes what the fields say; what cannot be like that is refused in the validator's words. */
    private static <T> T checked(Fields fields, Supplier<T> made) {
        try {
            return made.get();
        } catch (UnfitException e) {
            throw fields.invalid(e.detail(), e.field());
        }
    }

    private @Nullable Void requireFreeName(Handle handle, Hook hook) {
        if (store.isTaken(handle, hook.name(), hook.id())) {
            throw ApiError.conflict("A hook with the same name already exists: " + hook.name(), "hook_conflict");
        }
        return null;
    }

    private Hook require(Handle handle, Call call) {
        return store.find(handle, call.request().pathParameter("id"))
                .orElseThrow(() -> ApiError.notFound("Error: Hook does not exist", "HookDoesNotExist"));
    }

    /** The id of the Hook, if its secrets are those that the request asks for. */
    private String requireWithSecrets(Handle handle, Call call) {
        String id = require(handle, call).id();
        secretsTag(handle, id).require(call.request());
        return id;
    }

    /** Of the secrets alone: writing one leaves the Hook as it is. */
    private EntityTag secretsTag(Handle handle, String id) {
        return EntityTag.of(secretVersions(handle, id));
    }

    private JsonNode secretVersions(Handle handle, String id) {
        return JSON.valueToTree(store.secretVersions(handle, id));
    }

    private static EntityTag tag(Hook hook) {
        return EntityTag.of(json(hook), hook.updatedAt());
    }

    private Instant now() {
        return clock.instant().truncatedTo(ChronoUnit.MILLIS);
    }

    private static ObjectNode json(Hook hook) {
        ObjectNode json = JSON.createObjectNode();
        json.put("id", hook.id());
        json.put("name", hook.name());
        json.put("script", hook.script());
        ObjectNode dependencies = json.putObject("dependencies");
        hook.dependencies().forEach(dependencies::put);
        json.put("triggerId", hook.triggerId());
        json.put("enabled", hook.enabled());
        return json;
    }
}
