package dev.jeton.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.jeton.SeededRandom;
import dev.jeton.storage.Encryption.WrongMasterKeyException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Supplier;
import org.jdbi.v3.core.JdbiException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** What {@link Encryption} promises, on each kind of database. */
@ParameterizedClass
@EnumSource(Database.Dialect.class)
class EncryptionTest {
    private static final byte[] KEY = TestDatabase.masterKey(1);
    private static final byte[] OTHER_KEY = TestDatabase.masterKey(2);
    private static final byte[] VALUE = "a value – 値".getBytes(StandardCharsets.UTF_8);
    private static final String WRONG_KEY =
            "the master key does not fit this database: give the one it was made with (master.key in its data"
                    + " folder, JETON_MASTER_KEY or JETON_MASTER_KEY_FILE)";

    private final Database.Dialect dialect;
    private Supplier<Database> place;
    private Database database;

    @SuppressWarnings("NullAway.Init") // opened before each test
    EncryptionTest(Database.Dialect dialect) {
        this.dialect = dialect;
    }

    @BeforeEach
    void openDatabase(@TempDir Path folder) {
        place = TestDatabase.place(dialect, folder);
        database = place.get();
    }

    @AfterEach
    void close() {
        database.close();
    }

    private Encryption open(byte[] masterKey) {
        return Encryption.open(database, masterKey, new SeededRandom(3));
    }

    @Test
    void opens_what_it_encrypted_and_what_an_earlier_start_did() {
        Encryption encryption = open(KEY);
        Encryption later = open(KEY);

        for (byte[] value : List.of(VALUE, new byte[0], new byte[1_000_000])) {
            byte[] encrypted = encryption.encrypt(value, "table", "row", "column");

            assertThat(encryption.decrypt(encrypted, "table", "row", "column")).isEqualTo(value);
            assertThat(later.decrypt(encrypted, "table", "row", "column")).isEqualTo(value);
        }
        assertThat(later.digest(VALUE)).hasSize(32).isEqualTo(encryption.digest(VALUE));
    }

    @Test
    void equal_values_are_not_seen_to_be_equal() {
        Encryption encryption = open(KEY);

        assertThat(encryption.encrypt(VALUE, "table", "row", "column"))
                .isNotEqualTo(encryption.encrypt(VALUE, "table", "row", "column"));
    }

    @Test
    void a_value_opens_at_its_own_place_only() {
        Encryption encryption = open(KEY);
        byte[] encrypted = encryption.encrypt(VALUE, "table", "row", "column");

        for (String[] place : new String[][] {
            {"other", "row", "column"},
            {"table", "other", "column"},
            {"table", "row", "other"},
            {"table", "", "rowcolumn"},
            {"tab", "lerow", "column"}
        }) {
            assertThatThrownBy(() -> encryption.decrypt(encrypted, place[0], place[1], place[2]))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessage(place[0] + "." + place[2] + " of " + place[1] + " is damaged or belongs elsewhere");
        }
    }

    @Test
    void an_altered_value_does_not_open() {
        Encryption encryption = open(KEY);
        byte[] encrypted = encryption.encrypt(VALUE, "table", "row", "column");

        for (int i = 0; i < encrypted.length; i++) {
            byte[] altered = encrypted.clone();
            altered[i] ^= 1;
            assertThatThrownBy(() -> encryption.decrypt(altered, "table", "row", "column"))
                    .isInstanceOf(IllegalStateException.class);
        }
    }

    @Test
    void another_database_has_other_keys_even_with_the_same_master_key(@TempDir Path elsewhere) {
        byte[] encrypted = open(KEY).encrypt(VALUE, "table", "row", "column");

        try (Database other = TestDatabase.place(dialect, elsewhere).get()) {
            Encryption encryption = Encryption.open(other, KEY, new SeededRandom(4));

            assertThatThrownBy(() -> encryption.decrypt(encrypted, "table", "row", "column"))
                    .isInstanceOf(IllegalStateException.class);
            assertThat(encryption.digest(VALUE)).isNotEqualTo(open(KEY).digest(VALUE));
        }
    }

