package dev.jeton.http;

import io.netty.handler.ssl.OpenSsl;
import io.vertx.core.net.JdkSSLEngineOptions;
import io.vertx.core.net.OpenSSLEngineOptions;
import io.vertx.core.net.SSLEngineOptions;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What does the cryptography of TLS. */
public enum TlsEngine {
    /** BoringSSL, whose handshakes cost less; where its library does not load, the JDK's engine. */
    FASTEST {
        @Override
        SSLEngineOptions options() {
            if (OpenSsl.isAvailable()) {
                return new OpenSSLEngineOptions();
            }
            LOG.warn("TLS is slower here: BoringSSL does not load ({})", String.valueOf(OpenSsl.unavailabilityCause()));
            return JDK.options();
        }
    },
    JDK {
        @Override
        SSLEngineOptions options() {
            return new JdkSSLEngineOptions();
        }
    };

    private static final Logger LOG = LoggerFactory.getLogger(TlsEngine.class);

    /** Loads the engine's library. */
    abstract SSLEngineOptions options();
}
