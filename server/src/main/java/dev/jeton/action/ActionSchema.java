package dev.jeton.action;

import static dev.jeton.management.Schema.anyObject;
import static dev.jeton.management.Schema.flag;
import static dev.jeton.management.Schema.listOf;
import static dev.jeton.management.Schema.object;
import static dev.jeton.management.Schema.oneOf;
import static dev.jeton.management.Schema.text;
import static dev.jeton.management.Schema.whole;

import dev.jeton.extension.Dependency;
import dev.jeton.extension.Script;
import dev.jeton.extension.ScriptSecret;
import dev.jeton.management.Operation.Parameter;
import dev.jeton.management.Schema;
import dev.jeton.management.Schema.Items;
import dev.jeton.management.Schema.Members;
import dev.jeton.management.Schema.Text;
import java.util.Arrays;
import java.util.List;

/** What the bodies of requests about Actions may hold, and what their answers do. */
final class ActionSchema {
    private static final int MAX_TEXT = 256;
    private static final int MAX_URL = 2_048;

    private static final Text NAME =
            text(1, Action.MAX_NAME).pattern(Action.NAME.pattern()).hint("no angle brackets or control characters");

    /** A trigger in the list of triggers may be sent as it is. */
    private static final Items SENT_TRIGGERS = listOf(object().require(
                            oneOf(SupportedTrigger.CREDENTIALS_EXCHANGE)
                                    .hint("there are Actions for " + SupportedTrigger.CREDENTIALS_EXCHANGE + " only"),
                            "id")
                    .with(oneOf("v1", SupportedTrigger.CURRENT_VERSION).hint("there are v1 and v2"), "version")
                    .with(text().orNull(), "status", "default_runtime")
                    .with(listOf(text()).orNull(), "runtimes")
                    .with(listOf(anyObject()).orNull(), "compatible_triggers")
                    .with(oneOf("trigger-bound", "entity-bound").orNull(), "binding_policy")
                    .named("ActionTriggerRequest"))
            .between(1, 1);

    private static final Schema SENT_DEPENDENCY = object().require(text(1, Dependency.MAX_NAME), "name")
            .with(text(0, MAX_TEXT), "version")
            .with(text(0, MAX_URL), "registry_url")
            .named("ActionDependencyRequest");

    /** What was read may be sent back. */
    private static final Schema SENT_SECRET = object().require(text(1, ScriptSecret.MAX_NAME), "name")
            .with(text(0, ScriptSecret.MAX_VALUE), "value")
            .with(text(0, MAX_TEXT), "updated_at")
            .named("ActionSecretRequest");

    static final Members UPDATE = object().with(NAME, "name")
            .with(SENT_TRIGGERS, "supported_triggers")
            .with(text(0, Script.MAX_CODE_BYTES), "code")
            .with(text(0, MAX_TEXT).pattern(Revision.RUNTIME.pattern()).hint("give one like node22"), "runtime")
            .with(listOf(SENT_DEPENDENCY).between(0, Dependency.MOST), "dependencies")
            .with(listOf(SENT_SECRET).between(0, Revision.MOST_SECRETS), "secrets")
            .with(listOf(anyObject()), "modules");

    static final Members CREATE = UPDATE.require(NAME, "name")
            .require(SENT_TRIGGERS, "supported_triggers")
            .with(flag(), "deploy");

    static final Members ROLL_BACK = object().with(flag(), "update_draft");

    /** Which Actions are bound, in their order. */
    static final Members BINDINGS = object().require(
                    listOf(object().require(
                                            object().require(
                                                            oneOf(Arrays.stream(RefType.values())
                                                                    .map(RefType::wireName)
                                                                    .toArray(String[]::new)),
                                                            "type")
                                                    .require(text(1, MAX_TEXT), "value"),
                                            "ref")
                                    .with(text(0, Binding.MAX_DISPLAY_NAME), "display_name")
                                    .with(listOf(anyObject()), "secrets")
                                    .named("ActionBindingRequest"))
                            .between(0, Binding.MOST),
                    "bindings");

    static final List<Parameter> FILTERS = List.of(
            new Parameter("triggerId", text(), "Only those for that trigger."),
            new Parameter("actionName", text(), "Only that of this name."),
            new Parameter("deployed", flag(), "Only those that are deployed, or are not."),
            new Parameter("installed", flag(), "Only those from a marketplace, which there is none of."));

    private static final Items TRIGGERS_OF_ONE =
            listOf(object().require(text(), "id", "version").named("ActionTrigger"));
    private static final Items DEPENDENCIES =
            listOf(object().require(text(), "name", "version").named("ActionDependency"));
    private static final Items SECRETS =
            listOf(object().require(text(), "name", "updated_at").named("ActionSecret"));

    private static final Members SUMMARY = object().require(text(), "id", "name", "created_at", "updated_at")
            .require(TRIGGERS_OF_ONE, "supported_triggers")
            .require(flag(), "all_changes_deployed");

    private static final Members DEPLOYED = object().require(
                    text(), "id", "code", "runtime", "status", "created_at", "updated_at")
            .require(TRIGGERS_OF_ONE, "supported_triggers")
            .require(DEPENDENCIES, "dependencies")
            .require(SECRETS, "secrets")
            .require(flag(), "deployed")
            .require(whole(1, Integer.MAX_VALUE), "number")
            .with(text(), "built_at");

    private static final Members CURRENT = object().require(
                    text(), "id", "code", "runtime", "status", "build_time", "created_at", "updated_at")
            .require(whole(1, Integer.MAX_VALUE), "number");

    private static final Members BOUND = SUMMARY.with(CURRENT.named("CurrentActionVersion"), "current_version")
            .with(DEPLOYED.named("DeployedActionVersion"), "deployed_version");

    static final Schema ANSWER = BOUND.require(text(), "code", "runtime", "status")
            .require(DEPENDENCIES, "dependencies")
            .require(SECRETS, "secrets")
            .named("Action");

    static final Schema VERSION =
            DEPLOYED.require(SUMMARY.named("ActionSummary"), "action").named("ActionVersion");

    static final Schema BINDING = object().require(
                    text(), "id", "trigger_id", "created_at", "updated_at", "display_name")
            .require(BOUND.named("BoundAction"), "action")
            .named("ActionBinding");

    static final Members TRIGGERS = object().require(
                    listOf(object().require(text(), "id", "version", "status", "default_runtime", "binding_policy")
                            .require(listOf(text()), "runtimes")
                            .require(listOf(anyObject()), "compatible_triggers")
                            .named("Trigger")),
                    "triggers");

    private ActionSchema() {}
}
