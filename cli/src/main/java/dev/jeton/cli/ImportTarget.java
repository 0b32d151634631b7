package dev.jeton.cli;

import dev.jeton.cli.ImportReport.Result;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** The server that an import goes to: creates or updates one thing and puts down what became of it. */
final class ImportTarget {
    /** What stands for the id of what a dry run would create. */
    static final String NEW_ID = "(new)";

    private static final String UNKNOWN_FIELDS = "Additional properties not allowed: ";

    private final ManagementApi api;
    private final boolean isDry;
    private final Progress.Stage stage;
    private final int total;
    private final ImportReport report = new ImportReport();
    private int begun;

    /**
     * @param isDry nothing is changed, only put down
     * @param stage where it is said how far the import is
     * @param total how many things there are to deal with
     */
    ImportTarget(ManagementApi api, boolean isDry, Progress.Stage stage, int total) {
        this.api = api;
        this.isDry = isDry;
        this.stage = stage;
        this.total = total;
    }

    ManagementApi api() {
        return api;
    }

    boolean isDry() {
        return isDry;
    }

    ImportReport report() {
        return report;
    }

    /** Deals with one thing; what the server refuses is said, and the next one comes. */
    void each(String kind, String name, Runnable step) {
        begun++;
        stage.at("importing " + begun + " of " + total + ": " + kind + " " + name);
        try {
            step.run();
        } catch (Failure failure) {
            if (failure.isUnreachable()) {
                throw failure.leaving("the import ended at the " + kind + " " + name + "; run it again to go on");
            }
            report.add(
                    kind,
                    name,
                    Result.REFUSED,
                    failure.mend().map(mend -> failure.message() + "; " + mend).orElseGet(failure::message));
        }
    }

    /**
     * Creates or updates, and says which.
     *
     * @param immutable members that stay out of an update
     * @return its id; of what a dry run would create there is none yet
     */
    String put(
            String kind,
            String name,
            String path,
            Optional<JsonNode> before,
            String idMember,
            ObjectNode wanted,
            Set<String> immutable) {
        if (before.isPresent()) {
            String id = Json.text(before.get(), idMember);
            update(kind, name, ApiPath.of(path).segment(id), before.get(), without(wanted, immutable), "");
            return id;
        }
        List<String> made = new ArrayList<>();
        String left = withoutUnknownFields(wanted, body -> {
            if (!isDry) {
                made.add(Json.text(api.postPatiently("create the " + kind, ApiPath.of(path), body), idMember));
            }
        });
        String id = made.isEmpty() ? NEW_ID : made.getFirst();
        boolean isClient = idMember.equals("client_id") && !isDry;
        report.add(kind, name, Result.CREATED, remark(isClient ? "client id " + id : "", left));
        return id;
    }

    /**
     * Updates what differs, and says whether anything did. What differs only in members that the server does not know is
     * unchanged, though it takes a refusal to find out.
     *
     * @param remark what to say of an update
     */
    void update(String kind, String name, ApiPath path, JsonNode before, ObjectNode wanted, String remark) {
        List<ObjectNode> sent = new ArrayList<>();
        String left = withoutUnknownFields(wanted, body -> {
            if (differs(before, body)) {
                patch("update the " + kind, path, body);
                sent.add(body);
            }
        });
        if (sent.isEmpty()) {
            report.add(kind, name, Result.UNCHANGED, left);
        } else {
            report.add(kind, name, Result.UPDATED, remark(remark, left));
        }
    }

    void patch(String goal, ApiPath path, ObjectNode body) {
        if (!isDry) {
            api.patchPatiently(goal, path, body);
        }
    }

    /** A request with a body. */
    interface Sending {
        void send(ObjectNode body);
    }

    /**
     * Sends; if the server does not know some members, once more without them.
     *
     * @return what was left out, for the remark; empty if nothing was
     */
    static String withoutUnknownFields(ObjectNode body, Sending sending) {
        try {
            sending.send(body);
            return "";
        } catch (Failure failure) {
            String message = failure.message();
            int at = message.indexOf(UNKNOWN_FIELDS);
            if (at < 0 || !message.endsWith("'.")) {
                throw failure;
            }
            String names = message.substring(at + UNKNOWN_FIELDS.length(), message.length() - "'.".length());
            ObjectNode fewer = without(body, Set.of(names.split(",")));
            if (fewer.size() == body.size()) {
                throw failure;
            }
            sending.send(fewer);
            return "without " + names + ", which Jeton does not know";
        }
    }

    static String remark(String first, String second) {
        return first.isEmpty() || second.isEmpty() ? first + second : first + "; " + second;
    }

    /** Whether a member of the wanted is not so already. */
    static boolean differs(JsonNode before, ObjectNode wanted) {
        return wanted.properties().stream()
                .anyMatch(member -> !isSame(before.path(member.getKey()), member.getValue()));
    }

    /** Of what is an object, only the members that are wanted count: servers add defaults. */
    private static boolean isSame(JsonNode before, JsonNode wanted) {
        if (wanted instanceof ObjectNode object && before.isObject()) {
            return !differs(before, object);
        }
        boolean isNothing = before.isMissingNode() && wanted.isContainer() && wanted.isEmpty();
        return isNothing || before.equals(wanted);
    }

    static ObjectNode without(JsonNode json, Set<String> names) {
        ObjectNode copy = (ObjectNode) json.deepCopy();
        copy.remove(names);
        return copy;
    }
}
