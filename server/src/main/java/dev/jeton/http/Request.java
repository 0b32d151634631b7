package dev.jeton.http;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** One HTTP request, whole: its body has arrived and is no longer than its route allows. */
public final class Request {
    private static final int MAX_USER_AGENT = 256;

    /** The header fields, looked up in any case; more than one value where a field was repeated. */
    @FunctionalInterface
    public interface Headers {
        List<String> all(String name);
    }

    private final String id;
    private final String method;
    private final String path;
    private final @Nullable String rawQuery;
    private final Headers headers;
    private final String address;
    private final byte[] body;
    private final Map<String, String> pathParameters;
    private @Nullable Form query;

    public Request(
            String id,
            String method,
            String path,
            @Nullable String rawQuery,
            Headers headers,
            String address,
            byte[] body,
            Map<String, String> pathParameters) {
        this.id = id;
        this.method = method;
        this.path = path;
        this.rawQuery = rawQuery;
        this.headers = headers;
        this.address = address;
        this.body = body;
        this.pathParameters = pathParameters;
    }

    /** What the response carries as {@code X-Auth0-RequestId}: 20 hexadecimal digits. */
    public String id() {
        return id;
    }

    public String method() {
        return method;
    }

    /** The path as it was sent, still percent-encoded. */
    public String path() {
        return path;
    }

    /** The path with its query, as it was sent. */
    public String target() {
        return rawQuery == null ? path : path + "?" + rawQuery;
    }

    /** The address that asked: the peer's, or the one that trusted proxies name. */
    public String address() {
        return address;
    }

    /** The first value of that header. */
    public Optional<String> header(String name) {
        List<String> all = headers.all(name);
        return all.isEmpty() ? Optional.empty() : Optional.of(all.getFirst());
    }

    public List<String> headers(String name) {
        return headers.all(name);
    }

    /** The {@code User-Agent}, cut to 256 characters. */
    public @Nullable String userAgent() {
        return header("User-Agent")
                .map(value -> value.length() > MAX_USER_AGENT ? value.substring(0, MAX_USER_AGENT) : value)
                .orElse(null);
    }

    /** The media type without its parameters, in lower case; empty if there is none. */
    public String contentType() {
        String value = header("Content-Type").orElse("");
        int semicolon = value.indexOf(';');
        return (semicolon < 0 ? value : value.substring(0, semicolon)).strip().toLowerCase(Locale.ROOT);
    }

    /** Not a copy. */
    public byte[] body() {
        return body;
    }

    /**
     * The body as text.
     *
     * @throws CharacterCodingException if it is not UTF-8
     */
    public String text() throws CharacterCodingException {
        return StandardCharsets.UTF_8
                .newDecoder()
                .onMalformedInput(CodingErrorAction.REPORT)
                .onUnmappableCharacter(CodingErrorAction.REPORT)
                .decode(ByteBuffer.wrap(body))
                .toString();
    }

    /** What stands in the path where its route has that name, decoded once; a plus sign is a plus sign. */
    public String pathParameter(String name) {
        String value = pathParameters.get(name);
        if (value == null) {
            throw new IllegalArgumentException("this route has no {" + name + "}");
        }
        return value;
    }

    /**
     * The parameters of the query.
     *
     * @throws Form.MalformedException if it is not form-encoded UTF-8
     */
    public Form query() {
        if (query == null) {
            query = Form.parse(rawQuery == null ? "" : rawQuery);
        }
        return query;
    }
}
