package dev.jeton.audit;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.jeton.audit.AuditSettings.Durability;
import dev.jeton.storage.StorageUnavailableException;
import java.time.Duration;
import java.time.LocalDate;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.stream.IntStream;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class GroupWriterTest {
    private final TestEvents events = new TestEvents("2026-11-23T17:15:30.123Z");
    private final SlowStore store = new SlowStore();
    private GroupWriter writer = writer(Durability.COMMIT, 4);

    private GroupWriter writer(Durability durability, int capacity) {
        writer = new GroupWriter(store, new AuditSettings(durability, capacity, Duration.ZERO, 2, 3, 30, 0), events);
        writer.start();
        return writer;
    }

    @AfterEach
    void stop() {
        store.letAllPass();
        writer.close();
    }

    private CompletableFuture<@Nullable Void> append(String jti) {
        return writer.append(events.issued(jti));
    }

    @Test
    void events_that_come_during_a_commit_form_the_next_group_in_their_order() throws Exception {
        CompletableFuture<@Nullable Void> first = append("1");
        assertThat(store.begun()).containsExactly("1");
        CompletableFuture<@Nullable Void> second = append("2");
        CompletableFuture<@Nullable Void> third = append("3");
        assertThat(first).isNotDone();

        store.letPass();
        assertThat(store.begun()).containsExactly("2", "3");
        assertThat(first).isCompleted();
        assertThat(second).isNotDone();

        store.letPass();
        third.get(20, SECONDS);
        assertThat(second).isCompleted();
    }

    @Test
    void one_event_more_than_the_queue_holds_is_refused_at_once() throws Exception {
        CompletableFuture<@Nullable Void> writing = append("being written");
        store.begun();
        assertThat(writing).isNotDone();
        List<CompletableFuture<@Nullable Void>> waiting =
                IntStream.range(0, 4).mapToObj(i -> append("" + i)).toList();

        assertThat(writer.queued()).isEqualTo(4);
        assertThat(append("too many"))
                .isCompletedExceptionally()
                .failsWithin(Duration.ZERO)
                .withThrowableThat()
                .withCauseInstanceOf(AuditQueueFullException.class);
        store.letPass();
        store.letPass();
        for (CompletableFuture<@Nullable Void> each : waiting) {
            each.get(20, SECONDS);
        }
        assertThat(writer.queued()).isZero();
    }

    @Test
    void a_failure_answers_the_group_and_all_who_wait_and_the_next_is_tried_again() throws Exception {
        CompletableFuture<@Nullable Void> first = append("1");
        store.begun();
        CompletableFuture<@Nullable Void> second = append("2");
        store.fail(new StorageUnavailableException("the disk is full"));

        for (CompletableFuture<@Nullable Void> failed : List.of(first, second)) {
            assertThatThrownBy(() -> failed.get(20, SECONDS))
                    .hasCauseInstanceOf(StorageUnavailableException.class)
                    .hasMessageContaining("the disk is full");
        }
        assertThat(writer.trouble()).isNotNull();

        CompletableFuture<@Nullable Void> third = append("3");
        assertThat(store.begun()).containsExactly("3");
        store.letPass();
        third.get(20, SECONDS);
        assertThat(writer.trouble()).isNull();
    }

    @Test
    void trouble_is_forgotten_so_that_a_server_that_nobody_asks_becomes_ready_again() throws Exception {
        CompletableFuture<@Nullable Void> failed = append("1");
        store.begun();
        store.fail(new StorageUnavailableException("the disk is full"));
        assertThatThrownBy(() -> failed.get(20, SECONDS)).hasMessageContaining("the disk is full");

        events.advance(Duration.ofSeconds(5));
        assertThat(writer.trouble()).isNotNull();
        events.advance(Duration.ofMillis(1));
        assertThat(writer.trouble()).isNull();
    }

    @Test
    void a_fault_of_ours_fails_its_group_only() throws Exception {
        CompletableFuture<@Nullable Void> first = append("1");
        store.begun();
        CompletableFuture<@Nullable Void> second = append("2");
        store.fail(new IllegalStateException("a bug"));
        assertThatThrownBy(() -> first.get(20, SECONDS)).hasCauseInstanceOf(StorageUnavailableException.class);
        store.begun();
        store.letPass();
        second.get(20, SECONDS);
    }

    @Test
    void async_completes_at_once_and_stores_later_even_after_a_failure() throws Exception {
        stop();
        store.holdBack();
        writer = writer(Durability.ASYNC, 4);
        assertThat(append("1")).isCompleted();
        assertThat(store.begun()).containsExactly("1");
        store.fail(new StorageUnavailableException("the disk is full"));
        assertThat(store.begun()).containsExactly("1");
        store.letPass();
    }

    @Test
    void closing_stores_what_is_queued_and_what_comes_after_fails() throws Exception {
        CompletableFuture<@Nullable Void> first = append("1");
        store.begun();
        CompletableFuture<@Nullable Void> second = append("2");
        store.letAllPass();
        writer.close();

        assertThat(first).isCompleted();
        assertThat(second).isCompleted();
        assertThatThrownBy(() -> append("3").get(20, SECONDS))
                .hasCauseInstanceOf(StorageUnavailableException.class)
                .hasMessageContaining("stopping");
    }

    /** Shows each group that begins, and ends it when told how. */
    private static final class SlowStore implements AuditStore {
        private final BlockingQueue<List<String>> begun = new LinkedBlockingQueue<>();
        private final BlockingQueue<Optional<RuntimeException>> outcomes = new LinkedBlockingQueue<>();
        private volatile boolean allPass;

        List<String> begun() throws InterruptedException {
            List<String> group = begun.poll(20, SECONDS);
            assertThat(group).as("a group was begun").isNotNull();
            return group;
        }

        void letPass() {
            outcomes.add(Optional.empty());
        }

        void fail(RuntimeException cause) {
            outcomes.add(Optional.of(cause));
        }

        void letAllPass() {
            allPass = true;
            letPass();
        }

        void holdBack() {
            allPass = false;
            outcomes.clear();
        }

        @Override
        public void append(List<TokenRow> rows) {
            begun.add(rows.stream().map(TokenRow::jti).toList());
            if (allPass) {
                return;
            }
            try {
                Optional<RuntimeException> outcome = outcomes.poll(20, SECONDS);
                if (outcome != null && outcome.isPresent()) {
                    throw outcome.get();
                }
            } catch (InterruptedException e) {
                throw new AssertionError(e);
            }
        }

        @Override
        public long placeChange(Handle transaction, long atMs) {
            throw new UnsupportedOperationException();
        }

        @Override
        public long settledBefore() {
            throw new UnsupportedOperationException();
        }

        @Override
        public List<TokenRow.Stored> find(Query query, boolean newestFirst, int limit) {
            throw new UnsupportedOperationException();
        }

        @Override
        public Optional<UsageChunk> countUsage(long afterKey, long beforeKey, int limit) {
            throw new UnsupportedOperationException();
        }

        @Override
        public Stretch stretch(long fromKey, long toKey, boolean newest, int limit) {
            throw new UnsupportedOperationException();
        }

        @Override
        public Set<Origin> origins(long fromKey, long toKey, @Nullable String clientId) {
            throw new UnsupportedOperationException();
        }

        @Override
        public void index(LocalDate before) {
            throw new UnsupportedOperationException();
        }

        @Override
        public List<Day> days() {
            throw new UnsupportedOperationException();
        }

        @Override
        public void prepare(LocalDate day) {
            throw new UnsupportedOperationException();
        }

        @Override
        public void drop(LocalDate day) {
            throw new UnsupportedOperationException();
        }

        @Override
        public void close() {}
    }
}
