package dev.jeton.tokenclient;

import java.time.Instant;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * An access token as it was issued. {@code toString} does not show it.
 *
 * @param value the token itself, in characters that may stand in a header (RFC 6750 §2.1, b64token)
 * @param expiresAt the start of the request that brought it, and {@code expires_in} after that: at the latest then
 *     it is of no use any more
 * @param scope what the server named as granted; empty if it named nothing
 */
public record Token(String value, Instant expiresAt, Set<String> scope) {
    private static final Pattern B64TOKEN = Pattern.compile("[A-Za-z0-9._~+/-]++=*+");

    /** @throws IllegalArgumentException if the value is no b64token; the message does not quote it */
    public Token {
        if (!isB64Token(value)) {
            throw new IllegalArgumentException("the token is empty or holds a character that a header may not");
        }
        scope = Collections.unmodifiableSet(new LinkedHashSet<>(scope));
    }

    static boolean isB64Token(String value) {
        return B64TOKEN.matcher(value).matches();
    }

    /** The value of an Authorization header: {@code Bearer}, a space, the token. */
    public String authorization() {
        return "Bearer " + value;
    }

    @Override
    public String toString() {
        return "Token[expiresAt=" + expiresAt + "]";
    }
}
