package dev.jeton.cli;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** {@code jeton hooks}: functions of the user's, of which the enabled one decides about each token. */
@Command(
        name = "hooks",
        description = "Hooks: code that runs before a token is issued; at most one is enabled.",
        footer = {"  jeton hooks scaffold > hook.js", "  jeton hooks create 'Add the plan' hook.js --enable"})
final class HooksCommand {
    private static final Extension.Kind HOOK = Extension.Kind.HOOK;

    private final Session session;

    HooksCommand(Session session) {
        this.session = session;
    }

    @Command(
            name = "scaffold",
            description = "Print a script to start from; as it is, it changes no token.",
            footer = "  jeton hooks scaffold > hook.js")
    int scaffold() {
        Script.printStarter(HOOK, session);
        return 0;
    }

    @Command(
            name = "create",
            description = "Create a Hook from a script; it runs once it is enabled.",
            footer = {
                "  jeton hooks create 'Add the plan' hook.js --dependency ms@2.1.3 \\",
                "      --secret API_KEY=@key.txt --enable"
            })
    int create(
            @Parameters(paramLabel = "NAME", description = "Letters, digits, spaces and hyphens.") String name,
            @Parameters(paramLabel = "FILE", description = "Its script, up to 100000 bytes; - is standard input.")
                    Path file,
            @Option(names = "--enable", description = "Enable it once its secrets are there; another is switched off.")
                    boolean enable,
            @Option(
                            names = "--dependency",
                            paramLabel = "NAME@VERSION",
                            description = "npm package it requires, repeatable.")
                    @Nullable
                    List<String> dependencies,
            @Mixin SecretOptions secretOptions) {
        ObjectNode body = Json.object().put("name", name).put("triggerId", "credentials-exchange");
        body.put("script", Script.read(file, session.shell()).text()).put("enabled", false);
        if (dependencies != null) {
            body.set("dependencies", Dependencies.of(dependencies).of(HOOK));
        }
        GivenSecrets secrets = secretOptions.given(session);
        JsonNode created = session.api().postPatiently("create the Hook", HOOK.path(), body);
        Extension hook = new Extension(HOOK, created);
        addSecrets(hook, secrets, enable);
        Optional<Extension> switchedOff = Optional.empty();
        if (enable) {
            try {
                switchedOff = enabled(hook, HOOK.list(session.api(), "enable the Hook"));
                created = setEnabled("enable the Hook", hook, true);
            } catch (Failure failure) {
                throw failure.leaving("the " + hook.title() + " is created (" + hook.id() + ")"
                                + (secrets.isEmpty() ? "" : " with its secrets") + ", but not known to be enabled")
                        .thenDo(hook.command("enable"));
            }
        }
        if (session.json()) {
            session.output().json(created);
            return 0;
        }
        session.output().line("The Hook is created" + (enable ? " and enabled: it runs before every token." : "."));
        sayWhatIsSwitchedOff(switchedOff);
        session.output().blank();
        session.output().table(facts(created).fact("Secrets", String.join(" ", secrets.names())));
        if (!enable) {
            session.output().blank();
            session.output().line("Next, test it and let it run:");
            session.output().line("  " + hook.command("test"));
            session.output().line("  " + hook.command("enable"));
        }
        return 0;
    }

    /** A Hook must never run without its secrets; so they come between its creation and its start. */
    private void addSecrets(Extension hook, GivenSecrets secrets, boolean enable) {
        if (secrets.isEmpty()) {
            return;
        }
        try {
            session.api().post("add the secrets", secrets(hook), secrets.ofHook(secrets.names()));
        } catch (Failure failure) {
            String rest = hook.command("set-secret") + " KEY=VALUE";
            throw failure.leaving(
                            "the " + hook.title() + " is created (" + hook.id() + "), disabled and without its secrets")
                    .thenDo(enable ? rest + " and " + hook.command("enable") : rest);
        }
    }

    @Command(name = "list", description = "List the Hooks.", footer = "  jeton hooks list")
    int list() {
        List<JsonNode> hooks = HOOK.list(session.api(), "list the Hooks");
        if (session.json()) {
            session.output().json(Json.array(hooks));
            return 0;
        }
        if (hooks.isEmpty()) {
            session.output().line("There are no Hooks yet; create one with jeton hooks create NAME FILE");
            return 0;
        }
        Table table = Table.headed("NAME", "ID", "ENABLED", "DEPENDENCIES");
        for (JsonNode hook : hooks) {
            table.row(
                    Json.text(hook, "name"),
                    Json.text(hook, "id"),
                    isEnabled(hook) ? "yes" : "",
                    Dependencies.shown(hook));
        }
        session.output().table(table);
        return 0;
    }

