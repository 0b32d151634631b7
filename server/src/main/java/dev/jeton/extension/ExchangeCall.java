package dev.jeton.extension;

import dev.jeton.client.Client;
import dev.jeton.http.Form;
import dev.jeton.http.Request;
import dev.jeton.oauth.Audience;
import dev.jeton.oauth.ScopeSet;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.util.HexFormat;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonGenerator;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** One call of a bundle, from the request until what was decided. */
final class ExchangeCall {
    private static final JsonMapper JSON = JsonMapper.shared();
    /** What no code is shown of a request's parameters. */
    private static final Set<String> CREDENTIALS = Set.of("client_secret", "client_assertion");

    private static final int MAX_LANGUAGE = 64;

    /** Drawn, not counted, so that code in a worker cannot answer a call that it was not given. */
    private final String id;

    private final @Nullable String requestId;
    private final byte[] line;
    private final CompletableFuture<Decision> decision = new CompletableFuture<>();

    private ExchangeCall(String id, @Nullable String requestId, byte[] line) {
        this.id = id;
        this.requestId = requestId;
        this.line = line;
    }

    /**
     * The call for a request of a token.
     *
     * @param scope about to be granted
     * @param asked the scope that the request named; empty if none
     * @param host of the issuer
     */
    static ExchangeCall of(
            Client client,
            Audience audience,
            ScopeSet scope,
            ScopeSet asked,
            Request request,
            String host,
            RandomGenerator random) {
        String id = draw(random);
        ByteArrayOutputStream out = new ByteArrayOutputStream(512);
        try (JsonGenerator json = JSON.createGenerator(out)) {
            json.writeStartObject();
            json.writeStringProperty("id", id);
            json.writeObjectPropertyStart("call");
            json.writeObjectPropertyStart("client");
            json.writeStringProperty("name", client.name());
            json.writeStringProperty("id", client.id().value());
            json.writeStringProperty("tenant", host);
            json.writeObjectPropertyStart("metadata");
            client.metadata().forEach(json::writeStringProperty);
            json.writeEndObject();
            json.writeEndObject();
            write(json, "scope", scope);
            json.writeStringProperty("audience", audience.value());
            json.writeStringProperty("ip", request.address());
            json.writeStringProperty("userAgent", request.userAgent());
            write(json, "requestedScope", asked);
            write(json, request, host);
            json.writeEndObject();
            json.writeEndObject();
        }
        out.write('\n');
        return new ExchangeCall(id, request.id(), out.toByteArray());
    }

    /** The call for a sample of a request; {@code sample} as the protocol has the member {@code call}. */
    static ExchangeCall ofSample(ObjectNode sample, RandomGenerator random) {
        String id = draw(random);
        ObjectNode call = JSON.createObjectNode().put("id", id);
        call.set("call", sample);
        ByteArrayOutputStream out = new ByteArrayOutputStream(512);
        out.writeBytes(JSON.writeValueAsBytes(call));
        out.write('\n');
        return new ExchangeCall(id, null, out.toByteArray());
    }

    private static String draw(RandomGenerator random) {
        byte[] drawn = new byte[12];
        random.nextBytes(drawn);
        return HexFormat.of().formatHex(drawn);
    }

    private static void write(JsonGenerator json, String name, ScopeSet scope) {
        json.writeArrayPropertyStart(name);
        scope.values().forEach(json::writeString);
        json.writeEndArray();
    }

    private static void write(JsonGenerator json, Request request, String host) {
        json.writeObjectPropertyStart("request");
        json.writeStringProperty("method", request.method());
        json.writeStringProperty("hostname", host);
        json.writeStringProperty(
                "language",
                request.header("Accept-Language")
                        .filter(language -> language.length() <= MAX_LANGUAGE)
                        .orElse(null));
        json.writeName("body");
        json.writeTree(parameters(request));
        json.writeEndObject();
    }

    /** All parameters of a request that was found well-formed, also those that only users' code knows. */
    private static ObjectNode parameters(Request request) {
        ObjectNode parameters = JSON.createObjectNode();
        try {
            if (request.contentType().equals("application/json")) {
                if (JSON.readTree(request.body()) instanceof ObjectNode sent) {
                    parameters = sent;
                }
            } else {
                Form form = Form.parse(request.text());
                for (String name : form.names()) {
                    parameters.put(name, form.all(name).getFirst());
                }
            }
        } catch (CharacterCodingException | Form.MalformedException | JacksonException e) {
            throw new IllegalStateException("the request was found well-formed before", e);
        }
        return parameters.remove(CREDENTIALS);
    }

    String id() {
        return id;
    }

    /** The request for which it is made; null for a sample. */
    @Nullable
    String requestId() {
        return requestId;
    }

    /** Fails with an {@code OAuthException} if no worker could take the call. */
    CompletableFuture<Decision> decision() {
        return decision;
    }

    /** How long its line is. */
    int bytes() {
        return line.length;
    }

    /** What the code is told, as a line of the protocol with the worker. */
    ByteBuffer line() {
        return ByteBuffer.wrap(line);
    }
}
