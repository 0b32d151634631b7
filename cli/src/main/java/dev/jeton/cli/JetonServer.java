package dev.jeton.cli;

import java.io.IOException;
import java.io.InputStream;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.nio.channels.UnresolvedAddressException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLHandshakeException;
import javax.net.ssl.TrustManagerFactory;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.MissingNode;

/** The server as seen from here: sends a request, gives back the answer, and says plainly why none came. */
final class JetonServer {
    private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(5);
    private static final Duration REQUEST_TIMEOUT = Duration.ofSeconds(30);
    private static final long MAX_ANSWER_BYTES = 64L << 20;

    private final ServerAddress address;
    private final HttpClient http;
    private final Progress progress;

    JetonServer(ServerAddress address, Progress progress) {
        this.address = address;
        this.progress = progress;
        HttpClient.Builder builder = HttpClient.newBuilder()
                .connectTimeout(CONNECT_TIMEOUT)
                .version(HttpClient.Version.HTTP_1_1) // one request or a few: an upgrade would only add a round trip
                .followRedirects(HttpClient.Redirect.NEVER); // a redirect would carry the credentials elsewhere
        address.ca().map(JetonServer::certificates).ifPresent(ca -> builder.sslContext(trustingOnly(ca)));
        if (address.ca().isEmpty() && "http".equalsIgnoreCase(address.issuer().getScheme())) {
            builder.sslContext(trustingOnly(List.of())); // otherwise the JDK's 150 authorities are read for nothing
        }
        this.http = builder.build();
    }

    ServerAddress address() {
        return address;
    }

    /** An answer is awaited, perhaps for long. */
    Progress.Stage waitingFor(String goal) {
        return progress.during("waiting for " + address.issuer() + " to " + goal);
    }

    /** A request to a place below the issuer, to be completed by the caller. */
    HttpRequest.Builder request(ApiPath path) {
        return HttpRequest.newBuilder(address.at(path.toString()))
                .timeout(REQUEST_TIMEOUT)
                .header("Accept", "application/json");
    }

    static HttpRequest.BodyPublisher json(JsonNode body) {
        return HttpRequest.BodyPublishers.ofString(Json.compact(body));
    }

    /**
     * Sends the request and waits for the answer, whatever its status.
     *
     * @param goal what the request is for, as in "cannot {@code goal}"
     */
    Answer send(String goal, HttpRequest request) {
        HttpResponse<String> response;
        try (Progress.Stage _ = waitingFor(goal)) {
            response = exchange(request);
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            throw Failure.unreachable("cannot " + goal + ": interrupted");
        } catch (IOException e) {
            throw noAnswer(goal, e);
        }
        return answer(goal, response);
    }

    /** The request's own time limit ends with the head of the answer; this one is for its body too. */
    private HttpResponse<String> exchange(HttpRequest request) throws IOException, InterruptedException {
        CompletableFuture<HttpResponse<String>> asked = http.sendAsync(
                request,
                HttpResponse.BodyHandlers.limiting(
                        HttpResponse.BodyHandlers.ofString(StandardCharsets.UTF_8), MAX_ANSWER_BYTES));
        Duration patience = request.timeout().orElse(REQUEST_TIMEOUT);
        try {
            return asked.get(patience.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException _) {
            throw new HttpTimeoutException("no whole answer within " + patience.toSeconds() + " s");
        } catch (ExecutionException e) {
            if (e.getCause() instanceof IOException broken) {
                throw broken;
            }
            throw new IllegalStateException(e.getCause());
        } finally {
            asked.cancel(true);
        }
    }

    private static Answer answer(String goal, HttpResponse<String> response) {
        JsonNode body;
        try {
            body = response.body().isBlank() ? MissingNode.getInstance() : Json.parse(response.body());
        } catch (JacksonException _) {
            body = Json.object()
                    .put("message", response.uri() + " answered " + response.statusCode() + ", and not with JSON");
            throw Failure.of(goal, answer(response, body))
                    .mendedBy("check that this is the address of a Jeton server, and what proxy is in front of it");
        }
        return answer(response, body);
    }

    private static Answer answer(HttpResponse<String> response, JsonNode body) {
        return new Answer(
                response.statusCode(),
                body,
                response.headers().firstValue("X-Auth0-RequestId"),
                response.headers().firstValue("Retry-After"));
    }

    private Failure noAnswer(String goal, IOException e) {
        URI issuer = address.issuer();
        String cannot = "cannot " + goal + ": ";
        return switch (e) {
            case ConnectException refused
            when refused.getCause() instanceof ConnectException cause
                    && cause.getCause() instanceof UnresolvedAddressException ->
                Failure.unreachable(cannot + "there is no host " + issuer.getHost())
                        .mendedBy("check the URL, which is the one of --url, of JETON_URL or of jeton login");
            case ConnectException _ ->
                Failure.unreachable(cannot + "no connection to " + issuer)
                        .mendedBy("is the server running at " + issuer + "? start it with ./jeton serve");
            case HttpTimeoutException _ ->
                Failure.unreachable(cannot + "no answer from " + issuer + " in time")
                        .mendedBy("is the server running at " + issuer + ", and is this host let through to it?");
            case SSLHandshakeException untrusted
            when isUntrusted(untrusted) ->
                Failure.refused(cannot + "the certificate of " + issuer + " is not trusted")
                        .mendedBy("name the certificate authority that signed it with --ca FILE;"
                                + " for --tls self-signed that is tls/ca.pem in the server's data folder");
            case SSLException tls ->
                Failure.refused(cannot + "no TLS connection to " + issuer + ": " + tls.getMessage())
                        .mendedBy("does the server speak HTTPS there, and does its certificate name this host?");
            default ->
                Failure.unreachable(cannot + "the connection to " + issuer + " broke: "
                                + (e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage()))
                        .mendedBy("check http:// against https:// in the URL, and the server's log");
        };
    }

    private static boolean isUntrusted(Throwable problem) {
        for (Throwable t = problem; t != null; t = t.getCause()) {
            if (String.valueOf(t.getMessage()).contains("PKIX path")) {
                return true;
            }
        }
        return false;
    }

    private static Collection<? extends Certificate> certificates(Path ca) {
        try (InputStream pem = Files.newInputStream(ca)) {
            Collection<? extends Certificate> certificates =
                    CertificateFactory.getInstance("X.509").generateCertificates(pem);
            if (certificates.isEmpty()) {
                throw new CertificateException("no certificate");
            }
            return certificates;
        } catch (IOException e) {
            throw Failure.usage("cannot read the certificate authority: " + FileTrouble.of(ca, e));
        } catch (CertificateException _) {
            throw Failure.usage("no PEM certificate in " + ca);
        }
    }

    private static SSLContext trustingOnly(Collection<? extends Certificate> authorities) {
        try {
            KeyStore trusted = KeyStore.getInstance(KeyStore.getDefaultType());
            trusted.load(null, null);
            for (Certificate authority : authorities) {
                trusted.setCertificateEntry("ca" + trusted.size(), authority);
            }
            TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            trust.init(trusted);
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(null, trust.getTrustManagers(), null);
            return context;
        } catch (IOException | GeneralSecurityException e) {
            throw new IllegalStateException("the JDK cannot hold certificates in memory", e);
        }
    }
}
