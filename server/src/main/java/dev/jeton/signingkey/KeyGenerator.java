package dev.jeton.signingkey;

import dev.jeton.oauth.Identifiers;
import dev.jeton.oauth.Issuer;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import javax.security.auth.x500.X500Principal;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/** Makes key pairs, each with a self-signed certificate that names the issuer's host. */
public final class KeyGenerator {
    private static final int RSA_BITS = 2048;
    private static final Duration CERTIFICATE_VALIDITY = Duration.ofDays(3650);

    private final Identifiers identifiers;
    private final SecureRandom random;
    private final Issuer issuer;

    public KeyGenerator(Identifiers identifiers, SecureRandom random, Issuer issuer) {
        this.identifiers = identifiers;
        this.random = random;
        this.issuer = issuer;
    }

    SigningKey generate(KeyType type, SigningKey.State state, Instant now) {
        try {
            KeyPair pair = keyPair(type);
            return new SigningKey(
                    identifiers.keyId(),
                    type,
                    state,
                    pair.getPrivate(),
                    certificate(type, pair, now),
                    now,
                    state == SigningKey.State.CURRENT ? now : null,
                    null,
                    null);
        } catch (GeneralSecurityException | OperatorCreationException e) {
            throw new IllegalStateException("this Java cannot make a key of type " + type, e);
        }
    }

    private KeyPair keyPair(KeyType type) throws GeneralSecurityException {
        KeyPairGenerator generator = switch (type) {
            case RSA -> {
                KeyPairGenerator rsa = KeyPairGenerator.getInstance("RSA");
                rsa.initialize(RSA_BITS, random);
                yield rsa;
            }
            case EC_P256 -> {
                KeyPairGenerator ec = KeyPairGenerator.getInstance("EC");
                ec.initialize(new ECGenParameterSpec("secp256r1"), random);
                yield ec;
            }
            case ED25519 -> KeyPairGenerator.getInstance("Ed25519");
        };
        return generator.generateKeyPair();
    }

    private X509Certificate certificate(KeyType type, KeyPair pair, Instant now)
            throws GeneralSecurityException, OperatorCreationException {
        String signature = switch (type) {
            case RSA -> "SHA256withRSA";
            case EC_P256 -> "SHA256withECDSA";
            case ED25519 -> "Ed25519";
        };
        X500Name subject = X500Name.getInstance(new X500Principal("CN=" + issuer.host()).getEncoded());
        var builder = new JcaX509v3CertificateBuilder(
                subject,
                new BigInteger(64, random).add(BigInteger.ONE),
                Date.from(now),
                Date.from(now.plus(CERTIFICATE_VALIDITY)),
                subject,
                pair.getPublic());
        return new JcaX509CertificateConverter()
                .getCertificate(builder.build(new JcaContentSignerBuilder(signature).build(pair.getPrivate())));
    }
}
