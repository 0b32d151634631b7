package dev.jeton.hook;

import dev.jeton.extension.Dependency;
import dev.jeton.extension.Script;
import dev.jeton.extension.UnfitException;
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

    /** How many secrets a Hook has at most. */
    static final int MOST_SECRETS = 20;

    static final int MAX_NAME = 255;
    static final Pattern NAME = Pattern.compile("^[a-zA-Z0-9]([ \\-a-zA-Z0-9]*[a-zA-Z0-9])?$");

    /** @throws UnfitException if a field does not fit */
    Hook {
        dependencies = Collections.unmodifiableMap(new TreeMap<>(dependencies));
        checkName(name);
        if (script.isEmpty()) {
            throw new UnfitException("script", "String is too short (0 chars), minimum 1");
        }
        Script.checkCode(script, "script");
        if (!triggerId.equals(CREDENTIALS_EXCHANGE)) {
            throw new UnfitException(
                    "triggerId",
                    "No enum match for: " + triggerId + "; there are Hooks for " + CREDENTIALS_EXCHANGE + " only");
        }
        if (dependencies.size() > Dependency.MOST) {
            throw new UnfitException(
                    "dependencies",
                    "Too many properties defined (" + dependencies.size() + "), maximum " + Dependency.MOST);
        }
        dependencies.forEach(Dependency::new);
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
}
