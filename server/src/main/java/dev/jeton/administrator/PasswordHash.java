package dev.jeton.administrator;

/** What is kept of a password: a PHC string, as {@link Passwords} makes it. */
final class PasswordHash {
    private final String phc;

    PasswordHash(String phc) {
        this.phc = phc;
    }

    String reveal() {
        return phc;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof PasswordHash hash && phc.equals(hash.phc);
    }

    @Override
    public int hashCode() {
        return phc.hashCode();
    }

    @Override
    public String toString() {
        return "[secret]";
    }
}
