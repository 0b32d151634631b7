package dev.jeton.cli;

import dev.jeton.cli.ImportReport.Result;
import dev.jeton.cli.TenantExport.Kind;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * The part of an import that is code: Hooks, Actions and their bindings. None runs before it has its secrets, and what
 * was switched off here stays off.
 */
final class ExtensionImport {
    private static final String TRIGGER = "credentials-exchange";

    private final ImportTarget target;
    private final ManagementApi api;
    private final ImportReport report;
    private final TenantExport export;
    private final ImportSecrets secrets;
    private final boolean enable;
    private final Set<String> newActions = new LinkedHashSet<>();

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

    private void importHook(ObjectNode exported, String name, List<JsonNode> there) {
        if (!Json.text(exported, "triggerId").equals(TRIGGER)) {
            report.add("Hook", name, Result.SKIPPED, "Jeton has no trigger " + Json.text(exported, "triggerId"));
            return;
        }
        ObjectNode wanted = Json.object().put("name", name).put("script", export.code(exported, "script"));
        wanted.set(
                "dependencies",
                exported.path("dependencies").isObject() ? exported.get("dependencies") : Json.object());
        Optional<JsonNode> before = there.stream()
                .filter(hook -> Json.text(hook, "name").equals(name))
                .findFirst()
                .map(hook -> api.get("read the Hook", ApiPath.of("hooks").segment(Json.text(hook, "id"))));
        ObjectNode create = wanted.deepCopy().put("triggerId", TRIGGER).put("enabled", false);
        String id = before.isPresent()
                ? target.put("Hook", name, "hooks", before, "id", wanted, Set.of())
                : target.put("Hook", name, "hooks", before, "id", create, Set.of());
        Set<String> lacking = hookSecrets(exported, name, id, before.isPresent());
        boolean wasOn = exported.path("enabled").asBoolean(false);
        boolean isOn = before.map(hook -> hook.path("enabled").asBoolean(false)).orElse(false);
        if (!wasOn || isOn) {
            return;
        }
        Optional<String> why = whyOff("enabled", before.isPresent(), lacking)
                .or(() -> there.stream()
                        .filter(hook -> hook.path("enabled").asBoolean(false))
                        .findFirst()
                        .map(other -> "left disabled: the Hook " + Json.text(other, "name") + " is enabled here"));
        if (why.isPresent()) {
            report.add("Hook", name, Result.SKIPPED, why.get());
            return;
        }
        target.patch(
                "enable the Hook",
                ApiPath.of("hooks").segment(id),
                Json.object().put("enabled", true));
        report.add("Hook", name, Result.UPDATED, "enabled");
    }

    /** Why something that ran there is not to run here; empty if it is to. */
    private Optional<String> whyOff(String state, boolean wasHere, Set<String> lacking) {
        if (!lacking.isEmpty()) {
            return Optional.of("not " + state + ": its secrets " + String.join(", ", lacking)
                    + " have no value; give them with --secrets");
        }
        return wasHere && !enable
                ? Optional.of("not " + state + ": it is here and switched off; see --enable")
                : Optional.empty();
    }

    /** Which secrets it has had and has no value for. */
    private Set<String> hookSecrets(ObjectNode exported, String name, String id, boolean wasHere) {
        Set<String> names = new LinkedHashSet<>(exported.path("secrets").propertyNames());
        Map<String, Secret> given = secrets.ofScript("hooks", name);
        ApiPath path = ApiPath.of("hooks").segment(id).then("secrets");
        Set<String> there =
                wasHere ? Set.copyOf(api.get("read the secrets", path).propertyNames()) : Set.of();
        ObjectNode added = Json.object();
        ObjectNode changed = Json.object();
        given.forEach((key, value) -> (there.contains(key) ? changed : added).put(key, value.reveal()));
        if (!added.isEmpty() && !target.isDry()) {
            api.post("add the secrets", path, added);
        }
        if (!changed.isEmpty()) {
            target.patch("change the secrets", path, changed);
        }
        names.removeAll(given.keySet());
        names.removeAll(there);
        return names;
    }

    private void importActions() {
        if (export.all(Kind.ACTION).isEmpty()) {
            return;
        }
        List<JsonNode> there = Extension.Kind.ACTION.list(api, "list the Actions");
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
        String id;
        if (before.isPresent()) {
            id = target.put("Action", name, "actions/actions", before, "id", wanted, Set.of());
        } else {
            wanted.putArray("supported_triggers").addObject().put("id", TRIGGER).put("version", "v2");
            id = target.put("Action", name, "actions/actions", before, "id", wanted, Set.of());
            newActions.add(name);
        }
        boolean wasDeployed = exported.path("deployed").asBoolean(false)
                || exported.path("all_changes_deployed").asBoolean(false);
        boolean isDeployed =
                before.map(action -> action.has("deployed_version")).orElse(false);
        if (!wasDeployed || isCurrent(before, wanted)) {
            return;
        }
        Optional<String> why = whyOff("deployed", before.isPresent() && !isDeployed, lacking);
        if (why.isPresent()) {
            newActions.remove(name);
            report.add("Action", name, Result.SKIPPED, why.get());
            return;
        }
        if (!target.isDry()) {
            api.postPatiently(
                    "deploy the Action",
                    ApiPath.of("actions/actions").segment(id).then("deploy"),
                    Json.object());
        }
        report.add("Action", name, Result.UPDATED, "deployed");
    }

    private static boolean isCurrent(Optional<JsonNode> before, ObjectNode wanted) {
        return before.filter(action -> action.path("all_changes_deployed").asBoolean(false))
                .filter(action -> !ImportTarget.differs(action, wanted))
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

    /** Binds what this run made, behind what is bound here; with --enable whatever was bound there. */
    private void bindActions() {
        export.triggersBeside(TRIGGER)
                .forEach(trigger -> report.add("trigger", trigger, Result.SKIPPED, "Jeton has no such trigger"));
        List<String> wanted = export.bound(TRIGGER);
        if (wanted.isEmpty()) {
            return;
        }
        target.each("trigger", TRIGGER, () -> {
            ApiPath path = ApiPath.of("actions/triggers").segment(TRIGGER).then("bindings");
            List<String> bound = api.pages("list the bindings", path, "bindings").stream()
                    .map(binding -> Json.text(binding.path("action"), "name"))
                    .toList();
            List<String> added = wanted.stream()
                    .filter(name -> !bound.contains(name) && (newActions.contains(name) || enable))
                    .toList();
            wanted.stream()
                    .filter(name -> !bound.contains(name) && !added.contains(name))
                    .forEach(name -> report.add(
                            "binding",
                            name,
                            Result.SKIPPED,
                            "not bound: the Action is here and unbound, or is not deployed; see --enable"));
            if (added.isEmpty()) {
                report.add("trigger", TRIGGER, Result.UNCHANGED, "");
                return;
            }
            List<String> order = new ArrayList<>(bound);
            order.addAll(added);
            ObjectNode body = Json.object();
            ArrayNode bindings = body.putArray("bindings");
            for (String name : order) {
                ObjectNode binding = bindings.addObject().put("display_name", name);
                binding.putObject("ref").put("type", "action_name").put("value", name);
            }
            target.patch("bind the Actions", path, body);
            report.add("trigger", TRIGGER, Result.UPDATED, "bound " + String.join(", ", added));
        });
    }
}
