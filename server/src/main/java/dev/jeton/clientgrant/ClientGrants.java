package dev.jeton.clientgrant;

import dev.jeton.oauth.ClientId;
import dev.jeton.oauth.ScopeSet;
import dev.jeton.storage.ChangeFeed;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** What every client may ask of every resource server, in memory: what the request path reads. */
public final class ClientGrants implements ChangeFeed.View {
    /** Kept small, since there are as many as grants: no ids, no times, and equal scope sets are one object. */
    private record Granted(String resourceServerId, ScopeSet scope) {}

    private final ClientGrantStore store;
    private final Map<Object, Object> interned = new ConcurrentHashMap<>();
    private volatile Map<ClientId, List<Granted>> granted = new ConcurrentHashMap<>();

    public ClientGrants(ClientGrantStore store) {
        this.store = store;
    }

    /** Has the feed keep this view current. */
    public void follow(ChangeFeed feed) {
        feed.add(ClientGrantStore.ENTITY, this);
    }

    /** What that client may ask of that resource server; empty if there is no grant, which is not the empty set. */
    public Optional<ScopeSet> find(ClientId client, String resourceServerId) {
        for (Granted grant : granted.getOrDefault(client, List.of())) {
            if (grant.resourceServerId().equals(resourceServerId)) {
                return Optional.of(grant.scope());
            }
        }
        return Optional.empty();
    }

    @Override
    public void loadAll() {
        interned.clear();
        Map<ClientId, List<Granted>> loaded = new ConcurrentHashMap<>();
        store.forEach(grant -> put(loaded, grant));
        granted = loaded;
    }

    @Override
    public void reload(Set<String> clientIds) {
        Map<ClientId, List<Granted>> found = new HashMap<>();
        store.findOfClients(clientIds).forEach(grant -> put(found, grant));
        for (String value : clientIds) {
            ClientId client = new ClientId(value);
            List<Granted> grants = found.get(client);
            if (grants == null) {
                granted.remove(client);
            } else {
                granted.put(client, grants);
            }
        }
    }

    private void put(Map<ClientId, List<Granted>> into, ClientGrant grant) {
        if (!grant.subjectType().equals(ClientGrant.FOR_CLIENTS)) {
            return;
        }
        Granted entry = intern(new Granted(intern(grant.resourceServerId()), intern(grant.scope())));
        into.merge(grant.client(), List.of(entry), (before, one) -> {
            List<Granted> more = new ArrayList<>(before);
            more.addAll(one);
            return List.copyOf(more);
        });
    }

    @SuppressWarnings("unchecked") // a value is interned under itself
    private <T> T intern(T value) {
        return (T) interned.computeIfAbsent(value, key -> key);
    }
}
