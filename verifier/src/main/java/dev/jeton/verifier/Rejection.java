package dev.jeton.verifier;

/** Why a token was refused. {@link #code} is stable, for logs and metrics; {@link #sentence} is for people. */
public enum Rejection {
    TOKEN_TOO_LARGE("token_too_large", "The token is longer than 16384 characters."),
    ENCRYPTED("encrypted", "The token is encrypted (it has five parts), which is not supported."),
    MALFORMED("malformed", "The token is not a JWT: three base64url parts, with a JSON object in the first two."),
    ALGORITHM_NOT_ALLOWED("algorithm_not_allowed", "The token's alg is not one that this API allows."),
    WRONG_TYPE("wrong_type", "The token's typ is not that of an access token."),
    CRITICAL_HEADER("critical_header", "The token has a crit header, and no extension is understood."),
    UNKNOWN_KEY("unknown_key", "No key of the issuer has the token's kid and serves its alg."),
    AMBIGUOUS_KEY("ambiguous_key", "More than one key of the issuer fits the token's kid and alg."),
    BAD_SIGNATURE("bad_signature", "The token's signature does not verify with the issuer's key."),
    MALFORMED_CLAIM("malformed_claim", "A claim of the token is missing, has the wrong JSON type or is out of range."),
    WRONG_ISSUER("wrong_issuer", "The token's iss is not the issuer that this API trusts."),
    WRONG_AUDIENCE("wrong_audience", "The token's aud does not name this API."),
    EXPIRED("expired", "The token has expired."),
    NOT_YET_VALID("not_yet_valid", "The token's nbf is in the future."),
    ISSUED_IN_THE_FUTURE("issued_in_the_future", "The token's iat is in the future."),
    SENDER_CONSTRAINED(
            "sender_constrained", "The token is bound to a key of its holder (cnf), and no proof of that is checked.");

    private final String code;
    private final String sentence;

    Rejection(String code, String sentence) {
        this.code = code;
        this.sentence = sentence;
    }

    /** Lower case words joined by underscores; never changes its meaning. */
    public String code() {
        return code;
    }

    /** One English sentence. It holds nothing of the token, so it may be logged and sent to the caller. */
    public String sentence() {
        return sentence;
    }
}
