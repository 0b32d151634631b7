package dev.jeton.cli;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** {@code jeton actions}: functions of the user's in versions, of which the bound ones run before each token. */
@Command(
        name = "actions",
        description = "Actions: code in versions; the bound ones run in their order before a token is issued.",
        footer = {"  jeton actions scaffold > action.js", "  jeton actions create 'Add the plan' action.js --bind"})
final class ActionsCommand {
    private static final Extension.Kind ACTION = Extension.Kind.ACTION;

    private final Session session;

    ActionsCommand(Session session) {
        this.session = session;
    }

    @Command(
            name = "scaffold",
            description = "Print a script to start from; as it is, it changes no token.",
            footer = "  jeton actions scaffold > action.js")
    int scaffold() {
        Script.printStarter(ACTION, session);
        return 0;
    }

    @Command(
            name = "create",
            description = "Create an Action from a script; it runs once it is deployed and bound.",
            footer = {
                "  jeton actions create 'Add the plan' action.js --dependency ms@2.1.3 \\",
                "      --secret API_KEY=@key.txt --bind"
            })
    int create(
            @Parameters(paramLabel = "NAME", description = "What people call it.") String name,
            @Parameters(paramLabel = "FILE", description = "Its script, up to 100000 bytes; - is standard input.")
                    Path file,
            @Option(
                            names = "--dependency",
                            paramLabel = "NAME[@VERSION]",
                            description = "npm package it requires, repeatable; the latest without a version.")
                    @Nullable
                    List<String> dependencies,
            @Mixin SecretOptions secretOptions,
            @Option(names = "--deploy", description = "Deploy it as its first version.") boolean deploy,
            @Option(names = "--bind", description = "Deploy it, and have it run after those that are bound.")
                    boolean bind) {
        ObjectNode body = Json.object().put("name", name);
        body.putArray("supported_triggers")
                .addObject()
                .put("id", "credentials-exchange")
                .put("version", "v2");
        body.put("code", Script.read(file, session.shell()).text());
        if (dependencies != null) {
            body.set("dependencies", Dependencies.of(dependencies).of(ACTION));
        }
        GivenSecrets secrets = secretOptions.given(session);
        if (!secrets.isEmpty()) {
            ArrayNode values = body.putArray("secrets");
            secrets.names().forEach(secret -> values.add(secrets.ofAction(secret)));
        }
        Extension action = new Extension(ACTION, session.api().postPatiently("create the Action", ACTION.path(), body));
        if (deploy || bind) {
            deployNew(action, bind);
        }
        if (bind) {
            bindNew(action);
        }
        Extension made = deploy || bind ? readNew(action, bind) : action;
        if (session.json()) {
            session.output().json(made.json());
            return 0;
        }
        session.output()
                .line("The Action is created"
                        + (bind
                                ? ", deployed and bound: it runs before every token."
                                : deploy ? " and deployed." : "."));
        session.output().blank();
        session.output().table(facts(made.json()));
        if (!bind) {
            session.output().blank();
            session.output().line("Next, test it and let it run:");
            session.output().line("  " + action.command("test"));
            if (!deploy) {
                session.output().line("  " + action.command("deploy"));
            }
            session.output().line("  " + action.command("bind"));
        }
        return 0;
    }

    private Extension readNew(Extension action, boolean bind) {
        try {
            return action.read(session.api(), "show the Action");
        } catch (Failure failure) {
            throw failure.leaving("the " + action.title() + " is created (" + action.id() + ")"
                            + (bind ? ", deployed and bound" : " and deployed"))
                    .thenDo(action.command("show"));
        }
    }

    private void deployNew(Extension action, boolean bind) {
        try {
            deployed("deploy the Action", action);
        } catch (Failure failure) {
            throw failure.leaving("the " + action.title() + " is created (" + action.id() + "), but not deployed"
                            + (bind ? " and not bound" : ""))
                    .thenDo(action.command("deploy") + (bind ? " and " + action.command("bind") : ""));
        }
    }

