package dev.jeton.http;

import dev.jeton.storage.StorageUnavailableException;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.http.HttpVersion;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One request on its way through: route, body, handler, response, log line. Everything here runs on its event loop. */
final class Exchange {
    /** What all exchanges of an event loop share. */
    record Surroundings(
            Context eventLoop,
            Supplier<Router> router,
            Executor workers,
            Supplier<String> requestIds,
            TrustedProxies trustedProxies,
            Connections connections) {}

    private static final Logger LOG = LoggerFactory.getLogger(Exchange.class);
    private static final String REQUEST_ID = "X-Auth0-RequestId";
    private static final String UNROUTED = "-";
    /** What an octet of a body takes in memory: it is copied once. */
    private static final int BYTES_FOR_OCTET = 2;
    /** What a field of an HTTP/2 head takes in memory, which may have come as one octet. */
    private static final int BYTES_FOR_FIELD = 128;
    /** How long a connection is read on after its last answer. */
    private static final Duration LINGER = Duration.ofMillis(200);

    private final Surroundings surroundings;
    private final HttpServerRequest incoming;
    private final String id;
    private final long beganNanos = System.nanoTime();
    /** Our own: it grows in place, however many pieces a sender makes of a body. */
    private final Buffer body = Buffer.buffer();

    private final Peer peer;
    /** What this request is counted for until it is answered, and its handler, too, knows no more of it. */
    private long held;

    private boolean isHandled;
    private boolean answered;

    Exchange(Surroundings surroundings, HttpServerRequest incoming) {
        this.surroundings = surroundings;
        this.incoming = incoming;
        this.id = surroundings.requestIds().get();
        this.peer = Peer.of(incoming.connection());
    }

    /** What the engine could not read as HTTP: 400, or 431 and 414 for too long a head, and the connection ends. */
    static void refuseInvalid(Context eventLoop, HttpServerRequest incoming, String id) {
        Throwable cause = incoming.decoderResult().cause();
        String name = cause == null ? "" : cause.getClass().getSimpleName();
        int status = name.contains("TooLongHttpHeader") ? 431 : name.contains("TooLongHttpLine") ? 414 : 400;
        Response refusal = Response.empty(status).with("Cache-Control", "no-store");
        write(incoming, id, refusal.with("Connection", "close"));
        RequestLog.ended(id, "?", UNROUTED, refusal.about(null, "invalid_request"), Duration.ZERO);
        closeSoon(eventLoop, Peer.of(incoming.connection()));
    }

    void begin() {
        if (!peer.mayAsk()) {
            return;
        }
        peer.began(this);
        held = peer.takeHead();
        incoming.handler(_ -> peer.dropHead());
        incoming.exceptionHandler(_ -> cutOff());
        incoming.response().exceptionHandler(_ -> cutOff());
        if (isHttp2()) {
            hold(BYTES_FOR_FIELD * (long) incoming.headers().entries().size());
        }
        find();
    }

    boolean isHttp2() {
        return incoming.version() == HttpVersion.HTTP_2;
    }

    private void find() {
        // RFC 9112 §3.2
        if (incoming.version() == HttpVersion.HTTP_1_1
                && incoming.headers().getAll("Host").size() != 1) {
            refuse(new ApiError(400, "A request has one Host header", "invalid_request")
                    .response()
                    .with("Connection", "close"));
            peer.end();
            closeSoon(surroundings.eventLoop(), peer);
            return;
        }
        Router.Match match;
        try {
            match = surroundings
                    .router()
                    .get()
                    .match(incoming.method().name(), incoming.path() == null ? "" : incoming.path());
        } catch (Form.MalformedException e) {
            refuse(new ApiError(400, "The path is malformed: " + e.getMessage(), "invalid_uri").response());
            return;
        }
        switch (match) {
            case Router.Match.Found(Router.Route route, Map<String, String> parameters) -> receive(route, parameters);
            case Router.Match.WrongMethod(String allowed) ->
                refuse(new ApiError(405, "This path answers " + allowed, "method_not_allowed")
                        .response()
                        .with("Allow", allowed));
            case Router.Match.NoSuchPath(ApiError answer) -> refuse(answer.response());
        }
    }

