package dev.jeton;

import com.amazon.corretto.crypto.provider.AmazonCorrettoCryptoProvider;
import java.security.Security;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The fast cryptography: Amazon Corretto Crypto Provider where its native library loads, otherwise the JDK's own. */
final class Accp {
    private static final Logger LOG = LoggerFactory.getLogger(Accp.class);

    private Accp() {}

    static void install() {
        try {
            AmazonCorrettoCryptoProvider.install();
            AmazonCorrettoCryptoProvider.INSTANCE.assertHealthy();
        } catch (RuntimeException | LinkageError e) {
            Security.removeProvider(AmazonCorrettoCryptoProvider.PROVIDER_NAME);
            LOG.warn("signing is slower here: Amazon Corretto Crypto Provider does not load ({})", e.toString());
        }
    }
}
