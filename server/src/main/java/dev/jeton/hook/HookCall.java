package dev.jeton.hook;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.node.ObjectNode;

/** One call of the Hook, from the request until the worker's answer. */
final class HookCall {
    /** What the Hook is told. */
    record Arguments(
            String clientId,
            String clientName,
            String tenant,
            Map<String, String> metadata,
            Iterable<String> scope,
            String audience,
            String ip,
            @Nullable String userAgent) {}

    private static final JsonFactory JSON = new JsonFactory();

    /** Drawn, not counted, so that code in a worker cannot answer a call that it was not given. */
    private final String id;

    private final Arguments arguments;
    private final String requestId;
    private final long deadlineNanos;
    private final CompletableFuture<ObjectNode> claims = new CompletableFuture<>();

    HookCall(Arguments arguments, String requestId, long deadlineNanos, RandomGenerator random) {
        byte[] drawn = new byte[12];
        random.nextBytes(drawn);
        this.id = HexFormat.of().formatHex(drawn);
        this.arguments = arguments;
        this.requestId = requestId;
        this.deadlineNanos = deadlineNanos;
    }

    String id() {
        return id;
    }

    String requestId() {
        return requestId;
    }

    /** In the time of {@link System#nanoTime}. */
    long deadlineNanos() {
        return deadlineNanos;
    }

    /** The second argument of the Hook's callback, or an {@code OAuthException}. */
    CompletableFuture<ObjectNode> claims() {
        return claims;
    }

    /** A line of the protocol with the worker. */
    byte[] line() {
        ByteArrayOutputStream out = new ByteArrayOutputStream(512);
        try (JsonGenerator json = JSON.createGenerator(ObjectWriteContext.empty(), out)) {
            json.writeStartObject();
            json.writeStringProperty("id", id);
            json.writeObjectPropertyStart("call");
            json.writeObjectPropertyStart("client");
            json.writeStringProperty("name", arguments.clientName());
            json.writeStringProperty("id", arguments.clientId());
            json.writeStringProperty("tenant", arguments.tenant());
            json.writeObjectPropertyStart("metadata");
            arguments.metadata().forEach(json::writeStringProperty);
            json.writeEndObject();
            json.writeEndObject();
            json.writeArrayPropertyStart("scope");
            arguments.scope().forEach(json::writeString);
            json.writeEndArray();
            json.writeStringProperty("audience", arguments.audience());
            json.writeStringProperty("ip", arguments.ip());
            json.writeStringProperty("userAgent", arguments.userAgent());
            json.writeEndObject();
            json.writeEndObject();
        }
        out.writeBytes("\n".getBytes(StandardCharsets.US_ASCII));
        return out.toByteArray();
    }
}
