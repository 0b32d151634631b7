package dev.jeton.cli;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Parse;
import org.snakeyaml.engine.v2.events.Event;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import tools.jackson.databind.JsonNode;

/** YAML as the tree that the same things in JSON would be: an alias stands for all that it names. */
final class Yaml {
    private static final int MAX_DEPTH = 100;
    /** More than a tenant has; a few aliases of aliases make far more. */
    private static final int MAX_NODES = 1_000_000;

    private int nodes;

    private Yaml() {}

    /** @throws YamlEngineException if the text is not YAML, or makes too large a tree */
    static JsonNode parse(String text) {
        LoadSettings settings = LoadSettings.builder()
                .setAllowDuplicateKeys(false)
                .setAllowNonScalarKeys(false)
                .setMaxAliasesForCollections(50)
                .setCodePointLimit(Math.max(1, text.length()))
                .build();
        // Before it is loaded, because that goes down by recursion.
        requireShallow(new Parse(settings).parseString(text));
        Object loaded = new Load(settings).loadFromString(text);
        new Yaml().count(loaded, 0);
        return Json.of(loaded);
    }

    private static void requireShallow(Iterable<Event> events) {
        int depth = 0;
        for (Event event : events) {
            depth += switch (event.getEventId()) {
                case SequenceStart, MappingStart -> 1;
                case SequenceEnd, MappingEnd -> -1;
                case Alias, Comment, DocumentStart, DocumentEnd, Scalar, StreamStart, StreamEnd -> 0;
            };
            requireDepth(depth);
        }
    }

    /** Counts what aliases name as often as they do; one within what it names has no bottom. */
    private void count(@Nullable Object value, int depth) {
        requireDepth(depth);
        if (++nodes > MAX_NODES) {
            throw new YamlEngineException("it has more than " + MAX_NODES + " values");
        }
        Collection<?> inner = switch (value) {
            case Map<?, ?> map -> map.values();
            case Collection<?> items -> items;
            case null, default -> List.of();
        };
        inner.forEach(item -> count(item, depth + 1));
    }

    private static void requireDepth(int depth) {
        if (depth > MAX_DEPTH) {
            throw new YamlEngineException("it is nested more than " + MAX_DEPTH + " deep");
        }
    }
}
