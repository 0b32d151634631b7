package dev.jeton.e2e.attack;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jeton.e2e.Await;
import dev.jeton.e2e.ManagementApi;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import tools.jackson.databind.json.JsonMapper;

/** Somebody with right credentials who asks for tokens while others attack, and comes anew every few requests. */
final class HealthyClient implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final int REQUESTS_OF_A_CONNECTION = 10;
    private static final long PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(30);
    /** A server may end a connection that it thinks idle just when it is used; then one asks again. */
    private static final int ATTEMPTS = 3;

    private final Victim victim;
    private final HttpRequest request;
    private final List<Long> nanos = new CopyOnWriteArrayList<>();
    private final List<String> failures = new CopyOnWriteArrayList<>();
    private final Thread thread;
    private volatile boolean enough;

    private HealthyClient(Victim victim) {
        this.victim = victim;
        String body = JsonMapper.shared()
                .writeValueAsString(Map.of(
                        "grant_type",
                        "client_credentials",
                        "client_id",
                        ManagementApi.BOOTSTRAP.get("JETON_BOOTSTRAP_CLIENT_ID"),
                        "client_secret",
                        ManagementApi.BOOTSTRAP.get("JETON_BOOTSTRAP_CLIENT_SECRET"),
                        "audience",
                        victim.issuer() + "api/v2/"));
        this.request = HttpRequest.newBuilder(URI.create(victim.issuer() + "oauth/token"))
                .timeout(PATIENCE)
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofString(body))
                .build();
        this.thread = Thread.ofPlatform().name("healthy-client").start(this::run);
    }

    static HealthyClient start(Victim victim) {
        return new HealthyClient(victim);
    }

    private void run() {
        try {
            while (!enough) {
                try (HttpClient http =
                        HttpClient.newBuilder().sslContext(victim.trust()).build()) {
                    for (int i = 0; i < REQUESTS_OF_A_CONNECTION && !enough; i++) {
                        ask(http);
                        LockSupport.parkNanos(PAUSE_NANOS);
                    }
                }
            }
        } catch (Exception e) {
            failures.add(e.toString());
        }
    }

    private void ask(HttpClient http) throws InterruptedException {
        long began = System.nanoTime();
        IOException last = null;
        for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
            try {
                HttpResponse<String> response = http.send(request, BodyHandlers.ofString());
                nanos.add(System.nanoTime() - began);
                if (response.statusCode() != 200 || !response.body().contains("\"access_token\"")) {
                    failures.add(response.statusCode() + " " + response.body());
                }
                return;
            } catch (IOException e) {
                last = e;
            }
        }
        failures.add(String.valueOf(last));
    }

    /** Returns when it was answered so many times more. */
    void awaitAnswers(int more) throws Exception {
        int before = nanos.size();
        Await.until(
                "a healthy client has " + more + " more answers",
                () -> nanos.size() >= before + more || !failures.isEmpty() || !thread.isAlive());
    }

    /** Every request was answered with a token. */
    void assertServed(String during) {
        close();
        List<Long> sorted = new ArrayList<>(nanos);
        sorted.sort(null);
        assertThat(failures).as("answers to a healthy client during %s", during).isEmpty();
        assertThat(sorted).isNotEmpty();
        System.out.printf(
                "%s: %d healthy requests, p50 %.1f ms, p99 %.1f ms, longest %.1f ms%n",
                during, sorted.size(), ms(sorted, 0.5), ms(sorted, 0.99), ms(sorted, 1));
    }

    private static double ms(List<Long> sorted, double quantile) {
        return sorted.get((int) Math.ceil(quantile * sorted.size()) - 1) / 1e6;
    }

    @Override
    public void close() {
        enough = true;
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }
}
