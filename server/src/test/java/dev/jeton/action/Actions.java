package dev.jeton.action;

import static dev.jeton.Answers.each;

import dev.jeton.TestServer;
import java.net.http.HttpResponse;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** Asks the management API of a server for Actions. */
final class Actions {
    static final String CODE = "exports.onExecuteCredentialsExchange = async (event, api) => {};";
    static final String OTHER_CODE = CODE + " // and more";
    static final String UUID = "[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}";
    static final List<Map<String, String>> TRIGGERS = List.of(Map.of("id", "credentials-exchange", "version", "v2"));
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSS'000000Z'").withZone(ZoneOffset.UTC);

    private final TestServer server;

    Actions(TestServer server) {
        this.server = server;
    }

    /** Bound or not. */
    void deleteAll() {
        each(server.managed("GET", "actions/actions?per_page=100", null).path("actions"), "id")
                .forEach(id -> server.managed("DELETE", "actions/actions/" + id + "?force=true", null));
    }

    static Map<String, Object> body(String name, Map<String, ?> more) {
        Map<String, Object> body = new HashMap<>(Map.of("name", name, "supported_triggers", TRIGGERS, "code", CODE));
        body.putAll(more);
        return body;
    }

    HttpResponse<String> post(String name, Map<String, ?> more) {
        return server.manage("POST", "actions/actions", body(name, more));
    }

    String create(String name, Map<String, ?> more) {
        return server.managed("POST", "actions/actions", body(name, more))
                .path("id")
                .asString();
    }

    HttpResponse<String> patch(String id, Map<String, ?> body) {
        return server.manage("PATCH", "actions/actions/" + id, body);
    }

    JsonNode get(String id) {
        return server.managed("GET", "actions/actions/" + id, null);
    }

    JsonNode deploy(String id) {
        return server.managed("POST", "actions/actions/" + id + "/deploy", null);
    }

    HttpResponse<String> rollBack(String id, String version, @Nullable Object body) {
        return server.manage("POST", "actions/actions/" + id + "/versions/" + version + "/deploy", body);
    }

    JsonNode versions(String id) {
        return server.managed("GET", "actions/actions/" + id + "/versions", null)
                .path("versions");
    }

    void bind(String... ids) {
        server.managed(
                "PATCH",
                "actions/triggers/credentials-exchange/bindings",
                Map.of(
                        "bindings",
                        Stream.of(ids)
                                .map(id -> Map.of("ref", Map.of("type", "action_id", "value", id)))
                                .toList()));
    }

    JsonNode bindings() {
        return server.managed("GET", "actions/triggers/credentials-exchange/bindings", null)
                .path("bindings");
    }

    /** The server's time, as it stands in an answer. */
    String now() {
        return "\"" + TIME.format(server.clock().instant()) + "\"";
    }
}
