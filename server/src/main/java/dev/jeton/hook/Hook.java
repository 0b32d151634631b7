package dev.jeton.hook;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;

/**
 * A function of a user's that runs at a trigger; of the Hooks of one trigger at most one is enabled.
 *
 * @param id 26 characters, a ULID
 * @param script JavaScript whose {@code module.exports} is the function; not checked here
 * @param dependencies npm packages and their exact versions, in the order of their names
 */
record Hook(
        String id,
        String name,
        String script,
        Map<String, String> dependencies,
        String triggerId,
        boolean enabled,
        Instant createdAt,
        Instant updatedAt) {
    /** The one trigger that there is: before a token of the client credentials grant is issued. */
    static final String CREDENTIALS_EXCHANGE = "credentials-exchange";

    static final int MAX_DEPENDENCIES = 10;
    static final int MAX_PACKAGE_NAME = 214;

    private static final int MAX_NAME = 255;
    private static final int MAX_SCRIPT_BYTES = 100_000;
    private static final Pattern NAME = Pattern.compile("^[a-zA-Z0-9]([ \\-a-zA-Z0-9]*[a-zA-Z0-9])?$");
    /** Capitals too, as the oldest packages have them. */
    private static final Pattern PACKAGE_NAME =
            Pattern.compile("(@[a-zA-Z0-9~-][a-zA-Z0-9._~-]*/)?[a-zA-Z0-9~][a-zA-Z0-9._~-]*");

    private static final String NUMBER = "(0|[1-9][0-9]*)";
    private static final String IDENTIFIERS = "[0-9a-zA-Z-]+(\\.[0-9a-zA-Z-]+)*";
    private static final Pattern EXACT_VERSION = Pattern.compile(
            NUMBER + "\\." + NUMBER + "\\." + NUMBER + "(-" + IDENTIFIERS + ")?(\\+" + IDENTIFIERS + ")?");

    /** A Hook or a secret of one cannot be like that; the message is for whoever asked for it. */
    static final class UnfitException extends IllegalArgumentException {
        private final String field;

        UnfitException(String field, String detail) {
            super(detail);
            this.field = field;
        }

        /** Where it stands in a request's body; empty if that is no place in particular. */
        String field() {
            return field;
        }

        String detail() {
            return String.valueOf(getMessage());
        }
    }

    /** @throws UnfitException if a field does not fit */
    Hook {
        dependencies = Collections.unmodifiableMap(new TreeMap<>(dependencies));
        checkName(name);
        checkScript(script);
        if (!triggerId.equals(CREDENTIALS_EXCHANGE)) {
            throw new UnfitException(
                    "triggerId",
                    "No enum match for: " + triggerId + "; there are Hooks for " + CREDENTIALS_EXCHANGE + " only");
        }
        if (dependencies.size() > MAX_DEPENDENCIES) {
            throw new UnfitException(
                    "dependencies",
                    "Too many properties defined (" + dependencies.size() + "), maximum " + MAX_DEPENDENCIES);
        }
        dependencies.forEach(Hook::checkDependency);
    }

    private static void checkName(String name) {
        if (name.length() > MAX_NAME) {
            throw new UnfitException("name", "String is too long (" + name.length() + " chars), maximum " + MAX_NAME);
        }
        if (!NAME.matcher(name).matches()) {
            throw new UnfitException(
                    "name",
                    "String does not match pattern " + NAME.pattern()
                            + ": letters, digits, spaces and hyphens, at both ends a letter or digit");
        }
    }

    private static void checkScript(String script) {
        int bytes = script.getBytes(StandardCharsets.UTF_8).length;
        if (bytes == 0) {
            throw new UnfitException("script", "String is too short (0 chars), minimum 1");
        }
        if (bytes > MAX_SCRIPT_BYTES) {
            throw new UnfitException("script", "String is too long (" + bytes + " bytes), maximum " + MAX_SCRIPT_BYTES);
        }
    }

    private static void checkDependency(String packageName, String version) {
        String field = "dependencies." + packageName;
        if (packageName.length() > MAX_PACKAGE_NAME
                || !PACKAGE_NAME.matcher(packageName).matches()
                || packageName.equals("node_modules")) {
            throw new UnfitException(field, packageName + " is not the name of an npm package");
        }
        if (!EXACT_VERSION.matcher(version).matches()) {
            throw new UnfitException(
                    field,
                    version + " is not an exact version: give one like 3.0.6, not a range, a tag, a URL or a path");
        }
    }
}
