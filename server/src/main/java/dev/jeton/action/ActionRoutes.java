package dev.jeton.action;

import dev.jeton.action.ActionRequest.Packages;
import dev.jeton.action.ActionRequest.WantedDependency;
import dev.jeton.action.ActionStore.Filter;
import dev.jeton.extension.ConsolePage;
import dev.jeton.extension.ConsoleStore;
import dev.jeton.extension.Dependency;
import dev.jeton.extension.NpmDependencies;
import dev.jeton.extension.NpmDependencies.Installed;
import dev.jeton.extension.ScriptSecret;
import dev.jeton.http.ApiError;
import dev.jeton.http.Form;
import dev.jeton.http.Response;
import dev.jeton.http.Router;
import dev.jeton.management.Call;
import dev.jeton.management.Effect;
import dev.jeton.management.EntityTag;
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
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** {@code /api/v2/actions/actions} and {@code /api/v2/actions/modules}. */
public final class ActionRoutes {
    private static final JsonMapper JSON = JsonMapper.shared();
    private static final String OWNER = "ActionRoutes";
    private static final List<String> READ = List.of("read:actions");
    private static final String CREATE = "create:actions";

    private static final String ONE = "/actions/actions/{id}";

    private final Database database;
    private final ActionStore store;
    private final ConsoleStore console;
    private final NpmDependencies npm;
    private final LoadCheck loadCheck;
    private final Runnable awaitWarm;
    private final RegistryWriter writer;
    private final Identifiers identifiers;
    private final InstantSource clock;

    /** @param awaitWarm waits until what is at work can be called without waiting */
    public ActionRoutes(
            Database database,
            ActionStore store,
            ConsoleStore console,
            NpmDependencies npm,
            LoadCheck loadCheck,
            Runnable awaitWarm,
            RegistryWriter writer,
            Identifiers identifiers,
            InstantSource clock) {
        this.database = database;
        this.store = store;
        this.console = console;
        this.npm = npm;
        this.loadCheck = loadCheck;
        this.awaitWarm = awaitWarm;
        this.writer = writer;
        this.identifiers = identifiers;
        this.clock = clock;
    }

    public void mount(Router router, ManagementAccess access) {
        access.mount(
                router,
                OWNER,
                Operation.get("/actions/actions", "Get actions", READ)
                        .query(ActionSchema.FILTERS)
                        .query(ActionPage.PARAMETERS)
                        .answers(200, ActionPage.listOf("actions", ActionSchema.ANSWER)),
                this::list);
        access.mount(
                router,
                OWNER,
                Operation.post("/actions/actions", "Create an action", CREATE)
                        .takes(ActionSchema.CREATE)
                        .answers(201, ActionSchema.ANSWER),
                this::create);
        access.mount(
                router, OWNER, Operation.get(ONE, "Get an action", READ).answers(200, ActionSchema.ANSWER), this::get);
        access.mount(
                router,
                OWNER,
                Operation.patch(ONE, "Update an action", List.of("update:actions"))
                        .takes(ActionSchema.UPDATE)
                        .answers(200, ActionSchema.ANSWER),
                call -> warm(update(call)));
        access.mount(
                router,
                OWNER,
                Operation.delete(ONE, "Delete an action", "delete:actions")
                        .query("force", Schema.flag(), "Even if it is bound."),
                call -> warm(delete(call)));
        access.mount(
                router,
                OWNER,
                Operation.get(ONE + "/logs", "Get an action's console lines", READ)
                        .query(ConsolePage.PARAMETERS)
                        .answers(200, ConsolePage.ANSWER),
                this::logs);
        access.mount(
                router,
                OWNER,
                Operation.get("/actions/modules", "Get action modules", READ)
                        .query(ActionPage.PARAMETERS)
                        .answers(200, ActionPage.listOf("modules", Schema.object())),
                this::listModules);
        mountVersions(router, access);
    }

