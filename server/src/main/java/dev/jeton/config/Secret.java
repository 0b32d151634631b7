package dev.jeton.config;

/** Bytes that must not be shown, such as a password in UTF-8 or a key. */
public final class Secret {
    private final byte[] bytes;

    public Secret(byte[] bytes) {
        this.bytes = bytes.clone();
    }

    /** A copy of the bytes: the only way they leave. */
    public byte[] reveal() {
        return bytes.clone();
    }

    @Override
    public String toString() {
        return "[secret]";
    }
}
