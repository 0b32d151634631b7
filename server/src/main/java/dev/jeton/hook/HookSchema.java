package dev.jeton.hook;

import static dev.jeton.management.Schema.flag;
import static dev.jeton.management.Schema.listOf;
import static dev.jeton.management.Schema.object;
import static dev.jeton.management.Schema.oneOf;
import static dev.jeton.management.Schema.text;

import dev.jeton.extension.Dependency;
import dev.jeton.extension.Script;
import dev.jeton.extension.ScriptSecret;
import dev.jeton.management.Operation.Parameter;
import dev.jeton.management.Schema;
import dev.jeton.management.Schema.Items;
import dev.jeton.management.Schema.Members;
import dev.jeton.management.Schema.Text;
import java.util.List;

/** What the fields of a Hook may be, and its secrets. */
final class HookSchema {
    private static final Text NAME = text(1, Hook.MAX_NAME)
            .pattern(Hook.NAME.pattern())
            .hint("letters, digits, spaces and hyphens, at both ends a letter or digit");
    private static final Text SCRIPT = text(1, Script.MAX_CODE_BYTES);
    private static final Text TRIGGER =
            oneOf(Hook.CREDENTIALS_EXCHANGE).hint("there are Hooks for " + Hook.CREDENTIALS_EXCHANGE + " only");
    private static final Members DEPENDENCIES =
            object().others(text(0, Dependency.MAX_NAME)).between(0, Dependency.MOST);

    static final List<Parameter> FILTERS = List.of(
            new Parameter("triggerId", text(), "Only those at that trigger."),
            new Parameter("enabled", flag(), "Only those that are enabled, or are not."));

    /** A change: the trigger never does. */
    static final Members UPDATE = object().with(NAME, "name")
            .with(SCRIPT, "script")
            .with(DEPENDENCIES, "dependencies")
            .with(flag(), "enabled")
            .between(1, Schema.MAX_MEMBERS);

    static final Members CREATE =
            UPDATE.require(NAME, "name").require(SCRIPT, "script").require(TRIGGER, "triggerId");

    private static final Members WHOLE =
            CREATE.require(text(), "id").require(DEPENDENCIES, "dependencies").require(flag(), "enabled");

    static final Schema ANSWER = WHOLE.named("Hook");

    static final Schema IN_A_LIST = WHOLE.without("script").named("HookSummary");

    /** Values by their names. */
    static final Schema SECRETS =
            object().others(text(0, ScriptSecret.MAX_VALUE)).named("HookSecrets");

    static final Items SECRET_NAMES = listOf(text()).between(0, Hook.MOST_SECRETS);

    private HookSchema() {}
}
