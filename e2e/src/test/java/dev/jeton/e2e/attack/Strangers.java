package dev.jeton.e2e.attack;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.Random;
import java.util.Set;

/** Who has no business with the server: attacks, and requests that it refuses, by chance order. */
final class Strangers implements Disturbance.Deed {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    /** 503 after a pause and while the disk is full. */
    private static final Set<Integer> REFUSALS = Set.of(400, 401, 404, 405, 413, 429, 503);

    private final Victim victim;
    private final Random random;
    private final HttpClient http =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    Strangers(Victim victim, long seed) {
        this.victim = victim;
        this.random = new Random(seed);
    }

    @Override
    public String once() throws IOException {
        return random.nextInt(3) == 0 ? attack() : refusal();
    }

    private String attack() throws IOException {
        String head = "POST /oauth/token HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n";
        String get = "GET /.well-known/jwks.json HTTP/1.1\r\nHost: x\r\n\r\n";
        return switch (random.nextInt(8)) {
            case 0 -> attack("silence", "");
            case 1 -> attack("a slow head", "GET /pem HTTP/1.1\r\nX: ");
            case 2 -> attack("a slow body", head + "Content-Length: 60000\r\n\r\n{");
            case 3 ->
                attack(
                        "a large body without an end",
                        "POST /api/v2/clients HTTP/1.1\r\nHost: x\r\n" + "Content-Length: 1048576\r\n\r\n"
                                + "x".repeat(200_000));
            case 4 -> attack("tiny fields", "GET /pem HTTP/1.1\r\n" + "a:\r\n".repeat(4_000));
            case 5 -> attack("requests without a reader", get.repeat(500));
            case 6 ->
                attack("smuggling", head + "Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n" + get);
            default ->
                attack(
                        "noise",
                        random.ints(300, 1, 128)
                                .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                                .toString());
        };
    }

    /** On some connections, which are cut after a while if they are not cut off before. */
    private String attack(String name, String octets) throws IOException {
        try (Crowd crowd = new Crowd(victim.port(), 1 + random.nextInt(60))) {
            crowd.send(octets);
            Disturbance.pause(random.nextInt(1_000));
            crowd.taking("x");
        }
        return name;
    }

    private String refusal() throws IOException {
        String known = "client_id=bootstrap&client_secret=wrong&grant_type=client_credentials&audience=x";
        return switch (random.nextInt(5)) {
            case 0 -> refusal("oauth/token", "application/x-www-form-urlencoded", known);
            case 1 -> refusal("oauth/token", "application/x-www-form-urlencoded", "client_id=x" + random.nextInt());
            case 2 -> refusal("oauth/token", "application/json", "{\"a\":" + "[".repeat(random.nextInt(1_000)));
            case 3 -> refusal("oauth/token", "application/json", "x".repeat(60_000 + random.nextInt(10_000)));
            default -> refusal("api/v2/clients", "application/json", "{}");
        };
    }

    private String refusal(String path, String contentType, String body) throws IOException {
        HttpRequest request = HttpRequest.newBuilder(URI.create(victim.issuer() + path))
                .timeout(PATIENCE)
                .header("Content-Type", contentType)
                .POST(BodyPublishers.ofString(body))
                .build();
        try {
            int status = http.send(request, BodyHandlers.discarding()).statusCode();
            if (!REFUSALS.contains(status)) {
                throw new AssertionError(status + " was answered to " + path + " with "
                        + body.substring(0, Math.min(200, body.length())));
            }
            return "refused " + status;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }
}
