package dev.jeton.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jeton.Await;
import dev.jeton.http.Router.Runs;
import dev.jeton.tls.TestCertificates;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClientAgent;
import io.vertx.core.http.HttpClientConnection;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpConnectOptions;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.http.RequestOptions;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is counted of the memory that handshakes take, and the streams of one connection. */
class HeldMemoryOverTlsTest {
    private final NarrowServer server = new NarrowServer();
    private final Vertx clients = Vertx.vertx(new VertxOptions().setEventLoopPoolSize(1));
    /** Kept, since the engine closes a client to which nobody refers. */
    private final HttpClientAgent client = clients.createHttpClient(new HttpClientOptions()
            .setProtocolVersion(HttpVersion.HTTP_2)
            .setUseAlpn(true)
            .setSsl(true)
            .setTrustAll(true)
            .setVerifyHost(false));

    private int port;

    @BeforeEach
    void start(@TempDir Path folder) {
        Handler handler = Handler.of(_ -> Response.empty(204));
        port = server.listen(new TestCertificates(folder).identity(), Runs.ON_EVENT_LOOP, handler);
    }

    @AfterEach
    void stop() throws Exception {
        get(clients.close());
        server.close();
    }

    private static <T> T get(Future<T> future) throws Exception {
        return future.toCompletionStage().toCompletableFuture().get(20, TimeUnit.SECONDS);
    }

    private HttpClientConnection connect() throws Exception {
        return get(client.connect(new HttpConnectOptions().setHost("127.0.0.1").setPort(port)));
    }

    private static HttpClientRequest request(HttpClientConnection connection, HttpMethod method) throws Exception {
        return get(connection.request(new RequestOptions().setMethod(method).setURI("/")));
    }

    /** A request that has sent so much of its body, and means to go on. */
    private static HttpClientRequest begin(HttpClientConnection connection, int octets) throws Exception {
        HttpClientRequest request = request(connection, HttpMethod.POST);
        request.exceptionHandler(_ -> {}); // which would be logged
        get(request.write(Buffer.buffer("x".repeat(octets))));
        return request;
    }

    /** Each of these bodies alone is small enough to be taken in without memory. */
    @Test
    void the_streams_of_a_connection_share_what_is_taken_in_without_memory() throws Exception {
        HttpClientConnection connection = connect();
        begin(connection, 20_000);
        begin(connection, 20_000);
        // An answer to what was sent after them says that they have arrived.
        assertThat(get(request(connection, HttpMethod.GET).send()).statusCode()).isEqualTo(405);
        server.leave(-1);

        assertThat(get(begin(connection, 1).response()).statusCode()).isEqualTo(503);

        get(connection.close());
        Await.until("nothing is counted", server::holdsNothing);
    }

    @Test
    void a_handshake_is_counted_and_given_back_when_its_connection_ends_within_it() throws Exception {
        server.leave(7_000);
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            socket.getOutputStream().write(beginningOfHandshake());
            Await.until("it is counted", server::isFull);
        }
        Await.until("it is counted no more", server::holdsNothing);

        get(connect().close());
        Await.until("nor is one that has ended", server::holdsNothing);
    }

    /** Half of a record, RFC 8446 §5.1. */
    private static byte[] beginningOfHandshake() {
        byte[] record = new byte[300];
        byte[] head = {0x16, 3, 1, 2, 0x58};
        System.arraycopy(head, 0, record, 0, head.length);
        return record;
    }
}
