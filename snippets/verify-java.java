// Dependency: dev.jeton:jeton-verifier
import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.jeton.verifier.Access;
import dev.jeton.verifier.AccessTokenVerifier;
import dev.jeton.verifier.Requirement;
import dev.jeton.verifier.ResourceGuard;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.concurrent.Executors;

class OrdersApi {
    private static final ResourceGuard GUARD = ResourceGuard.of(
            AccessTokenVerifier.forIssuer("{{issuer}}", "{{audience}}").build());
    private static final Requirement READ = Requirement.allScopes("read:orders");

    public static void main(String[] args) throws IOException {
        int port = Integer.parseInt(System.getenv().getOrDefault("PORT", "3000"));
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 0);
        server.setExecutor(Executors.newCachedThreadPool()); // by default, one slow request holds up all others
        server.createContext("/orders", OrdersApi::orders);
        server.start();
        System.out.println("The API is ready at http://127.0.0.1:" + server.getAddress().getPort() + "/");
    }

    private static void orders(HttpExchange exchange) throws IOException {
        List<String> authorization = exchange.getRequestHeaders().getOrDefault("Authorization", List.of());
        Access access = GUARD.check(authorization, READ);
        if (access instanceof Access.Refused refused) {
            refused.refusal().headers().forEach(exchange.getResponseHeaders()::set);
            send(exchange, refused.refusal().status(), refused.refusal().body());
        } else if (access instanceof Access.Granted granted) {
            send(exchange, 200, "orders for " + granted.token().clientId().orElseThrow());
        }
    }

    private static void send(HttpExchange exchange, int status, String body) throws IOException {
        byte[] bytes = body.getBytes(UTF_8);
        exchange.sendResponseHeaders(status, bytes.length);
        exchange.getResponseBody().write(bytes);
        exchange.close();
    }
}
