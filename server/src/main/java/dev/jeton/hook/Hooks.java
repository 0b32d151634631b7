package dev.jeton.hook;

import dev.jeton.storage.ChangeFeed;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/** Tells of the enabled Hook: what the request path runs. */
public final class Hooks implements ChangeFeed.View {
    private final HookStore store;
    private final Consumer<Optional<HookBundle>> enabledChanged;
    private Optional<HookBundle> enabled = Optional.empty();

    /**
     * @param enabledChanged is told of the first bundle and of each that differs from the one before; while it runs the
     *     feed waits
     */
    public Hooks(HookStore store, Consumer<Optional<HookBundle>> enabledChanged) {
        this.store = store;
        this.enabledChanged = enabledChanged;
    }

    /** Has the feed keep this view current. */
    public void follow(ChangeFeed feed) {
        feed.add(HookStore.ENTITY, this);
    }

    @Override
    public synchronized void loadAll() {
        Optional<HookBundle> loaded = store.findEnabled(Hook.CREDENTIALS_EXCHANGE);
        if (!loaded.equals(enabled)) {
            enabled = loaded;
            enabledChanged.accept(loaded);
        }
    }

    @Override
    public void reload(Set<String> ids) {
        loadAll();
    }
}