    @Test
    void refuses_another_master_key_with_a_sentence_that_helps() {
        open(KEY);

        assertThatThrownBy(() -> open(OTHER_KEY))
                .isInstanceOf(WrongMasterKeyException.class)
                .hasMessage(WRONG_KEY);
        assertThat(Encryption.opens(database, OTHER_KEY)).isFalse();
        assertThat(Encryption.opens(database, KEY)).isTrue();
    }

    @Test
    void no_key_opens_a_database_that_has_no_keysets_yet() {
        assertThat(Encryption.opens(database, KEY)).isFalse();
    }

    @Test
    void refuses_a_master_key_of_another_length() {
        assertThatThrownBy(() -> open(new byte[31]))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("a master key has 32 bytes");
    }

    @Test
    void after_a_rewrap_only_the_new_master_key_opens_and_all_values_are_there() {
        Encryption before = open(KEY);
        byte[] encrypted = before.encrypt(VALUE, "table", "row", "column");

        Encryption.rewrap(database, KEY, OTHER_KEY);

        assertThatThrownBy(() -> open(KEY)).isInstanceOf(WrongMasterKeyException.class);
        Encryption after = open(OTHER_KEY);
        assertThat(after.decrypt(encrypted, "table", "row", "column")).isEqualTo(VALUE);
        assertThat(after.digest(VALUE)).isEqualTo(before.digest(VALUE));
    }

    @Test
    void a_rewrap_with_the_wrong_old_key_changes_nothing() {
        open(KEY);

        assertThatThrownBy(() -> Encryption.rewrap(database, OTHER_KEY, TestDatabase.masterKey(3)))
                .isInstanceOf(WrongMasterKeyException.class)
                .hasMessage(WRONG_KEY);

        assertThat(Encryption.opens(database, KEY)).isTrue();
    }

    @Test
    void a_rewrap_that_is_cut_off_between_its_two_rows_changes_neither() {
        byte[] encrypted = open(KEY).encrypt(VALUE, "table", "row", "column");
        stopTheSecondUpdate();

        assertThatThrownBy(() -> Encryption.rewrap(database, KEY, OTHER_KEY)).isInstanceOf(JdbiException.class);

        assertThat(open(KEY).decrypt(encrypted, "table", "row", "column")).isEqualTo(VALUE);
    }

    private void stopTheSecondUpdate() {
        database.change(handle -> {
            switch (dialect) {
                case SQLITE -> handle.execute("""
                        create trigger stop before update on keysets when old.name = 'digests'
                        begin select raise(abort, 'cut off'); end""");
                case POSTGRESQL ->
                    handle.execute("alter table keysets add constraint stop"
                            + " check (name <> 'digests' or encrypted is null) not valid");
            }
        });
    }

    @Test
    void nodes_that_start_at_once_make_one_set_of_keys() throws Exception {
        int nodes = 4;
        CyclicBarrier start = new CyclicBarrier(nodes);
        try (ExecutorService threads = Executors.newFixedThreadPool(nodes)) {
            List<Future<Encryption>> opening = new ArrayList<>();
            for (int node = 0; node < nodes; node++) {
                SeededRandom random = new SeededRandom(node);
                opening.add(threads.submit(() -> {
                    try (Database own = place.get()) {
                        start.await();
                        return Encryption.open(own, KEY, random);
                    }
                }));
            }
            Encryption first = opening.getFirst().get();
            byte[] encrypted = first.encrypt(VALUE, "table", "row", "column");
            for (Future<Encryption> other : opening) {
                assertThat(other.get().decrypt(encrypted, "table", "row", "column"))
                        .isEqualTo(VALUE);
                assertThat(other.get().digest(VALUE)).isEqualTo(first.digest(VALUE));
            }
        }
    }
}
