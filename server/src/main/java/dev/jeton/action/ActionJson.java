package dev.jeton.action;

import dev.jeton.http.Response;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** Actions, versions and bindings as Auth0 writes them; no value of a secret is ever among it. */
final class ActionJson {
    private static final JsonMapper JSON = JsonMapper.shared();
    /** There is nothing to wait for: what is stored has its packages. */
    private static final String BUILT = "built";

    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern(
                    "uuuu-MM-dd'T'HH:mm:ss.SSSSSSSSS'Z'", Locale.ROOT)
            .withZone(ZoneOffset.UTC);

    private ActionJson() {}

    static Response answer(JsonNode body) {
        return Response.json(200, JSON.writeValueAsBytes(body)).with("Cache-Control", "no-store");
    }

    static ObjectNode of(Action action) {
        Revision draft = action.draft();
        ObjectNode json = head(action);
        json.put("code", draft.code());
        putDependencies(json, draft);
        json.put("runtime", draft.runtime());
        json.put("status", BUILT);
        putSecrets(json, draft);
        putVersions(json, action);
        return json.put("all_changes_deployed", action.allChangesDeployed());
    }

    private static ObjectNode head(Action action) {
        ObjectNode json = JSON.createObjectNode();
        json.put("id", action.id());
        json.put("name", action.name());
        putTrigger(json, action.draft());
        json.put("created_at", time(action.createdAt()));
        return json.put("updated_at", time(action.updatedAt()));
    }

    private static void putVersions(ObjectNode json, Action action) {
        action.deployed().ifPresent(version -> {
            json.set("current_version", current(version));
            json.set("deployed_version", body(version, true));
        });
    }

    /** The deployed version once more, in the form that it had in an older dialect. */
    private static ObjectNode current(Version version) {
        ObjectNode json = JSON.createObjectNode();
        json.put("id", version.id());
        json.put("code", version.revision().code());
        json.put("runtime", version.revision().runtime());
        json.put("status", "BUILT");
        json.put("number", version.number());
        json.put("build_time", time(version.createdAt()));
        json.put("created_at", time(version.createdAt()));
        return json.put("updated_at", time(version.createdAt()));
    }

    static ObjectNode of(Version version, Action action) {
        return body(version, version.deployed()).set("action", summary(action));
    }

    /** As a deployment is answered: the version and its Action as they were a moment before they were at work. */
    static ObjectNode made(Version version, Action before) {
        return body(version, false).without("built_at").set("action", summary(before));
    }

    private static ObjectNode body(Version version, boolean deployed) {
        Revision revision = version.revision();
        ObjectNode json = JSON.createObjectNode();
        json.put("code", revision.code());
        putDependencies(json, revision);
        json.put("id", version.id());
        json.put("deployed", deployed);
        json.put("number", version.number());
        json.put("built_at", time(version.createdAt()));
        putSecrets(json, revision);
        json.put("status", BUILT);
        json.put("created_at", time(version.createdAt()));
        json.put("updated_at", time(version.createdAt()));
        json.put("runtime", revision.runtime());
        putTrigger(json, revision);
        return json;
    }

    private static ObjectNode summary(Action action) {
        return head(action).put("all_changes_deployed", action.allChangesDeployed());
    }

    static ObjectNode of(Binding binding, String triggerId) {
        ObjectNode json = JSON.createObjectNode();
        json.put("id", binding.id());
        json.put("trigger_id", triggerId);
        ObjectNode action = head(binding.action());
        putVersions(action, binding.action());
        json.set("action", action.put("all_changes_deployed", binding.action().allChangesDeployed()));
        json.put("created_at", time(binding.createdAt()));
        json.put("updated_at", time(binding.updatedAt()));
        return json.put("display_name", binding.displayName());
    }

    private static void putTrigger(ObjectNode json, Revision revision) {
        json.putArray("supported_triggers")
                .addObject()
                .put("id", revision.trigger().id())
                .put("version", revision.trigger().version());
    }

    private static void putDependencies(ObjectNode json, Revision revision) {
        var dependencies = json.putArray("dependencies");
        revision.dependencies()
                .forEach(dependency ->
                        dependencies.addObject().put("name", dependency.name()).put("version", dependency.version()));
    }

    private static void putSecrets(ObjectNode json, Revision revision) {
        var secrets = json.putArray("secrets");
        revision.secrets()
                .forEach(secret ->
                        secrets.addObject().put("name", secret.name()).put("updated_at", time(secret.updatedAt())));
    }

    private static String time(Instant instant) {
        return TIME.format(instant);
    }
}
