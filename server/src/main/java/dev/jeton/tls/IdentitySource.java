package dev.jeton.tls;

import dev.jeton.config.Config;
import dev.jeton.config.ConfigException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.function.Consumer;

/** Where the listener's certificate comes from, and comes from again when it is renewed. */
public sealed interface IdentitySource permits PemFiles, SelfSigned {
    /**
     * What {@code --tls} asks for; empty for plain HTTP.
     *
     * @param folder of the self-signed CA and certificate
     * @throws ConfigException if there is no usable certificate
     */
    static Optional<IdentitySource> of(Config config, Path folder, InstantSource clock, SecureRandom random) {
        return switch (config.tls()) {
            case Config.Tls.None _ -> Optional.empty();
            case Config.Tls.SelfSigned _ ->
                Optional.of(SelfSigned.open(folder, SelfSigned.names(config), clock, random));
            case Config.Tls.Pem(Path certificate, Path key) -> Optional.of(PemFiles.open(certificate, key, clock));
        };
    }

    /**
     * What a server would start with, if it stands there already: nothing is made. For self-signed TLS, the CA.
     *
     * @throws ConfigException if it is not usable
     */
    static Optional<ServerIdentity> stored(Config config, Path folder, Instant now) {
        return switch (config.tls()) {
            case Config.Tls.None _ -> Optional.empty();
            case Config.Tls.SelfSigned _ -> CertificateAuthority.stored(folder, now);
            case Config.Tls.Pem(Path certificate, Path key) -> Optional.of(ServerIdentity.load(certificate, key, now));
        };
    }

    ServerIdentity current();

    /**
     * Looks whether there is a newer identity, and if so hands it over. To be called every few seconds, by one thread at
     * a time. A new one that is unusable is told to the log once, and the old one stays.
     */
    void refresh(Consumer<ServerIdentity> onChange);
}
