package dev.jeton.audit;

import dev.jeton.audit.AuditEvent.Change;
import dev.jeton.audit.AuditEvent.SecretRead;
import dev.jeton.audit.AuditEvent.SignIn;
import java.util.Locale;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** Records changes of the registry in the transactions that make them, so that both are stored or neither is. */
public final class ChangeRecorder {
    private static final int MAX_ID = 64;
    private static final int MAX_NAME = 256;
    private static final int MAX_PATH = 1_024;
    private static final int FIRST_ERROR_STATUS = 400;

    private final AuditStore store;
    private final JsonMapper json = JsonMapper.shared();

    ChangeRecorder(AuditStore store) {
        this.store = store;
    }

    /**
     * Records a change in the caller's transaction: {@code sapi}, or {@code fapi} if its status is an error.
     *
     * <p>Log readers that go on from their last event see nothing newer than this change before the transaction ends, so
     * record it last and end soon.
     *
     * @param change its {@code detailsJson} is a JSON object that is merged over the event's {@code details}, such as
     *     {@code {"request":{"body":{…}},"response":{"body":{…}}}}; secrets are masked by the caller
     */
    public void record(Handle transaction, Change change) {
        String type = change.status() < FIRST_ERROR_STATUS ? "sapi" : "fapi";
        insert(
                transaction,
                type,
                change.description(),
                Optional.of(change.caller()),
                change,
                new Asked(change.method(), change.path(), change.status(), change.detailsJson()));
    }

    /** Records that secrets were shown: {@code mgmt_api_read}, with their names in {@code details.accessedSecrets}. */
    public void record(Handle transaction, SecretRead read) {
        ObjectNode secrets = json.createObjectNode();
        read.secrets().forEach(secrets.putArray("accessedSecrets")::add);
        insert(
                transaction,
                "mgmt_api_read",
                "Read a secret",
                Optional.of(read.caller()),
                read,
                new Asked(read.method(), read.path(), 200, json.writeValueAsString(secrets)));
    }

    /** Records that somebody signed in or out, or tried to. */
    public void record(Handle transaction, SignIn signIn) {
        insert(
                transaction,
                signIn.type(),
                signIn.description(),
                signIn.who(),
                signIn,
                new Asked(signIn.method(), signIn.path(), signIn.status(), signIn.detailsJson()));
    }

    /** What was asked and answered. */
    private record Asked(String method, String path, int status, String detailsJson) {}

    private void insert(
            Handle transaction,
            String type,
            String description,
            Optional<? extends Actor> who,
            AuditEvent event,
            Asked asked) {
        AuditEvent.Source source = event.source();
        String userAgent = source.userAgent();
        Optional<Actor.OfClient> client =
                who.filter(Actor.OfClient.class::isInstance).map(Actor.OfClient.class::cast);
        Optional<Actor.OfAdministrator> user =
                who.filter(Actor.OfAdministrator.class::isInstance).map(Actor.OfAdministrator.class::cast);
        ChangeEventStore.insert(
                transaction,
                new ChangeEventStore.Row(
                        store.placeChange(transaction, event.at().toEpochMilli()),
                        event.at().toEpochMilli(),
                        type,
                        TokenRow.clean(description, MAX_NAME),
                        client.map(actor -> TokenRow.clean(actor.id(), MAX_ID)).orElse(null),
                        client.map(actor -> TokenRow.clean(actor.name(), MAX_NAME))
                                .orElse(null),
                        user.map(Actor::id).orElse(null),
                        user.map(Actor::name).orElse(null),
                        TokenRow.clean(source.ip(), MAX_ID),
                        userAgent == null ? null : TokenRow.clean(userAgent, MAX_NAME),
                        TokenRow.clean(source.requestId(), MAX_ID),
                        details(source, user, asked)));
    }

    private String details(AuditEvent.Source source, Optional<Actor.OfAdministrator> signedIn, Asked asked) {
        ObjectNode details = json.createObjectNode();
        ObjectNode request = details.putObject("request");
        ObjectNode auth = request.putObject("auth");
        auth.put("strategy", signedIn.isPresent() ? "session" : "jwt");
        ObjectNode user = auth.putObject("user");
        signedIn.ifPresent(
                administrator -> user.put("user_id", administrator.id()).put("name", administrator.name()));
        request.put("channel", signedIn.isPresent() ? "dashboard" : "api");
        request.put("ip", TokenRow.clean(source.ip(), MAX_ID));
        request.put("method", asked.method().toLowerCase(Locale.ROOT));
        request.put("path", TokenRow.clean(asked.path(), MAX_PATH));
        request.putObject("query");
        String userAgent = source.userAgent();
        if (userAgent != null) {
            request.put("userAgent", TokenRow.clean(userAgent, MAX_NAME));
        }
        details.putObject("response").put("statusCode", asked.status());
        if (json.readTree(asked.detailsJson()) instanceof ObjectNode more) {
            merge(details, more);
        }
        // PostgreSQL's text has no zero character; in JSON it stands escaped, so the text itself is clean.
        return json.writeValueAsString(details);
    }

    private static void merge(ObjectNode into, ObjectNode from) {
        from.properties().forEach(member -> {
            JsonNode present = into.get(member.getKey());
            if (present instanceof ObjectNode inner && member.getValue() instanceof ObjectNode outer) {
                merge(inner, outer);
            } else {
                into.set(member.getKey(), member.getValue());
            }
        });
    }
}
