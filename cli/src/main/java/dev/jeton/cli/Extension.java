package dev.jeton.cli;

import java.util.Collection;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/**
 * Code of the user's that runs before a token is signed, as the server's list has it.
 *
 * @param json what the list says of it, perhaps without its script
 */
record Extension(Kind kind, JsonNode json) {

    enum Kind {
        HOOK("Hook", "hooks", "hooks", "script", "starter.js"),
        ACTION("Action", "actions", "actions/actions", "code", "starter-action.js");

        private final String word;
        private final String command;
        private final String path;
        private final String scriptField;
        private final String starter;

        Kind(String word, String command, String path, String scriptField, String starter) {
            this.word = word;
            this.command = command;
            this.path = path;
            this.scriptField = scriptField;
            this.starter = starter;
        }

        /** What people call it. */
        String word() {
            return word;
        }

        /** A command of its group, for people to type. */
        String command(String rest) {
            return "jeton " + command + " " + rest;
        }

        ApiPath path() {
            return ApiPath.of(path);
        }

        /** What the script is called in JSON. */
        String scriptField() {
            return scriptField;
        }

        /** The resource with the script to start from. */
        String starter() {
            return starter;
        }

        List<JsonNode> list(ManagementApi api, String goal) {
            return switch (this) {
                case HOOK -> api.list(goal, path(), "hooks");
                case ACTION -> api.pages(goal, path(), "actions");
            };
        }

        /** The one with that id or exactly that name; an id comes first. */
        Extension find(String idOrName, ManagementApi api, String goal) {
            return find(idOrName, list(api, goal), goal);
        }

        /** Like the other, where the list has been read. */
        Extension find(String idOrName, List<JsonNode> all, String goal) {
            return withText("id", idOrName, all)
                    .or(() -> withText("name", idOrName, all))
                    .orElseThrow(() -> Failure.refused(
                                    "cannot " + goal + ": no " + word + " has the id or the name '" + idOrName + "'")
                            .mendedBy("see the " + word + "s with " + command("list")));
        }

        private Optional<Extension> withText(String field, String text, List<JsonNode> all) {
            return all.stream()
                    .filter(json -> Json.text(json, field).equals(text))
                    .findFirst()
                    .map(json -> new Extension(this, json));
        }
    }

    String id() {
        return Json.text(json, "id");
    }

    String name() {
        return Json.text(json, "name");
    }

    ApiPath path() {
        return kind.path().segment(id());
    }

    /** The same as it is now, with its script. */
    Extension read(ManagementApi api, String goal) {
        return new Extension(kind, api.get(goal, path()));
    }

    Script script() {
        return new Script(Json.text(json, kind.scriptField()));
    }

    /** Refuses the name of a secret that is not there: more likely a slip than something that is done already. */
    void requireSecrets(Collection<String> names, Collection<String> present) {
        for (String name : names) {
            if (!present.contains(name)) {
                throw Failure.refused("the " + title() + " has no secret '" + name + "'")
                        .mendedBy(present.isEmpty() ? "it has none" : "it has: " + String.join(" ", present));
            }
        }
    }

    /** A command for this one, for people to type: by the id, which needs no quotes. */
    String command(String verb) {
        return kind.command(verb + " " + id());
    }

    /** As people call it in a sentence: {@code Hook 'Add a claim'}. */
    String title() {
        return kind.word + " '" + name() + "'";
    }
}
