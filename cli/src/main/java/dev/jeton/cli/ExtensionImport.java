package dev.jeton.cli;

import dev.jeton.cli.Bindings.Binding;
import dev.jeton.cli.ImportReport.Result;
import dev.jeton.cli.TenantExport.Kind;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * The part of an import that is code: Hooks, Actions and their bindings. None runs before it has its secrets. What ran
 * there is switched on if it is new here, and it counts as new until it was whole once: a Hook that this run gives secrets
 * that it lacked, an Action that was never deployed. Whatever else is off may have been switched off, and stays off.
 */
final class ExtensionImport {
    private static final String TRIGGER = "credentials-exchange";

    private final ImportTarget target;
    private final ManagementApi api;
    private final ImportReport report;
    private final TenantExport export;
    private final ImportSecrets secrets;
    private final boolean enable;
    /** The ids of Actions that are deployed here, by name. */
    private final Map<String, String> deployed = new HashMap<>();

    private final Set<String> newlyDeployed = new HashSet<>();

    /** @param enable also switches on what is here already */
    ExtensionImport(ImportTarget target, TenantExport export, ImportSecrets secrets, boolean enable) {
        this.target = target;
        this.api = target.api();
        this.report = target.report();
        this.export = export;
        this.secrets = secrets;
        this.enable = enable;
    }

    void run() {
        importHooks();
        importActions();
        bindActions();
    }

    private void importHooks() {
        if (export.all(Kind.HOOK).isEmpty()) {
            return;
        }
        List<JsonNode> there = Extension.Kind.HOOK.list(api, "list the Hooks");
        for (ObjectNode exported : export.all(Kind.HOOK)) {
            String name = Json.text(exported, "name");
            target.each("Hook", name, () -> importHook(exported, name, there));
        }
    }

    private void importHook(ObjectNode exported, String name, List<JsonNode> hooks) {
        if (!Json.text(exported, "triggerId").equals(TRIGGER)) {
            report.add("Hook", name, Result.SKIPPED, "Jeton has no trigger " + Json.text(exported, "triggerId"));
            return;
        }
        ObjectNode wanted = Json.object().put("name", name).put("script", export.code(exported, "script"));
        wanted.set(
                "dependencies",
                exported.path("dependencies").isObject() ? exported.get("dependencies") : Json.object());
        Optional<JsonNode> before = hooks.stream()
                .filter(hook -> Json.text(hook, "name").equals(name))
                .findFirst()
                .map(hook -> api.get("read the Hook", ApiPath.of("hooks").segment(Json.text(hook, "id"))));
        Set<String> there = before.map(hook -> Set.copyOf(api.get("read the secrets", secretsOf(Json.text(hook, "id")))
                        .propertyNames()))
                .orElse(Set.of());
        Map<String, Secret> given = secrets.ofScript("hooks", name);
        Set<String> missing = new LinkedHashSet<>(exported.path("secrets").propertyNames());
        missing.removeAll(there);
        Set<String> lacking = new LinkedHashSet<>(missing);
        lacking.removeAll(given.keySet());
        boolean isOn = before.map(hook -> hook.path("enabled").asBoolean(false)).orElse(false);
        if (isOn && !lacking.isEmpty()) {
            report.add("Hook", name, Result.SKIPPED, "left as it is, for it is enabled here: " + noValue(lacking));
            return;
        }
        // Before the code that reads them, for the Hook may be enabled.
        before.ifPresent(hook -> sendSecrets(Json.text(hook, "id"), given, there));
        String id = target.put(
                "Hook",
                name,
                "hooks",
                before,
                "id",
                wanted.put("triggerId", TRIGGER).put("enabled", false),
                Set.of("triggerId", "enabled"));
        if (before.isEmpty()) {
            sendSecrets(id, given, there);
        }
        if (isOn || !exported.path("enabled").asBoolean(false)) {
            return;
        }
        boolean isNew = before.isEmpty() || !missing.isEmpty();
        Optional<String> whyOff = whyOff("enabled", lacking)
                .or(() -> isNew || enable
                        ? Optional.empty()
                        : Optional.of("not enabled: it is here and off; --enable enables it"))
                .or(() -> hooks.stream()
                        .filter(hook -> hook.path("enabled").asBoolean(false))
                        .findFirst()
                        .map(other -> "left disabled: the Hook " + Json.text(other, "name") + " is enabled here"));
        if (whyOff.isPresent()) {
            report.add("Hook", name, Result.SKIPPED, whyOff.get());
            return;
        }
        target.patch(
                "enable the Hook",
                ApiPath.of("hooks").segment(id),
                Json.object().put("enabled", true));
        report.add("Hook", name, Result.UPDATED, "enabled");
    }

    private static ApiPath secretsOf(String hookId) {
        return ApiPath.of("hooks").segment(hookId).then("secrets");
    }

    private void sendSecrets(String hookId, Map<String, Secret> given, Set<String> there) {
        ObjectNode added = Json.object();
        ObjectNode changed = Json.object();
        given.forEach((key, value) -> (there.contains(key) ? changed : added).put(key, value.reveal()));
        if (!added.isEmpty() && !target.isDry()) {
            api.post("add the secrets", secretsOf(hookId), added);
        }
        if (!changed.isEmpty()) {
            target.patch("change the secrets", secretsOf(hookId), changed);
        }
    }

    /** Why what ran there cannot run here; empty if it has all its secrets. */
    private static Optional<String> whyOff(String state, Set<String> lacking) {
        return lacking.isEmpty() ? Optional.empty() : Optional.of("not " + state + ": " + noValue(lacking));
    }

    private static String noValue(Set<String> lacking) {
        return "its secrets " + String.join(", ", lacking) + " have no value; give them with --secrets";
    }

