package dev.jeton.samples.timesheets.upload;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** The lines of a text in UTF-8, which may begin with a byte order mark; each of a bounded length. */
final class Utf8Lines {
    static final int MAX_BYTES = 8192;

    /** Says why neither a line nor what comes after it can be used. */
    static final class UnusableFileException extends Exception {
        UnusableFileException(String problem) {
            super(problem, null, false, false);
        }
    }

    private final InputStream in;
    private int number;

    Utf8Lines(InputStream in) {
        this.in = in;
    }

    /** The number of the line that was read last, from 1. */
    int number() {
        return number;
    }

    /** The next line without its end, which is LF or CRLF; empty at the end of the text. */
    Optional<String> next() throws IOException, UnusableFileException {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        int next = in.read();
        if (next < 0) {
            return Optional.empty();
        }
        number++;
        for (; next >= 0 && next != '\n'; next = in.read()) {
            if (line.size() == MAX_BYTES) {
                throw new UnusableFileException("longer than " + MAX_BYTES + " bytes");
            }
            line.write(next);
        }
        String text = decoded(line.toByteArray());
        if (number == 1 && text.startsWith("\ufeff")) {
            text = text.substring(1);
        }
        return Optional.of(text.endsWith("\r") ? text.substring(0, text.length() - 1) : text);
    }

    private static String decoded(byte[] bytes) throws UnusableFileException {
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
        } catch (CharacterCodingException other) {
            throw new UnusableFileException("not text in UTF-8; save the file as CSV in UTF-8");
        }
    }
}
