package dev.jeton.http;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** Answers a request. Runs on an event loop, where it must not block, unless its route says otherwise. */
@FunctionalInterface
public interface Handler {
    /**
     * Answers now or later.
     *
     * @throws ApiError.ApiException for a refusal; any other exception is a fault and becomes a bare 500
     */
    CompletionStage<Response> handle(Request request);

    /** A handler whose answer is there when it returns. */
    static Handler of(Immediate handler) {
        return request -> CompletableFuture.completedFuture(handler.handle(request));
    }

    /** Answers at once. */
    @FunctionalInterface
    interface Immediate {
        Response handle(Request request);
    }
}
