package dev.jeton.cli;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.stream.IntStream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** The Actions that run before a token is signed, in their order; the server takes a new order only as a whole. */
record Bindings(List<Binding> inOrder) {
    private static final ApiPath PATH = ApiPath.of("actions/triggers/credentials-exchange/bindings");

    /** One Action in its place. */
    record Binding(String actionId, String actionName, String displayName) {
        static Binding of(JsonNode json) {
            JsonNode action = json.path("action");
            return new Binding(Json.text(action, "id"), Json.text(action, "name"), Json.text(json, "display_name"));
        }

        ObjectNode json() {
            ObjectNode json = Json.object();
            json.putObject("ref").put("type", "action_id").put("value", actionId);
            return json.put("display_name", displayName);
        }
    }

    Bindings {
        inOrder = List.copyOf(inOrder);
    }

    static Bindings read(ManagementApi api, String goal) {
        return new Bindings(
                api.pages(goal, PATH, "bindings").stream().map(Binding::of).toList());
    }

    /** Makes the server's the same; gives its answer. */
    JsonNode write(ManagementApi api, String goal) {
        ObjectNode body = Json.object();
        body.set(
                "bindings",
                Json.array(inOrder.stream().<JsonNode>map(Binding::json).toList()));
        return api.patchPatiently(goal, PATH, body); // the server loads what is bound
    }

    /** Counted from 1; empty if the Action is not bound. */
    OptionalInt position(Extension action) {
        return IntStream.rangeClosed(1, inOrder.size())
                .filter(position -> inOrder.get(position - 1).actionId().equals(action.id()))
                .findFirst();
    }

    /** The others in their order, without that one. */
    Bindings without(Extension action) {
        return new Bindings(inOrder.stream()
                .filter(binding -> !binding.actionId().equals(action.id()))
                .toList());
    }

    /** With the Action at a position, counted from 1, wherever it was. */
    Bindings with(Extension action, int position) {
        List<Binding> changed = new ArrayList<>(without(action).inOrder);
        if (position < 1 || position > changed.size() + 1) {
            throw Failure.usage("--position is a number from 1 to " + (changed.size() + 1));
        }
        changed.add(
                position - 1,
                ofAction(action.id()).orElseGet(() -> new Binding(action.id(), action.name(), action.name())));
        return new Bindings(changed);
    }

    /** With the Action behind all others. */
    Bindings withLast(Extension action) {
        return with(action, without(action).inOrder.size() + 1);
    }

    /** In another order, which names them all. */
    Bindings ordered(List<Extension> actions) {
        Set<String> named = new LinkedHashSet<>();
        for (Extension action : actions) {
            if (!named.add(action.id())) {
                throw Failure.usage("the " + action.title() + " is named twice");
            }
            if (position(action).isEmpty()) {
                throw Failure.usage("the " + action.title() + " is not bound").mendedBy(action.command("bind"));
            }
        }
        for (Binding binding : inOrder) {
            if (!named.contains(binding.actionId())) {
                throw Failure.usage("the Action '" + binding.actionName() + "' is bound and has no place in the order")
                        .mendedBy("name it too, or first: jeton actions unbind " + binding.actionId());
            }
        }
        return new Bindings(
                named.stream().map(this::ofAction).flatMap(Optional::stream).toList());
    }

    private Optional<Binding> ofAction(String id) {
        return inOrder.stream().filter(binding -> binding.actionId().equals(id)).findFirst();
    }

    Table table() {
        Table table = Table.headed("POSITION", "NAME", "ID");
        for (int i = 0; i < inOrder.size(); i++) {
            table.row(
                    String.valueOf(i + 1),
                    inOrder.get(i).actionName(),
                    inOrder.get(i).actionId());
        }
        return table;
    }
}
