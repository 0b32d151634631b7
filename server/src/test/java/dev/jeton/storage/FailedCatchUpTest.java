package dev.jeton.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.jeton.Await;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A feed with a view that cannot take a change. */
class FailedCatchUpTest {
    private static final String ENTITY = "broken";

    private static final class BrokenView implements ChangeFeed.View {
        /** When threads other than the test's tried, by {@link System#nanoTime}. */
        final List<Long> attemptsOfOthers = new CopyOnWriteArrayList<>();

        final Thread test = Thread.currentThread();
        volatile boolean mended;

        @Override
        public void loadAll() {}

        @Override
        public void reload(Set<String> ids) {
            if (Thread.currentThread() != test) {
                attemptsOfOthers.add(System.nanoTime());
            }
            if (!mended) {
                throw new IllegalStateException("broken");
            }
        }
    }

    private final BrokenView view = new BrokenView();

    private ChangeFeed feed(Database database) {
        ChangeFeed feed = new ChangeFeed(database, InstantSource.system());
        feed.add(ENTITY, view);
        return feed;
    }

    private static void change(Database database, ChangeFeed feed) {
        database.change(handle -> feed.announce(handle, ENTITY, "x"));
    }

    /** Woken by its own failures, it would try again and again without a pause. */
    @Test
    void on_sqlite_the_thread_that_makes_good_waits_before_its_next_attempt(@TempDir Path folder) {
        try (Database database = TestDatabase.migrated(Database.Dialect.SQLITE, folder);
                ChangeFeed feed = feed(database)) {
            feed.start();
            change(database, feed);
            assertThatThrownBy(feed::catchUp).hasMessage("broken");

            Await.until("it has tried three times", () -> view.attemptsOfOthers.size() >= 3);

            // The failure above wakes it rightly, but maybe so late that there is no pause before its second attempt.
            assertThat(Duration.ofNanos(view.attemptsOfOthers.get(2) - view.attemptsOfOthers.get(0)))
                    .isGreaterThan(Duration.ofMillis(200));
        }
    }

    /** As the JWKS waits. It matters neither who makes the attempt nor whether it succeeds. */
    @ParameterizedTest
    @EnumSource(Database.Dialect.class)
    void who_waits_for_an_attempt_waits_no_longer_than_that(Database.Dialect dialect, @TempDir Path folder) {
        try (Database database = TestDatabase.migrated(dialect, folder);
                ChangeFeed feed = feed(database)) {
            change(database, feed);
            assertThatThrownBy(feed::catchUp).hasMessage("broken");

            CompletableFuture<?> failing = feed.caughtUp().toCompletableFuture();
            assertThat(failing).isNotDone();
            assertThatThrownBy(feed::catchUp).hasMessage("broken");
            assertThat(failing).isDone();

            CompletableFuture<?> succeeding = feed.caughtUp().toCompletableFuture();
            assertThat(succeeding).isNotDone();
            view.mended = true;
            feed.catchUp();
            assertThat(succeeding).isDone();
        }
    }
}
