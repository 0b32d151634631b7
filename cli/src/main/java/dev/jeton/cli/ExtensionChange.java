package dev.jeton.cli;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** What of a Hook or an Action is to be another from now on. */
final class ExtensionChange {
    @Option(names = "--file", paramLabel = "FILE", description = "A new script; - is standard input.")
    @Nullable
    Path file;

    @Option(names = "--name", paramLabel = "NAME", description = "A new name.")
    @Nullable
    String name;

    @Option(
            names = "--dependency",
            paramLabel = "NAME@VERSION",
            description = "npm package it requires, repeatable. Replaces all; '' is none.")
    @Nullable
    List<String> dependencies;

    /**
     * Makes the change, by way of an editor if none of the options was given.
     *
     * @return the server's answer if there is anything to say about it: neither with {@code --json}, where it is printed
     *     as it is, nor if nothing has changed
     */
    Optional<JsonNode> make(Extension.Kind kind, String which, Session session) {
        String goal = "change the " + kind.word();
        ObjectNode body = body(kind, session.shell());
        Extension found = kind.find(which, session.api(), goal);
        if (!body.isEmpty()) {
            return said(session.api().patchPatiently(goal, found.path(), body), session);
        }
        Extension before = found.read(session.api(), goal);
        Optional<JsonNode> saved = new Draft(before, session).edit(script -> save(script, before, session, goal));
        if (saved.isEmpty() && !session.json()) {
            session.output().line("Nothing was changed.");
        }
        return said(saved.orElse(before.json()), session).filter(_ -> saved.isPresent());
    }

    private ObjectNode body(Extension.Kind kind, Shell shell) {
        ObjectNode body = Json.object();
        if (name != null) {
            body.put("name", name);
        }
        if (file != null) {
            body.put(kind.scriptField(), Script.read(file, shell).text());
        }
        if (dependencies != null) {
            body.set("dependencies", Dependencies.of(dependencies).of(kind));
        }
        return body;
    }

    /** A person may have the script open for hours; what somebody else saved meanwhile is not written over. */
    private static JsonNode save(Script script, Extension before, Session session, String goal) {
        if (!before.read(session.api(), goal).script().equals(before.script())) {
            Extension.Kind kind = before.kind();
            throw Failure.refused("cannot " + goal + ": its script was changed at the server while you were editing")
                    .mendedBy("compare what is there now, and keep the other change: " + before.command("show") + " --"
                            + kind.scriptField());
        }
        ObjectNode body = Json.object().put(before.kind().scriptField(), script.text());
        return session.api().patchPatiently(goal, before.path(), body);
    }

    private static Optional<JsonNode> said(JsonNode answer, Session session) {
        if (session.json()) {
            session.output().json(answer);
            return Optional.empty();
        }
        return Optional.of(answer);
    }
}
