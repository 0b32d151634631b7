package dev.jeton.verifier;

/** What became of a token: verified, rejected for one reason, or not decided for want of keys. */
public sealed interface Verification {

    /** Every check passed. What an endpoint needs beyond that is still to be asked: {@link Requirement}. */
    record Verified(AccessToken token) implements Verification {}

    /** The first check that failed; claims are looked at only after the signature. */
    record Rejected(Rejection reason) implements Verification {}

    /** The issuer's keys could not be had: a fault of the API's own (503), and no word about the token. */
    record Undecided(KeysUnavailableException cause) implements Verification {}

    /**
     * The verified token.
     *
     * @throws InvalidTokenException if the token was rejected
     * @throws KeysUnavailableException if it was not decided
     */
    default AccessToken orElseThrow() {
        if (this instanceof Verified verified) {
            return verified.token();
        }
        if (this instanceof Undecided undecided) {
            throw undecided.cause();
        }
        throw new InvalidTokenException(((Rejected) this).reason());
    }
}