    private void importActions() {
        if (export.all(Kind.ACTION).isEmpty() && export.bound(TRIGGER).isEmpty()) {
            return;
        }
        List<JsonNode> there = Extension.Kind.ACTION.list(api, "list the Actions");
        there.stream()
                .filter(ExtensionImport::isDeployed)
                .forEach(action -> deployed.put(Json.text(action, "name"), Json.text(action, "id")));
        for (ObjectNode exported : export.all(Kind.ACTION)) {
            String name = Json.text(exported, "name");
            target.each("Action", name, () -> importAction(exported, name, there));
        }
    }

    private void importAction(ObjectNode exported, String name, List<JsonNode> there) {
        boolean isOurs = exported.path("supported_triggers").values().stream()
                .anyMatch(trigger -> Json.text(trigger, "id").equals(TRIGGER));
        if (!isOurs) {
            report.add(
                    "Action",
                    name,
                    Result.SKIPPED,
                    "Jeton has no trigger "
                            + Json.text(exported.path("supported_triggers").path(0), "id"));
            return;
        }
        ObjectNode wanted = Json.object().put("name", name).put("code", export.code(exported, "code"));
        wanted.set(
                "dependencies",
                exported.path("dependencies").isArray() ? exported.get("dependencies") : Json.array(List.of()));
        Optional<JsonNode> before = there.stream()
                .filter(action -> Json.text(action, "name").equals(name))
                .findFirst();
        Map<String, Secret> given = secrets.ofScript("actions", name);
        Set<String> lacking = new LinkedHashSet<>();
        ArrayNode secretsToSend = actionSecrets(exported, before, given, lacking);
        if (!given.isEmpty()) {
            wanted.set("secrets", secretsToSend);
        }
        wanted.putArray("supported_triggers").addObject().put("id", TRIGGER).put("version", "v2");
        String id = target.put("Action", name, "actions/actions", before, "id", wanted, Set.of("supported_triggers"));
        boolean wasDeployed = exported.path("deployed").asBoolean(false)
                || exported.path("all_changes_deployed").asBoolean(false);
        if (!wasDeployed || isCurrent(before, wanted)) {
            return;
        }
        Optional<String> whyOff = whyOff("deployed", lacking);
        if (whyOff.isPresent()) {
            report.add("Action", name, Result.SKIPPED, whyOff.get());
            return;
        }
        if (!target.isDry()) {
            api.postPatiently(
                    "deploy the Action",
                    ApiPath.of("actions/actions").segment(id).then("deploy"),
                    Json.object());
        }
        report.add("Action", name, Result.UPDATED, "deployed");
        if (deployed.put(name, id) == null) {
            newlyDeployed.add(name);
        }
    }

    private static boolean isDeployed(JsonNode action) {
        return action.path("deployed_version").isObject();
    }

    private static boolean isCurrent(Optional<JsonNode> before, ObjectNode wanted) {
        ObjectNode update = ImportTarget.without(wanted, Set.of("supported_triggers"));
        return before.filter(action -> action.path("all_changes_deployed").asBoolean(false))
                .filter(action -> !ImportTarget.differs(action, update))
                .isPresent();
    }

    /** Those that have a value, and by name alone those that are there and keep theirs. */
    private static ArrayNode actionSecrets(
            ObjectNode exported, Optional<JsonNode> before, Map<String, Secret> given, Set<String> lacking) {
        ArrayNode all = Json.array(List.of());
        Set<String> there = new LinkedHashSet<>();
        before.ifPresent(
                action -> action.path("secrets").values().forEach(secret -> there.add(Json.text(secret, "name"))));
        given.forEach((key, value) -> all.addObject().put("name", key).put("value", value.reveal()));
        there.stream()
                .filter(key -> !given.containsKey(key))
                .forEach(key -> all.addObject().put("name", key));
        exported.path("secrets").values().stream()
                .map(secret -> Json.text(secret, "name"))
                .filter(key -> !given.containsKey(key) && !there.contains(key))
                .forEach(lacking::add);
        return all;
    }

    /** Binds what this run deployed first, behind what is bound here; with --enable whatever was bound there. */
    private void bindActions() {
        export.triggersBeside(TRIGGER)
                .forEach(trigger -> report.add("trigger", trigger, Result.SKIPPED, "Jeton has no such trigger"));
        List<String> wanted = export.bound(TRIGGER);
        if (wanted.isEmpty()) {
            return;
        }
        target.each("trigger", TRIGGER, () -> bind(wanted));
    }

    private void bind(List<String> wanted) {
        List<Binding> order =
                new ArrayList<>(Bindings.read(api, "list the bindings").inOrder());
        Set<String> bound = order.stream().map(Binding::actionName).collect(Collectors.toSet());
        List<String> added = new ArrayList<>();
        for (String name : wanted) {
            String id = deployed.get(name);
            if (bound.contains(name)) {
                continue;
            }
            if (id == null) { // the server would refuse it, and all others with it
                report.add("binding", name, Result.SKIPPED, "not bound: the Action is not deployed here");
            } else if (!newlyDeployed.contains(name) && !enable) {
                report.add("binding", name, Result.SKIPPED, "not bound: it is here and unbound; --enable binds it");
            } else {
                order.add(new Binding(id, name, name));
                added.add(name);
            }
        }
        if (added.isEmpty()) {
            report.add("trigger", TRIGGER, Result.UNCHANGED, "");
            return;
        }
        if (!target.isDry()) {
            new Bindings(order).write(api, "bind the Actions");
        }
        report.add("trigger", TRIGGER, Result.UPDATED, "bound " + String.join(", ", added));
    }
}
