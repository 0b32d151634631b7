package dev.jeton.verifier;

import java.time.Instant;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * An access token that passed every check of an {@link AccessTokenVerifier}, which alone makes them. It was valid at
 * that moment: do not keep it past the request.
 *
 * <p>Collections are unmodifiable and in the order of the token. What is optional here is optional in the standards
 * (RFC 7519 §4.1); every token that Jeton issues has a subject, a client id and a time of issue.
 */
public final class AccessToken {
    private final SignatureAlgorithm algorithm;
    private final Optional<String> keyId;
    private final String issuer;
    private final List<String> audience;
    private final Instant expiresAt;
    private final Optional<Instant> issuedAt;
    private final Optional<String> subject;
    private final Optional<String> clientId;
    private final Optional<String> jti;
    private final Set<String> scopes;
    private final Set<String> permissions;
    private final boolean clientActsForItself;
    private final Map<String, @Nullable Object> claims;

    /**
     * Takes claims whose signature, issuer, audience and times the verifier has checked, and checks the JSON types.
     *
     * @throws InvalidTokenException with {@link Rejection#MALFORMED_CLAIM}
     */
    AccessToken(SignatureAlgorithm algorithm, Optional<String> keyId, Claims claims) {
        this.algorithm = algorithm;
        this.keyId = keyId;
        this.issuer = claims.string("iss").orElseThrow();
        this.audience = claims.stringOrStrings("aud").orElseThrow();
        this.expiresAt = claims.date("exp").orElseThrow();
        this.issuedAt = claims.date("iat");
        this.subject = claims.string("sub");
        this.clientId = clientIdOf(claims);
        this.jti = claims.string("jti");
        this.scopes = scopesOf(claims.string("scope").orElse(""));
        this.permissions = inOrder(claims.strings("permissions").orElse(List.of()));
        this.clientActsForItself = clientId.isPresent()
                && subject.equals(clientId.map(client -> client + "@clients"))
                && claims.string("gty").orElse("client-credentials").equals("client-credentials");
        this.claims = claims.members();
    }

    /** Auth0's dialects say {@code azp}, RFC 9068 §2.2 says {@code client_id}; two that differ name no one. */
    private static Optional<String> clientIdOf(Claims claims) {
        Optional<String> azp = claims.string("azp");
        Optional<String> clientId = claims.string("client_id");
        if (azp.isPresent() && clientId.isPresent() && !azp.equals(clientId)) {
            throw new InvalidTokenException(Rejection.MALFORMED_CLAIM);
        }
        return azp.or(() -> clientId);
    }

    /** RFC 6749 §3.3, except that spaces too many are forgiven. Only the space separates: a tab is part of a name. */
    private static Set<String> scopesOf(String scope) {
        Set<String> scopes = new LinkedHashSet<>(List.of(scope.split(" ", -1)));
        scopes.remove("");
        return Collections.unmodifiableSet(scopes);
    }

    private static Set<String> inOrder(Collection<String> values) {
        return Collections.unmodifiableSet(new LinkedHashSet<>(values));
    }

    /** The algorithm that the signature was verified with. */
    public SignatureAlgorithm algorithm() {
        return algorithm;
    }

    /** The {@code kid} of the header; with a secret it is only what the token says. */
    public Optional<String> keyId() {
        return keyId;
    }

    /** {@code iss}: the issuer that the verifier was built for. */
    public String issuer() {
        return issuer;
    }

    /** {@code aud}: one or more, the audience that the verifier was built for among them. */
    public List<String> audience() {
        return audience;
    }

    /** {@code exp}. The verifier accepts the token until then, plus its leeway. */
    public Instant expiresAt() {
        return expiresAt;
    }

    /** {@code iat}. */
    public Optional<Instant> issuedAt() {
        return issuedAt;
    }

    /** {@code sub}: for a client that acts for itself, its client id and {@code @clients}. */
    public Optional<String> subject() {
        return subject;
    }

    /** The client that the token was issued to: {@code azp}, or {@code client_id} in tokens of RFC 9068. */
    public Optional<String> clientId() {
        return clientId;
    }

    /** {@code jti}: names this token in logs. Whether it was seen before is not checked. */
    public Optional<String> jti() {
        return jti;
    }

    /** The words of {@code scope}; empty if the claim is. */
    public Set<String> scopes() {
        return scopes;
    }

    /** Whether {@code scope} lists exactly this word; scopes are case-sensitive and have no hierarchy. */
    public boolean hasScope(String scope) {
        return scopes.contains(scope);
    }

    /** {@code permissions}, which an API gets if it asks for them; empty if the claim is. */
    public Set<String> permissions() {
        return permissions;
    }

    /**
     * Whether a client got the token for itself (the client credentials grant) and no user is involved: the subject is
     * the client id and {@code @clients}, and {@code gty}, if present, is {@code client-credentials}.
     */
    public boolean clientActsForItself() {
        return clientActsForItself;
    }

    /**
     * All claims, custom ones too. Values are {@link String}, {@link Long} or {@link java.math.BigDecimal},
     * {@link Boolean}, {@link List}, {@link Map} and null.
     */
    public Map<String, @Nullable Object> claims() {
        return claims;
    }
}
