package dev.jeton.config;

/** The text given for a setting; {@code origin} is a flag, a variable, {@code file:line} or {@code default}. */
record Found(String text, String origin) {
    static final String DEFAULT = "default";

    @Override
    public String toString() {
        return "Found[" + origin + "]"; // the text may be a secret
    }
}
