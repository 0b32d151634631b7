package dev.jeton.verifier;

import java.security.GeneralSecurityException;
import java.security.PublicKey;
import java.security.Signature;
import java.security.SignatureException;
import java.security.spec.AlgorithmParameterSpec;
import org.jspecify.annotations.Nullable;

/**
 * Checks signatures by the JVM's own interface, with the provider that stands first for the key. Each check has its own
 * {@link Signature}, which costs a twentieth of the cheapest check, and so needs neither a pool nor a thread's memory.
 *
 * @param name of the algorithm, as the Java Security Standard Algorithm Names have it
 * @param parameters of the algorithm, where its name does not say all
 */
record SignatureCheck(String name, @Nullable AlgorithmParameterSpec parameters, PublicKey key) {

    /** @throws IllegalStateException if the JVM lacks the algorithm */
    boolean passes(byte[] signingInput, byte[] signature) {
        try {
            Signature check = Signature.getInstance(name);
            if (parameters != null) {
                check.setParameter(parameters);
            }
            check.initVerify(key);
            check.update(signingInput);
            return check.verify(signature);
        } catch (SignatureException malformed) { // what some providers say to some wrong signatures, instead of false
            return false;
        } catch (GeneralSecurityException notAvailable) {
            throw new IllegalStateException("cannot verify " + name, notAvailable);
        }
    }
}