    @Command(
            name = "show",
            description = "Show one Hook, or its script alone.",
            footer = "  jeton hooks show 'Add the plan' --script > hook.js")
    int show(
            @Parameters(paramLabel = "HOOK", description = "Its id or name.") String which,
            @Option(names = "--script", description = "Print its script and nothing else.") boolean script) {
        String goal = "show the Hook";
        Extension hook = find(which, goal).read(session.api(), goal);
        if (session.json()) {
            session.output().json(hook.json());
        } else if (script) {
            hook.script().print(session);
        } else {
            session.output()
                    .table(facts(hook.json())
                            .fact("Secrets", String.join(" ", secretNames(hook, goal)))
                            .row("Script", hook.script().bytes() + " bytes; --script prints it"));
        }
        return 0;
    }

    @Command(
            name = "edit",
            description = {
                "Change a Hook; one that is enabled runs with the change at once.",
                "",
                "Without options, its script is opened in $VISUAL, $EDITOR or vi."
            },
            footer = {"  jeton hooks edit 'Add the plan'", "  jeton hooks edit 'Add the plan' --file hook.js"})
    int edit(
            @Parameters(paramLabel = "HOOK", description = "Its id or name.") String which,
            @Mixin ExtensionChange change) {
        Optional<JsonNode> changed = change.make(HOOK, which, session);
        changed.ifPresent(hook -> {
            session.output().line("The Hook is changed" + (isEnabled(hook) ? "; it runs so before every token." : "."));
            session.output().blank();
            session.output().table(facts(hook));
        });
        return 0;
    }

    @Command(
            name = "enable",
            description = "Have a Hook run before every token; another that did is switched off.",
            footer = "  jeton hooks enable 'Add the plan'")
    int enable(@Parameters(paramLabel = "HOOK", description = "Its id or name.") String which) {
        String goal = "enable the Hook";
        List<JsonNode> all = HOOK.list(session.api(), goal);
        Extension hook = HOOK.find(which, all, goal);
        JsonNode enabled = setEnabled(goal, hook, true);
        if (session.json()) {
            session.output().json(enabled);
            return 0;
        }
        session.output().line("The " + hook.title() + " is enabled: it runs before every token.");
        sayWhatIsSwitchedOff(enabled(hook, all));
        return 0;
    }

    @Command(
            name = "disable",
            description = "Issue tokens without a Hook from now on; it is kept.",
            footer = "  jeton hooks disable 'Add the plan'")
    int disable(@Parameters(paramLabel = "HOOK", description = "Its id or name.") String which) {
        String goal = "disable the Hook";
        Extension hook = find(which, goal);
        JsonNode disabled = setEnabled(goal, hook, false);
        if (session.json()) {
            session.output().json(disabled);
        } else {
            session.output().line("The " + hook.title() + " is disabled: tokens are issued without it.");
        }
        return 0;
    }

    @Command(
            name = "delete",
            description = "Delete a Hook, its script and its secrets.",
            footer = "  jeton hooks delete 'Add the plan'")
    int delete(
            @Parameters(paramLabel = "HOOK", description = "Its id or name.") String which,
            @Option(names = "--yes", description = "Do not ask first.") boolean yes) {
        if (!yes) {
            session.requirePrompt();
        }
        String goal = "delete the Hook";
        Extension hook = find(which, goal);
        if (!yes) {
            session.confirm(
                    "This deletes the " + hook.title() + " (" + hook.id() + "), its script and its secrets"
                            + (isEnabled(hook.json()) ? "; it is enabled: tokens are issued without it then." : "."),
                    hook.name(),
                    hook.id());
        }
        session.api().delete(goal, hook.path());
        if (session.json()) {
            session.output().json(Json.object().put("deleted", hook.id()));
        } else {
            session.output().line("The " + hook.title() + " is deleted.");
        }
        return 0;
    }

    @Command(
            name = "secrets",
            description = "List the names of a Hook's secrets; nobody is shown their values.",
            footer = "  jeton hooks secrets 'Add the plan'")
    int secrets(@Parameters(paramLabel = "HOOK", description = "Its id or name.") String which) {
        String goal = "list the secrets";
        Extension hook = find(which, goal);
        JsonNode secrets = session.api().get(goal, secrets(hook));
        if (session.json()) {
            session.output().json(secrets);
        } else if (secrets.isEmpty()) {
            session.output()
                    .line("The " + hook.title() + " has no secrets; add one with " + hook.command("set-secret")
                            + " KEY=VALUE");
        } else {
            secrets.propertyNames().forEach(session.output()::line);
        }
        return 0;
    }

