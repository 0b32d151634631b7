package dev.jeton.verifier;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * A token under construction: right in every way until a test changes something. Values are JSON with single quotes, so
 * that any type and any nonsense can be written.
 */
final class TestToken {
    static final String ISSUER = "https://auth.example/";
    static final String AUDIENCE = "https://api.example/orders";
    static final Instant NOW = Instant.parse("2026-11-23T12:00:00Z");

    private final Map<String, String> header = new LinkedHashMap<>();
    private final Map<String, String> claims = new LinkedHashMap<>();

    private TestToken() {}

    /** A token as Jeton issues it, with the header of an RS256 key named {@code rsa}. */
    static TestToken token() {
        return new TestToken()
                .header("alg", "'RS256'")
                .header("typ", "'JWT'")
                .header("kid", "'rsa'")
                .claim("iss", "'" + ISSUER + "'")
                .claim("sub", "'orders-daemon@clients'")
                .claim("aud", "'" + AUDIENCE + "'")
                .claim("iat", NOW.getEpochSecond())
                .claim("exp", NOW.plusSeconds(3600).getEpochSecond())
                .claim("scope", "'read:orders write:orders'")
                .claim("gty", "'client-credentials'")
                .claim("azp", "'orders-daemon'")
                .claim("jti", "'4wNQ0dCWu9Tq2rZ7'");
    }

    /** A token for another kind of key. */
    static TestToken token(String alg, String kid) {
        return token().header("alg", "'" + alg + "'").header("kid", "'" + kid + "'");
    }

    TestToken header(String name, String json) {
        header.put(name, json);
        return this;
    }

    TestToken withoutHeader(String name) {
        header.remove(name);
        return this;
    }

    TestToken claim(String name, String json) {
        claims.put(name, json);
        return this;
    }

    TestToken claim(String name, long number) {
        return claim(name, Long.toString(number));
    }

    TestToken without(String name) {
        claims.remove(name);
        return this;
    }

    String headerJson() {
        return object(header);
    }

    String payloadJson() {
        return object(claims);
    }

    String signed() {
        return signed(TestKey.RSA.rs256());
    }

    String signed(TestKey.Signer signer) {
        return compact(headerJson(), payloadJson(), signer);
    }

    /** A token with any text for header and payload, and a signature that fits it. */
    static String compact(String header, String payload, TestKey.Signer signer) {
        return compact(header.getBytes(StandardCharsets.UTF_8), payload.getBytes(StandardCharsets.UTF_8), signer);
    }

    static String compact(byte[] header, byte[] payload, TestKey.Signer signer) {
        return signed(Base64Url.encode(header) + "." + Base64Url.encode(payload), signer);
    }

    static String signed(String signingInput, TestKey.Signer signer) {
        try {
            byte[] signature = signer.sign(signingInput.getBytes(StandardCharsets.UTF_8));
            return signingInput + "." + Base64Url.encode(signature);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private static String object(Map<String, String> members) {
        return members.entrySet().stream()
                .map(member ->
                        "\"" + member.getKey() + "\":" + member.getValue().replace('\'', '"'))
                .collect(Collectors.joining(",", "{", "}"));
    }

    /** The keys {@code rsa}, {@code p256} and {@code ed25519}. */
    static final KeySet KEYS = KeySet.parse(TestKey.jwks(
            TestKey.RSA.jwk("'kid':'rsa','use':'sig','alg':'RS256'"),
            TestKey.P256.jwk("'kid':'p256','use':'sig','alg':'ES256'"),
            TestKey.ED25519.jwk("'kid':'ed25519','use':'sig','alg':'EdDSA'")));

    /** A verifier with these keys, all defaults and a clock that stands at {@link #NOW}. */
    static AccessTokenVerifier.Builder verifier(KeySet keys) {
        return AccessTokenVerifier.builder(ISSUER, AUDIENCE, KeySource.of(keys)).clock(InstantSource.fixed(NOW));
    }

    static Verification verify(String token) {
        return verifier(KEYS).build().verify(token);
    }

    static Verification verify(String token, KeySet keys) {
        return verifier(keys).build().verify(token);
    }

    static Verification rejected(Rejection reason) {
        return new Verification.Rejected(reason);
    }
}
