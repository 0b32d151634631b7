package dev.jeton.administrator;

import dev.jeton.http.ApiError;
import dev.jeton.http.Response;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * The one thread on which passwords are hashed: however many strangers try, it takes the memory of one hash, and one core, and
 * no worker waits for it.
 */
public final class PasswordWork implements AutoCloseable {
    private static final int MOST_WAITING = 32;

    private final ThreadPoolExecutor thread = new ThreadPoolExecutor(
            1,
            1,
            0,
            TimeUnit.SECONDS,
            new ArrayBlockingQueue<>(MOST_WAITING),
            Thread.ofPlatform().name("jeton-passwords").daemon().factory());

    /** Answers when those before are done, or 503 at once if there are too many. */
    CompletionStage<Response> answer(Supplier<Response> work) {
        try {
            return CompletableFuture.supplyAsync(work, thread);
        } catch (RejectedExecutionException _) {
            throw new ApiError(503, "Too many others are signing in; try again in a moment", "temporarily_unavailable")
                    .exception();
        }
    }

    @Override
    public void close() {
        thread.shutdownNow();
    }
}
