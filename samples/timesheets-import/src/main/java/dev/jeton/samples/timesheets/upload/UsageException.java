package dev.jeton.samples.timesheets.upload;

/** Says what is wrong with the command, its settings or its file, and how to mend it. Nothing has been sent. */
final class UsageException extends RuntimeException {
    UsageException(String message) {
        super(message, null, false, false);
    }
}
