package dev.jeton.tokenclient;

/**
 * How the client secret travels, RFC 6749 §2.3.1. The names are those of {@code token_endpoint_auth_method}
 * (RFC 7591 §2); a server may take only the one that a client is registered for.
 */
public enum ClientAuthentication {
    /** In the body of the request. */
    CLIENT_SECRET_POST("in the body (client_secret_post)"),
    /** In the Authorization header; id and secret are form-encoded before they are joined. */
    CLIENT_SECRET_BASIC("by HTTP Basic (client_secret_basic)");

    private final String inWords;

    ClientAuthentication(String inWords) {
        this.inWords = inWords;
    }

    String inWords() {
        return inWords;
    }
}
