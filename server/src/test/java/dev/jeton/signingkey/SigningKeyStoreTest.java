package dev.jeton.signingkey;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.jeton.SeededRandom;
import dev.jeton.oauth.Identifiers;
import dev.jeton.oauth.Issuer;
import dev.jeton.resourceserver.SigningAlgorithm;
import dev.jeton.signingkey.SigningKey.State;
import dev.jeton.storage.ChangeFeed;
import dev.jeton.storage.Database;
import dev.jeton.storage.TestDatabase;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import org.jdbi.v3.core.JdbiException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** What {@link SigningKeyStore} and {@link KeyRing} promise, on each kind of database. */
@ParameterizedClass
@EnumSource(Database.Dialect.class)
class SigningKeyStoreTest {
    private static final Instant MADE = Instant.parse("2026-11-23T12:00:00.123Z");
    private static final KeyGenerator GENERATOR = new KeyGenerator(
            new Identifiers(new SeededRandom(7)), new SecureRandom(), Issuer.of("https://login.example.com"));
    /** Made once: an RSA key costs a tenth of a second. */
    private static final Map<KeyType, SigningKey> KEYS = keys();

    private final Database.Dialect dialect;
    private Database database;
    private ChangeFeed feed;
    private SigningKeyStore store;

    @SuppressWarnings("NullAway.Init") // opened before each test
    SigningKeyStoreTest(Database.Dialect dialect) {
        this.dialect = dialect;
    }

    private static Map<KeyType, SigningKey> keys() {
        Map<KeyType, SigningKey> keys = new EnumMap<>(KeyType.class);
        for (KeyType type : KeyType.values()) {
            keys.put(type, GENERATOR.generate(type, State.NEXT, MADE));
        }
        return keys;
    }

    private static SigningKey key(KeyType type) {
        return Optional.ofNullable(KEYS.get(type)).orElseThrow();
    }

    @BeforeEach
    void open(@TempDir Path folder) {
        database = TestDatabase.migrated(dialect, folder);
        feed = new ChangeFeed(database, InstantSource.system());
        store = new SigningKeyStore(database, TestDatabase.encryption(database), feed);
    }

    @AfterEach
    void close() {
        feed.close();
        database.close();
    }

    private Optional<SigningKey> find(String kid) {
        return database.<Optional<SigningKey>, RuntimeException>read(handle -> store.find(handle, kid));
    }

    @Test
    void gives_back_a_key_of_each_type_as_it_was() {
        database.change(handle -> KEYS.values().forEach(key -> store.insert(handle, key)));

        for (SigningKey key : KEYS.values()) {
            assertThat(find(key.kid())).contains(key);
        }
        assertThat(store.findAll()).hasSize(3);
        assertThat(find("never")).isEmpty();
    }

    @Test
    void lists_keys_by_age_then_id() {
        SigningKey young = at(key(KeyType.RSA), "a-young", MADE.plusMillis(1));
        List<SigningKey> keys =
                List.of(young, at(young, "b-old", MADE), at(young, "a-old", MADE), at(young, "Z-old", MADE));
        database.change(handle -> keys.forEach(key -> store.insert(handle, key)));

        assertThat(store.findAll())
                .containsExactlyElementsOf(keys.stream()
                        .sorted(Comparator.comparing(SigningKey::createdAt).thenComparing(SigningKey::kid))
                        .toList());
    }

    /** The same key pair under another name. */
    private static SigningKey at(SigningKey key, String kid, Instant createdAt) {
        return new SigningKey(
                kid, key.type(), State.PREVIOUS, key.privateKey(), key.certificate(), createdAt, null, null, null);
    }

    @Test
    void keeps_the_state_and_each_of_its_times() {
        SigningKey key = key(KeyType.EC_P256);
        database.change(handle -> store.insert(handle, key));
        List<SigningKey> life = List.of(
                key.became(State.CURRENT, MADE.plusMillis(1), null, null),
                key.became(State.PREVIOUS, MADE.plusMillis(1), MADE.plusMillis(2), null),
                key.became(State.REVOKED, MADE.plusMillis(1), MADE.plusMillis(2), MADE.plusMillis(3)),
                key.became(State.NEXT, null, null, null));

        for (SigningKey stage : life) {
            List<String> announced = TestDatabase.announcedBy(database, handle -> store.update(handle, stage));

            assertThat(announced).containsExactly("signing_key " + key.kid());
            assertThat(find(key.kid())).contains(stage);
        }
    }

    @Test
    void refuses_a_second_key_of_the_same_id() {
        SigningKey key = key(KeyType.EC_P256);
        database.change(handle -> store.insert(handle, key));

        assertThatThrownBy(() ->
                        database.change(handle -> store.insert(handle, key.became(State.CURRENT, MADE, null, null))))
                .isInstanceOf(JdbiException.class);
        assertThat(find(key.kid())).contains(key);
    }

    @Test
    void a_private_key_is_encrypted_for_its_own_row() {
        database.change(handle -> {
            store.insert(handle, at(key(KeyType.ED25519), "one", MADE));
            store.insert(handle, at(key(KeyType.ED25519), "two", MADE));
            handle.execute("update signing_keys set private_key ="
                    + " (select private_key from signing_keys where kid = 'one') where kid = 'two'");
        });

        assertThatThrownBy(store::findAll)
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("signing_keys.private_key of two is damaged or belongs elsewhere");
    }

    @Test
    void the_key_ring_equals_the_database_after_any_sequence_of_changes() {
        long seed = 20_261_126;
        Random random = new Random(seed);
        KeyRing followed = new KeyRing(store);
        followed.follow(feed);
        feed.start();
        int made = 0;
        for (int step = 0; step < 80; step++) {
            KeyType type = List.of(KeyType.values()).get(random.nextInt(3));
            if (made < 12 && random.nextInt(3) == 0) {
                SigningKey added = at(key(type), "kid-" + made++, MADE.plusMillis(random.nextInt(5)));
                database.change(handle -> store.insert(handle, added));
            } else {
                database.change(handle -> {
                    List<SigningKey> all = new ArrayList<>(store.findAll(handle));
                    if (!all.isEmpty()) {
                        State state = List.of(State.values()).get(random.nextInt(4));
                        SigningKey chosen = all.get(random.nextInt(all.size()));
                        store.update(handle, chosen.became(state, MADE, null, null));
                    }
                });
            }
            if (random.nextInt(3) == 0) {
                feed.catchUp();
                requireEqualToTheDatabase(followed, "seed " + seed + ", step " + step);
            }
        }
        feed.catchUp();
        requireEqualToTheDatabase(followed, "seed " + seed);
        followed.reload(Set.of("never"));
        requireEqualToTheDatabase(followed, "reloaded, seed " + seed);
    }

    private void requireEqualToTheDatabase(KeyRing view, String when) {
        List<SigningKey> stored = store.findAll();
        KeyRing loaded = new KeyRing(store);
        loaded.loadAll();
        assertThat(view.jwks()).as(when).isEqualTo(loaded.jwks());
        for (SigningKey key : stored) {
            assertThat(view.jwks().contains('"' + key.kid() + '"'))
                    .as(when + ", " + key)
                    .isEqualTo(key.state() != State.REVOKED);
        }
        for (SigningAlgorithm algorithm : SigningAlgorithm.values()) {
            boolean hasCurrent = stored.stream()
                    .anyMatch(key -> key.state() == State.CURRENT
                            && KeyType.of(algorithm).filter(key.type()::equals).isPresent());
            assertThat(view.signer(algorithm).isPresent()).as(when).isEqualTo(hasCurrent);
        }
    }
}
