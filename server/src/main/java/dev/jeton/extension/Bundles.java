package dev.jeton.extension;

import dev.jeton.storage.ChangeFeed;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Supplier;

/** Tells of the bundle that is at work: what the request path runs. */
public final class Bundles implements ChangeFeed.View {
    private final Supplier<Optional<Script>> enabledHook;
    private final Supplier<List<Script>> boundActions;
    private final Consumer<Optional<Bundle>> changed;
    private Optional<Bundle> current = Optional.empty();

    /**
     * @param enabledHook reads it from the database, likewise {@code boundActions}, in their order
     * @param changed is told of the first bundle and of each that differs from the one before; while it runs the feed
     *     waits
     */
    public Bundles(
            Supplier<Optional<Script>> enabledHook,
            Supplier<List<Script>> boundActions,
            Consumer<Optional<Bundle>> changed) {
        this.enabledHook = enabledHook;
        this.boundActions = boundActions;
        this.changed = changed;
    }

    @Override
    public synchronized void loadAll() {
        List<Script> scripts = new ArrayList<>(enabledHook.get().stream().toList());
        scripts.addAll(boundActions.get());
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
