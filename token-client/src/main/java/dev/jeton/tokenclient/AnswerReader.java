package dev.jeton.tokenclient;

import java.net.http.HttpHeaders;
import java.net.http.HttpResponse;
import java.time.Instant;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;

/** Takes an answer of the token endpoint for what it is: RFC 6749 §5.1 and §5.2. */
final class AnswerReader {
    /** What a token counts for whose answer has no {@code expires_in}: RFC 6749 §5.1 leaves that to the server's documents. */
    static final long ASSUMED_SECONDS = 60;

    private static final long MAX_SECONDS = Integer.MAX_VALUE;

    private final IssuerAddress issuer;
    private final TokenRequest request;

    AnswerReader(IssuerAddress issuer, TokenRequest request) {
        this.issuer = issuer;
        this.request = request;
    }

    /** @param requestedAt when the request began: the answer took its time, and the token may be as old as that */
    TokenAnswer read(HttpResponse<byte[]> answer, Instant requestedAt, Instant now) {
        int status = answer.statusCode();
        if (status == 200) {
            return granted(answer, requestedAt);
        }
        // 408 and 425 are not about the client: a proxy gave up on a connection, or on early data.
        if (status == 408 || status == 425 || status == 429 || (status >= 500 && status < 600)) {
            return new TokenAnswer.Unavailable(
                    "No token from " + issuer + " now: it answered " + inWords(answer) + ".",
                    OptionalInt.of(status),
                    answer.headers().firstValue("Retry-After").flatMap(value -> RetryAfter.parse(value, now)),
                    null);
        }
        if (status >= 400 && status < 500) {
            return refused(answer);
        }
        String problem = status >= 300 && status < 400
                ? "is a redirect, which is not followed, as the client secret would travel on"
                : "is not one of a token endpoint";
        return unusable(answer, problem);
    }

    private TokenAnswer granted(HttpResponse<byte[]> answer, Instant requestedAt) {
        try {
            if (answer.body().length == 0) {
                throw new MalformedAnswerException("is empty or longer than " + BoundedBody.MAX_BYTES + " bytes");
            }
            JsonObject json = JsonObject.parse(answer.body());
            String type = json.string("token_type").orElse("");
            if (!type.toLowerCase(Locale.ROOT).equals("bearer")) {
                throw new MalformedAnswerException("has no token_type Bearer");
            }
            String value = json.string("access_token").orElse("");
            if (!Token.isB64Token(value)) {
                throw new MalformedAnswerException("has no access_token, or one that cannot stand in a header");
            }
            Instant expiresAt = requestedAt.plusSeconds(lifetime(json));
            return new TokenAnswer.Granted(new Token(value, expiresAt, scope(json)), requestedAt);
        } catch (MalformedAnswerException malformed) {
            return unusable(answer, malformed.problem());
        }
    }

    private static long lifetime(JsonObject json) throws MalformedAnswerException {
        OptionalLong seconds = json.wholeNumber("expires_in");
        if (seconds.orElse(ASSUMED_SECONDS) < 1 || seconds.orElse(ASSUMED_SECONDS) > MAX_SECONDS) {
            throw new MalformedAnswerException("has an expires_in that is not between 1 and " + MAX_SECONDS);
        }
        return seconds.orElse(ASSUMED_SECONDS);
    }

    private static Set<String> scope(JsonObject json) throws MalformedAnswerException {
        return Scope.values(json.string("scope").orElse(""));
    }

    private TokenAnswer refused(HttpResponse<byte[]> answer) {
        Optional<String> error = quoted(answer, "error");
        return new TokenAnswer.Refused(
                issuer + " refused " + request.clientId() + " a token for " + request.audience() + ": "
                        + inWords(answer) + ". " + advice(answer.statusCode(), error.orElse("")),
                answer.statusCode(),
                error,
                quoted(answer, "error_description"),
                requestId(answer.headers()));
    }

    private String advice(int status, String error) {
        if (error.isEmpty() || status == 404 || status == 405) {
            return "Check that " + issuer + " is the issuer of a Jeton server, and what proxy is in front of it.";
        }
        if (status == 401) {
            return "Check the client id and its secret, and that the client may send it "
                    + request.authentication().inWords() + ".";
        }
        return switch (error) {
            case "access_denied", "invalid_target", "invalid_scope" ->
                "Compare audience and scope with what is granted, character by character: jeton grants list --app "
                        + request.clientId() + "; what is missing is given with jeton grants create or update.";
            case "unauthorized_client" -> "Allow the client the grant type client_credentials.";
            default -> "The log of the server has more about it.";
        };
    }

    private TokenAnswer unusable(HttpResponse<byte[]> answer, String problem) {
        return new TokenAnswer.Unusable(
                "The answer of " + issuer + " (" + answer.statusCode() + requestInWords(answer) + ") " + problem
                        + ". Check that it is the issuer of a Jeton server, and what proxy is in front of it.",
                answer.statusCode(),
                requestId(answer.headers()));
    }

    /** As {@code 401 access_denied (Unauthorized), request bd4f455adf2d63203979}. */
    private String inWords(HttpResponse<byte[]> answer) {
        return answer.statusCode()
                + quoted(answer, "error").map(error -> " " + error).orElse(" without the JSON of a token endpoint")
                + quoted(answer, "error_description")
                        .map(description -> " (" + description + ")")
                        .orElse("")
                + requestInWords(answer);
    }

    private String requestInWords(HttpResponse<byte[]> answer) {
        return requestId(answer.headers()).map(id -> ", request " + id).orElse("");
    }

    private Optional<String> requestId(HttpHeaders headers) {
        return headers.firstValue("X-Auth0-RequestId").map(this::harmless);
    }

    /** A string of an answer that brings no token; empty if the answer is not JSON or has no such string. */
    private Optional<String> quoted(HttpResponse<byte[]> answer, String member) {
        try {
            return JsonObject.parse(answer.body()).string(member).map(this::harmless);
        } catch (MalformedAnswerException notOurs) {
            return Optional.empty();
        }
    }

    /** What a server says may end in a log: a server that repeats the request must not bring the secret there. */
    private String harmless(String text) {
        return Printable.of(text.replace(request.secret().reveal(), "[secret]"));
    }
}
