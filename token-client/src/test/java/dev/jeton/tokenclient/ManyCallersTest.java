package dev.jeton.tokenclient;

import static dev.jeton.tokenclient.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.jeton.tokenclient.Caller.Outcome;
import dev.jeton.tokenclient.FakeTokenEndpoint.Reply;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Many threads, one request. */
class ManyCallersTest {
    private static final int CALLERS = 1000;

    private final FakeTokenEndpoint server = new FakeTokenEndpoint();
    private final SettableClock clock = new SettableClock();
    private final TokenClient client = server.client().clock(clock).build();
    private final Gate gate = new Gate();

    @AfterEach
    void stop() {
        server.close();
    }

    private void answerAtTheGate(Reply reply) {
        server.answering(number -> {
            gate.pass();
            return reply;
        });
    }

    private List<Caller> waitingCallers(int count) {
        List<Caller> callers =
                Stream.generate(() -> Caller.of(client)).limit(count).toList();
        callers.forEach(Caller::whileWaiting);
        return callers;
    }

    @Test
    void a_thousand_threads_at_once_make_one_request() throws Exception {
        answerAtTheGate(FakeTokenEndpoint.token(1));
        List<Caller> callers = waitingCallers(CALLERS);

        gate.open();

        Set<String> values = new HashSet<>();
        for (Caller caller : callers) {
            values.add(caller.value());
        }
        assertThat(values).containsExactly("token-1");
        assertThat(server.count()).isEqualTo(1);
    }

    @Test
    void a_thousand_threads_get_the_same_refusal_each_with_a_stack_trace_of_its_own() throws Exception {
        answerAtTheGate(Reply.error(401, "access_denied", "Unauthorized"));
        List<Caller> callers = waitingCallers(CALLERS);

        gate.open();

        Set<String> messages = new HashSet<>();
        Set<Integer> exceptions = new HashSet<>();
        for (Caller caller : callers) {
            RuntimeException failure = caller.outcome().failure();
            assertThat(failure).isInstanceOf(TokenException.Refused.class).hasStackTraceContaining("Caller.ask");
            messages.add(String.valueOf(failure));
            exceptions.add(System.identityHashCode(failure));
        }
        assertThat(messages).hasSize(1);
        assertThat(exceptions).hasSizeGreaterThan(CALLERS / 2); // hash codes may collide
        assertThat(server.count()).isEqualTo(1);
    }

    @Test
    void an_interrupted_thread_gets_out_and_the_request_goes_on_for_the_others() throws Exception {
        answerAtTheGate(FakeTokenEndpoint.token(1));
        Caller first = Caller.of(client).whileWaiting();
        Caller second = Caller.of(client).whileWaiting();

        first.interrupt();

        Outcome outcome = first.outcome();
        assertThat(outcome.failure()).isInstanceOf(TokenException.Interrupted.class);
        assertThat(outcome.interrupted()).isTrue();
        gate.open();
        assertThat(second.value()).isEqualTo("token-1");
        assertThat(server.count()).isEqualTo(1);
    }

    @Test
    void an_interrupted_thread_still_gets_a_token_that_is_in_hand() {
        client.token();
        Thread.currentThread().interrupt();

        assertThat(client.token().value()).isEqualTo("token-1");
        assertThat(Thread.interrupted()).isTrue();
    }

    @Test
    void closing_lets_those_who_wait_go() throws Exception {
        answerAtTheGate(FakeTokenEndpoint.token(1));
        Caller waiting = Caller.of(client).whileWaiting();
        eventually("the request has come", () -> server.count() == 1);

        client.close();

        assertThat(waiting.outcome().failure())
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("closed");
        gate.open();
        assertThatThrownBy(client::token)
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("closed");
        assertThat(server.count()).isEqualTo(1);
    }

    @Test
    void a_closed_client_hands_out_nothing_even_if_it_had_a_token() {
        client.token();
        client.close();
        client.close();

        assertThatThrownBy(client::token).isInstanceOf(IllegalStateException.class);
        assertThat(server.count()).isEqualTo(1);
    }
}
