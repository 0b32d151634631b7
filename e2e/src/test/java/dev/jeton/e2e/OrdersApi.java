package dev.jeton.e2e;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.jeton.verifier.Access;
import dev.jeton.verifier.AccessToken;
import dev.jeton.verifier.AccessTokenVerifier;
import dev.jeton.verifier.Refusal;
import dev.jeton.verifier.Requirement;
import dev.jeton.verifier.ResourceGuard;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.Executors;

/** The API of docs/verify.md that has no framework, only the JDK. */
final class OrdersApi {
    private static final Requirement READ = Requirement.allScopes("read:orders");

    private final ResourceGuard guard;

    OrdersApi(String issuer) {
        AccessTokenVerifier verifier = AccessTokenVerifier.forIssuer(issuer, "https://orders.example.com")
                .build();
        guard = ResourceGuard.of(verifier);
    }

    HttpServer start() throws IOException {
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(Executors.newCachedThreadPool()); // by default, one slow request holds up all others
        server.createContext("/orders", this::orders);
        server.start();
        return server;
    }

    private void orders(HttpExchange exchange) throws IOException {
        List<String> authorization = exchange.getRequestHeaders().getOrDefault("Authorization", List.of());
        Access access = guard.check(authorization, READ);
        if (access instanceof Access.Refused refused) {
            refuse(exchange, refused.refusal());
            return;
        }
        AccessToken token = ((Access.Granted) access).token();
        send(exchange, 200, "{\"orders\":[],\"for\":\"" + token.clientId().orElseThrow() + "\"}");
    }

    private static void refuse(HttpExchange exchange, Refusal refusal) throws IOException {
        refusal.headers().forEach(exchange.getResponseHeaders()::set);
        send(exchange, refusal.status(), refusal.body());
    }

    private static void send(HttpExchange exchange, int status, String body) throws IOException {
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        exchange.sendResponseHeaders(status, bytes.length);
        exchange.getResponseBody().write(bytes);
        exchange.close();
    }
}
