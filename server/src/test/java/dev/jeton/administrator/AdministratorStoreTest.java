package dev.jeton.administrator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.jeton.MutableClock;
import dev.jeton.SeededRandom;
import dev.jeton.administrator.AdministratorStore.Account;
import dev.jeton.audit.Actor;
import dev.jeton.http.ApiError;
import dev.jeton.oauth.Identifiers;
import dev.jeton.oauth.Issuer;
import dev.jeton.oauth.ScopeSet;
import dev.jeton.storage.ChangeFeed;
import dev.jeton.storage.Database;
import dev.jeton.storage.TestDatabase;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.JdbiException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** What the stores of administrators, sessions and links promise, on each kind of database. */
@ParameterizedClass
@EnumSource(Database.Dialect.class)
class AdministratorStoreTest {
    private static final Instant NOW = Instant.parse("2026-11-23T12:00:00.123Z");
    private static final Actor ADA = new Actor.OfAdministrator("adm_ada", "Ada");

    private final Database.Dialect dialect;
    private Database database;
    private ChangeFeed feed;
    private AdministratorStore administrators;
    private SessionStore sessions;
    private OneTimeLinks links;

    @SuppressWarnings("NullAway.Init") // opened before each test
    AdministratorStoreTest(Database.Dialect dialect) {
        this.dialect = dialect;
    }

    @BeforeEach
    void open(@TempDir Path folder) {
        database = TestDatabase.migrated(dialect, folder);
        feed = new ChangeFeed(database, new MutableClock(NOW));
        administrators = new AdministratorStore(database, feed);
        sessions = new SessionStore(database, feed);
        links = new OneTimeLinks(
                administrators,
                (_, _) -> ScopeSet.EMPTY,
                new Identifiers(new SeededRandom(1)),
                Issuer.of("https://login.example.com"));
    }

    @AfterEach
    void close() {
        feed.close();
        database.close();
    }

    private static Account account(String name, Role role) {
        return new Account(
                new Administrator("adm_" + Administrator.key(name), name, role, NOW, NOW, Optional.empty()),
                new PasswordHash("$argon2id$" + name));
    }

    private void insert(Account... accounts) {
        database.change(handle -> List.of(accounts).forEach(account -> administrators.insert(handle, account)));
    }

    private Optional<Account> find(String id) {
        return database.<Optional<Account>, RuntimeException>read(handle -> administrators.find(handle, id));
    }

    private List<String> sessions() {
        List<String> digests = new ArrayList<>();
        sessions.forEach(session -> digests.add(session.digest()));
        return digests.stream().sorted().toList();
    }

    private void begin(String digest, String administratorId, Instant at) {
        database.change(handle -> sessions.insert(handle, new Session(digest, administratorId, at, at)));
    }

    private SecretToken token(String url) {
        return SecretToken.parse(url.substring(url.indexOf('#') + 1)).orElseThrow();
    }

    private boolean isGood(String url, Instant at) {
        return database.<Boolean, RuntimeException>read(
                handle -> links.find(handle, token(url), at).isPresent());
    }

    private String made(Function<Handle, OneTimeLinks.Made> make) {
        return database.<String, RuntimeException>write(
                handle -> make.apply(handle).reveal());
    }

    @Test
    void an_administrator_comes_back_as_it_was_stored() {
        Account ada = account("Ada", Role.OWNER);
        insert(ada);

        assertThat(find("adm_ada")).contains(ada);
        database.change(handle -> administrators.setSignedIn(handle, "adm_ada", NOW.plusSeconds(1)));
        assertThat(find("adm_ada").orElseThrow().administrator().signedInAt()).contains(NOW.plusSeconds(1));
    }

    @Test
    void a_name_is_found_in_any_case_and_is_one_administrators() {
        insert(account("Ada", Role.OWNER));

        assertThat(database.<Optional<Account>, RuntimeException>read(
                        handle -> administrators.findByName(handle, "aDA")))
                .isPresent();
        Account other = new Account(
                new Administrator("adm_2", "ADA", Role.VIEWER, NOW, NOW, Optional.empty()), new PasswordHash("x"));
        assertThatThrownBy(() -> insert(other)).isInstanceOf(JdbiException.class);
    }

