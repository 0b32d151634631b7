package dev.jeton.verifier;

/** Says that a text is not one strict JSON object. The message gives a position, never a piece of the text. */
final class MalformedJsonException extends Exception {
    MalformedJsonException(String problem, int position) {
        // No stack trace: strangers decide how often this is thrown, and it is always answered by a refusal.
        super(problem + " at character " + position, null, false, false);
    }
}
