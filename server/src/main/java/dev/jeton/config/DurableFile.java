package dev.jeton.config;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;

/** Small files that are whole or absent whatever happens, and on disk when their writing returns. */
public final class DurableFile {
    private static final Set<PosixFilePermission> OWNER_ONLY = PosixFilePermissions.fromString("rw-------");
    private static final Set<PosixFilePermission> OWNER = PosixFilePermissions.fromString("rwx------");
    private static final Set<PosixFilePermission> READABLE = PosixFilePermissions.fromString("rw-r--r--");
    private static final int MAX_PRIVATE_BYTES = 64 * 1024;

    private DurableFile() {}

    /** Writes or replaces a file that others may read. */
    public static void write(Path file, byte[] content) throws IOException {
        write(file, content, READABLE);
    }

    /** Writes or replaces a file that only its owner may read, 0600 from its first byte on. */
    public static void writePrivate(Path file, byte[] content) throws IOException {
        write(file, content, OWNER_ONLY);
    }

    private static void write(Path file, byte[] content, Set<PosixFilePermission> permissions) throws IOException {
        Path absolute = file.toAbsolutePath();
        Path folder = absolute.getParent();
        if (folder == null) {
            throw new IOException(file + " is not a file");
        }
        Path temporary = Files.createTempFile(
                folder, absolute.getFileName() + ".", ".tmp", PosixFilePermissions.asFileAttribute(OWNER_ONLY));
        try {
            try (FileChannel channel = FileChannel.open(temporary, StandardOpenOption.WRITE)) {
                ByteBuffer buffer = ByteBuffer.wrap(content);
                while (buffer.hasRemaining()) {
                    channel.write(buffer);
                }
                Files.setPosixFilePermissions(temporary, permissions);
                channel.force(true);
            }
            Files.move(temporary, absolute, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } finally {
            Files.deleteIfExists(temporary);
        }
        try (FileChannel channel = FileChannel.open(folder)) {
            channel.force(true); // without it the rename may be lost with the power
        }
    }

    /**
     * Reads a file that {@link #writePrivate} wrote.
     *
     * @throws ConfigException as {@link #requirePrivate}
     */
    public static byte[] readPrivate(Path file) throws IOException {
        requirePrivate(file);
        try (var in = Files.newInputStream(file)) {
            return in.readNBytes(MAX_PRIVATE_BYTES);
        }
    }

    /**
     * Refuses a file that anybody but its owner may use.
     *
     * @throws ConfigException with the command that mends it
     */
    public static void requirePrivate(Path file) throws IOException {
        if (!OWNER.containsAll(Files.getPosixFilePermissions(file))) {
            throw new ConfigException(
                    file + ": it holds a secret, and other users of this machine may read or write it; run: chmod 600 "
                            + file);
        }
    }
}
