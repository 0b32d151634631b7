package dev.jeton.doctor;

import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.stream.Stream;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509TrustManager;
import org.jspecify.annotations.Nullable;

/** The certificate authorities that Java trusts, and others beside them. */
final class Trust {
    private Trust() {}

    static List<X509Certificate> ofJava() throws GeneralSecurityException {
        List<X509Certificate> authorities = new ArrayList<>();
        for (var manager : factory(null).getTrustManagers()) {
            if (manager instanceof X509TrustManager trust) {
                authorities.addAll(List.of(trust.getAcceptedIssuers()));
            }
        }
        return authorities;
    }

    static SSLContext with(Collection<X509Certificate> more) throws GeneralSecurityException, IOException {
        KeyStore trusted = KeyStore.getInstance(KeyStore.getDefaultType());
        trusted.load(null, null);
        for (X509Certificate authority :
                Stream.concat(ofJava().stream(), more.stream()).toList()) {
            trusted.setCertificateEntry("ca" + trusted.size(), authority);
        }
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, factory(trusted).getTrustManagers(), null);
        return context;
    }

    private static TrustManagerFactory factory(@Nullable KeyStore trusted) throws GeneralSecurityException {
        TrustManagerFactory factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        factory.init(trusted);
        return factory;
    }
}
