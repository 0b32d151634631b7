package dev.jeton.administrator;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jeton.Await;
import dev.jeton.administrator.PasswordWork.Asker;
import dev.jeton.http.ApiError;
import dev.jeton.http.Response;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Who waits, in which order and how many, while one hash is under way. */
class PasswordWorkTest {
    private final PasswordWork work = new PasswordWork();
    private final CountDownLatch underWay = new CountDownLatch(1);
    private final List<String> done = Collections.synchronizedList(new ArrayList<>());

    @BeforeEach
    void begin() {
        CountDownLatch begun = new CountDownLatch(1);
        var _ = work.answer(Asker.quiet("the first"), () -> {
            begun.countDown();
            await(underWay);
            return Response.empty(204);
        });
        await(begun);
    }

    @AfterEach
    void stop() {
        work.close();
    }

    private static void await(CountDownLatch latch) {
        try {
            assertThat(latch.await(30, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private CompletableFuture<Response> ask(String name, Asker asker) {
        return work.answer(asker, () -> {
                    done.add(name);
                    return Response.empty(204);
                })
                .toCompletableFuture();
    }

    private void enter(String name, Asker asker) {
        var _ = ask(name, asker);
    }

    /** A first attempt from each of so many networks. */
    private void fill(int networks) {
        for (int i = 0; i < networks; i++) {
            enter("stranger " + i, new Asker("network " + i, 1, 1));
        }
    }

    private void assertDone(String... names) {
        underWay.countDown();
        Await.until("all is done", () -> done.size() == names.length);
        assertThat(done).containsExactly(names);
    }

    private static void assertTooMany(CompletableFuture<Response> answer) {
        assertThat(answer).isCompletedExceptionally();
        assertThat(answer.handle((_, fault) -> fault instanceof CompletionException ? fault.getCause() : fault)
                        .join())
                .isInstanceOfSatisfying(
                        ApiError.ApiException.class,
                        refusal -> assertThat(refusal.error().status()).isEqualTo(503));
    }

    @Test
    void whoever_comes_from_where_fewer_have_failed_goes_first() {
        enter("third failure", new Asker("attacker's", 3, 1));
        enter("second failure", new Asker("attacker's", 2, 1));
        enter("other address", new Asker("half quiet", 2, 2));
        enter("quiet", new Asker("quiet", 1, 1));
        enter("also quiet", new Asker("also quiet", 1, 1));
        enter("signed in", Asker.quiet("adm_ada"));

        assertDone("quiet", "also quiet", "signed in", "second failure", "other address", "third failure");
    }

    @Test
    void of_one_network_four_wait_and_a_quieter_address_takes_the_place_of_another() {
        List<CompletableFuture<Response>> four = new ArrayList<>();
        for (int i = 1; i <= PasswordWork.MOST_WAITING_OF_NETWORK; i++) {
            four.add(ask("attempt " + i, new Asker("one", i, i)));
        }

        assertTooMany(ask("fifth", new Asker("one", 5, 5)));
        CompletableFuture<Response> quiet = ask("quiet address", new Asker("one", 5, 1));
        assertTooMany(four.getLast());
        assertThat(quiet).isNotDone();
        assertDone("attempt 1", "attempt 2", "attempt 3", "quiet address");
    }

    @Test
    void when_all_places_are_taken_whoever_failed_most_gives_up_the_place() {
        fill(PasswordWork.MOST_WAITING - 1);
        CompletableFuture<Response> failed = ask("failed before", new Asker("other", 2, 2));

        assertTooMany(ask("failed oftener", new Asker("another", 3, 3)));
        CompletableFuture<Response> quiet = ask("quiet", new Asker("quiet", 1, 1));
        assertTooMany(failed);
        assertThat(quiet).isNotDone();
    }

    @Test
    void nobody_who_waits_gives_way_to_a_later_one_who_is_no_quieter() {
        fill(PasswordWork.MOST_WAITING);

        assertTooMany(ask("late", new Asker("late", 1, 1)));
        underWay.countDown();
        Await.until("all is done", () -> done.size() == PasswordWork.MOST_WAITING);
        assertThat(done).startsWith("stranger 0", "stranger 1").doesNotContain("late");
    }

    @Test
    void work_that_fails_keeps_nobody_else_from_it() {
        CompletableFuture<Response> fault = work.answer(Asker.quiet("a"), () -> {
                    throw new IllegalStateException("no memory");
                })
                .toCompletableFuture();
        enter("next", Asker.quiet("b"));

        assertDone("next");
        assertThat(fault).isCompletedExceptionally();
    }
}
