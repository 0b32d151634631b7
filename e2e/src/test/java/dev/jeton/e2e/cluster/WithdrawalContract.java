package dev.jeton.e2e.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jeton.e2e.Await;
import dev.jeton.e2e.ManagementApi;
import dev.jeton.e2e.ManagementApi.Job;
import dev.jeton.e2e.Signal;
import dev.jeton.e2e.cluster.Cluster.Node;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/** What is withdrawn on one of two nodes, under requests to both. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class WithdrawalContract {
    private static final Duration PROMISED = Duration.ofSeconds(1);
    private static final int ROUNDS = Cluster.LONG ? 20 : 1;

    private final Delays delays = new Delays();
    private final Cluster cluster;
    private final Node one;
    private final Node other;
    private int rounds;

    WithdrawalContract(Cluster cluster) {
        this.cluster = cluster;
        this.one = cluster.node(0);
        this.other = cluster.node(1);
    }

    @AfterAll
    void report() {
        Cluster.report(delays.toString());
    }

    @AfterEach
    void heal() {
        other.database().open();
    }

    @Test
    void is_refused_by_the_other_within_a_second() throws Exception {
        for (int round = 0; round < ROUNDS; round++) {
            withdrawEverything("notified");
        }
    }

    @Test
    void is_refused_within_a_second_while_the_notifications_are_cut_again_and_again() throws Exception {
        for (int round = 0; round < ROUNDS; round++) {
            Thread cutting = Thread.ofPlatform().start(() -> {
                while (!Thread.currentThread().isInterrupted()) {
                    try {
                        cluster.endNotifications(other);
                    } catch (Exception e) {
                        throw new IllegalStateException(e);
                    }
                    LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(50));
                }
            });
            try {
                withdrawEverything("cut");
            } finally {
                cutting.interrupt();
                cutting.join();
            }
        }
    }

    @Test
    void is_refused_within_a_second_while_no_notification_can_come_and_tokens_are_issued_meanwhile() throws Exception {
        Job healthy = one.api().createJob("healthy");
        cluster.awaitEverywhere(healthy, 200);
        for (int round = 0; round < ROUNDS; round++) {
            awaitNotified();
            other.database().refuse();
            assertThat(cluster.endNotifications(other)).isEqualTo(1);
            try (Asking asking = Asking.start(Withdrawal.token(other, healthy), Withdrawal::isGiven, 1)) {
                withdrawEverything("polling");
                long given = asking.answers().stream()
                        .filter(Asking.Answer::honoured)
                        .count();
                asking.awaitHonoured(given + 10);
            }
            other.database().open();
        }
    }

    @Test
    @EnabledIfSystemProperty(named = "jeton.cluster.long", matches = "true")
    void is_refused_within_a_second_while_the_process_that_notifies_stands_still() throws Exception {
        for (int round = 0; round < ROUNDS; round++) {
            List<ProcessHandle> notifier = List.of(awaitNotified());
            Signal.send("STOP", notifier);
            try {
                withdrawEverything("notifier stopped");
            } finally {
                Signal.send("CONT", notifier);
            }
        }
    }

    /** Waits until the other node listens again, and returns the process of PostgreSQL that it listens to. */
    private ProcessHandle awaitNotified() throws Exception {
        Await.until("the other node listens", () -> cluster.notifiers(other).size() == 1);
        return ProcessHandle.of(Long.parseLong(cluster.notifiers(other).getFirst()))
                .orElseThrow();
    }

    private void withdrawEverything(String circumstances) throws Exception {
        ManagementApi api = one.api();
        String name = "round-" + ++rounds;
        String kid = Withdrawal.signs(api);
        String token = api.token();
        List<Withdrawal> all = Withdrawal.granted(api, name);
        all.add(Withdrawal.ofHook(api, name));
        all.add(Withdrawal.ofSigning(api, name));
        withdraw(circumstances, all);
        withdraw(circumstances, Withdrawal.ofKey(api, kid, token));
        for (Node node : cluster.nodes()) {
            node.logIn();
        }
    }

    /** Withdraws all, one after the other, and requires that none is given when it must not be. */
    private void withdraw(String circumstances, List<Withdrawal> all) throws Exception {
        List<Asking> here = new ArrayList<>();
        List<Asking> there = new ArrayList<>();
        for (Withdrawal withdrawal : all) {
            here.add(Asking.start(withdrawal.request().apply(one), withdrawal.honours(), 1));
            there.add(Asking.start(withdrawal.request().apply(other), withdrawal.honours(), 1));
        }
        List<Long> acknowledged = new ArrayList<>();
        for (int i = 0; i < all.size(); i++) {
            here.get(i).awaitHonoured(3);
            there.get(i).awaitHonoured(3);
        }
        for (Withdrawal withdrawal : all) {
            withdrawal.withdraw().run();
            acknowledged.add(System.nanoTime());
        }
        for (int i = 0; i < all.size(); i++) {
            there.get(i).awaitAnswerAfter(acknowledged.get(i) + PROMISED.toNanos());
        }
        for (int i = 0; i < all.size(); i++) {
            here.get(i).close();
            there.get(i).close();
            String name = all.get(i).name();
            long moment = acknowledged.get(i);
            assertThat(here.get(i).answers())
                    .as("%s, on the node itself", name)
                    .noneMatch(answer -> answer.honoured() && answer.began() - moment > 0);
            assertThat(there.get(i).answers())
                    .as("%s, on the other node", name)
                    .noneMatch(answer -> answer.honoured() && answer.began() - moment > PROMISED.toNanos());
            delays.add(
                    circumstances,
                    there.get(i).answers().stream()
                            .filter(Asking.Answer::honoured)
                            .mapToLong(answer -> answer.ended() - moment)
                            .max()
                            .orElse(0));
        }
    }
}
