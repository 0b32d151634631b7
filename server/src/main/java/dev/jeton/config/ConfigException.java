package dev.jeton.config;

import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.NoSuchFileException;
import java.util.List;
import java.util.Objects;

/**
 * The server cannot start as it is configured. The message is for the operator: one sentence a line, each with the place,
 * what is wrong there and the mend; it never holds a secret.
 */
public final class ConfigException extends RuntimeException {
    public ConfigException(String sentence) {
        super(sentence);
    }

    public ConfigException(String sentence, Throwable cause) {
        super(sentence, cause);
    }

    ConfigException(List<String> sentences) {
        super(String.join("\n", sentences));
    }

    /** Why a file could not be used, in words: the JDK's message is often the file's name alone. */
    public static String reason(IOException e) {
        return switch (e) {
            case NoSuchFileException _ -> "no such file";
            case AccessDeniedException _ -> "permission denied";
            case FileAlreadyExistsException _ -> "a file is in the way";
            case CharacterCodingException _ -> "not UTF-8 text";
            default -> Objects.requireNonNullElse(e.getMessage(), e.getClass().getSimpleName());
        };
    }
}
