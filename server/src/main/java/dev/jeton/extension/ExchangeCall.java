package dev.jeton.extension;

import dev.jeton.client.Client;
import dev.jeton.http.Request;
import dev.jeton.oauth.Audience;
import dev.jeton.oauth.ScopeSet;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.HexFormat;
import java.util.concurrent.CompletableFuture;
import java.util.random.RandomGenerator;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.node.ObjectNode;

/** One call of the Hook, from the request until the worker's answer. */
final class ExchangeCall {
    private static final JsonFactory JSON = new JsonFactory();

    /** Drawn, not counted, so that code in a worker cannot answer a call that it was not given. */
    private final String id;

    private final String requestId;
    private final byte[] line;
    private final CompletableFuture<ObjectNode> claims = new CompletableFuture<>();

    ExchangeCall(
            Client client, String tenant, ScopeSet scope, Audience audience, Request request, RandomGenerator random) {
        byte[] drawn = new byte[12];
        random.nextBytes(drawn);
        this.id = HexFormat.of().formatHex(drawn);
        this.requestId = request.id();
        this.line = line(id, client, tenant, scope, audience, request);
    }

    String id() {
        return id;
    }

    String requestId() {
        return requestId;
    }

    /** The second argument of the Hook's callback, or an {@code OAuthException}. */
    CompletableFuture<ObjectNode> claims() {
        return claims;
    }

    /** What the Hook is told, as a line of the protocol with the worker. */
    ByteBuffer line() {
        return ByteBuffer.wrap(line);
    }

    private static byte[] line(
            String id, Client client, String tenant, ScopeSet scope, Audience audience, Request request) {
        ByteArrayOutputStream out = new ByteArrayOutputStream(512);
        try (JsonGenerator json = JSON.createGenerator(ObjectWriteContext.empty(), out)) {
            json.writeStartObject();
            json.writeStringProperty("id", id);
            json.writeObjectPropertyStart("call");
            json.writeObjectPropertyStart("client");
            json.writeStringProperty("name", client.name());
            json.writeStringProperty("id", client.id().value());
            json.writeStringProperty("tenant", tenant);
            json.writeObjectPropertyStart("metadata");
            client.metadata().forEach(json::writeStringProperty);
            json.writeEndObject();
            json.writeEndObject();
            json.writeArrayPropertyStart("scope");
            scope.values().forEach(json::writeString);
            json.writeEndArray();
            json.writeStringProperty("audience", audience.value());
            json.writeStringProperty("ip", request.address());
            json.writeStringProperty("userAgent", request.userAgent());
            json.writeEndObject();
            json.writeEndObject();
        }
        out.write('\n');
        return out.toByteArray();
    }
}
