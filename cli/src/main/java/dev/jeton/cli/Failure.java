package dev.jeton.cli;

import java.util.Optional;

/** Why a command cannot go on, what mends it if that is known, and the exit code that says so. */
final class Failure extends RuntimeException {
    static final int REFUSED = 1;
    static final int WRONG_USAGE = 2;

    private final int exitCode;
    private final Optional<String> mend;
    private final boolean unreachable;

    private Failure(int exitCode, String message, Optional<String> mend, boolean unreachable) {
        super(message, null, false, false);
        this.exitCode = exitCode;
        this.mend = mend;
        this.unreachable = unreachable;
    }

    /** The server refused, or a check failed. */
    static Failure refused(String message) {
        return new Failure(REFUSED, message, Optional.empty(), false);
    }

    /** The command was given too little, too much or the wrong thing. */
    static Failure usage(String message) {
        return new Failure(WRONG_USAGE, message, Optional.empty(), false);
    }

    /** No answer came; the same request may well succeed later. */
    static Failure unreachable(String message) {
        return new Failure(REFUSED, message, Optional.empty(), true);
    }

    Failure mendedBy(String advice) {
        return new Failure(exitCode, message(), Optional.of(advice), unreachable);
    }

    /** The same failure, and what it left behind. */
    Failure leaving(String state) {
        return new Failure(exitCode, message() + "; " + state, mend, unreachable);
    }

    /** The same failure; what is left to do comes after what mends it. */
    Failure thenDo(String rest) {
        return mendedBy(mend.map(first -> first + "; then " + rest).orElse(rest));
    }

    String message() {
        return String.valueOf(getMessage());
    }

    int exitCode() {
        return exitCode;
    }

    Optional<String> mend() {
        return mend;
    }

    boolean isUnreachable() {
        return unreachable;
    }
}
