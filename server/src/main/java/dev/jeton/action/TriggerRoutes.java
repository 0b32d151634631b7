package dev.jeton.action;

import dev.jeton.extension.Script;
import dev.jeton.http.Response;
import dev.jeton.http.Router;
import dev.jeton.management.Call;
import dev.jeton.management.EntityTag;
import dev.jeton.management.Fields;
import dev.jeton.management.ManagementAccess;
import dev.jeton.management.Operation;
import dev.jeton.management.RegistryWriter;
import dev.jeton.management.RegistryWriter.Outcome;
import dev.jeton.management.Schema;
import dev.jeton.oauth.Identifiers;
import dev.jeton.storage.Database;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** {@code /api/v2/actions/triggers}: what triggers there are, and which Actions run at them. */
public final class TriggerRoutes {
    private static final JsonMapper JSON = JsonMapper.shared();
    private static final String OWNER = "TriggerRoutes";
    private static final List<String> READ = List.of("read:actions");
    private static final String BINDINGS = "/actions/triggers/{triggerId}/bindings";

    /** @param place in the request, from 0 */
    private record WantedBinding(int place, RefType type, String value, Optional<String> displayName) {}

    private final Database database;
    private final ActionStore store;
    private final LoadCheck loadCheck;
    private final Runnable awaitWarm;
    private final RegistryWriter writer;
    private final Identifiers identifiers;
    private final InstantSource clock;

