package dev.jeton.administrator;

import dev.jeton.administrator.AdministratorStore.Account;
import dev.jeton.audit.Actor;
import dev.jeton.http.ApiError;
import dev.jeton.oauth.ClientId;
import dev.jeton.oauth.Identifiers;
import dev.jeton.oauth.Issuer;
import dev.jeton.oauth.ScopeSet;
import dev.jeton.storage.Database;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jdbi.v3.core.Handle;

/** Makes one-time links and says which are still good. */
public final class OneTimeLinks {
    static final Duration LIFETIME = Duration.ofHours(24);
    /** Invitations and resets that are neither used nor expired. */
    static final int MOST = 100;
    /** Of the first start's: one is printed at each start of each node. */
    private static final int MOST_FIRST = 20;

    private static final int ID_DIGITS = 24;

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

    /**
     * An invitation or a reset that nobody has used and whose time is not over.
     *
     * @param role what it gives, or the role of whom it resets
     * @param of whom it resets
     * @param maker if that is an administrator; else {@link OneTimeLink#madeBy} is a client's id
     * @param isUsable whether whoever asked for it could do so now
     */
    record Unused(
            String digest,
            OneTimeLink link,
            Role role,
            Optional<Administrator> of,
            Optional<Administrator> maker,
            boolean isUsable) {
        /** The beginning of the digest: of the secret it tells nothing, and no two of so few links share it. */
        String id() {
            return "lnk_" + digest.substring(0, ID_DIGITS);
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
                            "There are " + MOST + " links that nobody has used yet, as many as there can be: withdraw"
                                    + " some",
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
                .filter(link -> isLasting(link, now))
                .filter(link -> link.purpose() != Purpose.FIRST || administrators.count(handle) == 0)
                .filter(link -> couldBeMade(
                        handle, link, id -> administrators.find(handle, id).map(Account::administrator)));
    }

    private static boolean isLasting(OneTimeLink link, Instant now) {
        return link.expiresAt().map(now::isBefore).orElse(true);
    }

    /**
     * Whether whoever asked for it could do so now; nobody asked for the first start's.
     *
     * @param people gives an administrator by the id
     */
    private boolean couldBeMade(Handle handle, OneTimeLink link, Function<String, Optional<Administrator>> people) {
        Optional<Role> role =
                link.role().or(() -> link.administratorId().flatMap(people).map(Administrator::role));
        return link.madeBy()
                .map(maker -> mayMake(held(handle, maker, people), link.purpose(), role))
                .orElse(true);
    }

    private ScopeSet held(Handle handle, String maker, Function<String, Optional<Administrator>> people) {
        return people.apply(maker)
                .map(administrator -> administrator.role().scopes())
                .orElseGet(() -> granted.apply(handle, new ClientId(maker)));
    }

    private static boolean mayMake(ScopeSet held, Purpose purpose, Optional<Role> role) {
        return held.contains(purpose == Purpose.RESET ? UPDATE : CREATE)
                && role.filter(given -> given.scopes().without(held).isEmpty()).isPresent();
    }

    /** The oldest first. */
    List<Unused> unused(Handle handle, Instant now) {
        Map<String, Administrator> all = administrators.list(handle).stream()
                .collect(Collectors.toMap(Administrator::id, administrator -> administrator));
        Function<String, Optional<Administrator>> people = id -> Optional.ofNullable(all.get(id));
        List<Unused> unused = new ArrayList<>();
        store.list(handle).forEach((digest, link) -> {
            Optional<Administrator> of = link.administratorId().flatMap(people);
            if (isLasting(link, now)) {
                unused.add(new Unused(
                        digest,
                        link,
                        link.role().or(() -> of.map(Administrator::role)).orElseThrow(),
                        of,
                        link.madeBy().flatMap(people),
                        couldBeMade(handle, link, people)));
            }
        });
        return unused;
    }

    void withdraw(Handle handle, Unused unused) {
        store.delete(handle, unused.digest());
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
