package dev.jeton.bench;

import com.amazon.corretto.crypto.provider.AmazonCorrettoCryptoProvider;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.OctetKeyPair;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.util.Base64URL;
import dev.jeton.verifier.AccessTokenVerifier;
import dev.jeton.verifier.KeySet;
import dev.jeton.verifier.KeySource;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PublicKey;
import java.security.Signature;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.RSAPublicKey;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.MGF1ParameterSpec;
import java.security.spec.PSSParameterSpec;
import java.time.Instant;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.NullUnmarked;
import org.openjdk.jmh.annotations.AuxCounters;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;
import org.openjdk.jmh.infra.Blackhole;

/**
 * Verifies a token, and checks its signature alone, by turns of a millisecond or so: whatever disturbs the machine
 * disturbs both. {@link VerificationReport} tells how the one compares with the other.
 */
@NullUnmarked // JMH fills the state
@State(Scope.Thread)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(value = 2, jvmArgs = "--enable-native-access=ALL-UNNAMED")
public class VerificationBenchmark {
    static final int IN_A_ROW = 32;
    private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();
    private static final String ISSUER = "https://auth.example.com/";
    private static final String AUDIENCE = "https://timesheets.example.com";
    private static final String KEY_ID = "kXnMANwSn-dUM_L95asIa";

    public enum Algorithm {
        RS256,
        PS256,
        ES256,
        EdDSA
    }

    public enum Provider {
        JDK,
        ACCP
    }

    /** Nanoseconds on a processor that went into each: other work on the machine is not in them. */
    @State(Scope.Thread)
    @AuxCounters(AuxCounters.Type.OPERATIONS)
    public static class Spent {
        public long rawNanos;
        public long wholeNanos;
    }

    @Param
    public Provider provider;

    @Param
    public Algorithm algorithm;

    private Signature raw;
    private PublicKey key;
    private byte[] signingInput;
    private byte[] signature;
    private AccessTokenVerifier verifier;
    private String token;

    @Setup(Level.Trial)
    public void prepare() throws GeneralSecurityException {
        if (provider == Provider.ACCP) {
            AmazonCorrettoCryptoProvider.install();
            AmazonCorrettoCryptoProvider.INSTANCE.assertHealthy();
        }
        KeyPair keys = keys();
        raw = signatures();
        key = keys.getPublic();
        String input = signingInput();
        signingInput = input.getBytes(StandardCharsets.US_ASCII);
        raw.initSign(keys.getPrivate());
        raw.update(signingInput);
        signature = raw.sign();
        token = input + "." + Base64URL.encode(signature);
        verifier = AccessTokenVerifier.builder(ISSUER, AUDIENCE, KeySource.of(KeySet.parse(jwks())))
                .build();
        verifier.verify(token).orElseThrow();
    }

    private KeyPair keys() throws GeneralSecurityException {
        KeyPairGenerator generator = KeyPairGenerator.getInstance(
                switch (algorithm) {
                    case RS256, PS256 -> "RSA";
                    case ES256 -> "EC";
                    case EdDSA -> "Ed25519";
                });
        switch (algorithm) {
            case RS256, PS256 -> generator.initialize(2048);
            case ES256 -> generator.initialize(new ECGenParameterSpec("secp256r1"));
            case EdDSA -> {
                // one size
            }
        }
        return generator.generateKeyPair();
    }

    private Signature signatures() throws GeneralSecurityException {
        return switch (algorithm) {
            case RS256 -> Signature.getInstance("SHA256withRSA");
            case PS256 -> {
                Signature pss = Signature.getInstance("RSASSA-PSS");
                pss.setParameter(new PSSParameterSpec(
                        "SHA-256", "MGF1", MGF1ParameterSpec.SHA256, 32, PSSParameterSpec.TRAILER_FIELD_BC));
                yield pss;
            }
            case ES256 -> Signature.getInstance("SHA256withECDSAinP1363Format");
            case EdDSA -> Signature.getInstance("Ed25519");
        };
    }

    /** Header and claims of the dialect {@code access_token}, as docs/tokens.md has them, with ids as long as ours. */
    private String signingInput() {
        String header = "{\"alg\":\"%s\",\"typ\":\"JWT\",\"kid\":\"%s\"}".formatted(algorithm, KEY_ID);
        long now = Instant.now().getEpochSecond();
        String claims = ("{\"iss\":\"%s\",\"sub\":\"%s@clients\",\"aud\":\"%s\",\"iat\":%d,\"exp\":%d,"
                        + "\"scope\":\"read:timesheets create:timesheets\",\"gty\":\"client-credentials\","
                        + "\"azp\":\"%2$s\",\"jti\":\"4wNQ0dCWu9Tq2rZ7yB3kXv\"}")
                .formatted(ISSUER, "rIKYwRKRapAGujKGDCDWO36vwYLqRwsM", AUDIENCE, now, now + 86_400);
        return Base64URL.encode(header) + "." + Base64URL.encode(claims);
    }

    private String jwks() {
        JWK jwk = switch (key) {
            case RSAPublicKey rsa -> new RSAKey.Builder(rsa).keyID(KEY_ID).build();
            case ECPublicKey ec ->
                new ECKey.Builder(Curve.P_256, ec).keyID(KEY_ID).build();
            default -> {
                byte[] info = key.getEncoded(); // which ends with the 32 bytes of the key
                Base64URL x = Base64URL.encode(Arrays.copyOfRange(info, info.length - 32, info.length));
                yield new OctetKeyPair.Builder(Curve.Ed25519, x).keyID(KEY_ID).build();
            }
        };
        return new JWKSet(jwk).toString();
    }

    /** Some raw checks with a {@link Signature} that is kept, then as many verifications. */
    @Benchmark
    public void byTurns(Spent spent, Blackhole blackhole) throws GeneralSecurityException {
        long began = THREADS.getCurrentThreadCpuTime();
        for (int i = 0; i < IN_A_ROW; i++) {
            raw.initVerify(key);
            raw.update(signingInput);
            blackhole.consume(raw.verify(signature));
        }
        long between = THREADS.getCurrentThreadCpuTime();
        for (int i = 0; i < IN_A_ROW; i++) {
            blackhole.consume(verifier.verify(token));
        }
        spent.rawNanos += between - began;
        spent.wholeNanos += THREADS.getCurrentThreadCpuTime() - between;
    }
}
