package dev.jeton.e2e.cluster;

import dev.jeton.e2e.Await;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Predicate;

/** One request that is sent again and again, by each thread over a connection of its own, and what came of it when. */
final class Asking implements AutoCloseable {
    private static final Duration BETWEEN_REQUESTS = Duration.ofMillis(2);

    /**
     * An answer that came whole.
     *
     * @param honoured whether it gives what is to be withdrawn
     * @param began when the request was sent, by {@link System#nanoTime}
     * @param ended when the answer had come
     */
    record Answer(int status, boolean honoured, long began, long ended) {}

    private final HttpRequest request;
    private final Predicate<HttpResponse<String>> honours;
    private final List<Thread> threads = new ArrayList<>();
    private final Queue<Answer> answers = new ConcurrentLinkedQueue<>();
    private volatile boolean enough;

    private Asking(HttpRequest request, Predicate<HttpResponse<String>> honours) {
        this.request = request;
        this.honours = honours;
    }

    /** Begins at once. */
    static Asking start(HttpRequest request, Predicate<HttpResponse<String>> honours, int threads) {
        Asking asking = new Asking(request, honours);
        for (int thread = 0; thread < threads; thread++) {
            asking.threads.add(Thread.ofPlatform().name("asking-" + thread).start(asking::ask));
        }
        return asking;
    }

    private void ask() {
        try (HttpClient http =
                HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build()) {
            while (!enough) {
                long began = System.nanoTime();
                try {
                    HttpResponse<String> response = http.send(request, BodyHandlers.ofString());
                    answers.add(new Answer(response.statusCode(), honours.test(response), began, System.nanoTime()));
                } catch (IOException _) {
                    // Cut off: no answer.
                }
                LockSupport.parkNanos(BETWEEN_REQUESTS.toNanos());
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    /** The answers so far, in about the order in which they came. */
    List<Answer> answers() {
        return List.copyOf(answers);
    }

    /** Waits until a request that began after that moment has been answered. */
    void awaitAnswerAfter(long nanos) throws Exception {
        Await.until("an answer comes", () -> answers.stream().anyMatch(answer -> answer.began() - nanos > 0));
    }

    /** Waits until so many answers have honoured what is not yet withdrawn. */
    void awaitHonoured(long count) throws Exception {
        Await.until(
                "it is honoured",
                () -> answers.stream().filter(Answer::honoured).count() >= count);
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
