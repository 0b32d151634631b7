package dev.jeton.e2e;

import dev.jeton.e2e.ManagementApi.Job;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import tools.jackson.databind.json.JsonMapper;

/**
 * Token requests without a pause, each thread over a connection of its own, until it is stopped; with a short one after a
 * 503 and while nothing answers.
 */
public final class TokenLoad implements AutoCloseable {
    private static final JsonMapper JSON = JsonMapper.shared();
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final Duration WITHOUT_SERVER = Duration.ofMillis(20);

    /**
     * What came back whole; a request that was cut off is none.
     *
     * @param jti of the token, if it is one
     * @param nanos when it came, by {@link System#nanoTime}
     * @param askedNanos when it was asked for, likewise
     */
    public record Answer(int status, String requestId, Optional<String> jti, String body, long nanos, long askedNanos) {
        /** How long the client waited for it. */
        public Duration took() {
            return Duration.ofNanos(nanos - askedNanos);
        }
    }

    private final URI endpoint;
    private final String body;
    private final List<Thread> threads = new ArrayList<>();
    private final Queue<Answer> answers = new ConcurrentLinkedQueue<>();
    private final AtomicInteger count = new AtomicInteger();
    private final Queue<String> cutOff = new ConcurrentLinkedQueue<>();
    private volatile boolean enough;

    /**
     * Begins at once.
     *
     * @param base where the server listens, with a slash at its end
     */
    public static TokenLoad start(String base, Job job, int threads) {
        TokenLoad load = new TokenLoad(base, job);
        for (int thread = 0; thread < threads; thread++) {
            load.threads.add(Thread.ofPlatform().name("load-" + thread).start(load::ask));
        }
        return load;
    }

    private TokenLoad(String base, Job job) {
        this.endpoint = URI.create(base + "oauth/token");
        this.body = JSON.writeValueAsString(Map.of(
                "grant_type",
                "client_credentials",
                "client_id",
                job.clientId(),
                "client_secret",
                job.secret(),
                "audience",
                job.audience()));
    }

    private void ask() {
        HttpRequest request = HttpRequest.newBuilder(endpoint)
                .timeout(PATIENCE)
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofString(body))
                .build();
        try (HttpClient http =
                HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build()) {
            while (!enough) {
                long asked = System.nanoTime();
                try {
                    Answer answer = answer(http.send(request, BodyHandlers.ofString()), asked);
                    answers.add(answer);
                    count.incrementAndGet();
                    if (answer.status() == 503) {
                        LockSupport.parkNanos(WITHOUT_SERVER.toNanos());
                    }
                } catch (IOException e) {
                    cutOff.add(e.toString());
                    LockSupport.parkNanos(WITHOUT_SERVER.toNanos());
                } catch (InterruptedException _) {
                    return;
                }
            }
        }
    }

    private static Answer answer(HttpResponse<String> response, long asked) {
        return new Answer(
                response.statusCode(),
                response.headers().firstValue("X-Auth0-RequestId").orElse(""),
                response.statusCode() == 200 ? Optional.of(jti(response.body())) : Optional.empty(),
                response.body(),
                System.nanoTime(),
                asked);
    }

    private static String jti(String body) {
        String payload = JSON.readTree(body).path("access_token").asString().split("\\.", -1)[1];
        return JSON.readTree(Base64.getUrlDecoder().decode(payload)).path("jti").asString();
    }

    /** How many answers have come so far. */
    public int count() {
        return count.get();
    }

    /** The answers so far, in about the order in which they came. */
    public List<Answer> answers() {
        return List.copyOf(answers);
    }

    /** Why requests were not answered, each of them. */
    public List<String> cutOff() {
        return List.copyOf(cutOff);
    }

    /** Asks no more; returns when the requests under way have ended. */
    @Override
    public void close() {
        enough = true;
        for (Thread thread : threads) {
            try {
                thread.join();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IllegalStateException(e);
            }
        }
    }
}
