package dev.jeton.signingkey;

import dev.jeton.signingkey.SigningKey.State;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jdbi.v3.core.Handle;

/**
 * How keys come and go: {@code next} takes over as {@code current}, which goes on as {@code previous} until it is
 * revoked or its last token has expired.
 */
public final class KeyRotation {
    /** {@code next} has not been published for as long as an API may keep a key set; {@code at} is when it will have. */
    public static final class TooEarlyException extends RuntimeException {
        private final Instant at;

        TooEarlyException(Instant at) {
            super("the next key is published for too short a time: an API that keeps its key set would refuse the new"
                    + " tokens; rotate after " + at + ", or force it");
            this.at = at;
        }

        public Instant at() {
            return at;
        }
    }

    /** Only a key that signs no more can be revoked. */
    public static final class NotPreviousException extends RuntimeException {
        NotPreviousException(SigningKey key) {
            super("key " + key.kid() + " is " + key.state().name().toLowerCase(Locale.ROOT)
                    + ": only a previous key can be revoked; rotate first");
        }
    }

    private final SigningKeyStore store;
    private final KeyGenerator generator;
    private final InstantSource clock;
    private final Duration cacheLifetime;
    private final Duration longestToken;

    /**
     * @param cacheLifetime how long an API may keep the key set: {@code next} signs no earlier than that after it was
     *     published
     * @param longestToken after that long nobody holds a token of a previous key
     */
    public KeyRotation(
            SigningKeyStore store,
            KeyGenerator generator,
            InstantSource clock,
            Duration cacheLifetime,
            Duration longestToken) {
        this.store = store;
        this.generator = generator;
        this.clock = clock;
        this.cacheLifetime = cacheLifetime;
        this.longestToken = longestToken;
    }

    /** Makes a current and a next key of that type if there is none; returns those that it made. */
    public List<SigningKey> ensure(Handle handle, KeyType type) {
        if (find(handle, type, State.CURRENT).isPresent()) {
            return List.of();
        }
        List<SigningKey> made = List.of(
                generator.generate(type, State.CURRENT, clock.instant()),
                generator.generate(type, State.NEXT, clock.instant()));
        made.forEach(key -> store.insert(handle, key));
        return made;
    }

    /**
     * Has the next key sign from now on; returns it.
     *
     * @param force even if APIs may not know it yet
     * @throws TooEarlyException if they may not, and it is not forced
     */
    public SigningKey rotate(Handle handle, KeyType type, boolean force) {
        Instant now = clock.instant();
        ensure(handle, type);
        SigningKey current = find(handle, type, State.CURRENT).orElseThrow();
        SigningKey next = find(handle, type, State.NEXT).orElseThrow();
        Instant known = next.createdAt().plus(cacheLifetime);
        if (!force && known.isAfter(now)) {
            throw new TooEarlyException(known);
        }
        store.update(handle, current.became(State.PREVIOUS, current.currentSince(), now, null));
        SigningKey successor = next.became(State.CURRENT, now, null, null);
        store.update(handle, successor);
        store.insert(handle, generator.generate(type, State.NEXT, now));
        return successor;
    }

    /**
     * Withdraws a previous key from publication, for good.
     *
     * @throws NotPreviousException if it signs or is to sign
     */
    public Optional<SigningKey> revoke(Handle handle, String kid) {
        return store.find(handle, kid).map(key -> switch (key.state()) {
            case CURRENT, NEXT -> throw new NotPreviousException(key);
            case PREVIOUS -> {
                SigningKey revoked = key.became(State.REVOKED, key.currentSince(), key.currentUntil(), clock.instant());
                store.update(handle, revoked);
                yield revoked;
            }
            case REVOKED -> key;
        });
    }

    /** Withdraws the previous keys whose last token has expired. */
    public void retireExpired(Handle handle) {
        Instant now = clock.instant();
        for (SigningKey key : store.findAll(handle)) {
            Instant until = key.currentUntil();
            if (key.state() == State.PREVIOUS
                    && until != null
                    && until.plus(longestToken).isBefore(now)) {
                store.update(handle, key.became(State.REVOKED, key.currentSince(), until, now));
            }
        }
    }

    public List<SigningKey> list(Handle handle) {
        return store.findAll(handle);
    }

    private Optional<SigningKey> find(Handle handle, KeyType type, State state) {
        return store.findAll(handle).stream()
                .filter(key -> key.type() == type && key.state() == state)
                .findFirst();
    }
}
