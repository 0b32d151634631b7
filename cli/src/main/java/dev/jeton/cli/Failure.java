package dev.jeton.cli;

import java.util.Optional;

/** Why a command cannot go on, what mends it if that is known, and the exit code that says so. */
final class Failure extends RuntimeException {
    static final int REFUSED = 1;
    static final int WRONG_USAGE = 2;
    static final int UNREACHABLE = 3;

    private final int exitCode;
    private final Optional<String> mend;
    private final Optional<String> serverCode;

    private Failure(int exitCode, String message, Optional<String> mend, Optional<String> serverCode) {
        super(message, null, false, false);
        this.exitCode = exitCode;
        this.mend = mend;
        this.serverCode = serverCode;
    }

    /** The server refused, or a check failed. */
    static Failure refused(String message) {
        return new Failure(REFUSED, message, Optional.empty(), Optional.empty());
    }

    /** The command was given too little, too much or the wrong thing. */
    static Failure usage(String message) {
        return new Failure(WRONG_USAGE, message, Optional.empty(), Optional.empty());
    }

    /** No answer came, or only that there is none now; the same command may well succeed later. */
    static Failure unreachable(String message) {
        return new Failure(UNREACHABLE, message, Optional.empty(), Optional.empty());
    }

    /** What the server answered where it was to do something, as in "cannot {@code goal}". */
    static Failure of(String goal, Answer answer) {
        int exitCode = answer.isTemporary() ? UNREACHABLE : REFUSED;
        Optional<String> code = Optional.of(answer.errorCode()).filter(given -> !given.isEmpty());
        Failure failure = new Failure(exitCode, "cannot " + goal + ": " + answer.reason(), Optional.empty(), code);
        return answer.isTemporary()
                ? failure.mendedBy(answer.retryAfter()
                        .map(seconds -> "try again in " + seconds + " seconds")
                        .orElse("try again later"))
                : failure;
    }

    Failure mendedBy(String advice) {
        return new Failure(exitCode, message(), Optional.of(advice), serverCode);
    }

    /** The same failure, and what it left behind. */
    Failure leaving(String state) {
        return new Failure(exitCode, message() + "; " + state, mend, serverCode);
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

    /** What programs match on in the server's refusal. */
    Optional<String> serverCode() {
        return serverCode;
    }

    boolean isUnreachable() {
        return exitCode == UNREACHABLE;
    }
}
