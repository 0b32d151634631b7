package dev.jeton.extension;

import dev.jeton.storage.ChangeFeed;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/** Tells of the bundle that is at work: what the request path runs. */
public final class Bundles implements ChangeFeed.View {
    /** Where scripts come from that are at work. */
    public interface Source {
        /** What is at work, in its order, and in which version: equal lists stand for equal scripts. Is quick. */
        List<String> versions();

        /** The scripts in their order; with their packages, which may be large. */
        List<Script> scripts();
    }

    private final List<Source> sources;
    private final Consumer<Optional<Bundle>> changed;
    private List<List<String>> versions = List.of();
    private Optional<Bundle> current = Optional.empty();

    /**
     * @param sources in the order in which what they have runs
     * @param changed is told of the first bundle and of each that differs from the one before; while it runs the feed
     *     waits
     */
    public Bundles(List<Source> sources, Consumer<Optional<Bundle>> changed) {
        this.sources = List.copyOf(sources);
        this.changed = changed;
    }

    @Override
    public synchronized void loadAll() {
        List<List<String>> found = sources.stream().map(Source::versions).toList();
        if (found.equals(versions)) {
            return;
        }
        List<Script> scripts = new ArrayList<>();
        sources.forEach(source -> scripts.addAll(source.scripts()));
        versions = found;
        Optional<Bundle> loaded = scripts.isEmpty() ? Optional.empty() : Optional.of(new Bundle(scripts));
        if (!loaded.equals(current)) {
            current = loaded;
            changed.accept(loaded);
        }
    }

    @Override
    public void reload(Set<String> ids) {
        loadAll();
    }
}
