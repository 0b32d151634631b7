package dev.jeton.client;

import dev.jeton.management.Search;
import dev.jeton.oauth.ClientId;
import dev.jeton.storage.ChangeFeed;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** Every client with the digest of its secret, in memory: what the request path reads. */
public final class Clients implements ChangeFeed.View {
    /** A client and what its secret is checked against; {@code digest} is empty if it has none. */
    record Entry(Client client, Digest digest) {}

    /** The keyed digest of a secret. */
    static final class Digest {
        static final Digest NONE = new Digest(new byte[0]);

        private final byte[] bytes;

        Digest(byte[] bytes) {
            this.bytes = bytes;
        }

        byte[] bytes() {
            return bytes;
        }
    }

    private final ClientStore store;
    private volatile Map<ClientId, Entry> entries = new ConcurrentHashMap<>();

    public Clients(ClientStore store) {
        this.store = store;
    }

    /** Has the feed keep this view current. */
    public void follow(ChangeFeed feed) {
        feed.add(ClientStore.ENTITY, this);
    }

    public Optional<Client> find(ClientId id) {
        return findEntry(id).map(Entry::client);
    }

    Optional<Entry> findEntry(ClientId id) {
        return Optional.ofNullable(entries.get(id));
    }

    /** The equal id that is in memory already, else the one given: so other views need not keep their own. */
    public ClientId kept(ClientId id) {
        return findEntry(id).map(entry -> entry.client().id()).orElse(id);
    }

    /** The ids of the clients that a list with that filter shows; what it searches for is looked for here. */
    Search.Matches matches(ClientFilter filter) {
        List<String> ids = entries.values().stream()
                .map(Entry::client)
                .filter(filter::fits)
                .map(client -> client.id().value())
                .toList();
        return new Search.Matches(ids, Comparator.naturalOrder());
    }

    public int size() {
        return entries.size();
    }

    @Override
    public void loadAll() {
        Map<ClientId, Entry> loaded = new ConcurrentHashMap<>();
        store.forEach((client, digest) -> loaded.put(client.id(), entry(client, digest)));
        entries = loaded;
    }

    @Override
    public void reload(Set<String> ids) {
        Map<ClientId, Entry> found = new HashMap<>();
        store.forEach(ids, (client, digest) -> found.put(client.id(), entry(client, digest)));
        for (String id : ids) {
            Entry entry = found.get(new ClientId(id));
            if (entry == null) {
                entries.remove(new ClientId(id));
            } else {
                entries.put(entry.client().id(), entry);
            }
        }
    }

    private static Entry entry(Client client, byte @Nullable [] digest) {
        return new Entry(client, digest == null ? Digest.NONE : new Digest(digest));
    }
}