    private void bindNew(Extension action) {
        String goal = "bind the Action";
        try {
            Bindings.read(session.api(), goal).withLast(action).write(session.api(), goal);
        } catch (Failure failure) {
            throw failure.leaving(
                            "the " + action.title() + " is created (" + action.id() + ") and deployed, but not bound")
                    .thenDo(action.command("bind"));
        }
    }

    @Command(
            name = "list",
            description = "List the Actions, and which run in what order.",
            footer = "  jeton actions list")
    int list() {
        String goal = "list the Actions";
        List<JsonNode> actions = ACTION.list(session.api(), goal);
        if (actions.isEmpty()) {
            if (session.json()) {
                session.output().json(Json.array(List.of()));
            } else {
                session.output().line("There are no Actions yet; create one with jeton actions create NAME FILE");
            }
            return 0;
        }
        Bindings bindings = Bindings.read(session.api(), goal);
        if (session.json()) {
            session.output()
                    .json(Json.array(actions.stream()
                            .<JsonNode>map(action -> placed(new Extension(ACTION, action), bindings))
                            .toList()));
            return 0;
        }
        Table table = Table.headed("NAME", "ID", "DEPLOYED", "POSITION");
        for (JsonNode action : actions) {
            OptionalInt position = bindings.position(new Extension(ACTION, action));
            table.row(
                    Json.text(action, "name"),
                    Json.text(action, "id"),
                    version(action),
                    position.isPresent() ? String.valueOf(position.getAsInt()) : "");
        }
        session.output().table(table);
        return 0;
    }

    /** As the server has it, and where it is bound: counted from 1, null if it is not. */
    private static ObjectNode placed(Extension action, Bindings bindings) {
        ObjectNode json = Json.object();
        action.json().properties().forEach(member -> json.set(member.getKey(), member.getValue()));
        OptionalInt position = bindings.position(action);
        return position.isPresent()
                ? json.put("binding_position", position.getAsInt())
                : json.putNull("binding_position");
    }

    @Command(
            name = "show",
            description = "Show one Action, or its script alone.",
            footer = "  jeton actions show 'Add the plan' --code > action.js")
    int show(
            @Parameters(paramLabel = "ACTION", description = "Its id or name.") String which,
            @Option(names = "--code", description = "Print the script of its draft and nothing else.") boolean code) {
        String goal = "show the Action";
        Extension action = find(which, goal).read(session.api(), goal);
        if (session.json()) {
            session.output().json(placed(action, Bindings.read(session.api(), goal)));
        } else if (code) {
            action.script().print(session);
        } else {
            OptionalInt position = Bindings.read(session.api(), goal).position(action);
            session.output()
                    .table(facts(action.json())
                            .row("Bound", position.isPresent() ? "at position " + position.getAsInt() : "no")
                            .row("Script", action.script().bytes() + " bytes; --code prints it"));
        }
        return 0;
    }

    @Command(
            name = "edit",
            description = {
                "Change the draft of an Action; it runs with the change once it is deployed.",
                "",
                "Without options, its script is opened in $VISUAL, $EDITOR or vi."
            },
            footer = {"  jeton actions edit 'Add the plan'", "  jeton actions edit 'Add the plan' --file action.js"})
    int edit(
            @Parameters(paramLabel = "ACTION", description = "Its id or name.") String which,
            @Mixin ExtensionChange change) {
        change.make(ACTION, which, session).ifPresent(action -> {
            session.output().line("The Action is changed.");
            session.output().blank();
            session.output().table(facts(action));
            sayHowToDeploy(new Extension(ACTION, action));
        });
        return 0;
    }

