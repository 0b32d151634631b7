package dev.jeton.http;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** What leaves for one request: a status, headers and a body, with what the request's log line says of it. */
public final class Response {
    private static final byte[] NO_BODY = {};

    /** One header field. */
    public record Header(String name, String value) {}

    /** A person, for the log line. */
    record User(String id, String name) {}

    private final int status;
    private final List<Header> headers;
    private final byte[] body;
    private final @Nullable String clientId;
    private final @Nullable User user;
    private final @Nullable String errorCode;
    private final @Nullable UnaryOperator<Response> lastLook;

    private Response(
            int status, List<Header> headers, byte[] body, @Nullable String clientId, @Nullable String errorCode) {
        this(status, headers, body, clientId, null, errorCode, null);
    }

    private Response(
            int status,
            List<Header> headers,
            byte[] body,
            @Nullable String clientId,
            @Nullable User user,
            @Nullable String errorCode,
            @Nullable UnaryOperator<Response> lastLook) {
        this.status = status;
        this.headers = headers;
        this.body = body;
        this.clientId = clientId;
        this.user = user;
        this.errorCode = errorCode;
        this.lastLook = lastLook;
    }

    /** An answer without a body; RFC 9110 §15.3.5 for 204. */
    public static Response empty(int status) {
        return new Response(status, List.of(), NO_BODY, null, null);
    }

    /** {@code json} is the text of the body, already encoded in UTF-8. */
    public static Response json(int status, byte[] json) {
        return of(status, "application/json; charset=utf-8", json);
    }

    public static Response json(int status, String json) {
        return json(status, json.getBytes(StandardCharsets.UTF_8));
    }

    /** An answer with any media type. */
    public static Response of(int status, String contentType, byte[] body) {
        return new Response(status, List.of(new Header("Content-Type", contentType)), body, null, null);
    }

    /** An answer with exactly these headers: for hot paths that share one list. */
    public static Response of(int status, List<Header> headers, byte[] body) {
        return new Response(status, headers, body, null, null);
    }

    /** The same with one header more. */
    public Response with(String name, String value) {
        List<Header> more = new ArrayList<>(headers);
        more.add(new Header(name, value));
        return new Response(status, List.copyOf(more), body, clientId, user, errorCode, lastLook);
    }

    /** The same, with the client and the error code that its log line names. */
    public Response about(@Nullable String client, @Nullable String error) {
        return new Response(status, headers, body, client, user, error, lastLook);
    }

    /** The same, with the administrator that its log line names. */
    public Response by(String userId, String userName) {
        return new Response(status, headers, body, clientId, new User(userId, userName), errorCode, lastLook);
    }

    /**
     * The same, unless that has another one leave in its stead: it is asked on the event loop, when the answer is about to
     * be written, however long it has waited for that.
     */
    public Response withLastLook(UnaryOperator<Response> look) {
        return new Response(status, headers, body, clientId, user, errorCode, look);
    }

    /** What is to be written now. */
    Response leaving() {
        return lastLook == null ? this : lastLook.apply(this);
    }

    public int status() {
        return status;
    }

    public List<Header> headers() {
        return headers;
    }

    /** The first value of that header, the name in any case. */
    public Optional<String> header(String name) {
        return headers.stream()
                .filter(header -> header.name().equalsIgnoreCase(name))
                .map(Header::value)
                .findFirst();
    }

    /** Not a copy: whoever made the response leaves the bytes alone. */
    public byte[] body() {
        return body;
    }

    Optional<String> clientId() {
        return Optional.ofNullable(clientId);
    }

    Optional<User> user() {
        return Optional.ofNullable(user);
    }

    Optional<String> errorCode() {
        return Optional.ofNullable(errorCode);
    }
}