    private void mountVersions(Router router, ManagementAccess access) {
        access.mount(
                router,
                OWNER,
                Operation.post(ONE + "/deploy", "Deploy an action", CREATE).answers(200, ActionSchema.VERSION),
                call -> warm(deploy(call)));
        access.mount(
                router,
                OWNER,
                Operation.get(ONE + "/versions", "Get an action's versions", READ)
                        .query(ActionPage.PARAMETERS)
                        .answers(200, ActionPage.listOf("versions", ActionSchema.VERSION)),
                this::listVersions);
        access.mount(
                router,
                OWNER,
                Operation.get(ONE + "/versions/{versionId}", "Get an action's version", READ)
                        .answers(200, ActionSchema.VERSION),
                this::getVersion);
        access.mount(
                router,
                OWNER,
                Operation.post(ONE + "/versions/{versionId}/deploy", "Roll back to a previous action version", CREATE)
                        .takes(ActionSchema.ROLL_BACK.orNull())
                        .answers(200, ActionSchema.VERSION),
                call -> warm(rollBack(call)));
    }

    /** The answer leaves when the next request of a token need not wait for a worker. */
    private Response warm(Response response) {
        awaitWarm.run();
        return response;
    }

    private Response list(Call call) {
        ActionPage page = ActionPage.of(call.request());
        Form query = call.request().query();
        Filter filter = new Filter(
                query.first("triggerId").filter(id -> !id.isEmpty()).orElse(null),
                query.first("actionName").filter(name -> !name.isEmpty()).orElse(null),
                Page.flag(query, "deployed").orElse(null));
        if (Page.flag(query, "installed").orElse(false)) {
            // From a marketplace, which there is none of.
            return ActionJson.answer(page.answer("actions", List.of(), 0));
        }
        return ActionJson.answer(database.readSnapshot(handle -> page.answer(
                "actions",
                store.page(handle, filter, page.offset(), page.size()).stream()
                        .map(ActionJson::of)
                        .toList(),
                store.count(handle, filter))));
    }

    private Response get(Call call) {
        Action action = database.read(handle -> require(handle, call));
        return ActionJson.answer(ActionJson.of(action)).with("ETag", tag(action).value());
    }

    Response create(Call call) {
        Fields fields = Fields.of(call.request(), ActionSchema.CREATE);
        ActionRequest sent = new ActionRequest(fields);
        boolean deploys = fields.flag("deploy").orElse(false);
        Instant now = now();
        String name = sent.requireName();
        OpenRevision blank = new OpenRevision(Revision.blank(identifiers.uuid(), sent.requireTrigger()), List.of());
        Action planned =
                sent.checked(() -> new Action(identifiers.uuid(), name, blank.revision(), Optional.empty(), now, now));
        // What cannot be is refused before npm is asked.
        sent.changed(blank, Optional.empty(), identifiers.uuid(), now);
        database.read(handle -> requireRoom(handle, planned));
        Packages packages = sent.dependencies().map(this::install).orElse(Packages.NONE);
        OpenRevision draft = sent.changed(blank, Optional.of(packages), identifiers.uuid(), now);
        Action action = planned.withDraft(draft.revision(), now);
        if (deploys) {
            loadCheck.require(List.of(draft.script(action.id(), name, packages.tree())));
        }
        return writer.write(call, "Create an action", Optional.of(fields), handle -> {
            requireRoom(handle, action);
            packages.tree().ifPresent(tree -> store.putTree(handle, tree));
            store.putRevision(handle, draft);
            store.insert(handle, action);
            if (deploys) {
                store.deploy(handle, action.id(), identifiers.uuid(), draft.revision(), now);
            }
            Action made = store.find(handle, action.id()).orElseThrow();
            return Outcome.of(201, ActionJson.of(made)).tagged(tag(made));
        });
    }

    private @Nullable Void requireRoom(Handle handle, Action action) {
        if (store.count(handle, Filter.ALL) >= Action.MOST) {
            throw Refusal.badRequest(
                    "There are " + Action.MOST + " actions, as many as there can be: delete one that is not needed");
        }
        return requireFreeName(handle, action);
    }

