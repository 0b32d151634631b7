package dev.jeton.verifier;

/** What a {@link ResourceGuard} says of a request. */
public sealed interface Access {
    /** The request may go on, in the name of this token's client. */
    record Granted(AccessToken token) implements Access {}

    /** The request ends here, with this answer. */
    record Refused(Refusal refusal) implements Access {}
}
