package dev.jeton.resourceserver;

import dev.jeton.management.Search;
import dev.jeton.oauth.ScopeSet;
import dev.jeton.resourceserver.ResourceServer.Scope;
import dev.jeton.storage.ChangeFeed;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Every resource server by its audience, in memory: what the request path reads. */
public final class ResourceServers implements ChangeFeed.View {
    /**
     * @param scopes of each, by its id
     * @param demands what is not fulfilled, by the id of who demands it
     */
    private record Snapshot(
            List<ResourceServer> all,
            Map<String, ResourceServer> byAudience,
            @Nullable ResourceServer system,
            Map<String, ScopeSet> scopes,
            Map<String, Demand> demands) {
        static Snapshot of(List<ResourceServer> all) {
            return new Snapshot(
                    List.copyOf(all),
                    all.stream()
                            .collect(Collectors.toUnmodifiableMap(
                                    server -> server.audience().value(),
                                    Function.identity(),
                                    // Since its identifier follows the issuer, it may come to stand on another's.
                                    (one, other) -> one.isSystem() ? one : other)),
                    all.stream().filter(ResourceServer::isSystem).findFirst().orElse(null),
                    scopes(all),
                    demands(all));
        }

        private static Map<String, ScopeSet> scopes(List<ResourceServer> all) {
            Map<String, ScopeSet> scopes = new HashMap<>();
            for (ResourceServer server : all) {
                List<Scope> listed = server.isSystem() ? null : server.scopes();
                if (listed != null) {
                    scopes.put(
                            server.id(),
                            ScopeSet.of(listed.stream().map(Scope::value).toList()));
                }
            }
            return Map.copyOf(scopes);
        }

        private static Map<String, Demand> demands(List<ResourceServer> all) {
            Map<String, Demand> demands = new HashMap<>();
            all.forEach(server -> Demand.of(server).ifPresent(demand -> demands.put(server.id(), demand)));
            return Map.copyOf(demands);
        }
    }

    private final ResourceServerStore store;
    private volatile Snapshot snapshot = new Snapshot(List.of(), Map.of(), null, Map.of(), Map.of());

    public ResourceServers(ResourceServerStore store) {
        this.store = store;
    }

    /** Has the feed keep this view current. */
    public void follow(ChangeFeed feed) {
        feed.add(ResourceServerStore.ENTITY, this);
    }

    /** Compared character by character: a closing slash counts. */
    public Optional<ResourceServer> find(String audience) {
        return Optional.ofNullable(snapshot.byAudience().get(audience));
    }

    public Optional<ResourceServer> findSystem() {
        return Optional.ofNullable(snapshot.system());
    }

    /** All that the API of that id has now; of the system API none, since its scopes are granted one by one. */
    public ScopeSet scopesOf(String id) {
        return snapshot.scopes().getOrDefault(id, ScopeSet.EMPTY);
    }

    /** What that API demands of its tokens and this server cannot give. */
    public Optional<Demand> unfulfilledDemand(ResourceServer server) {
        return Optional.ofNullable(snapshot.demands().get(server.id()));
    }

    public List<ResourceServer> all() {
        return snapshot.all();
    }

    /** The ids of those that a list searches for. */
    Search.Matches matches(Search search) {
        Snapshot now = snapshot;
        List<String> ids = now.all().stream()
                .filter(server -> search.isPartOf(server.name())
                        || search.begins(server.id())
                        || search.begins(server.audience().value()))
                .map(ResourceServer::id)
                .toList();
        String system = now.system() == null ? "" : now.system().id();
        return new Search.Matches(
                ids,
                Comparator.<String, Boolean>comparing(id -> !id.equals(system)).thenComparing(id -> id));
    }

    public int size() {
        return snapshot.byAudience().size();
    }

    @Override
    public void loadAll() {
        snapshot = Snapshot.of(store.findAll());
    }

    /** There are few of them, and they change seldom. */
    @Override
    public void reload(Set<String> ids) {
        loadAll();
    }
}