    private @Nullable Void requireFreeName(Handle handle, Action action) {
        if (store.findByName(handle, action.name())
                .filter(other -> !other.id().equals(action.id()))
                .isPresent()) {
            throw Refusal.conflict("An action with the same name already exists: " + action.name());
        }
        return null;
    }

    /** What npm refuses has an {@code errorCode} of Hooks. */
    private Packages install(List<WantedDependency> wanted) {
        Map<String, String> versions = new LinkedHashMap<>();
        wanted.forEach(dependency ->
                versions.put(dependency.name(), dependency.version().orElse(NpmDependencies.LATEST)));
        try {
            Optional<Installed> installed = npm.install(versions);
            installed.ifPresent(made -> versions.putAll(made.versions()));
            return new Packages(
                    versions.entrySet().stream()
                            .map(version -> new Dependency(version.getKey(), version.getValue()))
                            .toList(),
                    installed.map(Installed::tree));
        } catch (ApiError.ApiException e) {
            throw Refusal.of(e.error());
        }
    }

    Response update(Call call) {
        Fields fields = Fields.of(call.request(), ActionSchema.UPDATE);
        ActionRequest sent = new ActionRequest(fields);
        String newId = identifiers.uuid();
        Action present = database.read(handle -> {
            Action action = require(handle, call);
            // Before npm is asked, and once more below.
            tag(action).require(call.request());
            requireFreeName(handle, changed(sent, action, draft(handle, action, sent, Optional.empty(), newId)));
            return action;
        });
        Optional<Packages> packages = sent.wantsOtherPackagesThan(present.draft())
                ? sent.dependencies().map(this::install)
                : Optional.empty();
        return writer.write(call, "Update an action", Optional.of(fields), handle -> {
            Action before = require(handle, call);
            tag(before).require(call.request());
            if (sent.dependencies().isPresent()
                    && !before.draft().dependencies().equals(present.draft().dependencies())) {
                // What was installed, or was found to be there already, was for another draft.
                throw changedMeanwhile();
            }
            OpenRevision draft = draft(handle, before, sent, packages, newId);
            Action action = changed(sent, before, draft);
            requireFreeName(handle, action);
            packages.flatMap(Packages::tree).ifPresent(tree -> store.putTree(handle, tree));
            store.putRevision(handle, draft);
            store.update(handle, action);
            return Outcome.of(200, ActionJson.of(action)).tagged(tag(action)).from(ActionJson.of(before));
        });
    }

    private OpenRevision draft(
            Handle handle, Action before, ActionRequest sent, Optional<Packages> packages, String newId) {
        List<ScriptSecret> secrets = store.secrets(handle, before.draft().id());
        return sent.changed(new OpenRevision(before.draft(), secrets), packages, newId, now());
    }

    private Action changed(ActionRequest sent, Action before, OpenRevision draft) {
        return sent.checked(() -> new Action(
                before.id(),
                sent.name().orElse(before.name()),
                draft.revision(),
                before.deployed(),
                before.createdAt(),
                now()));
    }

    private Response delete(Call call) {
        boolean force = Page.flag(call.request().query(), "force").orElse(false);
        return writer.write(call, "Delete an action", Optional.empty(), handle -> {
            Action action = require(handle, call);
            tag(action).require(call.request());
            String id = action.id();
            if (!force && store.isBound(handle, id)) {
                throw Refusal.conflict("Unable to delete an action bound to a trigger. Unbind it first, or delete"
                        + " it with force=true");
            }
            Effect lostBindings = Effect.on(
                    "bindings_deleted",
                    store.unbind(handle, id),
                    (json, binding) -> json.put("id", binding.id())
                            .put("trigger_id", binding.triggerId())
                            .put("display_name", binding.displayName()));
            Effect lostVersions = Effect.on(
                    "action_versions_deleted",
                    store.versions(handle, id, 0, Version.MOST),
                    (json, version) -> json.put("id", version.id()).put("number", version.number()));
            store.delete(handle, id);
            return Outcome.noContent()
                    .from(ActionJson.of(action))
                    .with(lostBindings)
                    .with(lostVersions);
        });
    }

