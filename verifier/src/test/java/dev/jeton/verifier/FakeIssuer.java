package dev.jeton.verifier;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;

/** An issuer on a free port of this machine, whose answers a test sets. */
final class FakeIssuer implements AutoCloseable {
    /** One answer, however broken. */
    @FunctionalInterface
    interface Answer {
        void send(HttpExchange exchange) throws IOException;
    }

    private final HttpServer server;
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final AtomicInteger jwksRequests = new AtomicInteger();
    private volatile Answer metadata;
    private volatile Answer jwks = json(TestKey.jwks(TestKey.RSA.jwk("'kid':'rsa'")));

    FakeIssuer() {
        try {
            server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        metadata = json("{\"issuer\":\"" + issuer() + "\",\"jwks_uri\":\"" + issuer() + "keys\"}");
        server.setExecutor(threads);
        server.createContext("/.well-known/openid-configuration", exchange -> metadata.send(exchange));
        server.createContext("/keys", exchange -> {
            jwksRequests.incrementAndGet();
            jwks.send(exchange);
        });
        server.start();
    }

    String issuer() {
        return "http://127.0.0.1:" + server.getAddress().getPort() + "/";
    }

    /** How often the keys were asked for. */
    int jwksRequests() {
        return jwksRequests.get();
    }

    FakeIssuer metadata(Answer answer) {
        metadata = answer;
        return this;
    }

    FakeIssuer jwks(Answer answer) {
        jwks = answer;
        return this;
    }

    FakeIssuer publish(String... jwks) {
        return jwks(json(TestKey.jwks(jwks)));
    }

    static Answer json(String body) {
        return answer(200, body);
    }

    static Answer answer(int status, String body) {
        return exchange -> {
            byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(status, bytes.length == 0 ? -1 : bytes.length);
            exchange.getResponseBody().write(bytes);
            exchange.close();
        };
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }
}