    /** @param awaitWarm waits until what is at work can be called without waiting */
    public TriggerRoutes(
            Database database,
            ActionStore store,
            LoadCheck loadCheck,
            Runnable awaitWarm,
            RegistryWriter writer,
            Identifiers identifiers,
            InstantSource clock) {
        this.database = database;
        this.store = store;
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
                Operation.get("/actions/triggers", "Get triggers", READ).answers(200, ActionSchema.TRIGGERS),
                this::list);
        access.mount(
                router,
                OWNER,
                Operation.get(BINDINGS, "Get trigger bindings", READ)
                        .query(ActionPage.PARAMETERS)
                        .answers(200, ActionPage.listOf("bindings", ActionSchema.BINDING)),
                this::listBindings);
        access.mount(
                router,
                OWNER,
                Operation.patch(BINDINGS, "Update trigger bindings", List.of("update:actions"))
                        .takes(ActionSchema.BINDINGS)
                        .answers(200, Schema.object().require(Schema.listOf(ActionSchema.BINDING), "bindings")),
                call -> {
                    Response response = updateBindings(call);
                    awaitWarm.run();
                    return response;
                });
    }

    private Response list(Call call) {
        ObjectNode answer = JSON.createObjectNode();
        ArrayNode triggers = answer.putArray("triggers");
        Trigger.ALL.forEach(trigger -> triggers.add(json(trigger)));
        return ActionJson.answer(answer);
    }

    private static ObjectNode json(Trigger trigger) {
        ObjectNode json = JSON.createObjectNode();
        json.put("id", trigger.id());
        json.put("version", trigger.version());
        json.put("status", trigger.status());
        trigger.runtimes().forEach(json.putArray("runtimes")::add);
        json.put("default_runtime", trigger.defaultRuntime());
        json.put("binding_policy", "trigger-bound");
        json.putArray("compatible_triggers");
        return json;
    }

    private Response listBindings(Call call) {
        ActionPage page = ActionPage.of(call.request());
        String triggerId = requireTrigger(call);
        return database.readSnapshot(handle -> ActionJson.answer(page.answer(
                        "bindings",
                        store.bindings(handle, triggerId, page.offset(), page.size()).stream()
                                .map(binding -> ActionJson.of(binding, triggerId))
                                .toList(),
                        store.countBindings(handle, triggerId)))
                .with("ETag", tag(handle, triggerId).value()));
    }

    Response updateBindings(Call call) {
        String triggerId = requireTrigger(call);
        Fields fields = Fields.of(call.request(), ActionSchema.BINDINGS);
        List<WantedBinding> wanted = wanted(fields);
        if (!wanted.isEmpty() && !triggerId.equals(SupportedTrigger.CREDENTIALS_EXCHANGE)) {
            throw Refusal.badRequest(
                    "Actions can be bound to " + SupportedTrigger.CREDENTIALS_EXCHANGE + " only, not to " + triggerId);
        }
        List<Action> more = database.read(handle -> bindings(handle, fields, wanted).stream()
                .map(Binding::action)
                .filter(action -> !store.isBound(handle, action.id()))
                .toList());
        loadCheck.require(
                more.stream().flatMap(action -> script(action).stream()).toList());
        return writer.write(call, "Update trigger bindings", Optional.of(fields), handle -> {
            tag(handle, triggerId).require(call.request());
            ObjectNode before = brief(store.bindings(handle, triggerId, 0, Binding.MOST));
            List<Binding> bindings = bindings(handle, fields, wanted);
            store.bindOnly(handle, triggerId, bindings);
            return Outcome.of(200, json(bindings, triggerId))
                    .tagged(tag(handle, triggerId))
                    .between(before, brief(bindings));
        });
    }

    /** For the record: short, so that it names all of them. */
    private static ObjectNode brief(List<Binding> bindings) {
        ObjectNode json = JSON.createObjectNode();
        ArrayNode list = json.putArray("bindings");
        bindings.forEach(binding -> list.addObject()
                .put("id", binding.id())
                .put("action_id", binding.action().id())
                .put("display_name", binding.displayName()));
        return json;
    }

    private static ObjectNode json(List<Binding> bindings, String triggerId) {
        ObjectNode json = JSON.createObjectNode();
        ArrayNode list = json.putArray("bindings");
        bindings.forEach(binding -> list.add(ActionJson.of(binding, triggerId)));
        return json;
    }

    /** Of all bindings in their order, whatever part of them is shown; not of the Actions in them. */
    private EntityTag tag(Handle handle, String triggerId) {
        ArrayNode state = JSON.createArrayNode();
        store.bindings(handle, triggerId, 0, Binding.MOST)
                .forEach(binding -> state.addObject()
                        .put("id", binding.id())
                        .put("action", binding.action().id())
                        .put("display_name", binding.displayName())
                        .put("updated_at", binding.updatedAt().toString()));
        return EntityTag.of(state);
    }

    /** Of what is bound already nothing is asked: a broken Action must not keep others from being unbound. */
    private Optional<Script> script(Action action) {
        return action.deployed()
                .flatMap(version ->
                        store.findScript(action.id(), version.revision().id()));
    }

    private static List<WantedBinding> wanted(Fields fields) {
        List<WantedBinding> wanted = new ArrayList<>();
        for (Fields item : fields.objects("bindings", Binding.MOST).orElseThrow()) {
            Fields ref = item.object("ref").orElseThrow();
            RefType type = ref.oneOf("type", RefType::find).orElseThrow();
            String value = ref.requireString("value", 1, Integer.MAX_VALUE);
            Optional<String> displayName = item.string("display_name", 0, Integer.MAX_VALUE);
            if (!item.json().path("secrets").isEmpty()) {
                throw item.invalid("A binding has no secrets of its own; give them to the action", "secrets");
            }
            wanted.add(new WantedBinding(wanted.size(), type, value, displayName.filter(name -> !name.isEmpty())));
        }
        return wanted;
    }

    private List<Binding> bindings(Handle handle, Fields fields, List<WantedBinding> wanted) {
        List<Binding> present = store.bindings(handle, SupportedTrigger.CREDENTIALS_EXCHANGE, 0, Binding.MOST);
        List<Binding> bindings = new ArrayList<>();
        for (WantedBinding each : wanted) {
            Binding binding = binding(handle, fields, each, present);
            int before = bindings.stream()
                    .map(other -> other.action().id())
                    .toList()
                    .indexOf(binding.action().id());
            if (before >= 0) {
                throw fields.invalid(
                        "Array items are not unique (indexes " + before + " and " + each.place() + ")", "bindings");
            }
            bindings.add(binding);
        }
        return bindings;
    }

    private Binding binding(Handle handle, Fields fields, WantedBinding wanted, List<Binding> present) {
        Instant now = clock.instant().truncatedTo(ChronoUnit.MILLIS);
        Optional<Binding> found = switch (wanted.type()) {
            case BINDING_ID ->
                present.stream()
                        .filter(binding -> binding.id().equals(wanted.value()))
                        .findFirst();
            case ACTION_ID -> store.find(handle, wanted.value()).map(action -> fresh(action, now));
            case ACTION_NAME -> store.findByName(handle, wanted.value()).map(action -> fresh(action, now));
        };
        Binding binding = found.orElseThrow(() -> fields.invalid(
                "There is no such " + (wanted.type() == RefType.BINDING_ID ? "binding" : "action") + ": "
                        + wanted.value(),
                "bindings[" + wanted.place() + "].ref.value"));
        if (binding.action().deployed().isEmpty()) {
            throw Refusal.badRequest("Trying to create a binding for an action that has not been deployed yet: "
                    + binding.action().name());
        }
        return new Binding(
                binding.id(),
                binding.action(),
                wanted.displayName().orElse(binding.displayName()),
                binding.createdAt(),
                now);
    }

    private Binding fresh(Action action, Instant now) {
        return new Binding(identifiers.uuid(), action, action.name(), now, now);
    }

    private static String requireTrigger(Call call) {
        String id = call.request().pathParameter("triggerId");
        if (!id.equals(SupportedTrigger.CREDENTIALS_EXCHANGE) && !Trigger.OF_USERS.contains(id)) {
            throw Refusal.notFound("That trigger does not exist.");
        }
        return id;
    }
}
