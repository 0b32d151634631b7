package dev.jeton.verifier.spring;

/** The application cannot start with the properties that it has. */
final class JetonPropertiesException extends RuntimeException {
    private final String fix;

    JetonPropertiesException(String problem, String fix) {
        super(problem);
        this.fix = fix;
    }

    /** What to do about it, in one sentence. */
    String fix() {
        return fix;
    }
}