    @Command(
            name = "deploy",
            description = "Make a version of an Action's draft; where it is bound, it runs at once.",
            footer = "  jeton actions deploy 'Add the plan'")
    int deploy(@Parameters(paramLabel = "ACTION", description = "Its id or name.") String which) {
        String goal = "deploy the Action";
        Extension action = find(which, goal);
        JsonNode version = deployed(goal, action);
        if (session.json()) {
            session.output().json(version);
            return 0;
        }
        session.output()
                .line("Version " + Json.text(version, "number") + " of the " + action.title() + " is deployed.");
        Bindings bindings;
        try {
            bindings = Bindings.read(session.api(), goal);
        } catch (Failure failure) {
            throw failure.leaving("the version is deployed, and whether it is bound is not known")
                    .thenDo(action.command("show"));
        }
        if (bindings.position(action).isEmpty()) {
            session.output().line("It runs once it is bound:");
            session.output().line("  " + action.command("bind"));
        }
        return 0;
    }

    @Command(
            name = "versions",
            description = "List the versions of an Action.",
            footer = "  jeton actions versions 'Add the plan'")
    int versions(@Parameters(paramLabel = "ACTION", description = "Its id or name.") String which) {
        String goal = "list the versions";
        Extension action = find(which, goal);
        List<JsonNode> versions = versions(action, goal);
        if (session.json()) {
            session.output().json(Json.array(versions));
            return 0;
        }
        if (versions.isEmpty()) {
            session.output().line("There are no versions yet; make one with " + action.command("deploy"));
            return 0;
        }
        Table table = Table.headed("NUMBER", "ID", "MADE", "DEPLOYED");
        for (JsonNode version : versions) {
            table.row(
                    Json.text(version, "number"),
                    Json.text(version, "id"),
                    Moment.of(Json.text(version, "created_at")),
                    version.path("deployed").asBoolean(false) ? "yes" : "");
        }
        session.output().table(table);
        return 0;
    }

    @Command(
            name = "rollback",
            description = "Deploy an earlier version of an Action again; the draft stays as it is.",
            footer = "  jeton actions rollback 'Add the plan' 3")
    int rollback(
            @Parameters(paramLabel = "ACTION", description = "Its id or name.") String which,
            @Parameters(paramLabel = "NUMBER", description = "Number of the version.") int number) {
        String goal = "roll the Action back";
        Extension action = find(which, goal);
        JsonNode version = versions(action, goal).stream()
                .filter(each -> each.path("number").asInt(0) == number)
                .findFirst()
                .orElseThrow(() -> Failure.refused(
                                "cannot " + goal + ": there is no version " + number + " of the " + action.title())
                        .mendedBy("see them with " + action.command("versions")));
        ApiPath deploy =
                action.path().then("versions").segment(Json.text(version, "id")).then("deploy");
        JsonNode answer =
                session.api().postPatiently(goal, deploy, Json.object().put("update_draft", false));
        if (session.json()) {
            session.output().json(answer);
            return 0;
        }
        int made = answer.path("number").asInt(number);
        session.output()
                .line("Version " + number + " of the " + action.title() + " is deployed again"
                        + (made == number ? "." : ", as version " + made + "."));
        return 0;
    }

    @Command(
            name = "bind",
            description = "Have an Action run before every token, after the bound ones or at a position.",
            footer = "  jeton actions bind 'Add the plan' --position 1")
    int bind(
            @Parameters(paramLabel = "ACTION", description = "Its id or name.") String which,
            @Option(
                            names = "--position",
                            paramLabel = "N",
                            description = "Its place in the order, from 1; the last unless it has one already.")
                    @Nullable
                    Integer position) {
        String goal = "bind the Action";
        Extension action = find(which, goal).read(session.api(), goal);
        if (!action.json().path("deployed_version").isObject()) {
            throw Failure.refused("cannot " + goal + ": no version of it is deployed")
                    .mendedBy(action.command("deploy"));
        }
        Bindings before = Bindings.read(session.api(), goal);
        OptionalInt present = before.position(action);
        Bindings after = position != null
                ? before.with(action, position)
                : present.isPresent() ? before : before.withLast(action);
        return rebind(after, goal, "The " + action.title() + " is bound.");
    }

