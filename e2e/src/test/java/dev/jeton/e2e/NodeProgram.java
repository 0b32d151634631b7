package dev.jeton.e2e;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.concurrent.TimeUnit;

/** A program in Node.js, copied to the build's folder with its packages; these are kept until the lock file changes. */
public final class NodeProgram {
    private static final long PATIENCE_SECONDS = 120;

    private NodeProgram() {}

    /**
     * The folder of the program, ready to run.
     *
     * @param sources has the program's files and its lock file
     * @param more folders of files that it needs beside its own
     */
    public static Path installed(Path sources, Path... more) {
        try {
            Path folder = Path.of(
                            "target", sources.getFileName().toString(), digest(sources.resolve("package-lock.json")))
                    .toAbsolutePath();
            Files.createDirectories(folder);
            // Tests run in several processes, and two may want the same program.
            try (FileChannel lock = FileChannel.open(
                            folder.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
                    FileLock _ = lock.lock()) {
                copy(sources, folder);
                for (Path other : more) {
                    copy(other, folder);
                }
                if (!Files.exists(folder.resolve("node_modules/.package-lock.json"))) { // what npm writes last
                    install(folder);
                }
            }
            return folder;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void copy(Path sources, Path folder) throws IOException {
        try (DirectoryStream<Path> files = Files.newDirectoryStream(sources, "*.{js,mjs,json}")) {
            for (Path file : files) {
                Files.copy(file, folder.resolve(file.getFileName()), StandardCopyOption.REPLACE_EXISTING);
            }
        }
    }

    /** With the user's settings of npm, unlike programs that {@link Jeton} starts. */
    private static void install(Path folder) throws IOException {
        Path log = folder.resolve("npm.log");
        Process npm = new ProcessBuilder("npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund")
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
        try {
            boolean ended = npm.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS);
            npm.destroyForcibly();
            if (!ended || npm.exitValue() != 0) {
                throw new AssertionError("npm ci failed\n" + Files.readString(log));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    private static String digest(Path file) throws IOException {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(Files.readAllBytes(file));
            return HexFormat.of().formatHex(digest, 0, 8);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
