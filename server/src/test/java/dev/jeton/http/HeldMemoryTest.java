package dev.jeton.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jeton.Await;
import dev.jeton.RawHttp;
import dev.jeton.http.Router.Runs;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is counted of the memory that unfinished requests take, and how they fare when there is none. */
class HeldMemoryTest {
    private static final Handler NO_CONTENT = Handler.of(_ -> Response.empty(204));

    private final NarrowServer server = new NarrowServer();

    @AfterEach
    void stop() {
        server.close();
    }

    /** Its body comes after its head has been counted. */
    private static void post(RawHttp connection, int length) throws IOException {
        connection.send(
                RawHttp.head("POST / HTTP/1.1", "Host: x", "Content-Length: " + length, "Expect: 100-continue"));
        assertThat(connection.read("POST").status()).isEqualTo(100);
        connection.send("x".repeat(length));
    }

    @Test
    void a_body_for_which_there_is_no_memory_is_refused_and_not_cut_off() throws IOException {
        int port = server.listen(null, Runs.ON_EVENT_LOOP, NO_CONTENT);
        server.leave(-1);
        try (RawHttp connection = new RawHttp(port)) {
            post(connection, 30_000);

            assertThat(connection.read("POST").status()).isEqualTo(503);
        }
    }

    /** A connection of which much came at once is read in larger pieces. */
    @Test
    void without_memory_a_body_that_comes_with_its_head_is_refused_and_not_cut_off() throws IOException {
        int port = server.listen(null, Runs.ON_EVENT_LOOP, NO_CONTENT);
        String request = RawHttp.head("POST / HTTP/1.1", "Host: x", "Content-Length: 5000") + "x".repeat(5_000);
        try (RawHttp connection = new RawHttp(port)) {
            connection.send(request);
            assertThat(connection.read("POST").status()).isEqualTo(204);
            server.leave(-1);

            connection.send(request);
            assertThat(connection.read("POST").status()).isEqualTo(503);
        }
    }

    @Test
    void without_memory_a_first_head_may_be_larger_than_the_next_since_it_may_be_a_handshake() throws IOException {
        int port = server.listen(null, Runs.ON_EVENT_LOOP, NO_CONTENT);
        String unfinished = "GET / HTTP/1.1\r\nHost: x\r\nX-Large: " + "x".repeat(3_000);
        try (RawHttp connection = new RawHttp(port)) {
            server.leave(60_000);
            connection.send(unfinished);
            Await.until("it has been counted", server::isFull);
            connection.send("\r\n\r\n");
            assertThat(connection.read("GET").status()).isEqualTo(405);

            server.leave(-1);
            connection.send(unfinished);
            assertThat(connection.isClosedByServer()).isTrue();
        }
    }

    @ParameterizedTest
    @EnumSource(Runs.class)
    void what_a_handler_has_is_counted_until_its_end_though_its_client_has_left(Runs runs) throws Exception {
        CompletableFuture<Integer> length = new CompletableFuture<>();
        CompletableFuture<Response> answer = new CompletableFuture<>();
        int port = server.listen(null, runs, request -> {
            length.complete(request.body().length);
            return switch (runs) {
                case ON_EVENT_LOOP -> answer;
                case ON_WORKER -> CompletableFuture.completedFuture(answer.join());
            };
        });
        server.leave(30_000);
        try (RawHttp connection = new RawHttp(port)) {
            post(connection, 20_000);
            assertThat(length.get(20, TimeUnit.SECONDS)).isEqualTo(20_000);
        }
        Await.until("the server knows that it has left", () -> hasRoom(port));
        assertThat(server.isFull()).isTrue();

        answer.complete(Response.empty(204));

        Await.until("it is counted no more", server::holdsNothing);
    }

    /** Whoever was there before has left, and the event loop has done all that follows from that. */
    private static boolean hasRoom(int port) {
        try (RawHttp connection = new RawHttp(port)) {
            connection.send(RawHttp.head("GET / HTTP/1.1", "Host: x"));
            return connection.read("GET").status() == 405;
        } catch (IOException e) {
            return false;
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void an_answer_whose_last_look_fails_is_replaced_and_nothing_stays_counted(boolean isThereAtOnce)
            throws IOException {
        Response answer = Response.empty(204).withLastLook(_ -> {
            throw ApiError.conflict("It has changed", "changed");
        });
        int port = server.listen(null, Runs.ON_EVENT_LOOP, _ -> {
            CompletableFuture<Response> stage = new CompletableFuture<>();
            if (isThereAtOnce) {
                stage.complete(answer);
            } else {
                Objects.requireNonNull(Vertx.currentContext()).runOnContext(_ -> stage.complete(answer));
            }
            return stage;
        });
        try (RawHttp connection = new RawHttp(port)) {
            for (int i = 0; i < 2; i++) {
                post(connection, 2);

                assertThat(connection.read("POST").status()).isEqualTo(409);
                assertThat(server.holdsNothing()).isTrue();
            }
        }
    }
}
