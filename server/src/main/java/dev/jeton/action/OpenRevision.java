package dev.jeton.action;

import dev.jeton.extension.DependencyTree;
import dev.jeton.extension.Script;
import dev.jeton.extension.ScriptSecret;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** A revision with the values of its secrets: what it takes to keep one, or to run it. */
record OpenRevision(Revision revision, List<ScriptSecret> secrets) {
    OpenRevision {
        secrets = List.copyOf(secrets);
    }

    Optional<ScriptSecret> secret(String name) {
        return secrets.stream().filter(secret -> secret.name().equals(name)).findFirst();
    }

    Script script(String actionId, String actionName, Optional<DependencyTree> dependencies) {
        Map<String, String> values =
                secrets.stream().collect(Collectors.toMap(ScriptSecret::name, ScriptSecret::value));
        return new Script(Script.Kind.ACTION, actionId, actionName, revision.code(), values, dependencies);
    }
}
