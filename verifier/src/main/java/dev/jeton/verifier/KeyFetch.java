package dev.jeton.verifier;

import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/** One fetch of an issuer's keys over HTTP: its metadata, unless the address of the keys is given, then the keys. */
final class KeyFetch {
    private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(2);
    private static final int MAX_MESSAGE_LENGTH = 500;
    private static final Set<String> LOOPBACK = Set.of("localhost", "127.0.0.1", "[::1]");

    private final String issuer;
    private final URI metadata;
    private final Optional<URI> jwksUri;
    private final boolean plainHttp;
    private final HttpClient http;
    private final Duration timeout;

    private KeyFetch(
            String issuer, URI metadata, Optional<URI> jwksUri, boolean plainHttp, HttpClient http, Duration timeout) {
        this.issuer = issuer;
        this.metadata = metadata;
        this.jwksUri = jwksUri;
        this.plainHttp = plainHttp;
        this.http = http;
        this.timeout = timeout;
    }

    /** @throws IllegalArgumentException if an address is not one that keys may come from */
    static KeyFetch of(
            String issuer, Optional<URI> jwksUri, Optional<HttpClient> http, boolean plainHttp, Duration timeout) {
        requireTrustworthy("issuer", uri("issuer", issuer), plainHttp);
        jwksUri.ifPresent(uri -> requireTrustworthy("jwksUri", uri, plainHttp));
        // The place of OpenID Connect Discovery §4, which RFC 8414 §5 keeps and every server has.
        URI metadata = uri("issuer", issuer + (issuer.endsWith("/") ? "" : "/") + ".well-known/openid-configuration");
        HttpClient client = http.orElseGet(() -> HttpClient.newBuilder()
                // A cancelled HTTP/1.1 exchange closes its connection. Java 17 would keep a dead HTTP/2 one, and use
                // it.
                .version(HttpClient.Version.HTTP_1_1)
                .connectTimeout(CONNECT_TIMEOUT)
                .followRedirects(HttpClient.Redirect.NEVER)
                .build());
        return new KeyFetch(issuer, metadata, jwksUri, plainHttp, client, timeout);
    }

    /** @throws IOException whose message says what was wrong with which address */
    KeySet keys() throws IOException, InterruptedException {
        long deadline = System.nanoTime() + timeout.toNanos();
        URI address = jwksUri.isPresent() ? jwksUri.get() : publishedJwksUri(get(metadata, deadline));
        String document = get(address, deadline);
        try {
            return KeySet.parse(document);
        } catch (IllegalArgumentException e) {
            throw failure(address + ": " + e.getMessage(), e);
        }
    }

    /** RFC 8414 §3.3: metadata of another issuer is not used. */
    private URI publishedJwksUri(String document) throws IOException {
        Map<String, @Nullable Object> members;
        try {
            members = JsonReader.readObject(document);
        } catch (MalformedJsonException e) {
            throw failure(metadata + ": not a JSON object: " + e.getMessage(), e);
        }
        if (!issuer.equals(members.get("issuer"))) {
            throw failure(metadata + ": its issuer is " + members.get("issuer") + ", not exactly " + issuer, null);
        }
        if (!(members.get("jwks_uri") instanceof String published)) {
            throw failure(metadata + ": there is no jwks_uri", null);
        }
        try {
            URI address = uri("jwks_uri", published);
            requireTrustworthy("jwks_uri", address, plainHttp);
            return address;
        } catch (IllegalArgumentException e) {
            throw failure(metadata + ": " + e.getMessage(), e);
        }
    }

    private String get(URI address, long deadline) throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(address)
                .header("Accept", "application/json")
                .GET()
                .build();
        CompletableFuture<HttpResponse<byte[]>> exchange =
                http.sendAsync(request, answer -> new BoundedBody(KeySet.MAX_JWKS_LENGTH));
        try {
            HttpResponse<byte[]> response = exchange.get(deadline - System.nanoTime(), TimeUnit.NANOSECONDS);
            if (response.statusCode() != 200) {
                throw failure(address + " answered " + response.statusCode(), null);
            }
            return new String(response.body(), StandardCharsets.UTF_8);
        } catch (TimeoutException e) {
            throw failure(address + " gave no whole answer in time", e);
        } catch (ExecutionException e) {
            Throwable cause = e.getCause() == null ? e : e.getCause();
            throw failure(address + ": " + reason(cause), cause);
        } finally {
            exchange.cancel(true);
        }
    }

    /** What comes from the other side is cut short and cannot forge a line of a log. */
    private static IOException failure(String message, @Nullable Throwable cause) {
        StringBuilder printable = new StringBuilder();
        message.codePoints()
                .limit(MAX_MESSAGE_LENGTH)
                .map(character -> Character.isISOControl(character) || character > '~' ? '?' : character)
                .forEach(printable::appendCodePoint);
        return new IOException(printable.toString(), cause);
    }

    private static String reason(Throwable cause) {
        String kind = cause.getClass().getSimpleName();
        return cause.getMessage() == null ? kind : kind + ", " + cause.getMessage();
    }

    private static URI uri(String name, String text) {
        try {
            return new URI(text);
        } catch (URISyntaxException e) {
            throw new IllegalArgumentException(name + " is not a URL: " + e.getReason());
        }
    }

    private static void requireTrustworthy(String name, URI uri, boolean plainHttp) {
        boolean complete = uri.getHost() != null
                && uri.getRawUserInfo() == null
                && uri.getRawQuery() == null
                && uri.getRawFragment() == null;
        if (!complete) {
            throw new IllegalArgumentException(
                    name + " must be an absolute URL without user, query and fragment"); // it may hold a password
        }
        boolean https = "https".equalsIgnoreCase(uri.getScheme());
        boolean http = "http".equalsIgnoreCase(uri.getScheme());
        if (!https && !(http && (plainHttp || LOOPBACK.contains(uri.getHost())))) {
            throw new IllegalArgumentException(
                    name + " must be https, or http with a loopback address, since whoever can change the answer on its"
                            + " way could sign tokens: " + uri);
        }
    }
}
