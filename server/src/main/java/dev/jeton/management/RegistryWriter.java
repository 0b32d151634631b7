package dev.jeton.management;

import dev.jeton.audit.AuditEvent;
import dev.jeton.audit.ChangeRecorder;
import dev.jeton.http.Response;
import dev.jeton.storage.ChangeFeed;
import dev.jeton.storage.Database;
import java.time.InstantSource;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;
import tools.jackson.databind.node.StringNode;

/**
 * Answers of the management API that leave a record. A change and its record share one transaction, and when the answer
 * leaves, this node's views have seen it, or could not look and are not relied on for longer than {@link
 * ChangeFeed#MOST_STALE}.
 */
public final class RegistryWriter {
    private static final Logger LOG = LoggerFactory.getLogger(RegistryWriter.class);
    private static final JsonMapper JSON = JsonMapper.shared();
    /** Members that are secrets; an answer that shows one leaves a record. */
    private static final Set<String> SECRETS = Set.of(
            "client_secret",
            "signing_secret",
            "httpAuthorization",
            "httpCustomHeaders",
            "datadogApiKey",
            "splunkToken",
            "segmentWriteKey",
            "sumoSourceAddress");
    /** What else a record does not repeat: what people write secrets into, and one-time links. */
    private static final Set<String> MASKED =
            Set.of("script", "code", "addons", "encryption_key", "mixpanelServiceAccountPassword", "url");

    private static final String MASK = "*****";
    /** The longest JSON of a member that is repeated among the changes. */
    private static final int MAX_VALUE = 4_000;

    /**
     * What a change leads to.
     *
     * @param body of the answer
     * @param tag of the new state
     * @param difference what was changed or deleted, and what became of it
     * @param effects what it did besides
     */
    public record Outcome(
            int status,
            Optional<JsonNode> body,
            Optional<EntityTag> tag,
            Optional<Difference> difference,
            List<Effect> effects) {
        public Outcome {
            effects = List.copyOf(effects);
        }

        public static Outcome of(int status, JsonNode body) {
            return new Outcome(status, Optional.of(body), Optional.empty(), Optional.empty(), List.of());
        }

        public static Outcome noContent() {
            return new Outcome(204, Optional.empty(), Optional.empty(), Optional.empty(), List.of());
        }

        public Outcome tagged(EntityTag newState) {
            return new Outcome(status, body, Optional.of(newState), difference, effects);
        }

        /**
         * The same; the record says what it was and what became of it, member by member. What it became is the answer,
         * or nothing.
         */
        public Outcome from(JsonNode entity) {
            return between(entity, body.orElseGet(JSON::createObjectNode));
        }

        /** The same, if the answer shows something else. */
        public Outcome between(JsonNode before, JsonNode after) {
            return new Outcome(status, body, tag, Optional.of(new Difference(before, after)), effects);
        }

        /** The same; the record says that it did this too, if it did it to anything. */
        public Outcome with(Effect effect) {
            return effect.count() == 0
                    ? this
                    : new Outcome(
                            status,
                            body,
                            tag,
                            difference,
                            Stream.concat(effects.stream(), Stream.of(effect)).toList());
        }
    }

    /** One entity in two states. */
    public record Difference(JsonNode before, JsonNode after) {}

    /** Changes rows in that transaction. */
    @FunctionalInterface
    public interface Change {
        Outcome in(Handle handle);
    }

    private final Database database;
    private final ChangeFeed changes;
    private final ChangeRecorder recorder;
    private final InstantSource clock;

    public RegistryWriter(Database database, ChangeFeed changes, ChangeRecorder recorder, InstantSource clock) {
        this.database = database;
        this.changes = changes;
        this.recorder = recorder;
        this.clock = clock;
    }

    /**
     * Makes a change and answers.
     *
     * @param description what was done, as Auth0 summarises the operation: "Create a client"
     * @param sent the body of the request; secrets and code in it are masked in the record
     */
    public Response write(Call call, String description, Optional<Fields> sent, Change change) {
        return writeAs(call, description, sent.map(Fields::json), change);
    }

    /**
     * Makes a change whose request is a map of secrets by their names, and answers; the record has the names.
     *
     * @param names the members of the request's body
     */
    public Response writeSecrets(Call call, String description, Collection<String> names, Change change) {
        ObjectNode sent = JSON.createObjectNode();
        names.forEach(name -> sent.put(name, MASK));
        return writeAs(call, description, Optional.of(sent), change);
    }

    private Response writeAs(Call call, String description, Optional<ObjectNode> sent, Change change) {
        Outcome outcome = database.write(handle -> {
            // Only now, after other writers or a sleep, it comes into force; and only now nobody else changes what
            // decides
            // about it, on this node or another.
            changes.catchUp();
            call.stillAllowed().run();
            Outcome made = change.in(handle);
            recorder.record(handle, record(call, description, sent, made));
            return made;
        });
        lookAtIt(call);
        Response answer = outcome.body()
                .map(body -> Response.json(outcome.status(), JSON.writeValueAsBytes(body)))
                .orElseGet(
                        () -> Response.empty(outcome.status()).with("Content-Type", "application/json; charset=utf-8"))
                .with("Cache-Control", "no-store");
        return outcome.tag().map(tag -> tagged(answer, tag)).orElse(answer);
    }

