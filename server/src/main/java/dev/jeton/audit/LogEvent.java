package dev.jeton.audit;

import dev.jeton.oauth.RefusalReason;
import dev.jeton.oauth.RefusalReason.Check;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * A record of the log as it is shown; null is what its type does not have.
 *
 * @param logId its place in the log: 56 digits that sort as the log does
 * @param at when it was decided
 * @param details the object of the same name in the JSON
 */
public record LogEvent(
        String logId,
        Instant at,
        String type,
        String description,
        @Nullable String clientId,
        @Nullable String clientName,
        @Nullable String userId,
        @Nullable String userName,
        String ip,
        @Nullable String userAgent,
        @Nullable String audience,
        @Nullable String scope,
        ObjectNode details) {
    /** A token was issued. */
    public static final String TOKEN_ISSUED = "seccft";
    /** A token was refused; a folded row stands for several. */
    public static final String TOKEN_REFUSED = "feccft";

    private static final DateTimeFormatter DATE =
            DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSS'Z'").withZone(ZoneOffset.UTC);

    static LogEvent of(TokenRow.Stored stored) {
        TokenRow row = stored.row();
        boolean granted = row.kind() == TokenRow.Kind.GRANTED;
        String refusal = row.description() == null ? "" : row.description();
        return new LogEvent(
                LogPosition.ofToken(stored.key()).logId(),
                Instant.ofEpochMilli(row.atMs()),
                granted ? TOKEN_ISSUED : TOKEN_REFUSED,
                granted ? "Client Credentials for Access Token" : refusal,
                row.clientId(),
                row.clientName(),
                null,
                null,
                row.ip(),
                row.userAgent(),
                row.audience(),
                row.scope(),
                details(row, LogPosition.ofToken(stored.key()).logId()));
    }

    /** A run of users' code is known by the id of its event. */
    private static ObjectNode details(TokenRow row, String logId) {
        ObjectNode details = JsonNodeFactory.instance.objectNode();
        ObjectNode actions = details.putObject("actions");
        ArrayNode executions = actions.putArray("executions");
        if (row.execution() != null) {
            executions.add(logId);
            actions.setAll((ObjectNode) JsonMapper.shared().readTree(row.execution()));
        }
        putIfThere(details, "access_token_jti", row.jti());
        putIfThere(details, "error", row.error());
        putIfThere(details, "reason", row.reason());
        if (row.reasonCode() != null) {
            details.put("reason_code", row.reasonCode());
            RefusalReason.find(row.reasonCode())
                    .flatMap(RefusalReason::failed)
                    .ifPresent(failed -> details.set("checks", checks(failed)));
            putIfThere(details, "resource_server_id", row.resourceServerId());
            putIfThere(details, "granted_scope", row.granted());
        }
        details.put("request_id", row.requestId());
        if (row.kind() == TokenRow.Kind.FOLDED) {
            details.put("count", row.count());
        }
        return details;
    }

    /** All checks in their order, with what came of them. */
    private static ArrayNode checks(Check failed) {
        ArrayNode checks = JsonNodeFactory.instance.arrayNode();
        for (Check check : Check.values()) {
            int order = check.compareTo(failed);
            checks.addObject()
                    .put("check", check.wireName())
                    .put("outcome", order < 0 ? "passed" : order == 0 ? "failed" : "not_reached");
        }
        return checks;
    }

    private static void putIfThere(ObjectNode object, String name, @Nullable String value) {
        if (value != null) {
            object.put(name, value);
        }
    }

    static LogEvent of(ChangeEventStore.Row row) {
        ObjectNode details = (ObjectNode) JsonMapper.shared().readTree(row.details());
        details.put("request_id", row.requestId());
        return new LogEvent(
                LogPosition.ofChange(row.logMs()).logId(),
                Instant.ofEpochMilli(row.atMs()),
                row.type(),
                row.description(),
                row.clientId(),
                row.clientName(),
                row.userId(),
                row.userName(),
                row.ip(),
                row.userAgent(),
                null,
                null,
                details);
    }

    /** When it was decided, as it is shown. */
    String date() {
        return DATE.format(at);
    }

    /**
     * The event as Auth0 shows it.
     *
     * @param hostname the host of the issuer
     * @param tenantName the name of this server's tenant
     */
    public ObjectNode toJson(String hostname, String tenantName) {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        json.put("_id", logId);
        json.put("log_id", logId);
        json.put("id", logId);
        json.put("date", date());
        json.put("type", type);
        json.put("description", description);
        json.put("connection", (String) null);
        json.put("connection_id", "");
        json.put("organization_id", (String) null);
        json.put("organization_name", (String) null);
        json.put("client_id", clientId);
        json.put("client_name", clientName == null ? "" : clientName);
        json.put("ip", ip);
        json.put("client_ip", ip);
        json.put("user_agent", userAgent);
        json.put("hostname", hostname);
        json.put("user_id", userId == null ? "" : userId);
        json.put("user_name", userName == null ? "" : userName);
        json.put("audience", audience);
        json.put("scope", scope);
        json.put("strategy", (String) null);
        json.put("strategy_type", (String) null);
        json.putObject("$event_schema").put("version", "1.0.0");
        json.put("environment_name", tenantName);
        json.put("tenant_name", tenantName);
        json.put("isMobile", false);
        json.putObject("location_info");
        json.set("details", details.deepCopy());
        return json;
    }
}
