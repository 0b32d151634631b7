package dev.jeton.administrator;

import dev.jeton.http.ApiError;
import dev.jeton.http.Request;
import dev.jeton.management.Caller;
import dev.jeton.management.SignedInCallers;
import dev.jeton.oauth.Identifiers;
import dev.jeton.storage.ChangeFeed;
import dev.jeton.storage.Database;
import dev.jeton.storage.StorageUnavailableException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jdbi.v3.core.Handle;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Every session in memory, so that what ends one acts at once, here and, by the feed of changes, on every node. */
public final class Sessions implements ChangeFeed.View, SignedInCallers {
    private static final Logger LOG = LoggerFactory.getLogger(Sessions.class);
    /** So often it is noted that a session is in use. */
    private static final Duration NOTED_EVERY = Duration.ofMinutes(1);

    /**
     * How long a session lasts.
     *
     * @param most from the sign-in, whatever happens
     * @param idle from the last request, to the minute
     */
    public record Lifetime(Duration most, Duration idle) {}

    /** A session that has not ended, and whose it is. */
    record SignedIn(Session session, Administrator administrator, SecretToken token) {}

    private final SessionStore store;
    private final Administrators administrators;
    private final Database database;
    private final ChangeFeed changes;
    private final ForgeryCheck forgeries;
    private final Identifiers identifiers;
    private final Lifetime lifetime;
    private final InstantSource clock;
    private volatile Map<String, Session> byDigest = new ConcurrentHashMap<>();

    Sessions(
            SessionStore store,
            Administrators administrators,
            Database database,
            ChangeFeed changes,
            ForgeryCheck forgeries,
            Identifiers identifiers,
            Lifetime lifetime,
            InstantSource clock) {
        this.store = store;
        this.administrators = administrators;
        this.database = database;
        this.changes = changes;
        this.forgeries = forgeries;
        this.identifiers = identifiers;
        this.lifetime = lifetime;
        this.clock = clock;
    }

    public void follow(ChangeFeed feed) {
        feed.add(SessionStore.ENTITY, this);
    }

    /** Begins one, in the transaction of the sign-in, and ends the one that the browser had, whose cookie it forgets. */
    SignedIn begin(Handle handle, Request request, Administrator administrator, Instant now) {
        SessionCookie.of(request).flatMap(SecretToken::parse).ifPresent(older -> store.end(handle, older.digest()));
        SecretToken token = new SecretToken(identifiers.oneTimeSecret());
        Session session = new Session(token.digest(), administrator.id(), now, now);
        store.insert(handle, session);
        return new SignedIn(session, administrator, token);
    }

    Instant end(Session session) {
        return session.startedAt().plus(lifetime.most());
    }

    /**
     * Whose session the request belongs to; empty without a cookie.
     *
     * @throws ApiError.ApiException 401 if the session has ended, 403 if another site may have made the browser ask
     */
    Optional<SignedIn> signedIn(Request request) {
        Optional<String> cookie = SessionCookie.of(request);
        if (cookie.isEmpty()) {
            return Optional.empty();
        }
        SignedIn signedIn = cookie.flatMap(SecretToken::parse)
                .flatMap(this::live)
                .orElseThrow(() -> notSignedIn().exception());
        forgeries.require(request, signedIn.token());
        return Optional.of(signedIn);
    }

    private Optional<SignedIn> live(SecretToken token) {
        Instant now = clock.instant();
        return Optional.ofNullable(byDigest.get(token.digest()))
                .filter(session -> now.isBefore(end(session))
                        && now.isBefore(session.usedAt().plus(lifetime.idle())))
                .flatMap(session -> administrators
                        .find(session.administratorId())
                        .map(administrator -> new SignedIn(session, administrator, token)));
    }

    static ApiError notSignedIn() {
        return new ApiError(401, "You are not signed in, or the session has ended: sign in", "not_signed_in");
    }

    @Override
    public Optional<Caller> find(Request request) {
        return signedIn(request)
                .map(signedIn -> new Caller(
                        signedIn.administrator().actor(),
                        signedIn.administrator().role().scopes()));
    }

    @Override
    public void noteUse(Request request) {
        Instant now = clock.instant();
        Instant before = now.minus(NOTED_EVERY);
        SessionCookie.of(request)
                .flatMap(SecretToken::parse)
                .map(token -> byDigest.get(token.digest()))
                .filter(session -> !session.usedAt().isAfter(before))
                .ifPresent(session -> noteUse(session, before, now));
    }

    /** What is asked for may be answered even if this cannot be written; at worst the session ends early. */
    private void noteUse(Session session, Instant before, Instant now) {
        try {
            database.change(handle -> store.use(handle, session.digest(), before, now));
            changes.catchUp();
        } catch (StorageUnavailableException e) {
            LOG.debug("the use of a session was not noted", e);
        }
    }

    /** Drops those that have ended by themselves. */
    public void forgetExpired(Handle handle) {
        Instant now = clock.instant();
        store.endExpired(handle, now.minus(lifetime.most()), now.minus(lifetime.idle()));
    }

    @Override
    public void loadAll() {
        Map<String, Session> loaded = new ConcurrentHashMap<>();
        store.forEach(session -> loaded.put(session.digest(), session));
        byDigest = loaded;
    }

    @Override
    public void reload(Set<String> digests) {
        Map<String, Session> found = new HashMap<>();
        store.forEach(digests, session -> found.put(session.digest(), session));
        byDigest.putAll(found);
        digests.stream().filter(digest -> !found.containsKey(digest)).forEach(byDigest::remove);
    }

    @Override
    public String toString() {
        return "Sessions[" + byDigest.size() + "]";
    }
}
