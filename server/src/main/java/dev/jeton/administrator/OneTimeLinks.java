package dev.jeton.administrator;

import dev.jeton.audit.Actor;
import dev.jeton.http.ApiError;
import dev.jeton.oauth.ClientId;
import dev.jeton.oauth.Identifiers;
import dev.jeton.oauth.Issuer;
import dev.jeton.oauth.ScopeSet;
import dev.jeton.storage.Database;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.function.BiFunction;
import org.jdbi.v3.core.Handle;

/** Makes one-time links and says which are still good. */
public final class OneTimeLinks {
    static final Duration LIFETIME = Duration.ofHours(24);
    /** Invitations and resets that are neither used nor expired. */
    static final int MOST = 100;
    /** Of the first start's: one is printed at each start of each node. */
    private static final int MOST_FIRST = 20;

    /** The scopes of those who ask for an invitation, and for a reset. */
    static final String CREATE = "create:administrators";

    static final String UPDATE = "update:administrators";

    /** A link on its way to whoever asked for it. */
    static final class Made {
        private final String url;
        private final Instant expiresAt;

        Made(String url, Instant expiresAt) {
            this.url = url;
            this.expiresAt = expiresAt;
        }

        String reveal() {
            return url;
        }

        Instant expiresAt() {
            return expiresAt;
        }

        @Override
        public String toString() {
            return "[secret]";
        }
    }

    private final LinkStore store = new LinkStore();
    private final AdministratorStore administrators;
    private final BiFunction<Handle, ClientId, ScopeSet> granted;
    private final Identifiers identifiers;
    private final Issuer issuer;

    /** @param granted what a client may do at the system API now */
    public OneTimeLinks(
            AdministratorStore administrators,
            BiFunction<Handle, ClientId, ScopeSet> granted,
            Identifiers identifiers,
            Issuer issuer) {
        this.administrators = administrators;
        this.granted = granted;
        this.identifiers = identifiers;
        this.issuer = issuer;
    }

    /** Where the first administrator is made; empty if there is one. Those that were printed before stay good. */
    public Optional<String> makeFirst(Database database, Instant now) {
        return database.writeAtStart(handle -> {
            if (administrators.count(handle) > 0) {
                return Optional.empty();
            }
            SecretToken token = new SecretToken(identifiers.oneTimeSecret());
            store.insert(
                    handle,
                    token.digest(),
                    new OneTimeLink(
                            Purpose.FIRST,
                            Optional.of(Role.OWNER),
                            Optional.empty(),
                            Optional.empty(),
                            now,
                            Optional.empty()));
            store.deleteOldFirst(handle, MOST_FIRST);
            return Optional.of(url(token));
        });
    }

    Made invite(Handle handle, Role role, Actor by, Instant now) {
        return make(handle, Purpose.INVITATION, Optional.of(role), Optional.empty(), by, now);
    }

    /** Makes those void that were made before. */
    Made reset(Handle handle, Administrator administrator, Actor by, Instant now) {
        store.deleteResets(handle, administrator.id());
        return make(handle, Purpose.RESET, Optional.empty(), Optional.of(administrator.id()), by, now);
    }

    private Made make(
            Handle handle,
            Purpose purpose,
            Optional<Role> role,
            Optional<String> administratorId,
            Actor by,
            Instant now) {
        store.deleteExpired(handle, now);
        if (store.count(handle) >= MOST) {
            throw new ApiError(
                            409,
                            "There are " + MOST + " links that nobody has used yet, as many as there can be: wait until"
                                    + " some have expired",
                            "too_many_links")
                    .exception();
        }
        SecretToken token = new SecretToken(identifiers.oneTimeSecret());
        Instant expiresAt = now.plus(LIFETIME);
        store.insert(
                handle,
                token.digest(),
                new OneTimeLink(purpose, role, administratorId, Optional.of(by.id()), now, Optional.of(expiresAt)));
        return new Made(url(token), expiresAt);
    }

    /** Behind the #, so that no log of a proxy has it. */
    private String url(SecretToken token) {
        return issuer.url("dashboard/welcome#" + token.reveal());
    }

    /** The link of that secret if it is still good: whoever asked for it could do so now. */
    Optional<OneTimeLink> find(Handle handle, SecretToken token, Instant now) {
        return store.find(handle, token.digest())
                .filter(link -> link.expiresAt().map(now::isBefore).orElse(true))
                .filter(link -> link.purpose() != Purpose.FIRST || administrators.count(handle) == 0)
                .filter(link -> link.madeBy()
                        .map(maker -> mayMake(held(handle, maker), handle, link))
                        .orElse(true));
    }

    private ScopeSet held(Handle handle, String maker) {
        return administrators
                .find(handle, maker)
                .map(account -> account.administrator().role().scopes())
                .orElseGet(() -> granted.apply(handle, new ClientId(maker)));
    }

    private boolean mayMake(ScopeSet held, Handle handle, OneTimeLink link) {
        Optional<Role> role = link.role()
                .or(() -> link.administratorId()
                        .flatMap(id -> administrators.find(handle, id))
                        .map(account -> account.administrator().role()));
        return held.contains(link.purpose() == Purpose.RESET ? UPDATE : CREATE)
                && role.filter(given -> given.scopes().without(held).isEmpty()).isPresent();
    }

    /** It was used; with an administrator there, the first start's are void. */
    void used(Handle handle, SecretToken token) {
        store.delete(handle, token.digest());
        store.deleteFirst(handle);
    }

    /**
     * An administrator's role or password has changed, or there is none any more: neither may a link from before reset what is
     * now worth more, nor one be used that was asked for in the old role, or by whoever knew the old password.
     */
    void withdraw(Handle handle, String administratorId) {
        store.deleteResets(handle, administratorId);
        store.deleteMadeBy(handle, administratorId);
    }

    public void forgetExpired(Handle handle, Instant now) {
        store.deleteExpired(handle, now);
    }
}
