package dev.jeton.extension;

import java.util.List;
import java.util.stream.Collectors;

/**
 * What a worker runs in one call: the enabled Hook, if there is one, then the bound Actions in their order.
 *
 * @param scripts at least one
 */
public record Bundle(List<Script> scripts) {
    public Bundle {
        scripts = List.copyOf(scripts);
        if (scripts.isEmpty()) {
            throw new IllegalArgumentException("a bundle has a script");
        }
    }

    /** Shows neither code nor secrets. */
    @Override
    public String toString() {
        return scripts.stream().map(Script::toString).collect(Collectors.joining(", "));
    }
}
