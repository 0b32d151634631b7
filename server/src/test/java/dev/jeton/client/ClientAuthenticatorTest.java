package dev.jeton.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.jeton.client.Client.AuthMethod;
import dev.jeton.oauth.ClientId;
import dev.jeton.oauth.OAuthError.ClientNotAuthenticated;
import dev.jeton.oauth.OAuthException;
import dev.jeton.storage.ChangeFeed;
import dev.jeton.storage.Database;
import dev.jeton.storage.Encryption;
import dev.jeton.storage.TestDatabase;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A client that does not exist and one whose secret is wrong take the same way. */
class ClientAuthenticatorTest {
    private static final Instant MADE = Instant.parse("2026-11-23T12:00:00Z");
    private static final ClientSecret SECRET = new ClientSecret("right");

    private final List<byte[]> digested = new ArrayList<>();
    private Database database;
    private ChangeFeed feed;
    private ClientAuthenticator authenticator;

    @SuppressWarnings("NullAway.Init") // opened before each test
    ClientAuthenticatorTest() {}

    @BeforeEach
    void open(@TempDir Path folder) {
        database = TestDatabase.migrated(Database.Dialect.SQLITE, folder);
        Encryption encryption = TestDatabase.encryption(database);
        feed = new ChangeFeed(database, InstantSource.system());
        ClientStore store = new ClientStore(database, encryption, feed, true);
        database.change(handle -> {
            store.insert(handle, client("known", null), SECRET);
            store.insert(handle, client("public", AuthMethod.NONE), SECRET);
            store.insert(handle, client("keyed", AuthMethod.PRIVATE_KEY_JWT), SECRET);
        });
        Clients clients = new Clients(store);
        clients.loadAll();
        authenticator = new ClientAuthenticator(
                clients,
                secret -> {
                    digested.add(secret);
                    return encryption.digest(secret);
                },
                false);
    }

    @AfterEach
    void close() {
        feed.close();
        database.close();
    }

    private static Client client(String id, @Nullable AuthMethod method) {
        return new Client(new ClientId(id), "Job " + id, null, null, List.of(), method, Map.of(), "{}", MADE, MADE);
    }

    private static ClientCredentials shown(@Nullable String id, @Nullable String secret) {
        return new ClientCredentials(id, secret == null ? null : new ClientSecret(secret), false);
    }

    private ClientNotAuthenticated refused(@Nullable String id, @Nullable String secret) {
        OAuthException refusal =
                catchThrowableOfType(OAuthException.class, () -> authenticator.authenticate(shown(id, secret)));
        assertThat(refusal).as("a refusal of " + id).isNotNull();
        return (ClientNotAuthenticated) refusal.error();
    }

    @Test
    void one_digest_is_made_of_the_secret_whether_the_client_exists_or_not() {
        for (String id : new String[] {"known", "unknown", "", "x".repeat(10_000)}) {
            digested.clear();

            refused(id, "wrong");

            assertThat(digested).as(id).hasSize(1);
        }
    }

    @Test
    void only_the_reason_for_the_audit_log_tells_them_apart() {
        ClientNotAuthenticated wrong = refused("known", "wrong");
        ClientNotAuthenticated unknown = refused("unknown", "wrong");

        assertThat(wrong.reason()).isEqualTo("wrong client_secret");
        assertThat(unknown.reason()).isEqualTo("unknown client");
        assertThat(new ClientNotAuthenticated(wrong.byAuthorizationHeader(), unknown.reason()))
                .isEqualTo(unknown);
    }

    @Test
    void nobody_is_let_in_without_a_secret() {
        assertThat(refused("known", null).reason()).isEqualTo("no client_secret was sent");
        assertThat(refused("unknown", null).reason()).isEqualTo("unknown client");
        assertThat(refused(null, null).reason()).isEqualTo("no client_id was sent");
        assertThat(refused(null, "right").reason()).isEqualTo("no client_id was sent");
    }

    @Test
    void a_client_with_credentials_is_not_let_in_by_its_secret() {
        for (String secret : new String[] {"right", "wrong", null}) {
            digested.clear();

            assertThat(refused("keyed", secret).reason())
                    .isEqualTo("the client is registered for private_key_jwt, which is not supported; its secret does"
                            + " not count");

            assertThat(digested).hasSize(secret == null ? 0 : 1);
        }
    }

    @Test
    void who_shows_the_right_secret_is_let_in_and_a_public_client_without_one() {
        assertThat(authenticator.authenticate(shown("known", "right")).id()).isEqualTo(new ClientId("known"));
        assertThat(authenticator.authenticate(shown("public", null)).id()).isEqualTo(new ClientId("public"));
    }
}
