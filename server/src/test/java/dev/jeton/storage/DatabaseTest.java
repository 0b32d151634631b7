package dev.jeton.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.jeton.Await;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class DatabaseTest {
    private static final Duration ANSWER = Duration.ofSeconds(1);

    /** As of two servers that start at once on an empty database, of which one makes the keys. */
    @Test
    void a_starting_server_waits_for_another_longer_than_an_answer_may_take() throws Exception {
        Database.PostgreSql server = TestPostgres.freshDatabase();
        // What the URL says comes before what the pool sets.
        Database.PostgreSql impatient = new Database.PostgreSql(
                server.url() + "?socketTimeout=" + ANSWER.toSeconds(), server.user(), server.password());
        CountDownLatch began = new CountDownLatch(1);
        CountDownLatch end = new CountDownLatch(1);
        try (Database filling = TestDatabase.postgreSql(server);
                Database starting = TestDatabase.postgreSql(impatient);
                ExecutorService threads = Executors.newFixedThreadPool(2)) {
            Future<Boolean> other = threads.submit(() -> filling.<Boolean, InterruptedException>write(handle -> {
                began.countDown();
                return end.await(1, TimeUnit.MINUTES);
            }));
            began.await();
            Future<String> start = threads.submit(() -> starting.<String, RuntimeException>writeAtStart(handle ->
                    handle.createQuery("select 'mine'").mapTo(String.class).one()));
            long asked = System.nanoTime();
            try (Database answering = TestDatabase.postgreSql(impatient)) {
                assertThatThrownBy(() -> answering.change(handle -> handle.execute("select 1")))
                        .isInstanceOf(StorageUnavailableException.class);
            }
            Await.until("an answer would be late", () -> System.nanoTime() - asked > ANSWER.toNanos());
            assertThat(start).isNotDone();

            end.countDown();

            assertThat(start.get()).isEqualTo("mine");
            assertThat(other.get()).isTrue();
        }
    }
}
