package dev.jeton.tokenclient;

import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import com.sun.net.httpserver.HttpsServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.IntFunction;

/** Answers as a token endpoint would, with what a test lays down, and remembers what it was asked. */
final class FakeTokenEndpoint implements AutoCloseable {
    static final String SECRET = "the/secret of+the:client";
    static final String AUDIENCE = "https://timesheets.example.com";

    private final HttpServer http;
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final List<Request> requests = new CopyOnWriteArrayList<>();
    private volatile IntFunction<Reply> replies = FakeTokenEndpoint::token;

    record Request(String method, String path, Headers headers, String body) {}

    record Reply(int status, String body, Map<String, String> headers) {
        static Reply of(int status, String body) {
            return new Reply(status, body, Map.of());
        }

        static Reply error(int status, String error, String description) {
            return of(status, "{\"error\":\"" + error + "\",\"error_description\":\"" + description + "\"}");
        }

        Reply with(String header, String value) {
            return new Reply(status, body, Map.of(header, value));
        }
    }

    FakeTokenEndpoint() {
        this(listening());
    }

    /** Uses a server made elsewhere, as one for HTTPS. */
    FakeTokenEndpoint(HttpServer http) {
        this.http = http;
        http.setExecutor(threads);
        http.createContext("/", this::answer);
        http.start();
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

    /** The answer to the request of that number, from 1: {@code token-<number>}, for 1000 seconds. */
    static Reply token(int number) {
        return Reply.of(200, """
                {"access_token":"token-%d","expires_in":1000,"token_type":"Bearer"}""".formatted(number));
    }

    /** Lays down the answers, by the number of the request, from 1. */
    FakeTokenEndpoint answering(IntFunction<Reply> replies) {
        this.replies = replies;
        return this;
    }

    FakeTokenEndpoint answering(Reply reply) {
        return answering(number -> reply);
    }

    URI issuer() {
        String scheme = http instanceof HttpsServer ? "https" : "http";
        return URI.create(scheme + "://127.0.0.1:" + http.getAddress().getPort() + "/");
    }

    TokenClient.Builder client() {
        return TokenClient.builder(issuer(), "the-client", ClientSecret.of(SECRET), AUDIENCE)
                .random(() -> 0); // renewal at 75 % of the lifetime; the shortest pauses
    }

    List<Request> requests() {
        return requests;
    }

    int count() {
        return requests.size();
    }

    private void answer(HttpExchange exchange) throws IOException {
        try (exchange) {
            byte[] body = exchange.getRequestBody().readAllBytes();
            int number;
            synchronized (requests) {
                requests.add(new Request(
                        exchange.getRequestMethod(),
                        exchange.getRequestURI().toString(),
                        exchange.getRequestHeaders(),
                        new String(body, StandardCharsets.UTF_8)));
                number = requests.size();
            }
            Reply reply = replies.apply(number);
            byte[] answer = reply.body().getBytes(StandardCharsets.UTF_8);
            reply.headers().forEach(exchange.getResponseHeaders()::set);
            exchange.sendResponseHeaders(reply.status(), answer.length == 0 ? -1 : answer.length);
            exchange.getResponseBody().write(answer);
        }
    }

    @Override
    public void close() {
        http.stop(0);
        threads.shutdownNow();
    }
}
