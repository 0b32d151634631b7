package dev.jeton.extension;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jeton.Await;
import dev.jeton.SeededRandom;
import dev.jeton.config.Config;
import dev.jeton.config.Config.HookSandbox;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** How many workers serve, with real processes. */
class WorkerPoolTest {
    private static final Duration SOON = Duration.ofMillis(300);
    private static final Config.Hooks SETTINGS =
            new Config.Hooks(HookSandbox.OFF, true, Duration.ofSeconds(10), 3, 64 << 20);
    private static final SeededRandom RANDOM = new SeededRandom(1);

    private final WorkerRuntime runtime = new WorkerRuntime(SETTINGS, SearchPath.of(System.getenv()));
    private final List<WorkerPool> started = new ArrayList<>();

    @AfterEach
    void stop() {
        started.forEach(WorkerPool::close);
        runtime.close();
    }

    private WorkerPool start(String body) {
        Script script = new Script(
                Script.Kind.HOOK,
                "1",
                "a",
                "module.exports = (client, scope, audience, context, cb) => {" + body + "};",
                Map.of(),
                Optional.empty());
        WorkerPool pool = new WorkerPool(runtime, new Bundle(List.of(script)), SETTINGS, _ -> {}, SOON);
        started.add(pool);
        pool.warm();
        pool.awaitSettled();
        return pool;
    }

    private static ExchangeCall call(WorkerPool pool) {
        ObjectNode sample = JsonMapper.shared().createObjectNode();
        sample.putObject("client");
        sample.putArray("scope").add("read");
        ExchangeCall call = ExchangeCall.ofSample(sample, RANDOM);
        pool.run(call);
        return call;
    }

    @Test
    void a_worker_is_ready_before_the_first_call() {
        WorkerPool pool = start("cb(null, {scope})");
        assertThat(pool.size()).isEqualTo(1);
        assertThat(call(pool).decision().join()).isInstanceOf(Decision.Allowed.class);
        assertThat(pool.size()).isEqualTo(1);
    }

    @Test
    void there_are_more_workers_while_calls_wait_and_fewer_when_they_are_spare() {
        WorkerPool pool = start("context.waits = setTimeout(() => cb(null, {scope}), 50)");
        List<ExchangeCall> calls = new ArrayList<>();
        Await.until("there are as many workers as are allowed", () -> {
            calls.removeIf(call -> call.decision().isDone());
            while (calls.size() < 150) {
                calls.add(call(pool));
            }
            return pool.size() == 3;
        });
        for (ExchangeCall call : calls) {
            assertThat(call.decision().join()).isInstanceOf(Decision.Allowed.class);
        }
        Await.until("one is enough again", () -> pool.size() == 1);
        assertThat(call(pool).decision().join()).isInstanceOf(Decision.Allowed.class);
    }

    @Test
    void calls_that_would_fill_the_heap_of_a_worker_are_refused_as_too_many_are() {
        WorkerPool pool = start("context.waits = true");
        List<ExchangeCall> calls = new ArrayList<>();
        for (int i = 0; i < 40; i++) {
            ObjectNode sample = JsonMapper.shared().createObjectNode().put("ballast", "x".repeat(64 << 10));
            sample.putObject("client");
            ExchangeCall call = ExchangeCall.ofSample(sample, RANDOM);
            pool.run(call);
            calls.add(call);
        }
        assertThat(calls.stream().filter(call -> call.decision().isCompletedExceptionally()))
                .hasSizeBetween(8, 9);
    }

    @Test
    void a_closed_pool_answers_what_waits_and_leaves_no_process() {
        WorkerPool pool = start("context.waits = true");
        ExchangeCall call = call(pool);
        pool.close();
        assertThat(call.decision()).isDone();
        assertThat(pool.isOver()).isTrue();
    }

    @Test
    void what_cannot_be_loaded_is_said_without_a_call() {
        WorkerPool pool = start("syntax error");
        assertThat(pool.size()).isZero();
        assertThat(pool.failure().orElseThrow().description())
                .isEqualTo("Unable to compile the extensibility code as javascript");
    }
}
