package dev.jeton.tls;

import dev.jeton.config.ConfigException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.time.InstantSource;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A certificate and a key file that somebody else renews, read again when either changes. */
public final class PemFiles implements IdentitySource {
    private static final Logger LOG = LoggerFactory.getLogger(PemFiles.class);

    private final Path certificateFile;
    private final Path keyFile;
    private final InstantSource clock;
    private Stamps seen;
    private volatile ServerIdentity current;

    private PemFiles(Path certificateFile, Path keyFile, InstantSource clock, Stamps seen, ServerIdentity current) {
        this.certificateFile = certificateFile;
        this.keyFile = keyFile;
        this.clock = clock;
        this.seen = seen;
        this.current = current;
    }

    /** @throws ConfigException if the files are not usable now */
    static PemFiles open(Path certificateFile, Path keyFile, InstantSource clock) {
        // Taken before the files are read: a change in between is then seen by the next refresh.
        Stamps seen = new Stamps(stamp(certificateFile), stamp(keyFile));
        ServerIdentity identity = ServerIdentity.load(certificateFile, keyFile, clock.instant());
        return new PemFiles(certificateFile, keyFile, clock, seen, identity);
    }

    @Override
    public ServerIdentity current() {
        return current;
    }

    @Override
    public void refresh(Consumer<ServerIdentity> onChange) {
        Stamps now = new Stamps(stamp(certificateFile), stamp(keyFile));
        if (now.equals(seen)) {
            return;
        }
        seen = now;
        try {
            current = ServerIdentity.load(certificateFile, keyFile, clock.instant());
        } catch (ConfigException e) {
            // Also when only one of the two is renewed yet: the other's change brings us here again.
            LOG.warn("The new TLS certificate is not usable, the old one stays in use. {}", e.getMessage());
            return;
        }
        LOG.info("The TLS certificate in {} was read again.", certificateFile);
        onChange.accept(current);
    }

    private record Stamps(
            @Nullable Stamp certificate, @Nullable Stamp key) {}

    /** The file's key (its inode) changes when a link is turned to another file, as Kubernetes does. */
    private record Stamp(
            FileTime modified, long size, @Nullable Object fileKey) {}

    private static @Nullable Stamp stamp(Path file) {
        try {
            BasicFileAttributes attributes = Files.readAttributes(file, BasicFileAttributes.class);
            return new Stamp(attributes.lastModifiedTime(), attributes.size(), attributes.fileKey());
        } catch (IOException _) {
            return null; // reading the file tells why
        }
    }
}
