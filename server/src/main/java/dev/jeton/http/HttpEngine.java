package dev.jeton.http;

import com.sun.management.UnixOperatingSystemMXBean;
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
import io.vertx.core.net.SocketAddress;
import java.io.IOException;
import java.lang.management.ManagementFactory;
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
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The HTTP server: HTTP/1.1, and over TLS also HTTP/2, on event loops that share one port. */
public final class HttpEngine implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(HttpEngine.class);
    private static final int QUEUED_FOR_WORKERS = 1_000;
    /** Files, sockets and pipes of all but clients. */
    private static final int FILES_FOR_THE_REST = 500;
    /** What a connection may take when there is no room for more than small requests. */
    private static final int MEMORY_FOR_CONNECTION = 64 << 10;
    /** This part of the memory is for requests that are not answered. */
    private static final int SHARE_OF_MEMORY = 4;

    /**
     * How to listen.
     *
     * @param port 0 for any free port
     * @param workers threads for handlers that block
     * @param headerTimeout from the opening of a connection to its first whole request head, and from a request's head
     *     to the end of its body
     * @param idleTimeout how long a connection may be without a request, or with an answer that is not read
     * @param maxConnections at most; fewer with few files that may be open or with little memory
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
    private final Admission admission;
    private final Vertx vertx;
    private final ThreadPoolExecutor workers;
    private final List<HttpServer> servers = new CopyOnWriteArrayList<>();
    private volatile Router router =
            Router.refusing(new ApiError(503, "The server is starting; try again", "temporarily_unavailable"));

    /** @param requestIds gives 20 hexadecimal digits at each call, from any thread */
    public HttpEngine(Settings settings, Supplier<String> requestIds, TlsEngine tlsEngine) {
        this(
                settings,
                requestIds,
                tlsEngine,
                new Admission(
                        mostConnections(settings.maxConnections()),
                        Runtime.getRuntime().maxMemory() / SHARE_OF_MEMORY,
                        settings.headerTimeout()));
    }

    /** @param admission lets in who comes, within limits of its own */
    HttpEngine(Settings settings, Supplier<String> requestIds, TlsEngine tlsEngine, Admission admission) {
        this.settings = settings;
        this.requestIds = requestIds;
        this.tlsEngine = tlsEngine;
        this.admission = admission;
        this.vertx = Vertx.builder()
                .withTransport(new AdmittingTransport(admission))
                .with(new VertxOptions()
                        .setEventLoopPoolSize(settings.eventLoops())
                        .setWorkerPoolSize(1)
                        .setInternalBlockingPoolSize(2))
                .build();
        this.workers = new ThreadPoolExecutor(
                settings.workers(),
                settings.workers(),
                10,
                TimeUnit.SECONDS,
                new ArrayBlockingQueue<>(QUEUED_FOR_WORKERS),
                Thread.ofPlatform().name("jeton-worker-", 0).factory());
        workers.allowCoreThreadTimeOut(true);
    }

    /** As many as the limits of the process allow: without a file to open, nothing is recorded and no worker started. */
    private static int mostConnections(int wanted) {
        long byMemory = Runtime.getRuntime().maxMemory() / MEMORY_FOR_CONNECTION;
        long files = ManagementFactory.getOperatingSystemMXBean() instanceof UnixOperatingSystemMXBean unix
                ? unix.getMaxFileDescriptorCount()
                : Long.MAX_VALUE;
        long byFiles = files - Math.min(FILES_FOR_THE_REST, files / 2);
        return (int) Math.min(wanted, Math.min(byMemory, byFiles));
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
        int mostConnections = mostConnections(settings.maxConnections());
        if (mostConnections < settings.maxConnections() / 2) {
            LOG.warn("at most {} connections at a time, for few open files or little memory", mostConnections);
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
                // The engine never frees the body of a request whose upgrade it refuses, so HTTP/2 takes TLS.
                .setHttp2ClearTextEnabled(false)
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
                    .setSslHandshakeTimeout(settings.headerTimeout().toMillis())
                    .setSslHandshakeTimeoutUnit(TimeUnit.MILLISECONDS)
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

    /** Of all event loops: with 0 each would listen on a free port of its own. */
    private SocketAddress address() {
        return settings.port() == 0
                ? SocketAddress.sharedRandomPort(1, settings.host())
                : SocketAddress.inetSocketAddress(settings.port(), settings.host());
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
            Connections connections = new Connections(settings, admission);
            vertx.setPeriodic(1_000, _ -> connections.closeTheSlow(System.nanoTime()));
            Exchange.Surroundings surroundings = new Exchange.Surroundings(
                    context, () -> router, workers, requestIds, settings.trustedProxies(), connections);
            return server.connectionHandler(connections::opened)
                    .invalidRequestHandler(request -> Exchange.refuseInvalid(context, request, requestIds.get()))
                    .requestHandler(request -> new Exchange(surroundings, request).begin())
                    .listen(address());
        }
    }
}
