package dev.jeton.action;

import dev.jeton.http.ApiError;

/** What these routes refuse by themselves; as Auth0's, it has no {@code errorCode}. */
final class Refusal {
    private Refusal() {}

    static ApiError.ApiException badRequest(String message) {
        return new ApiError(400, message, null).exception();
    }

    static ApiError.ApiException conflict(String message) {
        return new ApiError(409, message, null).exception();
    }

    static ApiError.ApiException notFound(String message) {
        return new ApiError(404, message, null).exception();
    }

    /** The same without its {@code errorCode}. */
    static ApiError.ApiException of(ApiError error) {
        return new ApiError(error.status(), error.message(), null).exception();
    }
}
