package dev.jeton.verifier.spring;

import dev.jeton.verifier.AccessTokenVerifier;
import dev.jeton.verifier.IssuerKeys;
import java.net.URI;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.boot.convert.DurationUnit;

/**
 * How access tokens are checked.
 *
 * @param issuer Issuer of the access tokens, exactly as in their iss, with the slash at its end. Required.
 * @param audience Identifier of this API, exactly as in the aud of its tokens. Required.
 * @param jwksUri Address of the issuer's keys, for an API that reaches the issuer under another address than its public
 *     one. The one in the issuer's metadata unless set.
 * @param leeway How far the issuer's clock may differ from this one, at most 60 seconds. In seconds without a unit.
 * @param allowPlainHttp Whether issuer and keys may have http addresses that are not loopback. Whoever can change
 *     traffic on the way can then sign tokens for this API.
 * @param requireRfc9068 Whether to take only tokens in the profile of RFC 9068.
 */
@ConfigurationProperties("jeton")
record JetonProperties(
        @Nullable String issuer,
        @Nullable String audience,
        @Nullable URI jwksUri,

        @DefaultValue("5s") @DurationUnit(ChronoUnit.SECONDS)
        Duration leeway,

        @DefaultValue("false") boolean allowPlainHttp,
        @DefaultValue("false") boolean requireRfc9068) {

    /** @throws JetonPropertiesException if a property is missing or has a value that cannot be */
    AccessTokenVerifier verifier() {
        String theIssuer = required("jeton.issuer", issuer, "https://auth.example.com/");
        String theAudience = required("jeton.audience", audience, "https://timesheets.example.com");
        try {
            IssuerKeys.Builder keys = IssuerKeys.builder(theIssuer);
            if (jwksUri != null) {
                keys.jwksUri(jwksUri);
            }
            if (allowPlainHttp) {
                keys.allowPlainHttp();
            }
            AccessTokenVerifier.Builder verifier = AccessTokenVerifier.builder(theIssuer, theAudience, keys.build())
                    .leeway(leeway);
            return (requireRfc9068 ? verifier.requireRfc9068() : verifier).build();
        } catch (IllegalArgumentException e) {
            throw new JetonPropertiesException(
                    "No verifier can be made of the properties jeton.*: " + e.getMessage() + ".",
                    "Correct that property.");
        }
    }

    private static String required(String property, @Nullable String value, String example) {
        if (value == null || value.isBlank()) {
            throw new JetonPropertiesException(
                    "The property " + property + " is not set, and without it no access token can be checked.",
                    "Set " + property + ", for example to " + example
                            + ", or define a bean of type AccessTokenVerifier or JwtDecoder.");
        }
        return value;
    }
}
