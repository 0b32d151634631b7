package dev.jeton.tokenclient;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * The token of a client, and when another is asked for. Nothing happens by itself: who asks for the token sets off what
 * is due.
 *
 * <p>What holds whenever nobody has the lock:
 * <ul>
 *   <li>{@code latest} is the acquisition that is under way or ended last. No other begins before its {@code nextTry},
 *       which lies after its deadline as long as it is under way; so there is one at most, everybody who needs a token
 *       waits for it, and one that never said how it ended holds up nobody for longer.
 *   <li>{@code kept} is the newest token that was not discarded, whether later acquisitions failed or not. Whether it may
 *       be handed out is a matter of the time alone.
 *   <li>Once it is closed, nothing changes any more.
 * </ul>
 */
final class TokenCache {
    /** Runs something after a pause, on a thread that it must not hold up. */
    @FunctionalInterface
    interface Pauses {
        void after(Duration pause, Runnable next);
    }

    private static final int MAX_TRIES = 3;

    /** An API that refuses every token must not turn each of its calls into a request for another. */
    private static final Duration BETWEEN_DISCARDS = Duration.ofSeconds(30);

    /** An acquisition ends in time by itself, and says why; who waits for it lets it speak first. */
    private static final Duration GRACE = Duration.ofSeconds(1);

    private final TokenEndpoint endpoint;
    private final Duration timeout;
    private final InstantSource clock;
    private final RandomGenerator random;
    private final BackOff backOff;
    private final Pauses pauses;

    private final Object lock = new Object();
    private volatile @Nullable KeptToken kept; // written under the lock, as all that follows is read and written
    private Acquisition latest = Acquisition.none();
    private int failures;
    private String discarded = "";
    private Instant nextDiscard = Instant.MIN;
    private boolean closed;

    TokenCache(TokenEndpoint endpoint, Duration timeout, InstantSource clock, RandomGenerator random, Pauses pauses) {
        this.endpoint = endpoint;
        this.timeout = timeout;
        this.clock = clock;
        this.random = random;
        this.backOff = new BackOff(random);
        this.pauses = pauses;
    }

    /** One go at a token, of several tries perhaps. */
    private static final class Acquisition {
        private final Instant deadline;
        /** Gives the token, or throws why there is none: to each caller an exception of its own. */
        private final CompletableFuture<Supplier<Token>> result = new CompletableFuture<>();

        private int tries;
        private Instant nextTry;

        Acquisition(Instant deadline) {
            this.deadline = deadline;
            this.nextTry = deadline.plus(GRACE);
        }

        static Acquisition none() {
            Acquisition none = new Acquisition(Instant.MIN);
            none.nextTry = Instant.MIN;
            return none;
        }
    }

    /**
     * @throws TokenException if there is none and none could be had
     * @throws IllegalStateException if this is closed
     */
    Token token() {
        KeptToken current = kept;
        if (current != null && current.isFresh(clock.instant())) {
            return current.token(); // nearly always, and without the lock
        }
        Acquisition acquisition;
        boolean begins;
        boolean usable;
        synchronized (lock) {
            if (closed) {
                throw closedException();
            }
            Instant now = clock.instant();
            current = kept;
            boolean fresh = current != null && current.isFresh(now); // another thread was first
            begins = !fresh && !now.isBefore(latest.nextTry);
            if (begins) {
                latest = new Acquisition(now.plus(timeout));
            }
            acquisition = latest;
            usable = current != null && current.isUsable(now);
        }
        if (begins) {
            tryOnce(acquisition);
        }
        return current != null && usable ? current.token() : await(acquisition);
    }

    private Token await(Acquisition acquisition) {
        try {
            return acquisition
                    .result
                    .get(timeout.plus(GRACE).toNanos(), TimeUnit.NANOSECONDS)
                    .get();
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new TokenException.Interrupted(clock.instant());
        } catch (TimeoutException stuck) {
            throw unavailable("No token in time.").exception(clock.instant());
        } catch (ExecutionException never) {
            throw new IllegalStateException("an acquisition failed without a result", never);
        }
    }

    @SuppressWarnings("FutureReturnValueIgnored") // both lead to a result, which is waited for
    private void tryOnce(Acquisition acquisition) {
        if (acquisition.result.isDone()) {
            return; // closed during a pause
        }
        acquisition.tries++;
        try {
            CompletableFuture<TokenAnswer> answer =
                    endpoint.ask(Duration.between(clock.instant(), acquisition.deadline));
            answer.thenAccept(got -> settle(acquisition, got));
            acquisition.result.whenComplete((result, failed) -> answer.cancel(true)); // closed meanwhile
        } catch (OutOfMemoryError noThread) { // who set this off may have a token that still serves
            fail(acquisition, unavailable("No token: the system has no thread left to ask for one."));
        }
    }

    private void settle(Acquisition acquisition, TokenAnswer answer) {
        if (answer instanceof TokenAnswer.Granted granted) {
            KeptToken arrived = KeptToken.of(granted, random);
            if (arrived.isUsable(clock.instant())) {
                succeed(acquisition, arrived);
            } else {
                fail(acquisition, unavailable("The token came when it had expired already."));
            }
        } else if (answer instanceof TokenAnswer.NotGranted notGranted) {
            fail(acquisition, notGranted);
        }
    }

    private void succeed(Acquisition acquisition, KeptToken arrived) {
        synchronized (lock) {
            if (closed) {
                return;
            }
            kept = arrived;
            failures = 0;
            acquisition.nextTry = Instant.MIN;
        }
        acquisition.result.complete(arrived::token);
    }

    private void fail(Acquisition acquisition, TokenAnswer.NotGranted answer) {
        Duration pause;
        Instant nextTry;
        boolean again;
        synchronized (lock) {
            if (closed) {
                return;
            }
            failures++;
            pause = backOff.after(answer, failures);
            nextTry = clock.instant().plus(pause);
            again = answer instanceof TokenAnswer.Unavailable
                    && acquisition.tries < MAX_TRIES
                    && nextTry.isBefore(acquisition.deadline);
            if (!again) {
                acquisition.nextTry = nextTry;
            }
        }
        if (again) {
            pauses.after(pause, () -> tryOnce(acquisition));
        } else {
            acquisition.result.complete(() -> {
                throw answer.exception(nextTry);
            });
        }
    }

    private static TokenAnswer.Unavailable unavailable(String message) {
        return new TokenAnswer.Unavailable(message, OptionalInt.empty(), Optional.empty(), null);
    }

    /** Takes a token out of use, unless it is no longer in use or tokens are discarded too often. */
    void discard(Token token) {
        synchronized (lock) {
            Instant now = clock.instant();
            KeptToken current = kept;
            if (current == null
                    || !current.token().value().equals(token.value())
                    || discarded.equals(token.value()) // the server gave it out again
                    || now.isBefore(nextDiscard)) {
                return;
            }
            kept = null;
            discarded = token.value();
            nextDiscard = now.plus(BETWEEN_DISCARDS);
        }
    }

    /** Ends what is under way; those who wait for it get the exception that later callers get. */
    void close() {
        Acquisition last;
        synchronized (lock) {
            closed = true;
            kept = null;
            last = latest;
        }
        last.result.complete(() -> {
            throw closedException();
        });
    }

    private static IllegalStateException closedException() {
        return new IllegalStateException("the token client is closed");
    }
}
