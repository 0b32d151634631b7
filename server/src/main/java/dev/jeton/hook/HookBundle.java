package dev.jeton.hook;

import java.util.Map;
import java.util.Optional;

/** What a worker runs: an enabled Hook with its secrets in the clear and its npm packages. */
public record HookBundle(
        String hookId, String name, String script, Map<String, String> secrets, Optional<DependencyTree> dependencies) {
    public HookBundle {
        secrets = Map.copyOf(secrets);
    }

    /** Shows neither script nor secrets. */
    @Override
    public String toString() {
        return "Hook " + hookId + " (" + name + ")";
    }
}
