package dev.jeton.config;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The folder {@code --data}, which one server at a time holds from {@link #open} to {@link #close}. */
public final class DataFolder implements AutoCloseable {
    /** Raised when an older server could no longer use the folder. */
    private static final int LAYOUT = 1;

    private static final Set<PosixFilePermission> OWNER_ONLY = PosixFilePermissions.fromString("rwx------");

    private final DataFiles files;
    private final FileChannel lock;
    private final SecureRandom random;

    private DataFolder(Path folder, FileChannel lock, SecureRandom random) {
        this.files = new DataFiles(folder);
        this.lock = lock;
        this.random = random;
    }

    /**
     * Makes the folder if need be, and locks it.
     *
     * @param random for the master key
     * @throws ConfigException if it cannot be made or written, another server holds it, or a newer Jeton wrote it
     */
    public static DataFolder open(Path folder, SecureRandom random) {
        Path absolute = folder.toAbsolutePath().normalize();
        make(absolute);
        FileChannel lock = lock(absolute);
        try {
            requireKnownLayout(absolute);
            DataFolder opened = new DataFolder(absolute, lock, random);
            if (!Files.exists(opened.files.layout())) {
                DurableFile.write(opened.files.layout(), (LAYOUT + "\n").getBytes(StandardCharsets.US_ASCII));
            }
            return opened;
        } catch (IOException e) {
            close(lock);
            throw notWritable(absolute, e);
        } catch (ConfigException e) {
            close(lock);
            throw e;
        }
    }

    private static void make(Path folder) {
        try {
            if (!Files.isDirectory(folder)) {
                Files.createDirectories(folder, PosixFilePermissions.asFileAttribute(OWNER_ONLY));
            } else if (isEmpty(folder)) {
                Files.setPosixFilePermissions(folder, OWNER_ONLY);
            }
            // A folder in use keeps the permissions it has: its owner may let a group read the audit files.
        } catch (FileAlreadyExistsException e) {
            throw new ConfigException(
                    place(folder) + "a file stands where the folder should be; move it away, or choose another --data.",
                    e);
        } catch (IOException e) {
            throw new ConfigException(
                    place(folder) + "the folder cannot be made (" + ConfigException.reason(e)
                            + "); make it and give it to this user, or choose another --data.",
                    e);
        }
    }

    private static boolean isEmpty(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.findAny().isEmpty();
        }
    }

    private static FileChannel lock(Path folder) {
        Path file = new DataFiles(folder).lock();
        FileChannel channel = null;
        try {
            channel = FileChannel.open(
                    file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
            if (tryLock(channel) == null) {
                throw new ConfigException(place(folder) + "in use by another Jeton server" + holder(channel)
                        + "; stop it or choose another --data.");
            }
            channel.truncate(0);
            channel.write(StandardCharsets.US_ASCII.encode(
                    Long.toString(ProcessHandle.current().pid())));
            return channel;
        } catch (IOException e) {
            close(channel);
            throw notWritable(folder, e);
        } catch (ConfigException e) {
            close(channel);
            throw e;
        }
    }

    private static @Nullable FileLock tryLock(FileChannel channel) throws IOException {
        try {
            return channel.tryLock();
        } catch (OverlappingFileLockException _) {
            return null; // held by a server in this process
        }
    }

    private static String holder(FileChannel channel) throws IOException {
        ByteBuffer text = ByteBuffer.allocate(20);
        channel.read(text, 0);
        String pid = StandardCharsets.US_ASCII.decode(text.flip()).toString();
        return pid.matches("\\d+") ? " (process " + pid + ")" : "";
    }

    /** The server that holds the folder now, as {@code process 4711}; while it is looked, which is an instant, none can start. */
    public static Optional<String> heldBy(Path folder) throws IOException {
        try (FileChannel channel = FileChannel.open(new DataFiles(folder).lock(), StandardOpenOption.READ)) {
            try (FileLock free = channel.tryLock(0, Long.MAX_VALUE, true)) {
                if (free != null) {
                    return Optional.empty();
                }
            } catch (OverlappingFileLockException _) {
                // held by a server in this process
            }
            String holder = holder(channel);
            return Optional.of(holder.isEmpty() ? "another process" : holder.substring(2, holder.length() - 1));
        } catch (NoSuchFileException _) {
            return Optional.empty();
        }
    }

    /**
     * Reads which layout the folder has; a fresh one has none yet.
     *
     * @throws ConfigException if it is a newer Jeton's, or nobody's
     */
    public static void requireKnownLayout(Path folder) throws IOException {
        Path file = new DataFiles(folder).layout();
        if (!Files.exists(file)) {
            return;
        }
        String layout = Files.readString(file).strip();
        if (!layout.matches("\\d{1,6}")) {
            throw new ConfigException(
                    file + ": it holds no number, so this is no data folder of Jeton's, or a damaged one; "
                            + "restore it from a backup, or choose another --data.");
        }
        if (Integer.parseInt(layout) > LAYOUT) {
            throw new ConfigException(place(folder) + "a newer Jeton wrote this folder (layout " + layout
                    + ", this one knows " + LAYOUT + "); start that version again, or choose another --data.");
        }
    }

    private static ConfigException notWritable(Path folder, IOException e) {
        return new ConfigException(
                place(folder) + "the folder cannot be written (" + ConfigException.reason(e)
                        + "); give it to this user with chown, free space on its disk, or choose another --data.",
                e);
    }

    private static String place(Path folder) {
        return "data folder " + folder + ": ";
    }

    /**
     * The key in {@code master.key}, made on first use. Call it before the database is opened: a key is never made
     * beside a database that another one has encrypted.
     *
     * @throws ConfigException if others may read the file, it holds no key, or it is missing beside a database
     */
    public Secret masterKey() {
        Path file = files.masterKey();
        try {
            if (Files.exists(file)) {
                return readKey(file);
            }
            if (Files.exists(database())) {
                throw new ConfigException(
                        file + ": it is missing, and " + database().getFileName()
                                + " cannot be read without it; restore it from a backup, or set JETON_MASTER_KEY if that was "
                                + "used before.");
            }
            byte[] key = new byte[Kind.MASTER_KEY_BYTES];
            random.nextBytes(key);
            DurableFile.writePrivate(
                    file, (Base64.getEncoder().encodeToString(key) + "\n").getBytes(StandardCharsets.US_ASCII));
            return new Secret(key);
        } catch (IOException e) {
            throw new ConfigException(
                    file + ": it cannot be used (" + ConfigException.reason(e) + "); give it to this user with chown.",
                    e);
        } catch (IllegalArgumentException e) {
            throw new ConfigException(
                    file + ": it does not hold " + Kind.MASTER_KEY_BYTES
                            + " bytes in base64; restore it from a backup.",
                    e);
        }
    }

    private static Secret readKey(Path file) throws IOException {
        DurableFile.requirePrivate(file);
        return DataFiles.key(file);
    }

    /**
     * Replaces the key in {@code master.key}. The new one is on disk beside the old before anything is encrypted with it,
     * so that a crash in between loses neither.
     *
     * @param rewrap encrypts the database with the new key
     */
    public void replaceMasterKey(Consumer<Secret> rewrap) {
        Path pending = files.pendingKey();
        if (Files.exists(pending)) {
            throw new ConfigException(pending
                    + ": it may be the only key that opens the database, left by a replacement that was cut off; start"
                    + " the server, which keeps the key that fits.");
        }
        byte[] key = new byte[Kind.MASTER_KEY_BYTES];
        random.nextBytes(key);
        try {
            DurableFile.writePrivate(
                    pending, (Base64.getEncoder().encodeToString(key) + "\n").getBytes(StandardCharsets.US_ASCII));
            rewrap.accept(new Secret(key));
            Files.move(pending, files.masterKey(), StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            throw new ConfigException(
                    pending + ": it cannot be written or renamed (" + ConfigException.reason(e)
                            + "); if the database opens with neither key, rename it to master.key.",
                    e);
        }
    }

    /**
     * Ends a replacement of the key that was cut off: the database was encrypted with the new one, or not yet. If neither
     * opens it, both stay.
     *
     * @param opens whether a key opens the database
     */
    public void finishReplacement(Predicate<Secret> opens) {
        Path pending = files.pendingKey();
        if (Files.notExists(pending)) {
            return;
        }
        try {
            if (opens.test(masterKey())) {
                Files.delete(pending);
            } else if (opens.test(readKey(pending))) {
                Files.move(pending, files.masterKey(), StandardCopyOption.ATOMIC_MOVE);
            }
        } catch (IOException e) {
            throw new ConfigException(
                    pending + ": it cannot be read, renamed or removed (" + ConfigException.reason(e)
                            + "); give it to this user with chown.",
                    e);
        }
    }

    /** The SQLite file of the registry. */
    public Path database() {
        return files.database();
    }

    /** Folder of the audit files; not made here. */
    public Path audit() {
        return files.audit();
    }

    /** Folder of the self-signed CA and certificate; not made here. */
    public Path tls() {
        return files.tls();
    }

    /** What the command line on this machine logs in with, 0600. */
    public Path cliCredentials() {
        return files.cliCredentials();
    }

    /** Folder of the backups; not made here. */
    public Path backups() {
        return files.backups();
    }

    @Override
    public void close() {
        close(lock);
    }

    private static void close(@Nullable FileChannel channel) {
        try {
            if (channel != null) {
                channel.close();
            }
        } catch (IOException _) {
            // The lock ends with the process at the latest, and nothing else depends on it.
        }
    }
}