    @Command(
            name = "unbind",
            description = "Have an Action no longer run; it is kept.",
            footer = "  jeton actions unbind 'Add the plan'")
    int unbind(@Parameters(paramLabel = "ACTION", description = "Its id or name.") String which) {
        String goal = "unbind the Action";
        Extension action = find(which, goal);
        Bindings before = Bindings.read(session.api(), goal);
        if (before.position(action).isEmpty()) {
            throw Failure.refused("cannot " + goal + ": it is not bound");
        }
        return rebind(before.without(action), goal, "The " + action.title() + " is no longer bound: it does not run.");
    }

    @Command(
            name = "order",
            description = "Give the bound Actions another order: name them all.",
            footer = "  jeton actions order 'Check the plan' 'Add the plan'")
    int order(
            @Parameters(paramLabel = "ACTION", arity = "1..*", description = "Ids or names of all, in the new order.")
                    List<String> which) {
        String goal = "order the Actions";
        List<JsonNode> all = ACTION.list(session.api(), goal);
        List<Extension> actions =
                which.stream().map(each -> ACTION.find(each, all, goal)).toList();
        Bindings after = Bindings.read(session.api(), goal).ordered(actions);
        return rebind(after, goal, "The order is changed.");
    }

    private int rebind(Bindings bindings, String goal, String sentence) {
        JsonNode answer = bindings.write(session.api(), goal);
        if (session.json()) {
            session.output().json(answer);
            return 0;
        }
        session.output().line(sentence);
        if (!bindings.inOrder().isEmpty()) {
            session.output().blank();
            session.output().table(bindings.table());
        }
        return 0;
    }

    @Command(
            name = "delete",
            description = "Delete an Action, its versions and its secrets.",
            footer = "  jeton actions delete 'Add the plan' --force")
    int delete(
            @Parameters(paramLabel = "ACTION", description = "Its id or name.") String which,
            @Option(names = "--force", description = "Even if it is bound.") boolean force,
            @Option(names = "--yes", description = "Do not ask first.") boolean yes) {
        if (!yes) {
            session.requirePrompt();
        }
        String goal = "delete the Action";
        Extension action = find(which, goal);
        boolean isBound = Bindings.read(session.api(), goal).position(action).isPresent();
        if (isBound && !force) {
            throw Failure.refused("cannot " + goal + ": it is bound")
                    .mendedBy("unbind it with " + action.command("unbind") + ", or add --force");
        }
        if (!yes) {
            session.confirm(
                    "This deletes the " + action.title() + " (" + action.id() + "), its versions and its secrets"
                            + (isBound ? "; it is bound: tokens are issued without it then." : "."),
                    action.name(),
                    action.id());
        }
        session.api().delete(goal, force ? action.path().with("force", "true") : action.path());
        if (session.json()) {
            session.output().json(Json.object().put("deleted", action.id()));
        } else {
            session.output().line("The " + action.title() + " is deleted.");
        }
        return 0;
    }

    @Command(
            name = "set-secret",
            description = "Add secrets to an Action's draft, or give those it has new values.",
            footer = "  jeton actions set-secret 'Add the plan' API_KEY=-")
    int setSecret(
            @Parameters(paramLabel = "ACTION", description = "Its id or name.") String which,
            @Parameters(
                            paramLabel = "KEY=VALUE",
                            arity = "1..*",
                            description =
                                    "KEY=@FILE takes the value from a file, KEY=- asks for it or reads standard input.")
                    List<String> arguments) {
        GivenSecrets given = new GivenSecrets(session).add(arguments);
        String goal = "set the secrets";
        Extension action = find(which, goal).read(session.api(), goal);
        List<String> kept = new ArrayList<>(secretNames(action.json()));
        kept.removeAll(given.names());
        return putSecrets(action, kept, given, goal);
    }

