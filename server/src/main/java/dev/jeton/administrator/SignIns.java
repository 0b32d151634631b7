package dev.jeton.administrator;

import dev.jeton.administrator.AdministratorStore.Account;
import dev.jeton.administrator.Sessions.SignedIn;
import dev.jeton.audit.Actor;
import dev.jeton.audit.AuditEvent;
import dev.jeton.audit.AuditEvent.SignIn.Kind;
import dev.jeton.audit.ChangeRecorder;
import dev.jeton.http.Request;
import dev.jeton.storage.ChangeFeed;
import dev.jeton.storage.Database;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Function;
import org.jdbi.v3.core.Handle;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** Decides whether a password fits, and what begins and ends with it. Each decision leaves its record. */
final class SignIns {
    private final Database database;
    private final ChangeFeed changes;
    private final ChangeRecorder recorder;
    private final AdministratorStore administrators;
    private final SessionStore sessionStore;
    private final Sessions sessions;
    private final OneTimeLinks links;
    private final Passwords passwords;
    private final FailedSignIns failed;
    private final InstantSource clock;

    SignIns(
            Database database,
            ChangeFeed changes,
            ChangeRecorder recorder,
            AdministratorStore administrators,
            SessionStore sessionStore,
            Sessions sessions,
            OneTimeLinks links,
            Passwords passwords,
            FailedSignIns failed,
            InstantSource clock) {
        this.database = database;
        this.changes = changes;
        this.recorder = recorder;
        this.administrators = administrators;
        this.sessionStore = sessionStore;
        this.sessions = sessions;
        this.links = links;
        this.passwords = passwords;
        this.failed = failed;
        this.clock = clock;
    }

    /**
     * Begins a session if the password is that administrator's; the same work is done for an unknown name.
     *
     * <p>Slow; counted as failed before, see {@link FailedSignIns#begin}.
     */
    Optional<SignedIn> signIn(Request request, String name, Password password) {
        Optional<Account> account =
                database.<Optional<Account>, RuntimeException>read(handle -> administrators.findByName(handle, name));
        if (!passwords.fits(password, account.map(Account::password).orElseGet(passwords::nobodys))) {
            recordFailure(
                    request,
                    account.isPresent() ? Kind.WRONG_PASSWORD : Kind.UNKNOWN_NAME,
                    account.map(Account::administrator),
                    401);
            return Optional.empty();
        }
        return write(handle -> stillSo(handle, account.orElseThrow()).map(administrator -> {
            Instant now = now();
            administrators.setSignedIn(handle, administrator.id(), now);
            SignedIn signedIn = sessions.begin(handle, request, administrator, now);
            record(handle, request, Kind.SIGNED_IN, Optional.of(administrator), 200, nothing());
            return signedIn;
        }));
    }

    /** The administrator of now, if the password that fitted is still the one. */
    private Optional<Administrator> stillSo(Handle handle, Account checked) {
        return administrators
                .find(handle, checked.administrator().id())
                .filter(account -> account.password().equals(checked.password()))
                .map(Account::administrator);
    }

    /** Makes an administrator, or a new password, and begins a session; empty if the link is not good any more. */
    Optional<SignedIn> redeem(
            Request request, SecretToken token, Function<Handle, Account> accountOf, Purpose purpose) {
        return write(handle -> {
            Instant now = now();
            Optional<OneTimeLink> link = links.find(handle, token, now);
            if (link.isEmpty()) {
                return Optional.empty();
            }
            Account account = accountOf.apply(handle);
            Administrator administrator = account.administrator();
            links.used(handle, token);
            switch (purpose) {
                case FIRST, INVITATION -> administrators.insert(handle, account);
                case RESET -> {
                    administrators.setPassword(handle, administrator.id(), account.password(), now);
                    administrators.setSignedIn(handle, administrator.id(), now);
                    sessionStore.endAll(handle, administrator.id());
                    links.withdraw(handle, administrator.id());
                }
            }
            SignedIn signedIn = sessions.begin(handle, request, administrator, now);
            record(
                    handle,
                    request,
                    purpose == Purpose.RESET ? Kind.PASSWORD_CHANGED : Kind.JOINED,
                    Optional.of(administrator),
                    200,
                    nothing()
                            .put("link", purpose.wireName())
                            .put("role", administrator.role().wireName()));
            return Optional.of(signedIn);
        });
    }

    /** Sets a new password if the present one is right, and ends all other sessions. Slow, as {@link #signIn}. */
    boolean changePassword(Request request, SignedIn signedIn, Password current, Password next) {
        String id = signedIn.administrator().id();
        Optional<Account> account =
                database.<Optional<Account>, RuntimeException>read(handle -> administrators.find(handle, id));
        if (!passwords.fits(current, account.map(Account::password).orElseGet(passwords::nobodys))) {
            recordFailure(request, Kind.PASSWORD_NOT_CHANGED, account.map(Account::administrator), 400);
            return false;
        }
        PasswordHash hash = passwords.hash(next);
        return write(handle -> stillSo(handle, account.orElseThrow())
                .map(administrator -> {
                    administrators.setPassword(handle, id, hash, now());
                    sessionStore.endOthers(handle, id, signedIn.session().digest());
                    links.withdraw(handle, id);
                    record(handle, request, Kind.PASSWORD_CHANGED, Optional.of(administrator), 204, nothing());
                    return true;
                })
                .orElse(false));
    }

    void signOut(Request request, SignedIn signedIn) {
        write(handle -> {
            sessionStore.end(handle, signedIn.session().digest());
            record(handle, request, Kind.SIGNED_OUT, Optional.of(signedIn.administrator()), 204, nothing());
            return true;
        });
    }

    private <T> T write(Function<Handle, T> change) {
        T made = database.<T, RuntimeException>write(change::apply);
        changes.catchUp();
        return made;
    }

    private void recordFailure(Request request, Kind kind, Optional<Administrator> administrator, int status) {
        OptionalInt before = failed.record();
        if (before.isPresent()) {
            ObjectNode details = nothing();
            if (before.getAsInt() > 0) {
                details.put("not_recorded_before", before.getAsInt());
            }
            database.change(handle -> record(handle, request, kind, administrator, status, details));
        }
    }

    private void record(
            Handle handle,
            Request request,
            Kind kind,
            Optional<Administrator> administrator,
            int status,
            ObjectNode details) {
        Optional<Actor.OfAdministrator> who = administrator.map(Administrator::actor);
        recorder.record(
                handle,
                new AuditEvent.SignIn(
                        clock.instant(),
                        new AuditEvent.Source(request.address(), request.userAgent(), request.id()),
                        kind,
                        who,
                        request.method(),
                        request.path(),
                        status,
                        JsonMapper.shared().writeValueAsString(details)));
    }

    private static ObjectNode nothing() {
        return JsonNodeFactory.instance.objectNode();
    }

    private Instant now() {
        return clock.instant().truncatedTo(ChronoUnit.MILLIS);
    }
}
