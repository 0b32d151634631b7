package dev.jeton.administrator;

import dev.jeton.audit.ChangeRecorder;
import dev.jeton.http.Router;
import dev.jeton.management.ManagementAccess;
import dev.jeton.management.RegistryWriter;
import dev.jeton.management.SignedInCallers;
import dev.jeton.oauth.ClientId;
import dev.jeton.oauth.Identifiers;
import dev.jeton.oauth.Issuer;
import dev.jeton.oauth.ScopeSet;
import dev.jeton.storage.ChangeFeed;
import dev.jeton.storage.Database;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.Optional;
import java.util.function.BiFunction;
import org.jdbi.v3.core.Handle;

/** The parts of this package, put together. */
public final class DashboardSignIn implements AutoCloseable {
    private final Database database;
    private final ChangeFeed changes;
    private final Identifiers identifiers;
    private final InstantSource clock;
    private final AdministratorStore administratorStore;
    private final SessionStore sessionStore;
    private final Administrators administrators;
    private final ForgeryCheck forgeries;
    private final Sessions sessions;
    private final OneTimeLinks links;
    private final Passwords passwords;
    private final PasswordWork work = new PasswordWork();

    /** @param granted what a client may do at the system API now */
    public DashboardSignIn(
            Database database,
            ChangeFeed changes,
            BiFunction<Handle, ClientId, ScopeSet> granted,
            Issuer issuer,
            Sessions.Lifetime lifetime,
            Identifiers identifiers,
            SecureRandom random,
            InstantSource clock) {
        this.database = database;
        this.changes = changes;
        this.identifiers = identifiers;
        this.clock = clock;
        this.administratorStore = new AdministratorStore(database, changes);
        this.sessionStore = new SessionStore(database, changes);
        this.administrators = new Administrators(administratorStore);
        this.forgeries = new ForgeryCheck(issuer);
        this.sessions =
                new Sessions(sessionStore, administrators, database, changes, forgeries, identifiers, lifetime, clock);
        this.links = new OneTimeLinks(administratorStore, granted, identifiers, issuer);
        this.passwords = new Passwords(random);
    }

    /** Has the feed keep the views current; before it starts. */
    public void follow() {
        administrators.follow(changes);
        sessions.follow(changes);
    }

    public SignedInCallers callers() {
        return sessions;
    }

    /** What the dashboard's page asks before there is a session, and about it. */
    public void mount(Router router, ChangeRecorder recorder, DashboardAnswers answers) {
        FailedSignIns failed = new FailedSignIns(clock);
        SignIns signIns = new SignIns(
                database,
                changes,
                recorder,
                administratorStore,
                sessionStore,
                sessions,
                links,
                passwords,
                failed,
                clock);
        new SessionEndpoint(sessions, signIns, failed, work, forgeries, changes, answers).mount(router);
        new LinkEndpoint(
                        database,
                        links,
                        administratorStore,
                        sessions,
                        signIns,
                        passwords,
                        new FailedSignIns(clock),
                        work,
                        forgeries,
                        answers,
                        identifiers,
                        clock)
                .mount(router);
    }

    public void mount(Router router, ManagementAccess access, RegistryWriter writer) {
        new AdministratorRoutes(database, administratorStore, sessionStore, links, writer, clock).mount(router, access);
        new LinkRoutes(database, links, writer, clock).mount(router, access);
    }

    /** Where the first administrator is made; empty if there is one. Those that were given before stay good. */
    public Optional<String> makeFirstLink() {
        return links.makeFirst(database, clock.instant());
    }

    /** Drops what has ended by itself. */
    public void forgetExpired() {
        database.change(handle -> {
            sessions.forgetExpired(handle);
            links.forgetExpired(handle, clock.instant());
        });
    }

    @Override
    public void close() {
        work.close();
    }
}
