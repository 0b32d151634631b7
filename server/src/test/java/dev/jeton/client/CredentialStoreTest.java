package dev.jeton.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.jeton.oauth.ClientId;
import dev.jeton.storage.ChangeFeed;
import dev.jeton.storage.Database;
import dev.jeton.storage.TestDatabase;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jdbi.v3.core.JdbiException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** What {@link CredentialStore} promises, on each kind of database. */
@ParameterizedClass
@EnumSource(Database.Dialect.class)
class CredentialStoreTest {
    private static final Instant MADE = Instant.parse("2026-11-23T12:00:00.123Z");
    private static final ClientId CLIENT = new ClientId("client");
    private static final ClientId OTHER = new ClientId("other");

    private final Database.Dialect dialect;
    private final CredentialStore store = new CredentialStore();
    private Database database;
    private ChangeFeed feed;
    private ClientStore clients;

    @SuppressWarnings("NullAway.Init") // opened before each test
    CredentialStoreTest(Database.Dialect dialect) {
        this.dialect = dialect;
    }

    @BeforeEach
    void open(@TempDir Path folder) {
        database = TestDatabase.migrated(dialect, folder);
        feed = new ChangeFeed(database, InstantSource.system());
        clients = new ClientStore(database, TestDatabase.encryption(database), feed, true);
        database.change(handle -> {
            for (ClientId id : List.of(CLIENT, OTHER)) {
                clients.insert(
                        handle,
                        new Client(id, "Job", null, null, List.of(), null, Map.of(), "{}", MADE, MADE),
                        new ClientSecret("secret"));
            }
        });
    }

    @AfterEach
    void close() {
        feed.close();
        database.close();
    }

    private static Credential bare(String id, ClientId client, Instant made) {
        return new Credential(
                id,
                client,
                Credential.Type.CERT_SUBJECT_DN,
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.of("C=JP\nCN=夜間"),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                made,
                made);
    }

    private static final Credential FULL = new Credential(
            "cred_full",
            CLIENT,
            Credential.Type.PUBLIC_KEY,
            Optional.of("Schlüssel 🔑"),
            Optional.of("kid-0123456789"),
            Optional.of("PS256"),
            Optional.empty(),
            Optional.of("thumbprint"),
            Optional.of("-----BEGIN PUBLIC KEY-----\r\n"),
            Optional.of(Instant.EPOCH),
            MADE,
            MADE);

    private void insert(Credential... credentials) {
        database.change(handle -> List.of(credentials).forEach(credential -> store.insert(handle, credential)));
    }

    private List<Credential> list(ClientId client) {
        return database.<List<Credential>, RuntimeException>read(handle -> store.list(handle, client));
    }

    @Test
    void gives_back_what_it_was_given_the_oldest_first() {
        Credential older = bare("cred_z", CLIENT, MADE.minusMillis(1));
        insert(FULL, older, bare("cred_other", OTHER, MADE));

        assertThat(list(CLIENT)).containsExactly(older, FULL);
        Optional<Credential> others =
                database.<Optional<Credential>, RuntimeException>read(handle -> store.find(handle, OTHER, FULL.id()));
        assertThat(others).as("asked for as of another client").isEmpty();
    }

    @Test
    void changes_only_the_expiry() {
        insert(FULL);
        Credential lasting = FULL.expiringAt(Optional.empty(), MADE);

        database.change(handle -> store.update(handle, lasting));

        assertThat(list(CLIENT)).containsExactly(lasting);
        assertThat(lasting.updatedAt()).isAfter(FULL.updatedAt());
        assertThat(lasting.expiresAt()).isEmpty();
    }

    @Test
    void goes_alone_or_with_its_client() {
        Credential kept = bare("cred_kept", OTHER, MADE);
        insert(FULL, bare("cred_b", CLIENT, MADE), kept);

        database.change(handle -> store.delete(handle, FULL));
        assertThat(list(CLIENT)).hasSize(1);

        database.<RuntimeException>change(handle -> clients.delete(handle, CLIENT));
        assertThat(list(CLIENT)).isEmpty();
        assertThat(list(OTHER)).containsExactly(kept);
    }

    @Test
    void is_refused_for_a_client_that_is_not_there() {
        assertThatThrownBy(() -> insert(bare("cred_x", new ClientId("nobody"), MADE)))
                .isInstanceOf(JdbiException.class);
    }
}
