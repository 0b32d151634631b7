package dev.jeton.tokenclient;

/** Says what is wrong with an answer, in words that continue a sentence. Nothing of the answer is quoted. */
final class MalformedAnswerException extends Exception {
    MalformedAnswerException(String problem) {
        // No stack trace: the other side decides how often this is thrown, and it always becomes an answer.
        super(problem, null, false, false);
    }

    String problem() {
        return String.valueOf(getMessage());
    }
}
