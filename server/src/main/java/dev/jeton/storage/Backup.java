package dev.jeton.storage;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.sqlite.SQLiteConfig;
import org.sqlite.SQLiteOpenMode;

/**
 * Copies SQLite files while they are in use, each as of one moment. The master key is not copied: whoever holds both
 * holds every secret.
 */
public final class Backup {
    private static final Logger LOG = LoggerFactory.getLogger(Backup.class);
    private static final DateTimeFormatter FOLDER =
            DateTimeFormatter.ofPattern("uuuuMMdd'T'HHmmss.SSS'Z'").withZone(ZoneOffset.UTC);

    private static final FileAttribute<?> OWNERS_FOLDER =
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"));
    private static final FileAttribute<?> OWNERS_FILE =
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));

    /** A file that was copied. */
    public record CopiedFile(String name, long bytes) {}

    /** What was made. */
    public record Result(Path folder, List<CopiedFile> files) {}

    private final Path database;
    private final Path auditFolder;
    private final Path backups;

    /** @param backups where each backup becomes a folder, readable by its owner only */
    public Backup(Path database, Path auditFolder, Path backups) {
        this.database = database;
        this.auditFolder = auditFolder;
        this.backups = backups;
    }

    /**
     * Makes a backup; blocks for as long as the files are large.
     *
     * @throws StorageUnavailableException if it cannot be written; nothing that was begun is left, which somebody might
     *     rely on
     */
    public Result make(Instant now) {
        try {
            Files.createDirectories(backups, OWNERS_FOLDER);
            Path folder = Files.createDirectory(backups.resolve(FOLDER.format(now)), OWNERS_FOLDER);
            try {
                return new Result(folder, copyInto(folder));
            } catch (IOException | SQLException | RuntimeException e) {
                discard(folder);
                throw e;
            }
        } catch (IOException | SQLException e) {
            throw new StorageUnavailableException(e);
        }
    }

    private List<CopiedFile> copyInto(Path folder) throws IOException, SQLException {
        List<CopiedFile> copied = new ArrayList<>();
        for (Path source : sources()) {
            Path target = folder.resolve(source.getFileName());
            if (copy(source, target)) {
                copied.add(new CopiedFile(target.getFileName().toString(), Files.size(target)));
            }
        }
        return List.copyOf(copied);
    }

    /** Removes a backup, as one that nobody was told of. */
    public void discard(Path folder) {
        try (Stream<Path> files = Files.list(folder)) {
            for (Path file : files.toList()) {
                Files.delete(file);
            }
            Files.delete(folder);
        } catch (IOException e) {
            LOG.warn("remove what is left of a backup that failed: {}", folder, e);
        }
    }

    private List<Path> sources() throws IOException {
        List<Path> sources = new ArrayList<>(List.of(database));
        if (Files.isDirectory(auditFolder)) {
            try (Stream<Path> files = Files.list(auditFolder)) {
                files.filter(file -> file.toString().endsWith(".db")).sorted().forEach(sources::add);
            } catch (UncheckedIOException e) {
                throw e.getCause();
            }
        }
        return sources;
    }

    /** Whether there is something to copy: an audit file may be dropped at any moment. */
    private static boolean copy(Path source, Path target) throws IOException, SQLException {
        if (Files.notExists(source)) {
            return false;
        }
        SQLiteConfig config = new SQLiteConfig(Database.sqliteProperties());
        config.resetOpenMode(SQLiteOpenMode.CREATE);
        // Made here and not by SQLite, so that nobody else can ever read it.
        Files.createFile(target, OWNERS_FILE);
        try (Connection connection = config.createConnection("jdbc:sqlite:" + source);
                PreparedStatement copy = connection.prepareStatement("vacuum into ?")) {
            copy.setString(1, target.toString());
            copy.execute();
        }
        try (FileChannel written = FileChannel.open(target, StandardOpenOption.WRITE)) {
            written.force(true);
        }
        return true;
    }
}
