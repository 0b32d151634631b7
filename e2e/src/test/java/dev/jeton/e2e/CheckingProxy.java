package dev.jeton.e2e;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import dev.jeton.ApiContract;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.spec.PKCS8EncodedKeySpec;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/**
 * Stands at a server's issuer, in front of it, so that what a program gets from the management API passes through here,
 * whatever program it is, and is held to its description. {@link #close} fails if an answer did not fit.
 */
public final class CheckingProxy implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofMinutes(3);
    private static final int NO_BODY = -1;
    private static final char[] PASSWORD = {};
    /** What is said of one connection, or written by the client and the server that are used here. */
    private static final Set<String> NOT_PASSED_ON = Set.of(
            "connection", "content-length", "date", "expect", "host", "keep-alive", "transfer-encoding", "upgrade");

    private final HttpServer listener;
    /** No virtual threads: those that read what servers print keep all carriers for themselves. */
    private final ExecutorService handlers = Executors.newCachedThreadPool();

    private final Queue<AssertionError> misfits = new ConcurrentLinkedQueue<>();
    private final AtomicInteger answers = new AtomicInteger();
    private final RunningServer server;
    private final URI behind;
    private final HttpClient http;

    private CheckingProxy(HttpServer listener, RunningServer server, URI behind, HttpClient http) {
        this.listener = listener;
        this.server = server;
        this.behind = behind;
        this.http = http;
        listener.setExecutor(handlers);
        listener.createContext("/", this::pass);
        listener.start();
    }

    /** In front of a server that is started here, with its data where the command line looks for them. */
    public static CheckingProxy start(Jeton jeton) {
        try {
            HttpServer listener = HttpServer.create(anyPort(), 0);
            URI behind = URI.create("http://127.0.0.1:" + FreePort.next() + "/");
            return new CheckingProxy(
                    listener,
                    serve(jeton, listener, behind),
                    behind,
                    HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * The same with TLS. It shows the server's own certificate, so that it is trusted as that is.
     *
     * @param folder that of {@code jeton}
     */
    public static CheckingProxy startWithTls(Jeton jeton, Path folder) {
        try {
            HttpsServer listener = HttpsServer.create(anyPort(), 0);
            URI behind = URI.create("https://127.0.0.1:" + FreePort.next() + "/");
            RunningServer server = serve(jeton, listener, behind, "--tls", "self-signed");
            SSLContext tls = tls(folder.resolve("data/tls"));
            listener.setHttpsConfigurator(new HttpsConfigurator(tls));
            return new CheckingProxy(
                    listener,
                    server,
                    behind,
                    HttpClient.newBuilder()
                            .version(HttpClient.Version.HTTP_1_1)
                            .sslContext(tls)
                            .build());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private static InetSocketAddress anyPort() {
        return new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    }

    private static RunningServer serve(Jeton jeton, HttpServer listener, URI behind, String... more) {
        List<String> arguments = new ArrayList<>(List.of(
                "serve",
                "--port",
                Integer.toString(behind.getPort()),
                "--issuer",
                behind.getScheme() + "://127.0.0.1:" + listener.getAddress().getPort() + "/"));
        arguments.addAll(List.of(more));
        return jeton.start(arguments.toArray(String[]::new));
    }

    /** What the server has in its folder: its key and certificate to be it, its CA to trust it. */
    private static SSLContext tls(Path folder) throws IOException, GeneralSecurityException {
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, null);
        store.setCertificateEntry("ca", certificate(folder.resolve("ca.pem")));
        store.setKeyEntry("server", key(folder.resolve("server.key")), PASSWORD, new Certificate[] {
            certificate(folder.resolve("server.pem"))
        });
        KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        keys.init(store, PASSWORD);
        TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trust.init(store);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(keys.getKeyManagers(), trust.getTrustManagers(), null);
        return context;
    }

    private static Certificate certificate(Path pem) throws IOException, GeneralSecurityException {
        try (InputStream in = Files.newInputStream(pem)) {
            return CertificateFactory.getInstance("X.509").generateCertificate(in);
        }
    }

    private static PrivateKey key(Path pem) throws IOException, GeneralSecurityException {
        byte[] der = Base64.getMimeDecoder().decode(Files.readString(pem).replaceAll("-----[A-Z ]+-----", ""));
        return KeyFactory.getInstance("EC").generatePrivate(new PKCS8EncodedKeySpec(der));
    }

    public RunningServer server() {
        return server;
    }

    private void pass(HttpExchange exchange) throws IOException {
        try (exchange) {
            HttpResponse<String> answer = answer(exchange);
            answers.incrementAndGet();
            check(answer); // before it leaves: whoever has the last answer may be done with all this
            answer.headers().map().forEach((name, values) -> {
                if (isPassedOn(name)) {
                    exchange.getResponseHeaders().put(name, values);
                }
            });
            byte[] body = answer.body().getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(answer.statusCode(), body.length == 0 ? NO_BODY : body.length);
            if (body.length > 0) {
                exchange.getResponseBody().write(body);
            }
        } catch (InterruptedException e) {
            throw new InterruptedIOException();
        }
    }

    private HttpResponse<String> answer(HttpExchange exchange) throws IOException, InterruptedException {
        HttpRequest.Builder request = HttpRequest.newBuilder(
                        behind.resolve(exchange.getRequestURI().toString()))
                .timeout(PATIENCE)
                .method(
                        exchange.getRequestMethod(),
                        BodyPublishers.ofByteArray(exchange.getRequestBody().readAllBytes()));
        exchange.getRequestHeaders().forEach((name, values) -> {
            if (isPassedOn(name)) {
                values.forEach(value -> request.header(name, value));
            }
        });
        return http.send(request.build(), BodyHandlers.ofString());
    }

    private static boolean isPassedOn(String header) {
        return !NOT_PASSED_ON.contains(header.toLowerCase(Locale.ROOT));
    }

    private void check(HttpResponse<String> answer) {
        try {
            ApiContract.check(() -> ManagementApi.description(http, behind), ApiContract.Exchange.of(answer));
        } catch (AssertionError e) {
            misfits.add(e);
        }
    }

    @Override
    public void close() {
        listener.stop(0);
        handlers.shutdownNow();
        http.shutdownNow();
        server.close();
        if (answers.get() == 0) {
            throw new AssertionError("nothing came through here");
        }
        misfits.stream().findFirst().ifPresent(first -> {
            throw new AssertionError(misfits.size() + " answers do not fit; the first: " + first.getMessage(), first);
        });
    }
}
