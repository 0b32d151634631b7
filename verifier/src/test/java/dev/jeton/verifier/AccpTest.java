package dev.jeton.verifier;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.amazon.corretto.crypto.provider.AmazonCorrettoCryptoProvider;
import java.security.GeneralSecurityException;
import java.security.Security;
import java.security.Signature;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Nested;

/**
 * The same attacks where Amazon Corretto Crypto Provider stands before the JDK's own, as it does in the server and may
 * in an API: what a signature is must not depend on who computes it.
 */
class AccpTest {
    @BeforeAll
    static void install() throws GeneralSecurityException {
        assumeTrue(
                AmazonCorrettoCryptoProvider.INSTANCE.getLoadingError() == null,
                "there is no native library for this machine");
        AmazonCorrettoCryptoProvider.install();
        assertThat(Signature.getInstance("SHA256withRSA").getProvider())
                .isEqualTo(AmazonCorrettoCryptoProvider.INSTANCE);
    }

    @AfterAll
    static void remove() {
        Security.removeProvider(AmazonCorrettoCryptoProvider.PROVIDER_NAME);
    }

    @Nested
    class Keys extends KeySetTest {}

    @Nested
    class Signatures extends SignatureTest {}

    @Nested
    class RsaEncodings extends RsaEncodingTest {}

    @Nested
    class PublishedVectors extends PublishedVectorsTest {}
}
