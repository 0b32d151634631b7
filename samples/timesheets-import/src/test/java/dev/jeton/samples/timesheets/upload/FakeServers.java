package dev.jeton.samples.timesheets.upload;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntFunction;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** A token endpoint and a Timesheets API that keeps entries in memory, on one port. */
final class FakeServers implements AutoCloseable {
    private static final JsonMapper JSON = new JsonMapper();

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

    private final HttpServer http;
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final AtomicInteger tokens = new AtomicInteger();
    private final AtomicInteger uploads = new AtomicInteger();
    private final Map<String, ObjectNode> stored = Collections.synchronizedMap(new LinkedHashMap<>());
    private final List<String> doubled = new CopyOnWriteArrayList<>();
    private final Set<String> withdrawn = ConcurrentHashMap.newKeySet();
    private volatile IntFunction<Optional<Reply>> insteadOfToken = number -> Optional.empty();
    private volatile IntFunction<Optional<Reply>> insteadOfUpload = number -> Optional.empty();
    private volatile IntFunction<Optional<Reply>> afterUpload = number -> Optional.empty();

    FakeServers() {
        try {
            http = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        http.setExecutor(threads);
        http.createContext("/oauth/token", exchange -> answer(exchange, body -> token()));
        http.createContext(
                "/timesheets/upload",
                exchange -> answer(
                        exchange, body -> upload(exchange.getRequestHeaders().getFirst("Authorization"), body)));
        http.start();
    }

    private interface Handler {
        Reply reply(String body);
    }

    private static void answer(HttpExchange exchange, Handler handler) throws IOException {
        try (exchange) {
            Reply reply = handler.reply(new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8));
            byte[] body = reply.body().getBytes(StandardCharsets.UTF_8);
            reply.headers().forEach(exchange.getResponseHeaders()::set);
            exchange.sendResponseHeaders(reply.status(), body.length == 0 ? -1 : body.length);
            exchange.getResponseBody().write(body);
        }
    }

    private Reply token() {
        int number = tokens.incrementAndGet();
        return insteadOfToken.apply(number).orElseGet(() -> Reply.of(200, """
                {"access_token":"token-%d","scope":"batch:upload","expires_in":86400,"token_type":"Bearer"}""".formatted(number)));
    }

    private Reply upload(String authorization, String body) {
        int number = uploads.incrementAndGet();
        Optional<Reply> instead = insteadOfUpload.apply(number);
        if (instead.isPresent()) {
            return instead.get();
        }
        if (!authorization.startsWith("Bearer token-") || withdrawn.contains(authorization.substring(7))) {
            return Reply.error(401, "invalid_token", "The token was withdrawn");
        }
        Reply reply = store(JSON.readTree(body));
        return afterUpload.apply(number).orElse(reply);
    }

    private Reply store(JsonNode entry) {
        String id = entry.path("entry_id").asString();
        if (entry.path("project").asString().equals("Unknown")) {
            return Reply.of(400, """
                    {"error":"invalid_entry","error_description":"There is no such project","field":"project"}""");
        }
        synchronized (stored) {
            ObjectNode before = stored.get(id);
            if (before == null) {
                ObjectNode added = ((ObjectNode) entry.deepCopy())
                        .put("id", stored.size() + 14)
                        .put("approved", false);
                stored.put(id, added);
                return Reply.of(201, added.toString());
            }
            doubled.add(id);
            ObjectNode content = before.deepCopy();
            content.remove(List.of("id", "approved"));
            return content.equals(entry)
                    ? Reply.of(200, before.toString())
                    : Reply.error(409, "conflict", "This entry_id is there with other content");
        }
    }

    /** Answers the token endpoint gives instead of tokens, by the number of the request, from 1. */
    void insteadOfToken(IntFunction<Optional<Reply>> replies) {
        insteadOfToken = replies;
    }

    /** Answers the API gives without looking at the entry, by the number of the request, from 1. */
    void insteadOfUpload(IntFunction<Optional<Reply>> replies) {
        insteadOfUpload = replies;
    }

    /** Answers the API gives after it has stored the entry, by the number of the request, from 1. */
    void afterUpload(IntFunction<Optional<Reply>> replies) {
        afterUpload = replies;
    }

    void withdraw(String token) {
        withdrawn.add(token);
    }

    String url() {
        return "http://127.0.0.1:" + http.getAddress().getPort();
    }

    Map<String, String> environment() {
        return Map.of(
                "JETON_ISSUER",
                url() + "/",
                "JETON_CLIENT_ID",
                "import-job",
                "JETON_CLIENT_SECRET",
                "the-secret-of-the-job",
                "TIMESHEETS_URL",
                url());
    }

    int tokenRequests() {
        return tokens.get();
    }

    int uploads() {
        return uploads.get();
    }

    List<ObjectNode> stored() {
        synchronized (stored) {
            return new ArrayList<>(stored.values());
        }
    }

    /** The entries that were sent when they were there already. */
    List<String> sentAgain() {
        return doubled;
    }

    @Override
    public void close() {
        http.stop(0);
        threads.shutdownNow();
    }
}
