package dev.jeton.token;

/** {@code oauth.errors}: how the token endpoint words its refusals. */
public enum ErrorDialect {
    /** Auth0's codes, texts and statuses. */
    AUTH0,
    /** RFC 6749 §5.2, and RFC 8707 §2 for {@code invalid_target}. */
    RFC6749
}