    /** Answers without looking at the body; what still comes of it is dropped within the limits of the connection. */
    private void refuse(Response refusal) {
        answer(UNROUTED, refusal);
    }

    private void receive(Router.Route route, Map<String, String> parameters) {
        int most = route.maxBodyBytes();
        if (peer.holdsTooMuch()) {
            answerAndEnd(route, tooMuch());
            return;
        }
        String length = incoming.getHeader("Content-Length");
        if (length != null && (length.length() > 9 || Long.parseLong(length) > most)) {
            answerAndEnd(route, tooLong(most));
            return;
        }
        if ("100-continue".equalsIgnoreCase(incoming.getHeader("Expect"))) {
            var _ = incoming.response().writeContinue();
        }
        incoming.handler(chunk -> {
            peer.dropHead();
            if (answered) {
                return;
            }
            hold(BYTES_FOR_OCTET * (long) chunk.length());
            if (body.length() + chunk.length() > most) {
                answerAndEnd(route, tooLong(most));
            } else if (peer.holdsTooMuch()) {
                answerAndEnd(route, tooMuch());
            } else {
                body.appendBuffer(chunk);
            }
        });
        surroundings.connections().waitsForClient(this);
        incoming.endHandler(_ -> {
            if (!answered) {
                surroundings.connections().waitsNoMore(this);
                dispatch(route, parameters);
            }
        });
    }

    private void hold(long bytes) {
        held += bytes;
        peer.hold(bytes);
    }

    private static ApiError tooMuch() {
        return new ApiError(503, "The server is taking in too much; try again", "temporarily_unavailable");
    }

    private static ApiError tooLong(int most) {
        return new ApiError(413, "The body is longer than " + most + " bytes", "invalid_request");
    }

    /**
     * Answers before the body has arrived. What still comes of it is dropped for a moment, as closing at once could reset
     * the connection before the answer is read.
     */
    private void answerAndEnd(Router.Route route, ApiError error) {
        Future<Void> written =
                answer(route.pattern(), route.refusals().apply(error).with("Connection", "close"));
        if (isHttp2()) {
            // RFC 9113 §8.1: NO_ERROR, the rest of the body is not wanted
            var _ = written.onComplete(_ -> incoming.response().reset(0));
        } else {
            peer.end();
            incoming.endHandler(_ -> peer.close());
            closeSoon(surroundings.eventLoop(), peer);
        }
    }

    private static void closeSoon(Context eventLoop, Peer peer) {
        eventLoop.owner().setTimer(LINGER.toMillis(), _ -> peer.close());
    }

    private void dispatch(Router.Route route, Map<String, String> parameters) {
        Request request = new Request(
                id,
                incoming.method().name(),
                String.valueOf(incoming.path()),
                incoming.query(),
                this::headers,
                surroundings
                        .trustedProxies()
                        .clientAddress(
                                incoming.remoteAddress().hostAddress(),
                                incoming.headers().getAll("X-Forwarded-For"),
                                incoming.headers().getAll("Forwarded")),
                body.getBytes(),
                parameters);
        isHandled = true;
        switch (route.runs()) {
            case ON_EVENT_LOOP -> handle(route, request);
            case ON_WORKER -> handleOnWorker(route, request);
        }
    }

    /** RFC 9113 §8.3.1: of HTTP/2 the host stands in {@code :authority}. */
    private List<String> headers(String name) {
        List<String> all = incoming.headers().getAll(name);
        return all.isEmpty() && isHttp2() && name.equals("Host") && incoming.authority() != null
                ? List.of(incoming.authority().toString())
                : all;
    }

    private void handle(Router.Route route, Request request) {
        try {
            finishWith(route, route.handler().handle(request));
        } catch (RuntimeException e) {
            answer(route.pattern(), toResponse(route, e));
        }
    }

