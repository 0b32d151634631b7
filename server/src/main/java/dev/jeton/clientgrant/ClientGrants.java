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
import java.util.function.Function;
import java.util.function.UnaryOperator;

/** What every client may ask of every resource server, in memory: what the request path reads. */
public final class ClientGrants implements ChangeFeed.View {
    /** Kept small, since there are as many as grants: no ids, no times, and what is equal is one object. */
    private record Granted(String resourceServerId, Optional<ScopeSet> scope) {}

    private static final int MOST_INTERNED = 100_000;

    private final ClientGrantStore store;
    private final UnaryOperator<ClientId> kept;
    private final Function<String, ScopeSet> allScopes;
    private final Map<Object, Object> interned = new ConcurrentHashMap<>();
    private volatile Map<ClientId, List<Granted>> granted = new ConcurrentHashMap<>();

    /**
     * @param kept gives the equal id that is in memory anyway, if there is one: the ids would be a fifth of all
     * @param allScopes gives what a resource server has now, by its id: what a grant of all scopes stands for
     */
    public ClientGrants(ClientGrantStore store, UnaryOperator<ClientId> kept, Function<String, ScopeSet> allScopes) {
        this.store = store;
        this.kept = kept;
        this.allScopes = allScopes;
    }

    /** Has the feed keep this view current. */
    public void follow(ChangeFeed feed) {
        feed.add(ClientGrantStore.ENTITY, this);
    }

    /** What that client may ask of that resource server; empty if there is no grant, which is not the empty set. */
    public Optional<ScopeSet> find(ClientId client, String resourceServerId) {
        for (Granted grant : granted.getOrDefault(client, List.of())) {
            if (grant.resourceServerId().equals(resourceServerId)) {
                return Optional.of(grant.scope().orElseGet(() -> allScopes.apply(resourceServerId)));
            }
        }
        return Optional.empty();
    }

    @Override
    public void loadAll() {
        interned.clear();
        Map<ClientId, List<Granted>> loaded = new ConcurrentHashMap<>();
        store.forEachForClients((client, server, scope) -> put(loaded, client, server, scope));
        granted = loaded;
    }

    @Override
    public void reload(Set<String> clientIds) {
        Map<ClientId, List<Granted>> found = new HashMap<>();
        store.forEachForClients(clientIds, (client, server, scope) -> put(found, client, server, scope));
        for (String value : clientIds) {
            ClientId client = kept.apply(new ClientId(value));
            List<Granted> grants = found.get(client);
            if (grants == null) {
                granted.remove(client);
            } else {
                granted.put(client, grants);
            }
        }
    }

    private void put(
            Map<ClientId, List<Granted>> into, ClientId client, String resourceServerId, Optional<ScopeSet> scope) {
        Granted granted = new Granted(intern(resourceServerId), scope);
        into.merge(kept.apply(client), intern(List.of(intern(granted))), (before, one) -> {
            List<Granted> more = new ArrayList<>(before);
            more.addAll(one);
            return intern(List.copyOf(more));
        });
    }

    @SuppressWarnings("unchecked") // a value is interned under itself
    private <T> T intern(T value) {
        if (interned.size() > MOST_INTERNED) {
            interned.clear(); // what changes for years is not kept for ever
        }
        return (T) interned.computeIfAbsent(value, key -> key);
    }
}
