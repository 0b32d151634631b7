package dev.jeton.verifier.servlet;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.ECDSASigner;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import dev.jeton.verifier.AccessTokenVerifier;
import dev.jeton.verifier.KeySet;
import dev.jeton.verifier.KeySource;
import dev.jeton.verifier.ResourceGuard;
import java.time.Instant;
import java.util.Date;

/** Signs tokens as Jeton does for the application {@code job}, by a clock that the test sets. */
final class TestIssuer {
    static final String AUDIENCE = "https://orders.example.com";

    private final String issuer;
    private final ECKey key;
    private volatile Instant now = Instant.parse("2026-11-23T12:00:00Z");

    TestIssuer(String issuer) {
        this.issuer = issuer;
        try {
            this.key = new ECKeyGenerator(Curve.P_256).keyID("k").generate();
        } catch (JOSEException e) {
            throw new IllegalStateException(e);
        }
    }

    Instant now() {
        return now;
    }

    void setClock(Instant now) {
        this.now = now;
    }

    String jwks() {
        return new JWKSet(key.toPublicJWK()).toString();
    }

    ResourceGuard guard() {
        return guard(KeySource.of(KeySet.parse(jwks())));
    }

    ResourceGuard guard(KeySource keys) {
        return ResourceGuard.of(AccessTokenVerifier.builder(issuer, AUDIENCE, keys)
                .clock(this::now)
                .build());
    }

    /** Claims that are right in every way, valid for a minute. */
    JWTClaimsSet.Builder claims(String scope) {
        return new JWTClaimsSet.Builder()
                .issuer(issuer)
                .subject("job@clients")
                .audience(AUDIENCE)
                .issueTime(Date.from(now))
                .expirationTime(Date.from(now.plusSeconds(60)))
                .claim("azp", "job")
                .claim("gty", "client-credentials")
                .claim("scope", scope);
    }

    String bearer(String scope) {
        return bearer(claims(scope));
    }

    /** The value of the header. */
    String bearer(JWTClaimsSet.Builder claims) {
        SignedJWT jwt = new SignedJWT(
                new JWSHeader.Builder(JWSAlgorithm.ES256).keyID(key.getKeyID()).build(), claims.build());
        try {
            jwt.sign(new ECDSASigner(key));
        } catch (JOSEException e) {
            throw new IllegalStateException(e);
        }
        return "Bearer " + jwt.serialize();
    }
}
