package dev.jeton.administrator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.management.ThreadMXBean;
import dev.jeton.SeededRandom;
import java.lang.management.ManagementFactory;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class PasswordsTest {
    private static final Password RIGHT = new Password("correct horse battery staple");

    @Test
    void a_password_fits_its_own_hash_only() {
        Passwords passwords = new Passwords(new SeededRandom(1));
        PasswordHash hash = passwords.hash(RIGHT);

        assertThat(hash.reveal())
                .matches("\\$argon2id\\$v=19\\$m=19456,t=3,p=1\\$[A-Za-z0-9+/]{22}\\$[A-Za-z0-9+/]{43}");
        assertThat(passwords.fits(RIGHT, hash)).isTrue();
        assertThat(passwords.fits(new Password("correct horse battery stapler"), hash))
                .isFalse();
        assertThat(passwords.hash(RIGHT)).isNotEqualTo(hash);
    }

    /** By PHP's {@code password_hash}, which is the reference implementation in C. */
    @Test
    void reads_what_another_implementation_wrote_with_another_cost() {
        Passwords passwords = new Passwords(new SeededRandom(1));

        assertThat(
                        passwords.fits(
                                new Password("password"),
                                new PasswordHash(
                                        "$argon2id$v=19$m=1024,t=3,p=1$ejNjTllER2hrMm9VdkVMdQ$II53UefWfv2BwDHdz8k6df7Cegu7W3GgGeDjwB+gmQs")))
                .isTrue();
    }

    /** A heap that grows with each attempt is filled by a stranger. */
    @Test
    void a_hash_takes_the_memory_of_the_one_before() {
        Passwords passwords = new Passwords(new SeededRandom(1));
        PasswordHash hash = passwords.hash(RIGHT);
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();

        long before = threads.getCurrentThreadAllocatedBytes();
        boolean fits = passwords.fits(RIGHT, hash);

        assertThat(threads.getCurrentThreadAllocatedBytes() - before).isLessThan(1 << 20);
        assertThat(fits).isTrue();
    }

    @Test
    void a_name_that_nobody_has_takes_the_same_work() {
        List<Passwords.Cost> work = new ArrayList<>();
        Passwords passwords = new Passwords(
                (password, salt, cost) -> {
                    work.add(cost);
                    return new byte[32];
                },
                new SeededRandom(1));
        PasswordHash somebodys = passwords.hash(RIGHT);
        work.clear();

        assertThat(passwords.fits(RIGHT, somebodys)).isTrue();
        assertThat(passwords.fits(RIGHT, passwords.nobodys())).isFalse();

        assertThat(work).hasSize(2);
        assertThat(work.get(0)).isEqualTo(work.get(1));
    }

    @Test
    void nothing_is_let_in_by_a_hash_that_cannot_be_read() {
        Passwords passwords = new Passwords(new SeededRandom(1));

        assertThatThrownBy(() -> passwords.fits(RIGHT, new PasswordHash("")))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageNotContaining("horse");
    }

    @Test
    void secrets_do_not_print() {
        assertThat(List.of(
                        RIGHT,
                        new PasswordHash("$argon2id$x"),
                        new SecretToken("x"),
                        new OneTimeLinks.Made("x", Instant.EPOCH)))
                .allSatisfy(secret -> assertThat(secret.toString()).isEqualTo("[secret]"));
    }
}
