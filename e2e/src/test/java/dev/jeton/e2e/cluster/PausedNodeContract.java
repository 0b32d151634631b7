package dev.jeton.e2e.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jeton.e2e.Await;
import dev.jeton.e2e.ManagementApi;
import dev.jeton.e2e.ManagementApi.Job;
import dev.jeton.e2e.cluster.Asking.Answer;
import dev.jeton.e2e.cluster.Cluster.Node;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** A node that stood still, or could not see its database, while the other went on. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class PausedNodeContract {
    private static final Duration PROMISED = Duration.ofSeconds(1);
    private static final Duration PAUSE = Duration.ofSeconds(Cluster.LONG ? 10 : 2);
    private static final int ROUNDS = Cluster.LONG ? 10 : 1;

    private final Cluster cluster;
    private final Node one;
    private final Node other;
    private int rounds;

    PausedNodeContract(Cluster cluster) {
        this.cluster = cluster;
        this.one = cluster.node(0);
        this.other = cluster.node(1);
    }

    private static void wait(Duration time, long since) {
        for (long left = time.toNanos(); left > 0; left = since + time.toNanos() - System.nanoTime()) {
            LockSupport.parkNanos(left);
        }
    }

    @Test
    void a_node_that_was_paused_answers_nothing_stale_when_it_wakes() throws Exception {
        for (int round = 0; round < ROUNDS; round++) {
            pauseTheOther();
        }
    }

    private void pauseTheOther() throws Exception {
        ManagementApi api = one.api();
        String kid = Withdrawal.signs(api);
        String token = api.token();
        List<Withdrawal> all = Withdrawal.granted(api, "pause-" + ++rounds);
        api.post("keys/signing/rotate?force=true", Map.of());
        all.addAll(Withdrawal.ofKey(api, kid, token));
        one.logIn();
        List<Asking> before = ask(all, 1);
        for (Asking asking : before) {
            asking.awaitHonoured(3);
        }
        other.server().pause();
        long paused = System.nanoTime();
        for (Withdrawal withdrawal : all) {
            withdrawal.withdraw().run();
        }
        List<Asking> during = ask(all, 3);
        wait(PAUSE, paused);
        long woken = System.nanoTime();
        other.server().resume();
        for (Asking asking : during) {
            asking.awaitAnswerAfter(woken);
        }
        during.forEach(Asking::close);
        before.forEach(Asking::close);

        int underWay = 0;
        for (int i = 0; i < all.size(); i++) {
            assertThat(during.get(i).answers())
                    .as(
                            "%s, asked for while the node stood still and after",
                            all.get(i).name())
                    .isNotEmpty()
                    .noneMatch(Answer::honoured);
            List<Answer> late = before.get(i).answers().stream()
                    .filter(answer -> answer.honoured() && answer.ended() - woken > 0)
                    .toList();
            assertThat(late)
                    .as("%s, asked for when the node stood still", all.get(i).name())
                    .noneMatch(answer -> answer.began() - paused > 0);
            underWay += late.size();
        }
        Cluster.report("stale answers of requests under way at the pause: " + underWay);
        assertThat(underWay)
                .as("answers past their last look at the pause, each about to be written by its event loop")
                .isLessThanOrEqualTo(Cluster.EVENT_LOOPS);
        other.logIn();
    }

    private List<Asking> ask(List<Withdrawal> all, int threads) {
        List<Asking> asking = new ArrayList<>();
        for (Withdrawal withdrawal : all) {
            asking.add(Asking.start(withdrawal.request().apply(other), withdrawal.honours(), threads));
        }
        return asking;
    }

    @Test
    void what_waits_for_its_record_while_it_is_withdrawn_is_not_given_late() throws Exception {
        List<Withdrawal> all = Withdrawal.granted(one.api(), "waits");
        List<Asking> asking = ask(all, 2);
        for (Asking each : asking) {
            each.awaitHonoured(3);
        }
        other.database().stall();
        long stalled = System.nanoTime();
        for (Withdrawal withdrawal : all) {
            withdrawal.withdraw().run();
        }
        long acknowledged = System.nanoTime();
        wait(PROMISED.plusMillis(300), Math.max(stalled, acknowledged));
        long opened = System.nanoTime();
        other.database().open();
        for (Asking each : asking) {
            each.awaitAnswerAfter(opened);
            each.close();
        }

        for (int i = 0; i < all.size(); i++) {
            assertThat(asking.get(i).answers())
                    .as(all.get(i).name())
                    .noneMatch(answer -> answer.honoured() && answer.ended() - acknowledged > PROMISED.toNanos());
        }
    }

    @Test
    void a_node_that_loses_its_database_answers_503_within_a_second_and_recovers_while_the_other_goes_on()
            throws Exception {
        Job job = one.api().createJob("lost");
        cluster.awaitEverywhere(job, 200);
        loseDatabase(job, other.database()::cut);
        if (Cluster.LONG) {
            loseDatabase(job, other.database()::stall);
        }
    }

    private void loseDatabase(Job job, Runnable lose) throws Exception {
        try (Asking here = Asking.start(Withdrawal.token(one, job), Withdrawal::isGiven, 1);
                Asking there = Asking.start(Withdrawal.token(other, job), Withdrawal::isGiven, 2)) {
            there.awaitHonoured(3);
            lose.run();
            long lost = System.nanoTime();
            there.awaitAnswerAfter(lost + PROMISED.toNanos());
            long opened = System.nanoTime();
            other.database().open();
            Await.until(
                    "tokens are given again",
                    () -> there.answers().stream().anyMatch(answer -> answer.honoured() && answer.began() > opened));
            Cluster.report("recovered in ms " + (System.nanoTime() - opened) / 1_000_000);

            assertThat(there.answers().stream()
                            .filter(answer ->
                                    answer.began() - lost > PROMISED.toNanos() && answer.ended() - opened < 0))
                    .isNotEmpty()
                    .allMatch(answer -> answer.status() == 503);
            assertThat(here.answers()).allMatch(Answer::honoured);
        }
    }

    @Test
    void nodes_whose_database_stands_still_answer_503_within_a_second_and_go_on_when_it_does() throws Exception {
        Job job = one.api().createJob("still");
        cluster.awaitEverywhere(job, 200);
        cluster.nodes().forEach(node -> node.database().stall());
        long stalled = System.nanoTime();
        wait(PROMISED, stalled);
        for (Node node : cluster.nodes()) {
            assertThat(node.api().answer(job).statusCode()).isEqualTo(503);
        }
        cluster.nodes().forEach(node -> node.database().open());
        cluster.awaitEverywhere(job, 200);
    }
}
