package dev.jeton.hook;

/** A named value that a Hook reads at run time: {@code toString} does not show it, {@link #value} does. */
record HookSecret(String name, String value) {
    /** How many a Hook has at most. */
    static final int MOST = 20;

    static final int MAX_NAME = 128;
    static final int MAX_VALUE = 4_096;

    /** @throws Hook.UnfitException if it is too long or has no name */
    HookSecret {
        if (name.isEmpty() || name.length() > MAX_NAME) {
            throw new Hook.UnfitException("", "The name of a secret has 1 to " + MAX_NAME + " characters");
        }
        if (value.length() > MAX_VALUE) {
            throw new Hook.UnfitException(
                    name, "String is too long (" + value.length() + " chars), maximum " + MAX_VALUE);
        }
    }

    @Override
    public String toString() {
        return "HookSecret[" + name + "]";
    }
}
