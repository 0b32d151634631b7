package dev.jeton.cli;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * A text file named on the command line; {@code -} is standard input.
 *
 * @param what it is, as in "the script"
 */
record InputFile(String what, Path path) {

    boolean isStandardInput() {
        return path.toString().equals("-");
    }

    /** The whole text, which is not blank. */
    String read(Shell shell, int maxBytes) {
        byte[] bytes = bytes(shell, maxBytes);
        if (bytes.length > maxBytes) {
            throw Failure.usage(where() + " has more than " + maxBytes + " bytes, the most that can be sent");
        }
        String text = decoded(bytes);
        if (text.isBlank()) {
            throw Failure.usage(where() + " is empty");
        }
        return text;
    }

    /** What has been read of it, as text. */
    String decoded(byte[] bytes) {
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
        } catch (CharacterCodingException _) {
            throw Failure.usage(where() + " is not text in UTF-8");
        }
    }

    /** As much of it as a script may have, and one byte more if there is more, whatever the bytes are. */
    byte[] beginning(Shell shell) {
        return bytes(shell, Script.MAX_BYTES);
    }

    private String where() {
        return what + (isStandardInput() ? " from standard input" : " in " + path);
    }

    /** One byte more than allowed at most: enough to know. */
    private byte[] bytes(Shell shell, int maxBytes) {
        try {
            return isStandardInput()
                    ? shell.in().readNBytes(maxBytes + 1)
                    : bytes(shell.directory().resolve(path), maxBytes);
        } catch (IOException e) {
            throw Failure.usage("cannot read " + what + ": "
                    + (isStandardInput() ? "standard input: " + e.getMessage() : FileTrouble.of(path, e)));
        }
    }

    private byte[] bytes(Path file, int maxBytes) throws IOException {
        if (Files.isDirectory(file)) { // the system would call it an I/O error
            throw Failure.usage("cannot read " + what + ": " + path + " is a folder");
        }
        try (InputStream in = Files.newInputStream(file)) {
            return in.readNBytes(maxBytes + 1);
        }
    }
}
