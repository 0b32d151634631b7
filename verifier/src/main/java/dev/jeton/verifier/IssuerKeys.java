package dev.jeton.verifier;

import java.net.URI;
import java.net.http.HttpClient;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.DoubleSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The published keys of an issuer: found by its metadata (RFC 8414), fetched when first needed, kept and renewed.
 *
 * <p>Any number of threads may ask. At most one fetch runs at a time, and whoever needs its result waits for that one.
 *
 * <ul>
 *   <li>Keys serve for the {@linkplain Builder#lifetime lifetime} (10 minutes). From half of it on, at a random moment,
 *       they are fetched anew in the background, so that a busy API never waits.
 *   <li>Older keys, after a pause without requests, are fetched anew before they are used.
 *   <li>While the issuer cannot be reached, the last keys go on serving until they are 24 hours old, and no request waits
 *       for the next try. What a successful fetch no longer lists is gone at once.
 *   <li>A key that is not in the set is looked for by one more fetch, at most every 10 seconds. Some requests wait for
 *       it; if many come at once, the others are refused without.
 *   <li>After a failure the next try is made no sooner than 1 second later, then 2, 4, and so on up to 30.
 * </ul>
 *
 * <p>Metadata has to name exactly this issuer, addresses have to be {@code https} (or a loopback address), redirects are
 * not followed, documents are bounded (512 KiB), and a fetch ends after 5 seconds. Failures are logged to the
 * {@link System.Logger} of this class's name.
 */
public final class IssuerKeys implements KeySource {
    private static final System.Logger LOG = System.getLogger(IssuerKeys.class.getName());

    private static final Duration MAX_AGE = Duration.ofHours(24);
    private static final Duration BETWEEN_MISSES = Duration.ofSeconds(10);
    private static final int MAX_BACK_OFF_SECONDS = 30;
    private static final Duration GRACE = Duration.ofSeconds(1);
    /** Strangers make requests wait by naming unknown keys: so many at a time, and no more. */
    private static final int MAX_WAITING_FOR_A_MISS = 16;

    private record Held(KeySet keys, Instant fetchedAt, Instant refreshAt) {
        /** A clock that was set back makes no key younger: what is from the future counts as too old. */
        boolean isYoungerThan(Duration age, Instant now) {
            return !now.isBefore(fetchedAt) && now.isBefore(fetchedAt.plus(age));
        }
    }

    private record Failure(Throwable cause, int inARow, Instant at) {
        Duration backOff() {
            return Duration.ofSeconds(Math.min(MAX_BACK_OFF_SECONDS, 1L << Math.min(inARow - 1, 5)));
        }

        /** Whether it is so long ago, or the clock was set back so far, that it tells nothing of now. */
        boolean isOlderThan(Duration age, Instant now) {
            return now.isBefore(at) || !now.isBefore(at.plus(age));
        }
    }

    private final String issuer;
    private final KeyFetch fetch;
    private final Duration timeout;
    private final Duration lifetime;
    private final InstantSource clock;
    private final DoubleSupplier random;
    private final Semaphore waitingForAMiss = new Semaphore(MAX_WAITING_FOR_A_MISS);
    private final Object lock = new Object();

    // All three are written under the lock; held is read without it, as each token asks for it.
    private volatile @Nullable Held held;
    private @Nullable Failure failure;
    private @Nullable CompletableFuture<Void> inFlight;

    private IssuerKeys(Builder builder, KeyFetch fetch) {
        this.issuer = builder.issuer;
        this.fetch = fetch;
        this.timeout = builder.timeout;
        this.lifetime = builder.lifetime;
        this.clock = builder.clock;
        this.random = builder.random;
    }

    /** The keys of this issuer, with all defaults; see {@link #builder}. */
    public static IssuerKeys of(String issuer) {
        return builder(issuer).build();
    }

    /**
     * Starts a source of an issuer's keys.
     *
     * @param issuer the exact {@code iss} of its tokens
     */
    public static Builder builder(String issuer) {
        return new Builder(issuer);
    }

    /** {@inheritDoc} Waits for a fetch, at most 5 seconds, if there are no keys yet or they are past their lifetime. */
    @Override
    public KeySet current() {
        Held last = held; // before the time is looked at: otherwise it could be from the future
        Instant now = clock.instant();
        if (last == null || !last.isYoungerThan(lifetime, now)) {
            return renewed();
        }
        if (!now.isBefore(last.refreshAt())) {
            synchronized (lock) {
                startFetch(clock.instant());
            }
        }
        return last.keys();
    }

    private KeySet renewed() {
        Optional<CompletableFuture<Void>> fetching;
        synchronized (lock) {
            Instant now = clock.instant();
            if (held != null && held.isYoungerThan(lifetime, now)) {
                return held.keys();
            }
            // An old failure says nothing: after a pause, the keys may have changed and the issuer be well.
            boolean isDown = failure != null && !failure.isOlderThan(lifetime, now);
            fetching = startFetch(now);
            if (isDown) {
                return lastKeys(now); // without waiting to hear it again
            }
        }
        fetching.ifPresent(this::await);
        synchronized (lock) {
            return lastKeys(clock.instant());
        }
    }

    /** Under the lock: what there is, if it is not too old to be trusted. */
    private KeySet lastKeys(Instant now) {
        if (held != null && held.isYoungerThan(MAX_AGE, now)) {
            return held.keys();
        }
        if (failure == null) {
            throw new KeysUnavailableException(
                    "The keys of " + issuer + " did not come in time", null, Duration.ofSeconds(1));
        }
        throw new KeysUnavailableException(
                "Cannot fetch the keys of " + issuer + ": " + failure.cause().getMessage(),
                failure.cause(),
                failure.backOff());
    }

    /**
     * {@inheritDoc} Fetches if the last fetch is 10 seconds ago, and waits for it, at most 5 seconds; otherwise, and if
     * many others wait already, answers what was missed.
     */
    @Override
    public KeySet after(KeySet missed) {
        if (!waitingForAMiss.tryAcquire()) {
            return missed;
        }
        try {
            Optional<CompletableFuture<Void>> fetching = Optional.empty();
            synchronized (lock) {
                Instant now = clock.instant();
                if (held != null && held.keys() == missed && !held.isYoungerThan(BETWEEN_MISSES, now)) {
                    fetching = startFetch(now);
                }
            }
            fetching.ifPresent(this::await);
            Held last = held;
            return last == null ? missed : last.keys();
        } finally {
            waitingForAMiss.release();
        }
    }

    /** Under the lock: the fetch that runs, or a new one, or none while the last failure is too recent. */
    private Optional<CompletableFuture<Void>> startFetch(Instant now) {
        if (inFlight != null) {
            return Optional.of(inFlight);
        }
        if (failure != null && !failure.isOlderThan(failure.backOff(), now)) {
            return Optional.empty();
        }
        CompletableFuture<Void> done = new CompletableFuture<>();
        Thread thread = new Thread(() -> fetch(now, done), "jeton-issuer-keys");
        thread.setDaemon(true);
        try {
            thread.start();
        } catch (OutOfMemoryError noThread) { // nothing is wrong with the heap: the system has no thread left
            failure = failureAfter(failure, noThread);
            return Optional.empty();
        }
        inFlight = done;
        return Optional.of(done);
    }

    private void fetch(Instant startedAt, CompletableFuture<Void> done) {
        boolean wasDown;
        try {
            KeySet keys = fetch.keys();
            long refreshAfterMillis = (long) (lifetime.toMillis() * (0.5 + 0.25 * random.getAsDouble()));
            synchronized (lock) {
                wasDown = failure != null;
                failure = null;
                held = new Held(keys, startedAt, startedAt.plusMillis(refreshAfterMillis));
                inFlight = null;
            }
            done.complete(null);
            if (wasDown) {
                LOG.log(System.Logger.Level.INFO, "The keys of {0} could be fetched again", issuer);
            }
        } catch (Throwable any) { // whatever it was, who waits is let go, and the next fetch comes later
            Held last;
            synchronized (lock) {
                failure = failureAfter(failure, any);
                last = held;
                inFlight = null;
            }
            done.complete(null);
            LOG.log(
                    System.Logger.Level.WARNING,
                    "Cannot fetch the keys of {0}: {1}; {2}",
                    issuer,
                    any.getMessage(),
                    last == null ? "no token can be verified" : "those fetched at " + last.fetchedAt() + " serve on");
        }
    }

    private Failure failureAfter(@Nullable Failure earlier, Throwable cause) {
        return new Failure(cause, earlier == null ? 1 : earlier.inARow() + 1, clock.instant());
    }

    private void await(CompletableFuture<Void> fetching) {
        try {
            fetching.get(timeout.plus(GRACE).toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException impossible) {
            throw new IllegalStateException(impossible);
        } catch (TimeoutException stuck) {
            // a fetch ends by itself, unless its thread does not get to run
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new KeysUnavailableException("Interrupted while the keys were fetched", interrupted, Duration.ZERO);
        }
    }

    /** What a source of keys is made of. */
    public static final class Builder {
        private static final Duration MIN_LIFETIME = Duration.ofSeconds(1);

        private final String issuer;
        private Optional<URI> jwksUri = Optional.empty();
        private Optional<HttpClient> http = Optional.empty();
        private boolean plainHttp;
        private Duration timeout = Duration.ofSeconds(5);
        private Duration lifetime = Duration.ofMinutes(10);
        private InstantSource clock = InstantSource.system();
        private DoubleSupplier random = () -> ThreadLocalRandom.current().nextDouble();

        private Builder(String issuer) {
            this.issuer = issuer;
        }

        /**
         * Where the keys are, for an API that reaches the issuer under another address than its public one; the
         * {@code jwks_uri} of the issuer's metadata unless set.
         */
        public Builder jwksUri(URI jwksUri) {
            this.jwksUri = Optional.of(jwksUri);
            return this;
        }

        /**
         * What sends the requests, where a proxy or a certificate authority of one's own is needed.
         *
         * @throws IllegalArgumentException if it follows redirects: keys come from where they were asked for
         */
        public Builder httpClient(HttpClient http) {
            if (http.followRedirects() != HttpClient.Redirect.NEVER) {
                throw new IllegalArgumentException("the HttpClient must not follow redirects");
            }
            this.http = Optional.of(http);
            return this;
        }

        /**
         * Allows {@code http} addresses that are not loopback. Whoever can change traffic on the way can then sign
         * tokens for this API.
         */
        public Builder allowPlainHttp() {
            plainHttp = true;
            return this;
        }

        /**
         * How long keys serve without being fetched anew, and so how long a revoked key may go on counting; 10 minutes
         * unless set.
         *
         * @throws IllegalArgumentException if under 1 second or above 24 hours
         */
        public Builder lifetime(Duration lifetime) {
            if (lifetime.compareTo(MIN_LIFETIME) < 0 || lifetime.compareTo(MAX_AGE) > 0) {
                throw new IllegalArgumentException("the lifetime of keys must be between 1 second and 24 hours");
            }
            this.lifetime = lifetime;
            return this;
        }

        /** Where the time comes from; the system's clock unless set. */
        public Builder clock(InstantSource clock) {
            this.clock = clock;
            return this;
        }

        /** For a whole fetch, both documents. */
        Builder timeout(Duration timeout) {
            this.timeout = timeout;
            return this;
        }

        /** Numbers from 0 to 1, for the moment of a renewal. */
        Builder random(DoubleSupplier random) {
            this.random = random;
            return this;
        }

        /**
         * Asks for nothing yet: the first token does, or whoever calls {@link IssuerKeys#current} at the start.
         *
         * @throws IllegalArgumentException if issuer or {@code jwksUri} is not an absolute {@code https} URL without
         *     user, query and fragment, or {@code http} with a loopback address
         */
        public IssuerKeys build() {
            return new IssuerKeys(this, KeyFetch.of(issuer, jwksUri, http, plainHttp, timeout));
        }
    }
}
