package dev.jeton.e2e;

import dev.jeton.tokenclient.ClientSecret;
import dev.jeton.tokenclient.Token;
import dev.jeton.tokenclient.TokenClient;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;

/** The program of docs/verify.md that calls the {@link OrdersApi}. */
final class OrdersJob implements AutoCloseable {
    private final HttpClient http = HttpClient.newHttpClient();
    private final URI orders;
    private final TokenClient tokens;

    OrdersJob(String issuer, String clientId, String secret, URI orders) {
        this.orders = orders;
        this.tokens = TokenClient.builder(
                        URI.create(issuer), clientId, ClientSecret.of(secret), "https://orders.example.com")
                .build();
    }

    String orders() throws IOException, InterruptedException {
        Token token = tokens.token();
        HttpResponse<String> answer = get(token);
        if (answer.statusCode() == 401) { // withdrawn, or its key was: another one, once
            tokens.discard(token);
            answer = get(tokens.token());
        }
        return answer.body();
    }

    private HttpResponse<String> get(Token token) throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(orders)
                .header("Authorization", token.authorization())
                .build();
        return http.send(request, HttpResponse.BodyHandlers.ofString());
    }

    @Override
    public void close() {
        tokens.close();
        http.close();
    }
}
