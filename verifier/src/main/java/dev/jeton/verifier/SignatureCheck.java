package dev.jeton.verifier;

import java.security.GeneralSecurityException;
import java.security.PublicKey;
import java.security.Signature;
import java.security.SignatureException;
import java.security.spec.AlgorithmParameterSpec;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** Checks signatures of one key in one algorithm by the JVM's own interface; any number of threads may use one. */
final class SignatureCheck {
    private final String algorithm;
    private final @Nullable AlgorithmParameterSpec parameters;
    private final PublicKey key;

    /**
     * A {@link Signature} that nobody uses at the moment. Making one takes a twentieth of the cheapest check, so one is
     * kept; not one for each thread, as there may be a new thread for each request.
     */
    private final AtomicReference<@Nullable Signature> spare = new AtomicReference<>();

    /**
     * @param algorithm by its name among the Java Security Standard Algorithm Names
     * @param parameters of the algorithm, where its name does not say all
     */
    SignatureCheck(String algorithm, @Nullable AlgorithmParameterSpec parameters, PublicKey key) {
        this.algorithm = algorithm;
        this.parameters = parameters;
        this.key = key;
    }

    /** @throws IllegalStateException if the JVM lacks the algorithm */
    boolean passes(byte[] signingInput, byte[] signature) {
        try {
            Signature check = take();
            check.initVerify(key);
            check.update(signingInput);
            boolean passes = check.verify(signature);
            if (passes) { // after anything else it is not used again, whatever state it is in
                spare.set(check);
            }
            return passes;
        } catch (SignatureException malformed) { // what some providers say to some wrong signatures, instead of false
            return false;
        } catch (GeneralSecurityException notAvailable) {
            throw new IllegalStateException("cannot verify " + algorithm, notAvailable);
        }
    }

    private Signature take() throws GeneralSecurityException {
        Signature used = spare.getAndSet(null);
        if (used != null) {
            return used;
        }
        Signature made = Signature.getInstance(algorithm);
        if (parameters != null) {
            made.setParameter(parameters);
        }
        return made;
    }
}
