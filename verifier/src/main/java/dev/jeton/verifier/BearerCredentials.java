package dev.jeton.verifier;

import java.util.List;

/**
 * What the {@code Authorization} headers of a request hold, RFC 6750 §2.1. {@link ResourceGuard} asks this by itself; it
 * is for adapters to frameworks that have the token verified in a later step of their own.
 */
public sealed interface BearerCredentials {

    /** One token, of which nothing was checked but that it is one word. */
    record Token(String value) implements BearerCredentials {
        @Override
        public String toString() {
            return "Token[secret]";
        }
    }

    /** No header, or one of another scheme: answered by {@link Refusal#missingToken}. */
    record None() implements BearerCredentials {}

    /** Anything else: answered by {@link Refusal#invalidRequest} with this sentence, which holds nothing of the header. */
    record Malformed(String description) implements BearerCredentials {}

    /**
     * Reads the headers. Tokens in the query or the body (RFC 6750 §2.2 and §2.3) are not looked for: they end up in
     * logs.
     *
     * @param authorizationHeaders the values of all {@code Authorization} headers of the request, as received
     */
    static BearerCredentials in(List<String> authorizationHeaders) {
        if (authorizationHeaders.isEmpty()) {
            return new None();
        }
        if (authorizationHeaders.size() > 1) {
            return new Malformed("There is more than one Authorization header.");
        }
        String header = authorizationHeaders.get(0).strip();
        int space = header.indexOf(' ');
        String scheme = space < 0 ? header : header.substring(0, space);
        if (!scheme.equalsIgnoreCase("Bearer")) { // RFC 9110 §11.1
            return new None();
        }
        String token = space < 0 ? "" : header.substring(space).strip();
        return token.isEmpty() || token.chars().anyMatch(character -> character <= ' ' || character == ',')
                ? new Malformed("The Authorization header is not Bearer and one token.")
                : new Token(token);
    }
}
