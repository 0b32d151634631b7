package dev.jeton.administrator;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jeton.MutableClock;
import dev.jeton.SeededRandom;
import dev.jeton.TestServer;
import dev.jeton.administrator.AdministratorStore.Account;
import dev.jeton.audit.AuditLog;
import dev.jeton.audit.AuditSettings;
import dev.jeton.audit.LogEvent;
import dev.jeton.audit.LogQuery;
import dev.jeton.http.Request;
import dev.jeton.oauth.Identifiers;
import dev.jeton.oauth.Issuer;
import dev.jeton.oauth.ScopeSet;
import dev.jeton.storage.ChangeFeed;
import dev.jeton.storage.Database;
import dev.jeton.storage.TestDatabase;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whoever listens to the clock does not hear whether there is an administrator of a name. */
class SignInWorkTest {
    private static final Password WRONG = new Password("not the password");

    @Test
    void an_unknown_name_is_as_much_work_as_a_wrong_password(@TempDir Path folder) {
        MutableClock clock = new MutableClock(TestServer.START);
        List<String> work = new ArrayList<>();
        Passwords passwords = new Passwords(
                (password, salt, cost) -> {
                    work.add(cost + " " + new String(password, StandardCharsets.UTF_8) + " " + salt.length);
                    return new byte[32];
                },
                new SeededRandom(1));
        try (Database database = TestDatabase.migrated(Database.Dialect.SQLITE, folder);
                ChangeFeed feed = new ChangeFeed(database, clock);
                AuditLog log = AuditLog.start(database, folder, AuditSettings.defaults(), clock)) {
            AdministratorStore administrators = new AdministratorStore(database, feed);
            SessionStore sessionStore = new SessionStore(database, feed);
            Identifiers identifiers = new Identifiers(new SeededRandom(1));
            Issuer issuer = Issuer.of("https://login.example.com");
            Sessions sessions = new Sessions(
                    sessionStore,
                    new Administrators(administrators),
                    database,
                    feed,
                    new ForgeryCheck(issuer),
                    identifiers,
                    new Sessions.Lifetime(Duration.ofHours(12), Duration.ofHours(1)),
                    clock);
            SignIns signIns = new SignIns(
                    database,
                    feed,
                    log.changes(),
                    administrators,
                    sessionStore,
                    sessions,
                    new OneTimeLinks(administrators, (_, _) -> ScopeSet.EMPTY, identifiers, issuer),
                    passwords,
                    new FailedSignIns(clock),
                    clock);
            // Of another password: the function above gives zeros, which this is not.
            PasswordHash drawn = passwords.nobodys();
            database.change(handle -> administrators.insert(
                    handle,
                    new Account(
                            new Administrator(
                                    "adm_ada", "Ada", Role.OWNER, TestServer.START, TestServer.START, Optional.empty()),
                            drawn)));

            assertThat(signIns.signIn(request(), "ada", WRONG)).isEmpty();
            assertThat(signIns.signIn(request(), "bob", WRONG)).isEmpty();

            assertThat(work).hasSize(2);
            assertThat(work.get(1)).isEqualTo(work.get(0));
            assertThat(log.reader().page(LogQuery.ALL, false, 0, 10).stream().map(LogEvent::type))
                    .containsExactly("fp", "fu");
        }
    }

    private static Request request() {
        return new Request(
                "0123456789", "POST", "/dashboard/session", null, _ -> List.of(), "192.0.2.1", new byte[0], Map.of());
    }
}
