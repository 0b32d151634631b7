package dev.jeton.extension;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.LocalDateTime;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Map;
import java.util.TreeMap;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import java.util.zip.ZipOutputStream;
import org.jspecify.annotations.Nullable;

/**
 * The content of a {@code node_modules} folder, packed into a zip whose bytes follow from the names and contents of the
 * files alone. Modes and empty folders are not kept.
 */
public final class DependencyTree {
    static final long MAX_UNPACKED_BYTES = 50L * 1024 * 1024;
    static final int MAX_PACKED_BYTES = 20 * 1024 * 1024;

    /** The earliest time that a zip can tell. */
    private static final LocalDateTime SAME_TIME = LocalDateTime.of(1980, 1, 1, 0, 0);

    private static final int BUFFER = 64 * 1024;

    /** These files cannot be packed, or were not packed by us; the message says why. */
    public static final class CannotBeKeptException extends RuntimeException {
        CannotBeKeptException(String message) {
            super(message);
        }
    }

    private final byte[] packed;
    /** Found when it is first asked for. */
    private @Nullable String digest;

    private DependencyTree(byte[] packed) {
        this.packed = packed;
    }

    /** What {@link #toBytes} gave. */
    public static DependencyTree of(byte[] packed) {
        return new DependencyTree(packed.clone());
    }

    /**
     * Packs what is in that folder.
     *
     * @throws CannotBeKeptException if it holds a link or something else that is no file, or is too large
     */
    public static DependencyTree pack(Path folder) {
        ByteArrayOutputStream packed = new ByteArrayOutputStream();
        try (ZipOutputStream zip = new ZipOutputStream(packed)) {
            long unpacked = 0;
            for (Map.Entry<String, Path> file : files(folder).entrySet()) {
                ZipEntry entry = new ZipEntry(file.getKey());
                entry.setTimeLocal(SAME_TIME);
                zip.putNextEntry(entry);
                try (InputStream content = Files.newInputStream(file.getValue())) {
                    unpacked += copy(content, zip, MAX_UNPACKED_BYTES - unpacked);
                }
                zip.closeEntry();
                requireSmall(packed);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        requireSmall(packed);
        return new DependencyTree(packed.toByteArray());
    }

    private static void requireSmall(ByteArrayOutputStream packed) {
        if (packed.size() > MAX_PACKED_BYTES) {
            throw new CannotBeKeptException("packed it is larger than " + MAX_PACKED_BYTES / 1024 / 1024 + " MB");
        }
    }

    /** By their names in the zip, so that the order is always the same. */
    private static Map<String, Path> files(Path folder) throws IOException {
        Map<String, Path> files = new TreeMap<>();
        Files.walkFileTree(folder, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
                String name = folder.relativize(file)
                        .toString()
                        .replace(file.getFileSystem().getSeparator(), "/");
                if (!attributes.isRegularFile()) {
                    throw new CannotBeKeptException(name + " is a link or a device, not a file");
                }
                files.put(name, file);
                return FileVisitResult.CONTINUE;
            }
        });
        return files;
    }

    private static long copy(InputStream from, OutputStream to, long most) throws IOException {
        byte[] buffer = new byte[BUFFER];
        long copied = 0;
        for (int read = from.read(buffer); read >= 0; read = from.read(buffer)) {
            copied += read;
            if (copied > most) {
                throw new CannotBeKeptException(
                        "unpacked it is larger than " + MAX_UNPACKED_BYTES / 1024 / 1024 + " MB");
            }
            to.write(buffer, 0, read);
        }
        return copied;
    }

    /**
     * Writes the files into that folder, which is made if it is not there; nothing is overwritten.
     *
     * @throws CannotBeKeptException if a file would come to lie outside of it, or they are too large
     */
    public void unpackTo(Path folder) {
        Path root = folder.toAbsolutePath().normalize();
        try (ZipInputStream zip = new ZipInputStream(new ByteArrayInputStream(packed))) {
            Files.createDirectories(root);
            long unpacked = 0;
            for (ZipEntry entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
                Path file = root.resolve(entry.getName()).normalize();
                if (file.equals(root) || !file.startsWith(root)) {
                    throw new CannotBeKeptException(entry.getName() + " lies outside of the folder");
                }
                Files.createDirectories(file.getParent());
                try (OutputStream content = Files.newOutputStream(file, StandardOpenOption.CREATE_NEW)) {
                    unpacked += copy(zip, content, MAX_UNPACKED_BYTES - unpacked);
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The zip; a copy. */
    public byte[] toBytes() {
        return packed.clone();
    }

    /** SHA-256 of the zip, in hexadecimal: equal trees have the same. */
    public synchronized String digest() {
        if (digest == null) {
            try {
                digest = HexFormat.of()
                        .formatHex(MessageDigest.getInstance("SHA-256").digest(packed));
            } catch (NoSuchAlgorithmException e) {
                throw new IllegalStateException("this Java has no SHA-256", e);
            }
        }
        return digest;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof DependencyTree tree && Arrays.equals(packed, tree.packed);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(packed);
    }

    @Override
    public String toString() {
        return "DependencyTree[" + packed.length + " bytes]";
    }
}
