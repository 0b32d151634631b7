package dev.jeton.extension;

import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * One function of a user's, as a worker runs it.
 *
 * @param id of the Hook or the Action
 * @param code JavaScript; not checked here
 * @param secrets in the clear
 */
public record Script(
        Kind kind,
        String id,
        String name,
        String code,
        Map<String, String> secrets,
        Optional<DependencyTree> dependencies) {
    public static final int MAX_CODE_BYTES = 100_000;

    /** What the function is called with, and how it answers. */
    public enum Kind {
        HOOK,
        ACTION;

        /** As the worker and the log call it. */
        public String wireName() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    public Script {
        secrets = Map.copyOf(secrets);
    }

    /**
     * Refuses code that is too long to keep.
     *
     * @throws UnfitException for that field
     */
    public static void checkCode(String code, String field) {
        int bytes = code.getBytes(StandardCharsets.UTF_8).length;
        if (bytes > MAX_CODE_BYTES) {
            throw new UnfitException(field, "String is too long (" + bytes + " bytes), maximum " + MAX_CODE_BYTES);
        }
    }

    /** Shows neither code nor secrets. */
    @Override
    public String toString() {
        return (kind == Kind.HOOK ? "Hook " : "Action ") + id + " (" + name + ")";
    }
}