    @Test
    void what_acts_on_live_sessions_is_announced() {
        insert(account("Ada", Role.OWNER));

        assertThat(TestDatabase.announcedBy(database, handle -> {
                    sessions.insert(handle, new Session("a", "adm_ada", NOW, NOW));
                    sessions.insert(handle, new Session("b", "adm_ada", NOW, NOW));
                    sessions.endOthers(handle, "adm_ada", "b");
                    administrators.setRole(handle, "adm_ada", Role.VIEWER, NOW);
                    sessions.endAll(handle, "adm_ada");
                    administrators.delete(handle, "adm_ada");
                }))
                .containsExactly(
                        "session a",
                        "session b",
                        "session a",
                        "administrator adm_ada",
                        "session b",
                        "administrator adm_ada");
        assertThat(find("adm_ada")).isEmpty();
    }

    @Test
    void of_more_than_twenty_sessions_the_oldest_ends() {
        insert(account("Ada", Role.OWNER), account("Grace", Role.EDITOR));
        begin("grace", "adm_grace", NOW.minusSeconds(9));
        for (int i = 0; i < SessionStore.MOST; i++) {
            begin("session-%02d".formatted(i), "adm_ada", NOW.plusSeconds(i));
        }

        assertThat(TestDatabase.announcedBy(
                        database,
                        handle -> sessions.insert(
                                handle, new Session("newest", "adm_ada", NOW.plusSeconds(99), NOW.plusSeconds(99)))))
                .containsExactly("session newest", "session session-00");
        assertThat(sessions()).hasSize(SessionStore.MOST + 1).contains("grace", "newest", "session-01");
    }

    @Test
    void the_use_of_a_session_is_noted_once_a_minute() {
        insert(account("Ada", Role.OWNER));
        begin("a", "adm_ada", NOW);
        Instant later = NOW.plusSeconds(60);

        assertThat(TestDatabase.announcedBy(database, handle -> {
                    sessions.use(handle, "a", NOW, later);
                    sessions.use(handle, "a", NOW, later);
                }))
                .containsExactly("session a");
        List<Session> found = new ArrayList<>();
        sessions.forEach(Set.of("a", "none"), found::add);
        assertThat(found).containsExactly(new Session("a", "adm_ada", NOW, later));
    }

    @Test
    void sessions_that_have_ended_by_themselves_are_dropped() {
        insert(account("Ada", Role.OWNER));
        begin("old", "adm_ada", NOW.minusSeconds(100));
        begin("idle", "adm_ada", NOW.minusSeconds(50));
        begin("live", "adm_ada", NOW);

        database.change(handle -> sessions.endExpired(handle, NOW.minusSeconds(100), NOW.minusSeconds(50)));

        assertThat(sessions()).containsExactly("live");
    }

    @Test
    void every_first_link_is_good_until_there_is_an_administrator() {
        String first = links.makeFirst(database, NOW).orElseThrow();
        String second = links.makeFirst(database, NOW.plusSeconds(1)).orElseThrow();

        assertThat(first).startsWith("https://login.example.com/dashboard/welcome#");
        assertThat(isGood(first, NOW.plus(Duration.ofDays(1_000)))).isTrue();
        assertThat(isGood(second, NOW)).isTrue();
        insert(account("Ada", Role.VIEWER));
        assertThat(isGood(first, NOW)).isFalse();
        assertThat(isGood(second, NOW)).isFalse();
        assertThat(links.makeFirst(database, NOW)).isEmpty();
    }

    @Test
    void of_the_first_links_the_newest_are_kept() {
        List<String> made = new ArrayList<>();
        for (int i = 0; i < 21; i++) {
            made.add(links.makeFirst(database, NOW.plusSeconds(i)).orElseThrow());
        }

        assertThat(made.stream().map(url -> isGood(url, NOW)))
                .startsWith(false, true)
                .endsWith(true);
    }

