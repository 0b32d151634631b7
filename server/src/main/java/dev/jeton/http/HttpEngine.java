package dev.jeton.http;

import dev.jeton.tls.TlsPolicy;
import io.vertx.core.DeploymentOptions;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.net.PemKeyCertOptions;
import io.vertx.core.net.ServerSSLOptions;
import java.io.IOException;
import java.net.BindException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The HTTP server: HTTP/1.1 and HTTP/2, in the clear or over TLS, on event loops that share one port. */
public final class HttpEngine implements AutoCloseable {
    private static final int QUEUED_FOR_WORKERS = 1_000;

    /**
     * How to listen.
     *
     * @param port 0 for any free port
     * @param workers threads for handlers that block
     * @param headerTimeout from the opening of a connection to its first whole request head, and from a request's head
     *     to the end of its body
     * @param idleTimeout how long a connection may be without a request
     * @param maxConnections further ones are closed at once
     */
    public record Settings(
            String host,
            int port,
            int eventLoops,
            int workers,
            int maxHeaderBytes,
            Duration headerTimeout,
            Duration idleTimeout,
            int maxConnections,
            TrustedProxies trustedProxies) {}

    /**
     * What proves the server to its clients, in PEM.
     *
     * @param certificates the chain, leaf first
     * @param key the private key, PKCS#8
     */
    public record TlsIdentity(String certificates, String key) {
        @Override
        public String toString() {
            return "TlsIdentity[secret]";
        }
    }

    /** The port cannot be listened on; the message is a sentence with the mend. */
    public static final class CannotListenException extends RuntimeException {
        CannotListenException(String message, Throwable cause) {
            super(message, cause);
        }
    }

    private final Settings settings;
    private final Supplier<String> requestIds;
    private final TlsEngine tlsEngine;
    private final Vertx vertx;
    private final ThreadPoolExecutor workers;
    private final List<HttpServer> servers = new CopyOnWriteArrayList<>();
    private volatile Router router =
            Router.refusing(new ApiError(503, "The server is starting; try again", "temporarily_unavailable"));

    /** @param requestIds gives 20 hexadecimal digits at each call, from any thread */
    public HttpEngine(Settings settings, Supplier<String> requestIds, TlsEngine tlsEngine) {
        this.settings = settings;
        this.requestIds = requestIds;
        this.tlsEngine = tlsEngine;
        this.vertx = Vertx.vertx(new VertxOptions()
                .setPreferNativeTransport(true)
                .setEventLoopPoolSize(settings.eventLoops())
                .setWorkerPoolSize(1)
                .setInternalBlockingPoolSize(2));
        this.workers = new ThreadPoolExecutor(
                settings.workers(),
                settings.workers(),
                10,
                TimeUnit.SECONDS,
                new ArrayBlockingQueue<>(QUEUED_FOR_WORKERS),
                Thread.ofPlatform().name("jeton-worker-", 0).factory());
        workers.allowCoreThreadTimeOut(true);
    }

    /** The threads on which blocking handlers run; refuses work when its queue is full. */
    public Executor workers() {
        return workers;
    }

    /**
     * Listens; returns the port. Until {@link #serve}, every request is answered with 503.
     *
     * @throws CannotListenException if the port is taken or not ours to take
     */
    public int listen(@Nullable TlsIdentity tls) {
        HttpServerOptions options = options(tls);
        DeploymentOptions loops = new DeploymentOptions().setInstances(settings.eventLoops());
        Supplier<Listener> listener = () -> new Listener(options);
        try {
            vertx.deployVerticle(listener, loops)
                    .toCompletionStage()
                    .toCompletableFuture()
                    .join();
        } catch (CompletionException e) {
            throw cannotListen(e.getCause() == null ? e : e.getCause());
        }
        return servers.getFirst().actualPort();
    }

    /** Answers by these routes from now on. */
    public void serve(Router routes) {
        this.router = routes;
    }

