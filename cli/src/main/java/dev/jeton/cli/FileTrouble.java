package dev.jeton.cli;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/** Why a file could not be read or written, in words: the JDK's messages are often only the path. */
final class FileTrouble {
    private FileTrouble() {}

    static String of(Path file, IOException e) {
        return switch (e) {
            case NoSuchFileException _ -> "there is no file " + file;
            case AccessDeniedException _ -> "no permission for " + file;
            default -> file + " (" + e.getClass().getSimpleName() + ")";
        };
    }
}
