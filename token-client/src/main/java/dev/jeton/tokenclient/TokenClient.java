package dev.jeton.tokenclient;

import java.net.URI;
import java.net.http.HttpClient;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Gets access tokens for one API by the client credentials grant (RFC 6749 §4.4), keeps them and renews them. Make one
 * for each API and keep it as long as the program runs; any number of threads may use it.
 *
 * <pre>{@code
 * TokenClient tokens = TokenClient.builder(
 *                 URI.create("https://auth.example.com/"), clientId, ClientSecret.of(secret), "https://timesheets.example.com")
 *         .build();
 * HttpRequest request = HttpRequest.newBuilder(URI.create("https://timesheets.example.com/timesheets"))
 *         .header("Authorization", tokens.authorization())
 *         .build();
 * }</pre>
 *
 * <p>A token is handed out until shortly before it expires. The first call after 75 to 90 % of its lifetime has another
 * fetched in the background, and is not held up. A call waits only if there is no token that still serves; however many
 * wait, one request is made. A client that is not used asks for nothing. A token without {@code expires_in} counts for one
 * minute.
 *
 * <p>A server that cannot be reached, or that answers 429 or 5xx, is asked again up to twice within the
 * {@linkplain Builder#timeout timeout}, after growing random pauses and never before its Retry-After (RFC 9110 §10.2.3, at
 * most 5 minutes). After that, or after a refusal, which is asked about once only, no request is made for a while: calls
 * get the token in hand, or at once the same {@link TokenException}. These pauses grow to 30 seconds (60 after a refusal).
 *
 * <p>The token itself is not looked into: whether it is a JWT, and what it says, is the API's business.
 */
public final class TokenClient implements AutoCloseable {
    private final TokenCache cache;

    private TokenClient(TokenCache cache) {
        this.cache = cache;
    }

    /**
     * Starts a client; these four have no default. The token endpoint is {@code <issuer>oauth/token}.
     *
     * @param issuer the base URL of the server; a slash at its end is added if it is missing
     * @param audience the exact identifier of the API that the tokens are for
     * @throws IllegalArgumentException if client id or audience is blank, or has white space or control characters around
     *     it
     */
    public static Builder builder(URI issuer, String clientId, ClientSecret secret, String audience) {
        return new Builder(issuer, clientId, secret, audience);
    }

    /**
     * The value of the Authorization header of a call to the API (RFC 6750 §2.1).
     *
     * @throws TokenException as {@link #token} does
     */
    public String authorization() {
        return token().authorization();
    }

    /**
     * A token that has not expired. Returns at once if one is in hand; otherwise it waits for one, at most as long as the
     * {@linkplain Builder#timeout timeout}.
     *
     * @throws TokenException if there is none: the server refused the client, cannot be reached, or gave an answer that
     *     cannot be used; or this thread was interrupted while waiting, which does not disturb others that wait
     * @throws IllegalStateException if this client is closed
     */
    public Token token() {
        return cache.token();
    }

    /**
     * To be called when the API answered 401 to a token: the next call fetches another. Without effect if that token is no
     * longer in use, was discarded before, or if another was discarded in the last 30 seconds: an API that refuses every
     * token does not make each call a request to the server.
     */
    public void discard(Token token) {
        cache.discard(token);
    }

    /** Ends a request that is under way. Threads that wait for a token, and all later calls, get an exception. */
    @Override
    public void close() {
        cache.close();
    }

    /** What a client is made of. */
    public static final class Builder {
        private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(5);
        private static final Duration MAX_TIMEOUT = Duration.ofMinutes(5);

        private final URI issuer;
        private final String clientId;
        private final ClientSecret secret;
        private final String audience;
        private Optional<String> scope = Optional.empty();
        private ClientAuthentication authentication = ClientAuthentication.CLIENT_SECRET_POST;
        private Duration timeout = Duration.ofSeconds(10);
        private @Nullable HttpClient http;
        private boolean plainHttpAllowed;
        private InstantSource clock = new SteadyClock(InstantSource.system(), System::nanoTime);
        private RandomGenerator random = () -> ThreadLocalRandom.current().nextLong();
        private TokenCache.Pauses pauses =
                (pause, next) -> CompletableFuture.delayedExecutor(pause.toNanos(), TimeUnit.NANOSECONDS, Runnable::run)
                        .execute(next);

