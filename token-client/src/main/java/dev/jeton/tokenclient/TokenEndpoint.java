package dev.jeton.tokenclient;

import java.net.ConnectException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.nio.channels.UnresolvedAddressException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import javax.net.ssl.SSLException;

/** The token endpoint as seen from here: one request, and whatever comes of it as a {@link TokenAnswer}. */
final class TokenEndpoint {
    private final HttpClient http;
    private final IssuerAddress issuer;
    private final HttpRequest request;
    private final AnswerReader reader;
    private final InstantSource clock;

    TokenEndpoint(HttpClient http, IssuerAddress issuer, TokenRequest request, InstantSource clock) {
        this.http = http;
        this.issuer = issuer;
        this.request = request.to(issuer.tokenEndpoint());
        this.reader = new AnswerReader(issuer, request);
        this.clock = clock;
    }

    /**
     * Sends the request. What is given back never fails of itself; to cancel it ends the request.
     *
     * @param limit for everything, from the connection to the last byte of the body
     */
    @SuppressWarnings("FutureReturnValueIgnored") // both only add to the answer, which is given back
    CompletableFuture<TokenAnswer> ask(Duration limit) {
        Instant requestedAt = clock.instant();
        CompletableFuture<HttpResponse<byte[]>> exchange = exchange();
        CompletableFuture<TokenAnswer> answer = exchange.thenApply(
                        response -> reader.read(response, requestedAt, clock.instant()))
                .exceptionally(this::noAnswer);
        // HttpRequest.timeout would end with the head of the answer, and let the body drip for ever.
        answer.completeOnTimeout(tooLate(limit), limit.toNanos(), TimeUnit.NANOSECONDS);
        answer.whenComplete((decided, cancelled) -> exchange.cancel(true));
        return answer;
    }

    private CompletableFuture<HttpResponse<byte[]>> exchange() {
        try {
            return http.sendAsync(request, head -> new BoundedBody());
        } catch (RuntimeException | OutOfMemoryError e) { // such as that no thread can be started
            return CompletableFuture.failedFuture(e);
        }
    }

    private TokenAnswer tooLate(Duration limit) {
        return unavailable("it did not answer within " + limit.toMillis() + " ms", Optional.empty());
    }

    private TokenAnswer noAnswer(Throwable problem) {
        Throwable cause = problem.getCause();
        if (problem instanceof CompletionException && cause != null) {
            return noAnswer(cause);
        }
        return unavailable(inWords(problem), Optional.of(problem));
    }

    private TokenAnswer unavailable(String why, Optional<Throwable> cause) {
        return new TokenAnswer.Unavailable(
                "No token from " + issuer + ": " + why + ".",
                OptionalInt.empty(),
                Optional.empty(),
                cause.orElse(null));
    }

    private static String inWords(Throwable problem) {
        if (isCausedBy(problem, UnresolvedAddressException.class)) {
            return "there is no host of that name";
        }
        if (isCausedBy(problem, HttpTimeoutException.class)) {
            return "it was not reached in time";
        }
        if (isCausedBy(problem, ConnectException.class)) {
            return "nothing accepts connections there";
        }
        if (isCausedBy(problem, SSLException.class)) {
            return "no TLS connection; if its certificate is of an authority of your own, give the builder an HttpClient"
                    + " that trusts it";
        }
        return "the connection broke";
    }

    private static boolean isCausedBy(Throwable problem, Class<? extends Throwable> kind) {
        return Stream.iterate(problem, cause -> cause != null, Throwable::getCause)
                .limit(10)
                .anyMatch(kind::isInstance);
    }
}
