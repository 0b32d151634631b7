package dev.jeton.bench;

import com.amazon.corretto.crypto.provider.AmazonCorrettoCryptoProvider;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Signature;
import java.security.spec.ECGenParameterSpec;

/**
 * What the cryptography alone can do on this core: one thread, one pooled {@link Signature} per algorithm.
 *
 * <p>Reads lines {@code <algorithm> <signing input's bytes> <milliseconds>}, signs for that long, and answers {@code
 * <signatures> <nanoseconds by the wall's clock> <nanoseconds of the thread on a processor>}. It stays warm in between.
 */
public final class RawSigning {
    private static final int BETWEEN_LOOKS_AT_THE_CLOCK = 16;
    private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();

    private final Signature rs256;
    private final Signature es256;
    private final Signature edDsa;

    private RawSigning() throws GeneralSecurityException {
        KeyPairGenerator rsa = KeyPairGenerator.getInstance("RSA");
        rsa.initialize(2048);
        this.rs256 = signature("SHA256withRSA", rsa.generateKeyPair());
        KeyPairGenerator ec = KeyPairGenerator.getInstance("EC");
        ec.initialize(new ECGenParameterSpec("secp256r1"));
        this.es256 = signature("SHA256withECDSA", ec.generateKeyPair());
        this.edDsa =
                signature("Ed25519", KeyPairGenerator.getInstance("Ed25519").generateKeyPair());
    }

    private static Signature signature(String algorithm, KeyPair keys) throws GeneralSecurityException {
        Signature signature = Signature.getInstance(algorithm);
        signature.initSign(keys.getPrivate());
        return signature;
    }

    public static void main(String[] args) throws GeneralSecurityException, IOException {
        AmazonCorrettoCryptoProvider.install();
        AmazonCorrettoCryptoProvider.INSTANCE.assertHealthy();
        RawSigning signing = new RawSigning();
        BufferedReader lines = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.US_ASCII));
        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
            String[] words = line.split(" ", -1);
            System.out.println(signing.measure(words[0], Integer.parseInt(words[1]), Integer.parseInt(words[2])));
        }
    }

    private String measure(String algorithm, int inputBytes, int milliseconds) throws GeneralSecurityException {
        Signature signature = switch (algorithm) {
            case "RS256" -> rs256;
            case "ES256" -> es256;
            case "EdDSA" -> edDsa;
            default -> throw new IllegalArgumentException(algorithm);
        };
        byte[] input = new byte[inputBytes];
        long signatures = 0;
        long cpu = THREADS.getCurrentThreadCpuTime();
        long began = System.nanoTime();
        long took = 0;
        while (took < milliseconds * 1_000_000L) {
            for (int i = 0; i < BETWEEN_LOOKS_AT_THE_CLOCK; i++) {
                input[0]++;
                signature.update(input);
                signature.sign();
            }
            signatures += BETWEEN_LOOKS_AT_THE_CLOCK;
            took = System.nanoTime() - began;
        }
        return signatures + " " + took + " " + (THREADS.getCurrentThreadCpuTime() - cpu);
    }
}
