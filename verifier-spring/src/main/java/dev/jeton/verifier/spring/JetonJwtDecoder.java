package dev.jeton.verifier.spring;

import dev.jeton.verifier.AccessToken;
import dev.jeton.verifier.AccessTokenVerifier;
import dev.jeton.verifier.InvalidTokenException;
import dev.jeton.verifier.KeysUnavailableException;
import dev.jeton.verifier.Rejection;
import dev.jeton.verifier.UnverifiedJwt;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.security.oauth2.jwt.BadJwtException;
import org.springframework.security.oauth2.jwt.Jwt;
import org.springframework.security.oauth2.jwt.JwtClaimNames;
import org.springframework.security.oauth2.jwt.JwtDecoder;
import org.springframework.security.oauth2.jwt.JwtException;

/**
 * Checks access tokens with an {@link AccessTokenVerifier} and shows those that pass as Spring Security's {@link Jwt}.
 * What is checked, and what is not, is said there; scopes and permissions are not.
 */
public final class JetonJwtDecoder implements JwtDecoder {
    private final AccessTokenVerifier verifier;

    public JetonJwtDecoder(AccessTokenVerifier verifier) {
        this.verifier = verifier;
    }

    /**
     * Checks one token. The {@link Jwt} has all headers and claims; as everywhere in Spring Security, {@code exp},
     * {@code iat} and {@code nbf} are {@link Instant} and {@code aud} is a list of strings. Members that are null are
     * left out. Waits if the verifier does.
     *
     * @throws BadJwtException if the token is refused; its cause, if there is one, is the {@link InvalidTokenException}
     * @throws JwtException caused by {@link KeysUnavailableException} if the issuer's keys cannot be had
     */
    @Override
    public Jwt decode(String token) {
        AccessToken verified;
        try {
            verified = verifier.verify(token).orElseThrow();
        } catch (InvalidTokenException refused) {
            throw new BadJwtException(refused.rejection().sentence(), refused);
        } catch (KeysUnavailableException unavailable) {
            throw new JwtException("The keys of the issuer cannot be had.", unavailable);
        }
        Instant expiresAt = verified.expiresAt();
        if (verified.issuedAt()
                .filter(issuedAt -> !issuedAt.isBefore(expiresAt))
                .isPresent()) {
            // The leeway lets it pass for some seconds, but no Jwt can be made of it.
            throw new BadJwtException(Rejection.EXPIRED.sentence());
        }
        return Jwt.withTokenValue(token)
                // The very text that was verified: header and claims are true by now.
                .headers(headers ->
                        headers.putAll(withoutNulls(UnverifiedJwt.parse(token).header())))
                .claims(claims -> {
                    claims.putAll(withoutNulls(verified.claims()));
                    claims.computeIfPresent(JwtClaimNames.NBF, (name, seconds) -> instant(seconds));
                    verified.issuedAt().ifPresent(issuedAt -> claims.put(JwtClaimNames.IAT, issuedAt));
                    claims.put(JwtClaimNames.EXP, expiresAt);
                    claims.put(JwtClaimNames.AUD, verified.audience());
                })
                .build();
    }

    private static Object instant(Object seconds) {
        return Instant.ofEpochSecond(((Number) seconds).longValue());
    }

    private static Map<String, Object> withoutNulls(Map<String, @Nullable Object> members) {
        Map<String, Object> present = new LinkedHashMap<>();
        members.forEach((name, value) -> {
            if (value != null) {
                present.put(name, value);
            }
        });
        return present;
    }
}