    /** It is made whether this succeeds or not: whoever were told of a failure would make it twice. */
    private void lookAtIt(Call call) {
        try {
            changes.catchUp();
        } catch (RuntimeException e) {
            LOG.atWarn()
                    .addKeyValue("request_id", call.request().id())
                    .setCause(e)
                    .log("a change was made, and cannot be seen here yet");
        }
    }

    private static Response tagged(Response answer, EntityTag tag) {
        return answer.with("ETag", tag.value());
    }

    /** Answers with one entity and the tag of its state, likewise. */
    public Response show(Call call, JsonNode entity, EntityTag tag) {
        return tagged(show(call, entity), tag);
    }

    /** Answers with what was read; if that shows secrets, who saw them is recorded before it leaves. */
    public Response show(Call call, JsonNode answer) {
        List<String> shown = SECRETS.stream()
                .filter(secret -> answer.findValue(secret) != null)
                .sorted()
                .toList();
        if (!shown.isEmpty()) {
            database.change(handle -> recorder.record(
                    handle,
                    new AuditEvent.SecretRead(
                            clock.instant(),
                            source(call),
                            call.caller().who(),
                            call.request().method(),
                            call.request().path(),
                            shown)));
        }
        return Response.json(200, JSON.writeValueAsBytes(answer)).with("Cache-Control", "no-store");
    }

    private static AuditEvent.Source source(Call call) {
        return new AuditEvent.Source(
                call.request().address(),
                call.request().userAgent(),
                call.request().id());
    }

    private AuditEvent.Change record(Call call, String description, Optional<ObjectNode> sent, Outcome outcome) {
        ObjectNode details = JSON.createObjectNode();
        ObjectNode request = details.putObject("request");
        ObjectNode credentials = request.putObject("auth").putObject("credentials");
        call.caller().scope().values().forEach(credentials.withArray("scopes")::add);
        sent.ifPresent(body -> request.set("body", masked(body)));
        outcome.body().ifPresent(body -> details.putObject("response").set("body", masked(body)));
        outcome.difference().ifPresent(two -> details.set("changes", changes(two.before(), two.after())));
        outcome.effects().forEach(effect -> {
            ObjectNode json = details.withObject("/effects").putObject(effect.name());
            json.put("count", effect.count());
            ArrayNode items = json.putArray("items");
            effect.items().forEach(item -> items.add(shortened(item)));
        });
        return new AuditEvent.Change(
                clock.instant(),
                source(call),
                description,
                call.caller().who(),
                call.request().method(),
                call.request().path(),
                outcome.status(),
                JSON.writeValueAsString(details));
    }

    /**
     * The members that differ, each with what it was and what it is. A secret that was replaced shows as masked on both
     * sides.
     */
    private static ObjectNode changes(JsonNode before, JsonNode after) {
        Set<String> names = new LinkedHashSet<>(before.propertyNames());
        names.addAll(after.propertyNames());
        ObjectNode changes = JSON.createObjectNode();
        for (String name : names) {
            if (!before.path(name).equals(after.path(name))) {
                ObjectNode change = changes.putObject(name);
                put(change, "before", name, before.get(name));
                put(change, "after", name, after.get(name));
            }
        }
        return changes;
    }

    private static void put(ObjectNode change, String side, String name, @Nullable JsonNode value) {
        if (value != null) {
            change.set(side, shortened(masked(name, value)));
        }
    }

    /** What is long stands in the request or the answer already. */
    private static JsonNode shortened(JsonNode value) {
        String text = value.toString();
        return text.length() <= MAX_VALUE ? value : StringNode.valueOf(text.length() + " characters of JSON");
    }

    private static JsonNode masked(String name, JsonNode value) {
        if (name.equals("httpEndpoint") && value.isString()) {
            return StringNode.valueOf(value.stringValue()
                    .replaceAll("//[^/@]*@", "//" + MASK + "@")
                    .replaceAll("\\?.*", "?" + MASK));
        }
        JsonNode masked = SECRETS.contains(name) || MASKED.contains(name) ? StringNode.valueOf(MASK) : masked(value);
        if (name.equals("secrets")) {
            // Copies by now. Elsewhere, as of a scope, a value is to be seen.
            masked.forEach(secret -> {
                if (secret instanceof ObjectNode object && object.has("value")) {
                    object.put("value", MASK);
                }
            });
        }
        return masked;
    }

    /** A copy without secrets and code, however deep they are. */
    private static JsonNode masked(JsonNode json) {
        return switch (json) {
            case ObjectNode object -> {
                ObjectNode masked = JSON.createObjectNode();
                object.properties()
                        .forEach(member -> masked.set(member.getKey(), masked(member.getKey(), member.getValue())));
                yield masked;
            }
            case ArrayNode array -> {
                ArrayNode masked = JSON.createArrayNode();
                array.forEach(item -> masked.add(masked(item)));
                yield masked;
            }
            default -> json;
        };
    }
}