    private HttpServerOptions options(@Nullable TlsIdentity tls) {
        HttpServerOptions options = new HttpServerOptions()
                .setHost(settings.host())
                .setPort(settings.port())
                .setMaxHeaderSize(settings.maxHeaderBytes())
                .setMaxInitialLineLength(settings.maxHeaderBytes())
                .setCompressionSupported(false)
                // There are no WebSockets here.
                .setPerFrameWebSocketCompressionSupported(false)
                .setPerMessageWebSocketCompressionSupported(false)
                .setTcpNoDelay(true)
                .setReuseAddress(true)
                // Bounds a connection on which nothing moves at all; Connections bounds the slow ones.
                .setIdleTimeout((int) settings.idleTimeout().toSeconds() + 1);
        options.getInitialSettings().setMaxConcurrentStreams(100).setMaxHeaderListSize(settings.maxHeaderBytes());
        if (tls != null) {
            options.setSsl(true)
                    .setUseAlpn(true)
                    .setEnabledSecureTransportProtocols(Set.copyOf(TlsPolicy.PROTOCOLS))
                    .setKeyCertOptions(pem(tls));
            TlsPolicy.CIPHER_SUITES.forEach(options::addEnabledCipherSuite);
            options.setSslEngineOptions(tlsEngine.options());
        }
        return options;
    }

    private static PemKeyCertOptions pem(TlsIdentity tls) {
        return new PemKeyCertOptions()
                .setCertValue(Buffer.buffer(tls.certificates()))
                .setKeyValue(Buffer.buffer(tls.key()));
    }

    /** New connections prove the server with {@code tls}; open ones go on. */
    public void renewTls(TlsIdentity tls) {
        ServerSSLOptions renewed = new ServerSSLOptions()
                .setEnabledSecureTransportProtocols(Set.copyOf(TlsPolicy.PROTOCOLS))
                .setKeyCertOptions(pem(tls));
        TlsPolicy.CIPHER_SUITES.forEach(renewed::addEnabledCipherSuite);
        servers.forEach(server -> server.updateSSLOptions(renewed)
                .toCompletionStage()
                .toCompletableFuture()
                .join());
    }

    private RuntimeException cannotListen(Throwable cause) {
        String address = settings.host() + ":" + settings.port();
        if (cause instanceof BindException || cause instanceof IOException) {
            String why = String.valueOf(cause.getMessage());
            if (why.contains("in use")) {
                return new CannotListenException(
                        "port " + settings.port() + " on " + settings.host()
                                + " is in use by another program: stop it, or choose another with --port (0 = any free port)",
                        cause);
            }
            if (why.contains("denied")) {
                return new CannotListenException(
                        "this user may not listen on " + address + ": choose a port above 1023 with --port", cause);
            }
            return new CannotListenException(
                    "cannot listen on " + address + " (" + why + "): choose an address of this machine with --host",
                    cause);
        }
        return new CannotListenException("cannot listen on " + address + ": " + cause, cause);
    }

    /** Takes no new connection or request, answers those accepted, at most that long; then closes. */
    public void drain(Duration atMost) {
        List<Future<?>> ends = new ArrayList<>();
        servers.forEach(server -> ends.add(server.shutdown(atMost.toMillis(), TimeUnit.MILLISECONDS)));
        try {
            Future.join(ends)
                    .toCompletionStage()
                    .toCompletableFuture()
                    .get(atMost.toMillis() + 1_000, TimeUnit.MILLISECONDS);
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        } catch (ExecutionException | TimeoutException _) {
            // What has not ended by now is cut off by close().
        }
    }

    @Override
    public void close() {
        workers.shutdown();
        vertx.close().toCompletionStage().toCompletableFuture().join();
    }

    /** One event loop's share of the listening. */
    private final class Listener extends VerticleBase {
        private final HttpServerOptions options;

        Listener(HttpServerOptions options) {
            this.options = options;
        }

        @Override
        public Future<?> start() {
            HttpServer server = vertx.createHttpServer(options);
            servers.add(server);
            Connections connections = new Connections(settings);
            vertx.setPeriodic(1_000, _ -> connections.closeTheSlow(System.nanoTime()));
            Exchange.Surroundings surroundings = new Exchange.Surroundings(
                    context, () -> router, workers, requestIds, settings.trustedProxies(), connections);
            return server.connectionHandler(connections::opened)
                    .invalidRequestHandler(request -> Exchange.refuseInvalid(context, request, requestIds.get()))
                    .requestHandler(request -> new Exchange(surroundings, request).begin())
                    .listen();
        }
    }
}
