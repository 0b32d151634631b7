package dev.jeton.http;

import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * A refusal of the management API in Auth0's shape: {@code {statusCode, error, message, errorCode}}.
 *
 * @param message one sentence that names the field and the fix
 * @param errorCode what programs match on; left out when null
 */
public record ApiError(int status, String message, @Nullable String errorCode) {
    private static final JsonMapper JSON = JsonMapper.shared();

    /** Thrown where a request cannot be answered, caught once by the engine. */
    public static final class ApiException extends RuntimeException {
        private final ApiError error;

        ApiException(ApiError error) {
            super(error.message(), null, false, false);
            this.error = error;
        }

        public ApiError error() {
            return error;
        }
    }

    public static ApiException badRequest(String message, String errorCode) {
        return new ApiException(new ApiError(400, message, errorCode));
    }

    public static ApiException notFound(String message, String errorCode) {
        return new ApiException(new ApiError(404, message, errorCode));
    }

    public static ApiException conflict(String message, String errorCode) {
        return new ApiException(new ApiError(409, message, errorCode));
    }

    public ApiException exception() {
        return new ApiException(this);
    }

    public Response response() {
        return response(JSON.createObjectNode());
    }

    /**
     * The same with more in its body.
     *
     * @param more members behind the usual ones
     */
    public Response response(ObjectNode more) {
        ObjectNode body = JSON.createObjectNode()
                .put("statusCode", status)
                .put("error", reasonPhrase(status))
                .put("message", message);
        if (errorCode != null) {
            body.put("errorCode", errorCode);
        }
        body.setAll(more);
        return Response.json(status, JSON.writeValueAsBytes(body))
                .with("Cache-Control", "no-store")
                .about(null, errorCode);
    }

    private static String reasonPhrase(int status) {
        return switch (status) {
            case 400 -> "Bad Request";
            case 401 -> "Unauthorized";
            case 403 -> "Forbidden";
            case 404 -> "Not Found";
            case 405 -> "Method Not Allowed";
            case 408 -> "Request Timeout";
            case 409 -> "Conflict";
            case 412 -> "Precondition Failed";
            case 413 -> "Content Too Large";
            case 414 -> "URI Too Long";
            case 415 -> "Unsupported Media Type";
            case 429 -> "Too Many Requests";
            case 503 -> "Service Unavailable";
            default -> "Internal Server Error";
        };
    }
}
