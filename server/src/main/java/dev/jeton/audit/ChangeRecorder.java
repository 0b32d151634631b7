package dev.jeton.audit;

import dev.jeton.audit.AuditEvent.Change;
import dev.jeton.audit.AuditEvent.SecretRead;
import java.util.Locale;
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
        insert(transaction, change.status() < FIRST_ERROR_STATUS ? "sapi" : "fapi", change);
    }

    /** Records that secrets were shown: {@code mgmt_api_read}, with their names in {@code details.accessedSecrets}. */
    public void record(Handle transaction, SecretRead read) {
        ObjectNode secrets = json.createObjectNode();
        read.secrets().forEach(secrets.putArray("accessedSecrets")::add);
        insert(
                transaction,
                "mgmt_api_read",
                new Change(
                        read.at(),
                        read.source(),
                        "Read a secret",
                        read.caller(),
                        read.callerName(),
                        read.method(),
                        read.path(),
                        200,
                        json.writeValueAsString(secrets)));
    }

    private void insert(Handle transaction, String type, Change change) {
        AuditEvent.Source source = change.source();
        String userAgent = source.userAgent();
        ChangeEventStore.insert(
                transaction,
                new ChangeEventStore.Row(
                        store.placeChange(transaction, change.at().toEpochMilli()),
                        change.at().toEpochMilli(),
                        type,
                        TokenRow.clean(change.description(), MAX_NAME),
                        TokenRow.clean(change.caller().value(), MAX_ID),
                        TokenRow.clean(change.callerName(), MAX_NAME),
                        TokenRow.clean(source.ip(), MAX_ID),
                        userAgent == null ? null : TokenRow.clean(userAgent, MAX_NAME),
                        TokenRow.clean(source.requestId(), MAX_ID),
                        details(change)));
    }

    private String details(Change change) {
        ObjectNode details = json.createObjectNode();
        ObjectNode request = details.putObject("request");
        ObjectNode auth = request.putObject("auth");
        auth.put("strategy", "jwt");
        auth.putObject("user");
        request.put("channel", "api");
        request.put("ip", TokenRow.clean(change.source().ip(), MAX_ID));
        request.put("method", change.method().toLowerCase(Locale.ROOT));
        request.put("path", TokenRow.clean(change.path(), MAX_PATH));
        request.putObject("query");
        String userAgent = change.source().userAgent();
        if (userAgent != null) {
            request.put("userAgent", TokenRow.clean(userAgent, MAX_NAME));
        }
        details.putObject("response").put("statusCode", change.status());
        if (json.readTree(change.detailsJson()) instanceof ObjectNode more) {
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