        private Builder(URI issuer, String clientId, ClientSecret secret, String audience) {
            this.issuer = issuer;
            this.clientId = checked("client id", clientId);
            this.secret = secret;
            this.audience = checked("audience", audience);
        }

        /** A space that came along from a file or a form would only show as a refusal. */
        private static String checked(String what, String value) {
            if (value.isBlank() || !value.strip().equals(value) || value.chars().anyMatch(Character::isISOControl)) {
                throw new IllegalArgumentException(
                        "the " + what + " is blank, or has a space or control character that does not belong to it");
            }
            return value;
        }

        /**
         * The scope to ask for, values separated by single spaces; all that is granted unless set.
         *
         * @throws IllegalArgumentException if it is not in the form of RFC 6749 §3.3
         */
        public Builder scope(String scope) {
            if (!Scope.isValid(scope)) {
                throw new IllegalArgumentException("a scope is values separated by single spaces, unlike " + scope);
            }
            this.scope = Optional.of(scope);
            return this;
        }

        /** How the secret travels; in the body unless set. */
        public Builder authentication(ClientAuthentication authentication) {
            this.authentication = authentication;
            return this;
        }

        /**
         * How long a call waits for a token at most, all tries and pauses included; 10 seconds unless set.
         *
         * @throws IllegalArgumentException if not positive or above 5 minutes
         */
        public Builder timeout(Duration timeout) {
            if (timeout.isNegative() || timeout.isZero() || timeout.compareTo(MAX_TIMEOUT) > 0) {
                throw new IllegalArgumentException("the timeout must be above zero and at most 5 minutes");
            }
            this.timeout = timeout;
            return this;
        }

        /**
         * The HTTP client to use, for a trust store or a proxy of its own, or to share one between several token clients;
         * it is not closed. One with HTTP/1.1 and one thread unless set.
         *
         * @throws IllegalArgumentException if it follows redirects: the client secret would travel on
         */
        public Builder httpClient(HttpClient http) {
            if (http.followRedirects() != HttpClient.Redirect.NEVER) {
                throw new IllegalArgumentException("the HTTP client must not follow redirects");
            }
            this.http = http;
            return this;
        }

        /** Allows an http issuer on another machine, for a network that nobody else can listen to. */
        public Builder allowPlainHttp() {
            this.plainHttpAllowed = true;
            return this;
        }

        /** Where the time comes from; the system's unless set, made safe against being set back. */
        public Builder clock(InstantSource clock) {
            this.clock = clock;
            return this;
        }

        Builder random(RandomGenerator random) {
            this.random = random;
            return this;
        }

        Builder pauses(TokenCache.Pauses pauses) {
            this.pauses = pauses;
            return this;
        }

        /**
         * Makes the client; no request yet.
         *
         * @throws IllegalArgumentException if the issuer is not https (or http on this machine) with a host, or has a user,
         *     a query or a fragment
         */
        public TokenClient build() {
            TokenEndpoint endpoint = new TokenEndpoint(
                    http == null ? ownHttpClient() : http,
                    IssuerAddress.of(issuer, plainHttpAllowed),
                    new TokenRequest(clientId, secret, authentication, audience, scope),
                    clock);
            return new TokenClient(new TokenCache(endpoint, timeout, clock, random, pauses));
        }

        private static HttpClient ownHttpClient() {
            ThreadPoolExecutor oneThread =
                    new ThreadPoolExecutor(1, 1, 10, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), task -> {
                        Thread thread = new Thread(task, "jeton-token-client");
                        thread.setDaemon(true);
                        return thread;
                    });
            oneThread.allowCoreThreadTimeOut(true);
            return HttpClient.newBuilder()
                    .version(HttpClient.Version.HTTP_1_1)
                    .followRedirects(HttpClient.Redirect.NEVER)
                    .connectTimeout(CONNECT_TIMEOUT)
                    .executor(oneThread)
                    .build();
        }
    }
}
