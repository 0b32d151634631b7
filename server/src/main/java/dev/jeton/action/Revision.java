package dev.jeton.action;

import dev.jeton.extension.Dependency;
import dev.jeton.extension.Script;
import dev.jeton.extension.UnfitException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * What an Action was at one time: its code and what that needs. It never changes: a save that changes anything makes
 * another, and the versions of an Action are the revisions that were deployed.
 *
 * @param code JavaScript that exports the trigger's handler; not checked here
 * @param runtime as Auth0 names Node.js; kept and given back, all runs on the server's own
 * @param dependencies in the order in which they were given, likewise {@code secrets}
 * @param dependencyTree the digest of what npm made of the dependencies
 */
record Revision(
        String id,
        SupportedTrigger trigger,
        String code,
        String runtime,
        List<Dependency> dependencies,
        Optional<String> dependencyTree,
        List<ShownSecret> secrets) {
    static final int MOST_SECRETS = 30;

    private static final String DEFAULT_CODE = "exports.onExecuteCredentialsExchange = async (event, api) => {};";
    private static final String DEFAULT_RUNTIME = "node22";
    static final Pattern RUNTIME = Pattern.compile("^node[1-9][0-9]{0,2}(-actions)?$");

    /** What is shown of a secret: when it got its value, never which. */
    record ShownSecret(String name, Instant updatedAt) {}

    /** @throws UnfitException if a field does not fit */
    Revision {
        dependencies = List.copyOf(dependencies);
        secrets = List.copyOf(secrets);
        Script.checkCode(code, "code");
        if (!RUNTIME.matcher(runtime).matches()) {
            throw new UnfitException(
                    "runtime", "String does not match pattern " + RUNTIME.pattern() + ": give one like node22");
        }
        requireAtMost(Dependency.MOST, dependencies, "dependencies");
        requireAtMost(MOST_SECRETS, secrets, "secrets");
    }

    private static void requireAtMost(int most, List<?> items, String field) {
        if (items.size() > most) {
            throw new UnfitException(field, "Array is too long (" + items.size() + "), maximum " + most);
        }
    }

    /** What a request that says nothing else makes: a handler that does nothing. */
    static Revision blank(String id, SupportedTrigger trigger) {
        return new Revision(id, trigger, DEFAULT_CODE, DEFAULT_RUNTIME, List.of(), Optional.empty(), List.of());
    }

    Optional<ShownSecret> secret(String name) {
        return secrets.stream().filter(secret -> secret.name().equals(name)).findFirst();
    }

    /** Whether it has all that the other has. */
    boolean isSameAs(Revision other) {
        return withId(other.id).equals(other);
    }

    Revision withId(String newId) {
        return new Revision(newId, trigger, code, runtime, dependencies, dependencyTree, secrets);
    }
}
