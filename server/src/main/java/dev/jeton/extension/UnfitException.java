package dev.jeton.extension;

/** A script, a dependency or a secret cannot be like that; the message is for whoever asked for it. */
public final class UnfitException extends IllegalArgumentException {
    private static final long serialVersionUID = 1;

    private final String field;

    /** @param field where it stands in a request's body; empty if that is no place in particular */
    public UnfitException(String field, String detail) {
        super(detail);
        this.field = field;
    }

    public String field() {
        return field;
    }

    public String detail() {
        return String.valueOf(getMessage());
    }
}