    @Test
    void an_invitation_is_good_for_a_day() {
        insert(account("Ada", Role.OWNER));
        String url = made(handle -> links.invite(handle, Role.EDITOR, ADA, NOW));

        assertThat(isGood(url, NOW.plus(OneTimeLinks.LIFETIME).minusMillis(1))).isTrue();
        assertThat(isGood(url, NOW.plus(OneTimeLinks.LIFETIME))).isFalse();
    }

    private List<String> unused(Instant at) {
        return database.<List<OneTimeLinks.Unused>, RuntimeException>read(handle -> links.unused(handle, at)).stream()
                .map(link -> link.link().purpose() + " " + link.role() + " " + link.isUsable())
                .toList();
    }

    @Test
    void invitations_and_resets_are_listed_the_oldest_first_until_their_time_is_over() {
        links.makeFirst(database, NOW);
        Account grace = account("Grace", Role.VIEWER);
        insert(account("Ada", Role.OWNER), grace);
        made(handle -> links.reset(handle, grace.administrator(), ADA, NOW.plusSeconds(1)));
        made(handle -> links.invite(handle, Role.EDITOR, ADA, NOW));

        assertThat(unused(NOW)).containsExactly("INVITATION EDITOR true", "RESET VIEWER true");
        assertThat(unused(NOW.plus(OneTimeLinks.LIFETIME))).containsExactly("RESET VIEWER true");
        database.change(handle -> administrators.setRole(handle, "adm_ada", Role.EDITOR, NOW));
        assertThat(unused(NOW)).containsExactly("INVITATION EDITOR false", "RESET VIEWER false");
    }

    @Test
    void a_used_link_is_good_no_more() {
        insert(account("Ada", Role.OWNER));
        String url = made(handle -> links.invite(handle, Role.EDITOR, ADA, NOW));

        database.change(handle -> links.used(handle, token(url)));

        assertThat(isGood(url, NOW)).isFalse();
    }

    @Test
    void a_second_reset_makes_the_first_void() {
        Account ada = account("Ada", Role.OWNER);
        insert(ada);
        String first = made(handle -> links.reset(handle, ada.administrator(), ADA, NOW));
        String second = made(handle -> links.reset(handle, ada.administrator(), ADA, NOW));

        assertThat(isGood(first, NOW)).isFalse();
        assertThat(isGood(second, NOW)).isTrue();
    }

    @Test
    void links_end_with_whom_they_are_for_and_with_who_asked_for_them() {
        Account grace = account("Grace", Role.EDITOR);
        insert(account("Ada", Role.OWNER), grace);
        String reset = made(handle -> links.reset(handle, grace.administrator(), ADA, NOW));
        String invitation = made(handle -> links.invite(handle, Role.OWNER, ADA, NOW));

        database.change(handle -> administrators.delete(handle, "adm_grace"));
        assertThat(isGood(reset, NOW)).isFalse();
        assertThat(isGood(invitation, NOW)).isTrue();
        database.change(handle -> links.withdraw(handle, "adm_ada"));
        assertThat(isGood(invitation, NOW)).isFalse();
    }

    @Test
    void there_are_a_hundred_open_links_at_most_and_expired_ones_do_not_count() {
        insert(account("Ada", Role.OWNER));
        database.change(handle -> {
            for (int i = 0; i < OneTimeLinks.MOST; i++) {
                links.invite(handle, Role.VIEWER, ADA, NOW);
            }
        });

        assertThatThrownBy(() -> made(handle -> links.invite(handle, Role.VIEWER, ADA, NOW)))
                .isInstanceOf(ApiError.ApiException.class)
                .hasMessageContaining("There are 100 links");
        Instant nextDay = NOW.plus(OneTimeLinks.LIFETIME);
        assertThat(isGood(made(handle -> links.invite(handle, Role.VIEWER, ADA, nextDay)), nextDay))
                .isTrue();
    }
}