    @Command(
            name = "remove-secret",
            description = "Remove secrets from an Action's draft.",
            footer = "  jeton actions remove-secret 'Add the plan' API_KEY")
    int removeSecret(
            @Parameters(paramLabel = "ACTION", description = "Its id or name.") String which,
            @Parameters(paramLabel = "KEY", arity = "1..*", description = "Name of a secret.") List<String> names) {
        String goal = "remove the secrets";
        Extension action = find(which, goal).read(session.api(), goal);
        List<String> kept = new ArrayList<>(secretNames(action.json()));
        action.requireSecrets(names, kept);
        kept.removeAll(names);
        return putSecrets(action, kept, new GivenSecrets(session), goal);
    }

    /** The server takes all secrets at once: one without a value keeps its own, one that is not named is dropped. */
    private int putSecrets(Extension action, List<String> kept, GivenSecrets given, String goal) {
        ObjectNode body = Json.object();
        ArrayNode secrets = body.putArray("secrets");
        kept.forEach(name -> secrets.addObject().put("name", name));
        given.names().forEach(name -> secrets.add(given.ofAction(name)));
        JsonNode changed = session.api().patch(goal, action.path(), body);
        if (session.json()) {
            session.output().json(changed);
            return 0;
        }
        List<String> present = secretNames(changed);
        session.output()
                .line("The secrets of the " + action.title() + " are now: "
                        + (present.isEmpty() ? "none" : String.join(" ", present)));
        sayHowToDeploy(new Extension(ACTION, changed));
        return 0;
    }

    @Command(
            name = "test",
            description = "Run the draft of an Action for a request that is made up. No token is issued.",
            exitCodeList = {"0:it lets a token be issued", "1:it refuses or fails"},
            footer = {
                "  jeton actions test 'Add the plan' --app q7Zr0KxV3bTnW8sLmE2yHc5DpJ1uGfAo \\",
                "      --api https://timesheets.example.com --scope read:timesheets"
            })
    int test(
            @Parameters(paramLabel = "ACTION", description = "Its id or name.") String which,
            @Mixin SampleRequest sample) {
        return sample.test(ACTION, which, session).print(session);
    }

    @Command(
            name = "logs",
            description = "What an Action wrote to its console and the token requests it ran for, newest last.",
            footer = "  jeton actions logs 'Add the plan' --follow",
            exitCodeList = "130:stopped by Ctrl-C, which ends --follow")
    int logs(
            @Parameters(paramLabel = "ACTION", description = "Its id or name.") String which,
            @Mixin RunLogOptions options) {
        options.show(ACTION, which, session);
        return 0;
    }

    private Extension find(String which, String goal) {
        return ACTION.find(which, session.api(), goal);
    }

    private JsonNode deployed(String goal, Extension action) {
        return session.api().postPatiently(goal, action.path().then("deploy"), Json.object());
    }

    private List<JsonNode> versions(Extension action, String goal) {
        return session.api().pages(goal, action.path().then("versions"), "versions");
    }

    private void sayHowToDeploy(Extension action) {
        if (isDraftAhead(action.json())) {
            session.output().blank();
            session.output().line("It runs so once it is deployed:");
            session.output().line("  " + action.command("deploy"));
        }
    }

    private static boolean isDraftAhead(JsonNode action) {
        return !action.path("all_changes_deployed").asBoolean(false);
    }

    private static List<String> secretNames(JsonNode action) {
        return action.path("secrets").values().stream()
                .map(secret -> Json.text(secret, "name"))
                .toList();
    }

    /** The version that runs, and whether the draft is another. */
    private static String version(JsonNode action) {
        JsonNode version = action.path("deployed_version");
        return version.isObject()
                ? "version " + Json.text(version, "number") + (isDraftAhead(action) ? ", draft differs" : "")
                : "no";
    }

    private static Table facts(JsonNode action) {
        return Table.plain()
                .row("Name", Json.text(action, "name"))
                .row("ID", Json.text(action, "id"))
                .fact("Status", Json.text(action, "status"))
                .row("Deployed", version(action))
                .fact("Runtime", Json.text(action, "runtime"))
                .fact("Dependencies", Dependencies.shown(action))
                .fact("Secrets", String.join(" ", secretNames(action)));
    }
}