    private void handleOnWorker(Router.Route route, Request request) {
        try {
            surroundings.workers().execute(() -> {
                try {
                    CompletionStage<Response> response = route.handler().handle(request);
                    surroundings.eventLoop().runOnContext(_ -> finishWith(route, response));
                } catch (RuntimeException e) {
                    surroundings.eventLoop().runOnContext(_ -> answer(route.pattern(), toResponse(route, e)));
                }
            });
        } catch (RejectedExecutionException _) {
            answer(
                    route.pattern(),
                    route.refusals()
                            .apply(new ApiError(
                                    503, "Too many requests are waiting; try again", "temporarily_unavailable")));
        }
    }

    private void finishWith(Router.Route route, CompletionStage<Response> stage) {
        var future = stage.toCompletableFuture();
        if (future.isDone() && !future.isCompletedExceptionally()) {
            leave(route, future.join());
            return;
        }
        var _ = future.whenComplete((response, fault) -> surroundings
                .eventLoop()
                .runOnContext(_ -> {
                    if (fault == null) {
                        leave(route, response);
                    } else {
                        answer(route.pattern(), toResponse(route, fault));
                    }
                }));
    }

    private void leave(Router.Route route, Response response) {
        Response leaving;
        try {
            leaving = response.leaving();
        } catch (RuntimeException e) {
            leaving = toResponse(route, e);
        }
        answer(route.pattern(), leaving);
    }

    /** Where all that rises ends: refusals become their answers, the rest a bare 500, logged once, here. */
    private Response toResponse(Router.Route route, Throwable fault) {
        Throwable cause = fault instanceof CompletionException && fault.getCause() != null ? fault.getCause() : fault;
        return switch (cause) {
            case ApiError.ApiException refusal -> route.refusals().apply(refusal.error());
            case Form.MalformedException malformed ->
                route.refusals()
                        .apply(new ApiError(
                                400, "The request is malformed: " + malformed.getMessage(), "invalid_request"));
            case StorageUnavailableException unavailable -> {
                LOG.atWarn().addKeyValue("request_id", id).log("answered 503: {}", unavailable.getMessage());
                yield route.refusals()
                        .apply(new ApiError(
                                503, "The server cannot answer this now; try again", "temporarily_unavailable"));
            }
            default -> {
                LOG.atError().addKeyValue("request_id", id).setCause(cause).log("a fault; answered 500");
                yield route.refusals()
                        .apply(new ApiError(
                                500, "An internal error; the log has it under request id " + id, "internal_error"));
            }
        };
    }

    private Future<Void> answer(String route, Response response) {
        isHandled = false;
        if (answered) {
            release();
            return Future.succeededFuture();
        }
        end();
        Future<Void> written = write(incoming, id, response);
        RequestLog.ended(
                id, incoming.method().name(), route, response, Duration.ofNanos(System.nanoTime() - beganNanos));
        return written;
    }

    /** Nobody is there to be answered. */
    void cutOff() {
        if (!answered) {
            end();
        }
    }

    private void end() {
        answered = true;
        surroundings.connections().waitsNoMore(this);
        peer.ended(this);
        if (!isHandled) {
            release();
        }
    }

    private void release() {
        peer.release(held);
        held = 0;
    }

    /** Its client was too slow. */
    void cutOffConnection() {
        peer.cutOff();
        cutOff();
    }

    private static Future<Void> write(HttpServerRequest incoming, String id, Response response) {
        HttpServerResponse out = incoming.response();
        if (out.closed() || out.ended()) {
            return Future.succeededFuture();
        }
        out.setStatusCode(response.status());
        boolean isHttp2 = incoming.version() == HttpVersion.HTTP_2;
        for (Response.Header header : response.headers()) {
            // RFC 9113 §8.2.2: HTTP/2 has no such field
            if (!(isHttp2 && header.name().equals("Connection"))) {
                out.headers().add(header.name(), header.value());
            }
        }
        out.headers().add(REQUEST_ID, id);
        if (incoming.method().equals(HttpMethod.HEAD)) {
            out.headers().set("Content-Length", Integer.toString(response.body().length));
            return out.end();
        }
        return out.end(Buffer.buffer(response.body()));
    }
}
