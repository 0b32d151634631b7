package dev.jeton.cli;

import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;
import tools.jackson.databind.JsonNode;

/** Answers as a Jeton server would, with what a test lays down, and remembers what it was asked. */
final class FakeServer implements AutoCloseable {
    private final HttpServer http;
    private final String scheme;
    private final Map<String, Function<Request, Reply>> replies = new ConcurrentHashMap<>();
    private Function<Request, Reply> otherwise =
            _ -> new Reply(404, "{\"statusCode\":404,\"error\":\"Not Found\",\"message\":\"Not Found\"}");
    private final List<Request> requests = new CopyOnWriteArrayList<>();

    /** What was asked: the path and query are as they were on the wire. */
    record Request(String method, String target, Headers headers, String body) {
        JsonNode json() {
            return Json.parse(body);
        }

        @Override
        public String toString() {
            return method + " " + target;
        }
    }

    record Reply(int status, String body, Map<String, String> headers) {
        Reply(int status, String body) {
            this(status, body, Map.of());
        }
    }

    FakeServer() {
        this(listening(), "http");
    }

    /** Uses a server made elsewhere, as one for HTTPS. */
    FakeServer(HttpServer http, String scheme) {
        this.http = http;
        this.scheme = scheme;
        http.createContext("/", this::answer);
        http.start();
        on("POST /oauth/token", 200, """
                {"access_token":"management-token","expires_in":86400,"token_type":"Bearer"}""");
    }

    static InetSocketAddress freePort() {
        return new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    }

    private static HttpServer listening() {
        try {
            return HttpServer.create(freePort(), 0);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Lays down the answer to a method and path, as {@code GET /api/v2/clients}, with or without a query. */
    FakeServer on(String methodAndTarget, int status, String json) {
        return on(methodAndTarget, _ -> new Reply(status, json));
    }

    FakeServer on(String methodAndTarget, Function<Request, Reply> reply) {
        replies.put(methodAndTarget, reply);
        return this;
    }

    /** Lays down the answer to all for which there is no other. */
    FakeServer otherwise(Function<Request, Reply> reply) {
        otherwise = reply;
        return this;
    }

    String issuer() {
        return scheme + "://127.0.0.1:" + http.getAddress().getPort() + "/";
    }

    /** What was asked of the management API, without the requests for tokens. */
    List<String> calls() {
        return requests.stream()
                .map(Request::toString)
                .filter(request -> !request.equals("POST /oauth/token"))
                .toList();
    }

    List<Request> tokenRequests() {
        return requests.stream()
                .filter(request -> request.target().equals("/oauth/token"))
                .toList();
    }

    /** The latest of that method and path, without its query. */
    Request request(String methodAndPath) {
        return requests.reversed().stream()
                .filter(request -> request.toString().replaceFirst("\\?.*", "").equals(methodAndPath))
                .findFirst()
                .orElseThrow(() -> new AssertionError("never asked: " + methodAndPath));
    }

    Request last() {
        return requests.getLast();
    }

    private void answer(HttpExchange exchange) throws IOException {
        try (exchange) {
            Request request = new Request(
                    exchange.getRequestMethod(),
                    exchange.getRequestURI().toString(),
                    exchange.getRequestHeaders(),
                    new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8));
            requests.add(request);
            Reply reply = reply(request);
            byte[] body = reply.body().getBytes(StandardCharsets.UTF_8);
            exchange.getResponseHeaders().set("Content-Type", "application/json; charset=utf-8");
            new HashMap<>(reply.headers()).forEach(exchange.getResponseHeaders()::set);
            exchange.sendResponseHeaders(reply.status(), body.length == 0 ? -1 : body.length);
            exchange.getResponseBody().write(body);
        }
    }

    private Reply reply(Request request) {
        String withoutQuery = request.toString().replaceFirst("\\?.*", "");
        Function<Request, Reply> reply = replies.getOrDefault(request.toString(), replies.get(withoutQuery));
        return (reply == null ? otherwise : reply).apply(request);
    }

    @Override
    public void close() {
        http.stop(0);
    }
}