    Response deploy(Call call) {
        Action checked = database.read(handle -> require(handle, call));
        requireLoads(checked, checked.draft());
        return writer.write(call, "Deploy an action", Optional.empty(), handle -> {
            Action action = require(handle, call);
            tag(action).require(call.request());
            if (!action.draft().id().equals(checked.draft().id())) {
                throw changedMeanwhile();
            }
            Version made = store.deploy(handle, action.id(), identifiers.uuid(), action.draft(), now());
            return deployed(handle, action, made);
        });
    }

    private void requireLoads(Action action, Revision revision) {
        loadCheck.require(
                List.of(store.findScript(action.id(), revision.id()).orElseThrow(ActionRoutes::changedMeanwhile)));
    }

    private static ApiError.ApiException changedMeanwhile() {
        return Refusal.conflict("The action was changed in the meantime: look at it, and try again");
    }

    private Response listVersions(Call call) {
        ActionPage page = ActionPage.of(call.request());
        return ActionJson.answer(database.readSnapshot(handle -> {
            Action action = require(handle, call);
            return page.answer(
                    "versions",
                    store.versions(handle, action.id(), page.offset(), page.size()).stream()
                            .map(version -> ActionJson.of(version, action))
                            .toList(),
                    store.countVersions(handle, action.id()));
        }));
    }

    private Response getVersion(Call call) {
        return ActionJson.answer(database.read(handle -> {
            Action action = require(handle, call);
            return ActionJson.of(requireVersion(handle, call, action), action);
        }));
    }

    Response rollBack(Call call) {
        Fields fields = Fields.ofOptional(call.request(), ActionSchema.ROLL_BACK);
        boolean updatesDraft = fields.flag("update_draft").orElse(false);
        Action checked = database.read(handle -> require(handle, call));
        requireLoads(
                checked,
                database.read(handle -> requireVersion(handle, call, checked).revision()));
        return writer.write(call, "Roll back to a previous action version", Optional.of(fields), handle -> {
            Action action = require(handle, call);
            tag(action).require(call.request());
            Revision revision = requireVersion(handle, call, action).revision();
            Instant now = now();
            Version made = store.deploy(handle, action.id(), identifiers.uuid(), revision, now);
            if (updatesDraft) {
                store.update(handle, action.withDraft(revision, now));
            }
            return deployed(handle, action, made);
        });
    }

    /** The answer shows the version; the record, what the Action was and is. */
    private Outcome deployed(Handle handle, Action before, Version made) {
        Action after = store.find(handle, before.id()).orElseThrow();
        return Outcome.of(200, ActionJson.made(made, before))
                .tagged(tag(after))
                .between(ActionJson.of(before), ActionJson.of(after));
    }

    private Response logs(Call call) {
        String id = database.read(handle -> require(handle, call).id());
        return ConsolePage.of(console, id, call.request().query());
    }

    /** Code that Actions share, which is not had here; command lines ask for it before they write Actions. */
    private Response listModules(Call call) {
        ActionPage page = ActionPage.of(call.request());
        ObjectNode answer = JSON.createObjectNode();
        answer.putArray("modules");
        return ActionJson.answer(
                answer.put("total", 0).put("page", page.number()).put("per_page", page.size()));
    }

    /** Of the draft and of what is deployed. */
    private static EntityTag tag(Action action) {
        return EntityTag.of(ActionJson.of(action), action.updatedAt());
    }

    private Action require(Handle handle, Call call) {
        return store.find(handle, call.request().pathParameter("id"))
                .orElseThrow(() -> Refusal.notFound("That action does not exist."));
    }

    private Version requireVersion(Handle handle, Call call, Action action) {
        return store.findVersion(handle, action.id(), call.request().pathParameter("versionId"))
                .orElseThrow(() -> Refusal.notFound("That action version does not exist."));
    }

    private Instant now() {
        return clock.instant().truncatedTo(ChronoUnit.MILLIS);
    }
}
