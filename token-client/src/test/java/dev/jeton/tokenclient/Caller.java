package dev.jeton.tokenclient;

import static dev.jeton.tokenclient.Eventually.eventually;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** A thread that asks for a token once. */
final class Caller {
    /** What came of it; {@code interrupted} is the interrupt status afterwards. */
    record Outcome(@Nullable Token token, @Nullable RuntimeException failure, boolean interrupted) {}

    private final CompletableFuture<Outcome> outcome = new CompletableFuture<>();
    private final Thread thread;

    private Caller(TokenClient client) {
        thread = new Thread(null, () -> outcome.complete(ask(client)), "caller", 64 * 1024);
        thread.start();
    }

    static Caller of(TokenClient client) {
        return new Caller(client);
    }

    private static Outcome ask(TokenClient client) {
        try {
            Token token = client.token();
            return new Outcome(token, null, Thread.currentThread().isInterrupted());
        } catch (RuntimeException failure) {
            return new Outcome(null, failure, Thread.currentThread().isInterrupted());
        }
    }

    Caller whileWaiting() {
        eventually("the caller waits", () -> thread.getState() == Thread.State.TIMED_WAITING);
        return this;
    }

    void interrupt() {
        thread.interrupt();
    }

    Outcome outcome() throws Exception {
        return outcome.get(20, TimeUnit.SECONDS);
    }

    String value() throws Exception {
        Token token = outcome().token();
        return token == null ? "none" : token.value();
    }
}
