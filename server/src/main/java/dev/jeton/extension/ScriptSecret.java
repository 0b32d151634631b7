package dev.jeton.extension;

/** A named value that a script reads at run time: {@code toString} does not show it, {@link #value} does. */
public record ScriptSecret(String name, String value) {
    public static final int MAX_NAME = 128;
    public static final int MAX_VALUE = 4_096;

    /** @throws UnfitException if it is too long or has no name */
    public ScriptSecret {
        if (name.isEmpty() || name.length() > MAX_NAME) {
            throw new UnfitException("", "The name of a secret has 1 to " + MAX_NAME + " characters");
        }
        if (value.length() > MAX_VALUE) {
            throw new UnfitException(name, "String is too long (" + value.length() + " chars), maximum " + MAX_VALUE);
        }
    }

    @Override
    public String toString() {
        return "ScriptSecret[" + name + "]";
    }
}
