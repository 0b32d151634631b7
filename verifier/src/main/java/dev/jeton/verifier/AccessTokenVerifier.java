package dev.jeton.verifier;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Decides whether a text is an access token of one issuer for one API. Immutable; any number of threads may use one.
 *
 * <pre>{@code
 * AccessTokenVerifier verifier =
 *         AccessTokenVerifier.forIssuer("https://auth.example/", "https://api.example").build();
 * AccessToken token = verifier.verify(text).orElseThrow();
 * }</pre>
 *
 * <p>What an API answers to a request, with or without a token, is decided by {@link ResourceGuard}, which uses this.
 *
 * <p>Checked, in this order: shape and size (see {@link UnverifiedJwt#parse}); {@code alg}, {@code typ} and
 * {@code crit}; that exactly one key fits; the signature over the bytes received; {@code iss} and {@code aud},
 * compared exactly; {@code exp}, which is required, {@code nbf} and {@code iat}; the JSON types of the other claims
 * that {@link AccessToken} shows (RFC 7519 §7.2, RFC 8725 §3, RFC 9068 §4).
 *
 * <p>Not checked: scopes and permissions (see {@link Requirement}), whether the token was used before, whether it was
 * withdrawn before it expires. Tokens bound to a key of their holder ({@code cnf}) are refused, as that proof is not checked. Keys and
 * addresses of keys in the header ({@code jwk}, {@code jku}, {@code x5c}, {@code x5u}) are never used.
 */
public final class AccessTokenVerifier {
    private static final Set<String> RFC_9068_TYPES = Set.of("at+jwt", "application/at+jwt");
    private static final List<String> RFC_9068_CLAIMS = List.of("sub", "client_id", "iat", "jti");

    private final String issuer;
    private final String audience;
    private final KeySource keys;
    private final Set<SignatureAlgorithm> algorithms;
    private final InstantSource clock;
    private final Duration leeway;
    private final boolean rfc9068;

    private AccessTokenVerifier(Builder builder) {
        this.issuer = builder.issuer;
        this.audience = builder.audience;
        this.keys = builder.keys;
        this.algorithms = Set.copyOf(builder.algorithms);
        this.clock = builder.clock;
        this.leeway = builder.leeway;
        this.rfc9068 = builder.rfc9068;
    }

    /**
     * Starts a verifier with the keys that the issuer publishes, found by its metadata; see {@link IssuerKeys}.
     *
     * @param issuer the exact {@code iss}, with the slash at its end that Jeton's issuer has
     * @param audience the exact identifier of this API, which {@code aud} has to hold
     * @throws IllegalArgumentException if issuer or audience is blank, or the issuer is not an address that keys may
     *     come from
     */
    public static Builder forIssuer(String issuer, String audience) {
        return new Builder(issuer, audience, IssuerKeys.of(issuer));
    }

    /**
     * Starts a verifier; these three have no default.
     *
     * @param issuer the exact {@code iss}, with the slash at its end that Jeton's issuer has
     * @param audience the exact identifier of this API, which {@code aud} has to hold
     * @throws IllegalArgumentException if issuer or audience is blank
     */
    public static Builder builder(String issuer, String audience, KeySource keys) {
        return new Builder(issuer, audience, keys);
    }

    /**
     * Checks one token: the compact text alone, without {@code Bearer}. A token that is refused for whatever reason, or
     * cannot be decided on for want of keys, is an answer, not an exception. Waits if the {@link KeySource} does.
     */
    public Verification verify(String token) {
        try {
            return new Verification.Verified(verified(UnverifiedJwt.parse(token)));
        } catch (InvalidTokenException refused) {
            return new Verification.Rejected(refused.rejection());
        } catch (KeysUnavailableException unavailable) {
            return new Verification.Undecided(unavailable);
        }
    }

    private AccessToken verified(UnverifiedJwt jwt) {
        SignatureAlgorithm algorithm = allowedAlgorithm(jwt.header());
        checkType(jwt.header());
        checkNothingCritical(jwt.header());
        Optional<String> keyId = keyId(jwt.header());
        VerificationKey key = key(algorithm, keyId);
        if (!key.verifies(algorithm, jwt.signingInput(), jwt.signature())) {
            throw new InvalidTokenException(Rejection.BAD_SIGNATURE);
        }

        Claims claims = new Claims(jwt.claims());
        checkIssuer(claims);
        checkAudience(claims);
        checkTimes(claims, clock.instant());
        if (rfc9068) {
            checkComplete(claims);
        }
        checkNotSenderConstrained(claims);
        return new AccessToken(algorithm, keyId, claims);
    }

    private SignatureAlgorithm allowedAlgorithm(Map<String, @Nullable Object> header) {
        return SignatureAlgorithm.named(header.get("alg"))
                .filter(algorithms::contains)
                .orElseThrow(() -> new InvalidTokenException(Rejection.ALGORITHM_NOT_ALLOWED));
    }

    /** RFC 8725 §3.11: a DPoP proof, a logout token or a client assertion is not an access token, whoever signed it. */
    private void checkType(Map<String, @Nullable Object> header) {
        boolean accessToken = header.containsKey("typ")
                ? header.get("typ") instanceof String type && isAccessToken(type.toLowerCase(Locale.ROOT))
                : !rfc9068;
        if (!accessToken) {
            throw new InvalidTokenException(Rejection.WRONG_TYPE);
        }
    }

    private boolean isAccessToken(String lowerCaseType) {
        return RFC_9068_TYPES.contains(lowerCaseType) || (!rfc9068 && lowerCaseType.equals("jwt"));
    }

    /** RFC 7515 §4.1.11: no extension is understood here, and an empty list is not allowed either. */
    private static void checkNothingCritical(Map<String, @Nullable Object> header) {
        if (header.containsKey("crit")) {
            throw new InvalidTokenException(Rejection.CRITICAL_HEADER);
        }
    }

    private static Optional<String> keyId(Map<String, @Nullable Object> header) {
        if (!header.containsKey("kid")) {
            return Optional.empty();
        }
        if (header.get("kid") instanceof String keyId) {
            return Optional.of(keyId);
        }
        throw new InvalidTokenException(Rejection.MALFORMED);
    }

    private VerificationKey key(SignatureAlgorithm algorithm, Optional<String> keyId) {
        KeySet current = keys.current();
        return current.find(algorithm, keyId)
                .or(() -> keys.after(current).find(algorithm, keyId))
                .orElseThrow(() -> new InvalidTokenException(Rejection.UNKNOWN_KEY));
    }

    private void checkIssuer(Claims claims) {
        if (!claims.string("iss").equals(Optional.of(issuer))) {
            throw new InvalidTokenException(Rejection.WRONG_ISSUER);
        }
    }

    private void checkAudience(Claims claims) {
        if (!claims.stringOrStrings("aud").orElse(List.of()).contains(audience)) {
            throw new InvalidTokenException(Rejection.WRONG_AUDIENCE);
        }
    }

    private void checkTimes(Claims claims, Instant now) {
        Instant expiresAt = claims.date("exp").orElseThrow(() -> new InvalidTokenException(Rejection.MALFORMED_CLAIM));
        if (!now.isBefore(expiresAt.plus(leeway))) {
            throw new InvalidTokenException(Rejection.EXPIRED);
        }
        Instant latestStart = now.plus(leeway);
        if (claims.date("nbf").filter(latestStart::isBefore).isPresent()) {
            throw new InvalidTokenException(Rejection.NOT_YET_VALID);
        }
        if (claims.date("iat").filter(latestStart::isBefore).isPresent()) {
            throw new InvalidTokenException(Rejection.ISSUED_IN_THE_FUTURE);
        }
    }

    /** RFC 9068 §2.2. */
    private static void checkComplete(Claims claims) {
        if (!RFC_9068_CLAIMS.stream().allMatch(claims::has)) {
            throw new InvalidTokenException(Rejection.MALFORMED_CLAIM);
        }
    }

    /** Taken as a plain bearer token, a stolen one would be as good as its holder's: RFC 9449 §7.2, RFC 8705 §3. */
    private static void checkNotSenderConstrained(Claims claims) {
        if (claims.has("cnf")) {
            throw new InvalidTokenException(Rejection.SENDER_CONSTRAINED);
        }
    }

    /** What a verifier is made of. */
    public static final class Builder {
        private static final Duration MAX_LEEWAY = Duration.ofSeconds(60);

        private final String issuer;
        private final String audience;
        private final KeySource keys;
        private Set<SignatureAlgorithm> algorithms = EnumSet.complementOf(EnumSet.of(SignatureAlgorithm.HS256));
        private InstantSource clock = InstantSource.system();
        private Duration leeway = Duration.ofSeconds(5);
        private boolean rfc9068;

        private Builder(String issuer, String audience, KeySource keys) {
            if (issuer.isBlank() || audience.isBlank()) {
                throw new IllegalArgumentException("issuer and audience must not be blank");
            }
            this.issuer = issuer;
            this.audience = audience;
            this.keys = keys;
        }

        /**
         * The algorithms that count; RS256, RS512, PS256, ES256 and EdDSA unless set. HS256 stands alone, for an API
         * with a {@linkplain KeySet#ofSecret secret}.
         *
         * @throws IllegalArgumentException if HS256 is named with another
         */
        public Builder algorithms(SignatureAlgorithm first, SignatureAlgorithm... others) {
            Set<SignatureAlgorithm> named = EnumSet.of(first, others);
            if (named.contains(SignatureAlgorithm.HS256) && named.size() > 1) {
                throw new IllegalArgumentException("HS256 cannot be allowed along with public-key algorithms");
            }
            algorithms = named;
            return this;
        }

        /** Where the time comes from; the system's clock unless set. */
        public Builder clock(InstantSource clock) {
            this.clock = clock;
            return this;
        }

        /**
         * How far the issuer's clock may differ from this one; 5 seconds unless set.
         *
         * @throws IllegalArgumentException if negative or above 60 seconds
         */
        public Builder leeway(Duration leeway) {
            if (leeway.isNegative() || leeway.compareTo(MAX_LEEWAY) > 0) {
                throw new IllegalArgumentException("the leeway must be between 0 and 60 seconds");
            }
            this.leeway = leeway;
            return this;
        }

        /**
         * Takes only tokens in the profile of RFC 9068: {@code typ} is {@code at+jwt}, and {@code sub},
         * {@code client_id}, {@code iat} and {@code jti} are there. Unless set, tokens of Auth0's profile count too.
         */
        public Builder requireRfc9068() {
            rfc9068 = true;
            return this;
        }

        public AccessTokenVerifier build() {
            return new AccessTokenVerifier(this);
        }
    }
}
