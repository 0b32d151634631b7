package dev.jeton.e2e.crash;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jeton.e2e.TokenLoad.Answer;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** What answers and the records of them have to do with each other. */
final class Answers {
    private static final int REFUSED = 403;

    private Answers() {}

    /** Each token, and each refusal that decides something, stands in the log, and nothing stands there twice. */
    static void requireRecorded(List<Answer> answers, List<TokenRecord> records) {
        Map<String, TokenRecord> byRequest = requireUnique(records);
        for (Answer answer : answers) {
            switch (answer.status()) {
                case 200, REFUSED ->
                    assertThat(Optional.ofNullable(byRequest.get(answer.requestId()))
                                    .flatMap(TokenRecord::jti))
                            .as("the record of %s", answer)
                            .isEqualTo(answer.jti());
                case 503 -> requireUnavailable(answer);
                default -> throw new AssertionError(answer.toString());
            }
            assertThat(answer.status() == 503 || byRequest.containsKey(answer.requestId()))
                    .as("whether there is a record of %s", answer)
                    .isTrue();
        }
    }

    /** The records by the ids of their requests. */
    static Map<String, TokenRecord> requireUnique(List<TokenRecord> records) {
        Map<String, TokenRecord> byRequest = new HashMap<>();
        Set<String> tokens = new HashSet<>();
        for (TokenRecord record : records) {
            assertThat(byRequest.put(record.requestId(), record))
                    .as("another record of %s", record)
                    .isNull();
            record.jti()
                    .ifPresent(jti -> assertThat(tokens.add(jti))
                            .as("the first record of %s", record)
                            .isTrue());
        }
        return byRequest;
    }

    static void requireUnavailable(Answer answer) {
        assertThat(answer.body()).contains("temporarily_unavailable").doesNotContain("access_token");
    }
}
