package dev.jeton.administrator;

import dev.jeton.storage.ChangeFeed;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** Every administrator in memory: what each request with a session reads. */
public final class Administrators implements ChangeFeed.View {
    private final AdministratorStore store;
    private volatile Map<String, Administrator> byId = new ConcurrentHashMap<>();

    public Administrators(AdministratorStore store) {
        this.store = store;
    }

    public void follow(ChangeFeed feed) {
        feed.add(AdministratorStore.ENTITY, this);
    }

    Optional<Administrator> find(String id) {
        return Optional.ofNullable(byId.get(id));
    }

    @Override
    public void loadAll() {
        Map<String, Administrator> loaded = new ConcurrentHashMap<>();
        store.forEach(administrator -> loaded.put(administrator.id(), administrator));
        byId = loaded;
    }

    @Override
    public void reload(Set<String> ids) {
        Map<String, Administrator> found = new HashMap<>();
        store.forEach(ids, administrator -> found.put(administrator.id(), administrator));
        byId.putAll(found);
        ids.stream().filter(id -> !found.containsKey(id)).forEach(byId::remove);
    }
}
