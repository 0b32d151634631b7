package dev.jeton.tls;

import dev.jeton.config.Config;
import dev.jeton.config.ConfigException;
import dev.jeton.config.DurableFile;
import dev.jeton.config.Host;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A server certificate signed by a CA of our own, both kept in the data folder and renewed in time. */
public final class SelfSigned implements IdentitySource {
    private static final Logger LOG = LoggerFactory.getLogger(SelfSigned.class);

    /** The longest that Apple's clients accept is 398 days. */
    static final Duration LIFETIME = Duration.ofDays(397);

    static final Duration RENEWED_BEFORE = Duration.ofDays(30);

    private final Path folder;
    private final Set<String> names;
    private final InstantSource clock;
    private final SecureRandom random;
    private final CertificateAuthority authority;
    private volatile ServerIdentity current;

    private SelfSigned(
            Path folder,
            Set<String> names,
            InstantSource clock,
            SecureRandom random,
            CertificateAuthority authority,
            ServerIdentity current) {
        this.folder = folder;
        this.names = names;
        this.clock = clock;
        this.random = random;
        this.authority = authority;
        this.current = current;
    }

    /** What clients may call the server: its host, its issuer's host and loopback. */
    static Set<String> names(Config config) {
        Host host = config.http().host();
        Stream<String> configured = Stream.concat(
                host.isWildcard() ? Stream.empty() : Stream.of(host.value()),
                config.issuer().stream().map(issuer -> issuer.host()));
        return Stream.concat(configured, Stream.of("localhost", "127.0.0.1", "::1"))
                .map(SelfSigned::canonical)
                .collect(Collectors.toCollection(LinkedHashSet::new));
    }

    /** One spelling for one name, so that a stored certificate can be compared. */
    static String canonical(String name) {
        String bare = name.replaceAll("^\\[|\\]$|\\.$", "");
        return Host.address(bare).map(InetAddress::getHostAddress).orElseGet(() -> bare.toLowerCase(Locale.ROOT));
    }

    /**
     * The certificate stored in the folder if it still fits, or a new one of the same CA.
     *
     * @throws ConfigException if the folder cannot be written or the CA in it is not usable
     */
    static SelfSigned open(Path folder, Set<String> names, InstantSource clock, SecureRandom random) {
        try {
            Files.createDirectories(
                    folder, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
            Instant now = clock.instant();
            CertificateAuthority authority = CertificateAuthority.open(folder, now, random);
            Optional<ServerIdentity> stored = stored(folder, authority, names, now);
            if (stored.isPresent()) {
                return new SelfSigned(folder, names, clock, random, authority, stored.get());
            }
            ServerIdentity issued = issue(authority, names, now, random);
            store(folder, issued);
            return new SelfSigned(folder, names, clock, random, authority, issued);
        } catch (IOException e) {
            throw new ConfigException(
                    folder + ": the self-signed certificate cannot be kept there (" + ConfigException.reason(e)
                            + "); give the folder to this user with chown, or free space on its disk.",
                    e);
        }
    }

    private static Optional<ServerIdentity> stored(
            Path folder, CertificateAuthority authority, Set<String> names, Instant now) throws IOException {
        Path key = keyFile(folder);
        if (!Files.exists(certificateFile(folder)) || !Files.exists(key)) {
            return Optional.empty();
        }
        DurableFile.readPrivate(key); // refuses a key that others may read
        try {
            return Optional.of(ServerIdentity.load(certificateFile(folder), key, now))
                    .filter(identity -> isOf(authority, identity))
                    .filter(identity -> identity.names().containsAll(names))
                    .filter(identity -> !isDue(authority, identity, now));
        } catch (ConfigException _) {
            return Optional.empty(); // expired or half written: a new one costs nothing
        }
    }

    private static boolean isOf(CertificateAuthority authority, ServerIdentity identity) {
        try {
            identity.certificate().verify(authority.certificate().getPublicKey());
            return true;
        } catch (GeneralSecurityException _) {
            return false;
        }
    }

    /** A certificate that ends with its CA cannot be renewed. */
    private static boolean isDue(CertificateAuthority authority, ServerIdentity identity, Instant now) {
        Instant end = identity.certificate().getNotAfter().toInstant();
        Instant caEnd = authority.certificate().getNotAfter().toInstant();
        return now.plus(RENEWED_BEFORE).isAfter(end) && end.isBefore(caEnd);
    }

    private static ServerIdentity issue(
            CertificateAuthority authority, Set<String> names, Instant now, SecureRandom random) {
        KeyPair pair = CertificateAuthority.newKeyPair(random);
        return new ServerIdentity(List.of(authority.issue(pair.getPublic(), names, now, LIFETIME)), pair.getPrivate());
    }

    private static void store(Path folder, ServerIdentity identity) throws IOException {
        DurableFile.writePrivate(keyFile(folder), identity.revealKeyPem());
        DurableFile.write(certificateFile(folder), identity.chainPem());
    }

    private static Path certificateFile(Path folder) {
        return folder.resolve("server.pem");
    }

    private static Path keyFile(Path folder) {
        return folder.resolve("server.key");
    }

    /** What clients need to trust this server. */
    public Path caCertificate() {
        return CertificateAuthority.certificateFile(folder);
    }

    @Override
    public ServerIdentity current() {
        return current;
    }

    @Override
    public void refresh(Consumer<ServerIdentity> onChange) {
        Instant now = clock.instant();
        if (!isDue(authority, current, now)) {
            return;
        }
        current = issue(authority, names, now, random);
        try {
            store(folder, current);
        } catch (IOException e) {
            LOG.warn("The renewed TLS certificate could not be stored in {}: {}", folder, ConfigException.reason(e));
        }
        LOG.info("The self-signed TLS certificate was renewed.");
        onChange.accept(current);
    }
}
