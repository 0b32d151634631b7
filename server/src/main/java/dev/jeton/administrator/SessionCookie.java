package dev.jeton.administrator;

import dev.jeton.http.Request;
import dev.jeton.http.Response;
import java.util.Optional;
import java.util.stream.Stream;

/** The cookie that holds a session's secret, RFC 6265 and its successor's {@code __Host-} prefix. */
final class SessionCookie {
    static final String NAME = "__Host-jeton-session";
    private static final String ATTRIBUTES = "; Path=/; Secure; HttpOnly; SameSite=Strict";

    private SessionCookie() {}

    /** What the request has under that name; empty text is as good as none. */
    static Optional<String> of(Request request) {
        return request.headers("Cookie").stream()
                .flatMap(header -> Stream.of(header.split(";", -1)))
                .map(String::strip)
                .filter(pair -> pair.startsWith(NAME + "="))
                .map(pair -> pair.substring(NAME.length() + 1))
                .filter(value -> !value.isEmpty())
                .findFirst();
    }

    static Response set(Response answer, SecretToken token) {
        return answer.with("Set-Cookie", NAME + "=" + token.reveal() + ATTRIBUTES);
    }

    static Response clear(Response answer) {
        return answer.with("Set-Cookie", NAME + "=" + ATTRIBUTES + "; Max-Age=0");
    }
}
