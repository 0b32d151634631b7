package dev.jeton.verifier;

/** What became of a token: verified, or rejected for one reason. */
public sealed interface Verification {

    /** Every check passed. Which scope an endpoint needs is still to be asked: {@link AccessToken#hasScope}. */
    record Verified(AccessToken token) implements Verification {}

    /** The first check that failed; claims are looked at only after the signature. */
    record Rejected(Rejection reason) implements Verification {}

    /**
     * The verified token.
     *
     * @throws InvalidTokenException if the token was rejected
     */
    default AccessToken orElseThrow() {
        if (this instanceof Verified verified) {
            return verified.token();
        }
        throw new InvalidTokenException(((Rejected) this).reason());
    }
}