    @Command(
            name = "set-secret",
            description = "Add secrets to a Hook, or give those it has new values.",
            footer = "  jeton hooks set-secret 'Add the plan' API_KEY=-")
    int setSecret(
            @Parameters(paramLabel = "HOOK", description = "Its id or name.") String which,
            @Parameters(
                            paramLabel = "KEY=VALUE",
                            arity = "1..*",
                            description =
                                    "KEY=@FILE takes the value from a file, KEY=- asks for it or reads standard input.")
                    List<String> arguments) {
        String goal = "set the secrets";
        GivenSecrets given = new GivenSecrets(session).add(arguments);
        Extension hook = find(which, goal);
        List<String> added = new ArrayList<>(given.names());
        List<String> updated = new ArrayList<>(given.names());
        Collection<String> present = secretNames(hook, goal);
        added.removeAll(present);
        updated.retainAll(present);
        if (!added.isEmpty()) {
            session.api().post(goal, secrets(hook), given.ofHook(added));
        }
        if (!updated.isEmpty()) {
            try {
                session.api().patch(goal, secrets(hook), given.ofHook(updated));
            } catch (Failure failure) {
                throw added.isEmpty()
                        ? failure
                        : failure.leaving(
                                "added: " + String.join(" ", added) + ", not updated: " + String.join(" ", updated));
            }
        }
        if (session.json()) {
            ObjectNode both = Json.object();
            both.set("added", Json.strings(added));
            both.set("updated", Json.strings(updated));
            session.output().json(both);
            return 0;
        }
        session.output().line("The secrets of the " + hook.title() + " are set.");
        session.output().blank();
        session.output()
                .table(Table.plain().fact("Added", String.join(" ", added)).fact("Updated", String.join(" ", updated)));
        return 0;
    }

    @Command(
            name = "remove-secret",
            description = "Remove secrets from a Hook.",
            footer = "  jeton hooks remove-secret 'Add the plan' API_KEY")
    int removeSecret(
            @Parameters(paramLabel = "HOOK", description = "Its id or name.") String which,
            @Parameters(paramLabel = "KEY", arity = "1..*", description = "Name of a secret.") List<String> names) {
        String goal = "remove the secrets";
        Extension hook = find(which, goal);
        hook.requireSecrets(names, secretNames(hook, goal));
        session.api().delete(goal, secrets(hook), Json.strings(names));
        if (session.json()) {
            session.output().json(Json.object().set("removed", Json.strings(names)));
        } else {
            session.output().line("Removed from the " + hook.title() + ": " + String.join(" ", names));
        }
        return 0;
    }

    @Command(
            name = "test",
            description = "Run a Hook, enabled or not, for a request that is made up. No token is issued.",
            exitCodeList = {"0:it lets a token be issued", "1:it refuses or fails"},
            footer = {
                "  jeton hooks test 'Add the plan' --app q7Zr0KxV3bTnW8sLmE2yHc5DpJ1uGfAo \\",
                "      --api https://timesheets.example.com --scope read:timesheets"
            })
    int test(
            @Parameters(paramLabel = "HOOK", description = "Its id or name.") String which,
            @Mixin SampleRequest sample) {
        return sample.test(HOOK, which, session).print(session);
    }

    @Command(
            name = "logs",
            description = "What a Hook wrote to its console and the token requests it ran for, newest last.",
            footer = "  jeton hooks logs 'Add the plan' --follow",
            exitCodeList = "130:stopped by Ctrl-C, which ends --follow")
    int logs(
            @Parameters(paramLabel = "HOOK", description = "Its id or name.") String which,
            @Mixin RunLogOptions options) {
        options.show(HOOK, which, session);
        return 0;
    }

    private Extension find(String which, String goal) {
        return HOOK.find(which, session.api(), goal);
    }

    private static ApiPath secrets(Extension hook) {
        return hook.path().then("secrets");
    }

    private Collection<String> secretNames(Extension hook, String goal) {
        return session.api().get(goal, secrets(hook)).propertyNames();
    }

    private JsonNode setEnabled(String goal, Extension hook, boolean enabled) {
        return session.api().patch(goal, hook.path(), Json.object().put("enabled", enabled));
    }

    private static boolean isEnabled(JsonNode hook) {
        return hook.path("enabled").asBoolean(false);
    }

    /** The one that the server switches off when that one is enabled. */
    private static Optional<Extension> enabled(Extension except, List<JsonNode> all) {
        return all.stream()
                .filter(HooksCommand::isEnabled)
                .map(json -> new Extension(HOOK, json))
                .filter(hook -> !hook.id().equals(except.id()))
                .findFirst();
    }

    private void sayWhatIsSwitchedOff(Optional<Extension> other) {
        other.ifPresent(hook -> session.output()
                .line("The " + hook.title() + " (" + hook.id() + "), which ran before, is switched off."));
    }

    private static Table facts(JsonNode hook) {
        return Table.plain()
                .row("Name", Json.text(hook, "name"))
                .row("ID", Json.text(hook, "id"))
                .row("Enabled", isEnabled(hook) ? "yes" : "no")
                .fact("Dependencies", Dependencies.shown(hook));
    }
}
