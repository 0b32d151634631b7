package dev.jeton.audit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.node.JsonNodeFactory;

class LogQueryTest {
    private static final LogEvent REFUSED = new LogEvent(
            LogPosition.ofChange(Instant.parse("2026-11-23T12:00:00.123Z").toEpochMilli())
                    .logId(),
            Instant.parse("2026-11-23T12:00:00.123Z"),
            "feccft",
            "Client has not been granted scopes: read:x",
            "q7Zr0KxV3bTnW8sLmE2yHc5DpJ1uGfAo",
            "Billing worker",
            null,
            null,
            "2001:db8::7",
            "curl/8.0",
            "https://api.example.com/billing",
            null,
            JsonNodeFactory.instance.objectNode().put("reason_code", "scope_not_granted"));

    private static boolean finds(String query) throws LogQuery.MalformedQueryException {
        return LogQuery.parse(query, "jeton.example.com").matches(REFUSED);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "feccft",
                "type:feccft",
                "type:\"feccft\"",
                "reason_code:\"scope_not_granted\"",
                "client_name:\"Billing worker\"",
                "client_name:Billing\\ worker",
                "\"Billing worker\"",
                "ip:2001:db8::7",
                "ip:2001*",
                "type:(seccft OR feccft)",
                "type:(seccft feccft)",
                "type:f* AND client_id:q7Zr0KxV3bTnW8sLmE2yHc5DpJ1uGfAo",
                "type:f* && ip:2001*",
                "type:seccft || ip:2001*",
                "NOT type:seccft",
                "-type:seccft",
                "!type:seccft",
                "type:feccft NOT client_name:x",
                "NOT type:feccft OR ip:2001*",
                "ip:2001* OR NOT type:feccft",
                "+type:feccft type:x",
                "(type:a OR type:feccft) AND (NOT (ip:1 OR ip:2))",
                "client_name:*worker",
                "client_name:B*ing*ker",
                "description:*granted*",
                "date:2026",
                "date:2026-11",
                "date:2026-11-23",
                "date:2026-11-23T12:00",
                "date:2026-11-23T12:00:00",
                "date:2026-11-23T12:00:00.123Z",
                "date:\"2026-11-23T12:00:00.123Z\"",
                "date:[2026-11-23 TO 2026-11-23]",
                "date:{2026-11-22 TO 2026-11-24}",
                "date:[2026-11-23T12:00:00.123Z TO *]",
                "date:2026*",
                "log_id:[90020261123 TO *]",
                "log_id:{90020261122 TO 90020261124}",
                "client_name:[A TO C]",
                "client_id:*",
                "hostname:jeton.example.com",
                "NOT user_id:*"
            })
    void finds_an_event(String query) throws LogQuery.MalformedQueryException {
        assertThat(finds(query)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "seccft",
                "Feccft",
                "type:fecc",
                "Billing",
                "client_name:Billing",
                "type:(seccft OR sapi)",
                "type:feccft AND ip:127.0.0.1",
                "type:feccft -client_name:\"Billing worker\"",
                "NOT type:feccft",
                "+type:seccft type:feccft",
                "client_name:workerB*",
                "client_name:*Billing",
                "date:2025",
                "date:2026-11-22",
                "date:{2026-11-23 TO *]",
                "date:[* TO 2026-11-23}",
                "date:[2026-11-23T12:00:00.124Z TO *]",
                "log_id:[90020261124 TO *]",
                "log_id:{* TO 90020261123}",
                "user_id:*",
                "connection:x",
                "hostname:other.example.com"
            })
    void passes_an_event_over(String query) throws LogQuery.MalformedQueryException {
        assertThat(finds(query)).isFalse();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "colour:red|there is no field 'colour'; there are hostname, audience, client_id",
                "type:|a value is missing at the end",
                "type:)|')' at character 6 begins no term",
                "(type:a|'(' without ')'",
                "type:(a|'(' without ')'",
                "type:a)|')' without '(' at character 7",
                "()|a term is missing",
                "NOT|a term is missing",
                "a AND|a term is missing",
                "a OR|nothing follows OR",
                "type:\"a|a quotation mark is not closed",
                "date:[2026 TO|a range is not closed",
                "date:[2026]|a range is [a TO b]",
                "date:[TO 2026]|a range is [a TO b]",
                "date:yesterday|'yesterday' is no date",
                "date:2026-13|'2026-13' is no date",
                "date:[2026-02-30 TO *]|'2026-02-30' is no date",
                "type:*a|a wildcard that is not at the end needs at least 3 other characters",
                "]|']' at character 1 begins no term"
            })
    void says_what_cannot_be_read(String query, String message) {
        assertThatExceptionOfType(LogQuery.MalformedQueryException.class)
                .isThrownBy(() -> finds(query))
                .withMessageContaining(message);
    }

    @Test
    void a_query_is_bounded() {
        assertThatExceptionOfType(LogQuery.MalformedQueryException.class)
                .isThrownBy(() -> finds("(".repeat(1_000) + "a" + ")".repeat(1_000)))
                .withMessage("parentheses are nested at most 20 deep");
        assertThatExceptionOfType(LogQuery.MalformedQueryException.class)
                .isThrownBy(() -> finds("a ".repeat(300)))
                .withMessage("a query has at most 200 terms");
        assertThatExceptionOfType(LogQuery.MalformedQueryException.class)
                .isThrownBy(() -> finds("a".repeat(5_000)))
                .withMessage("a query has at most 4000 characters");
    }

    @Test
    void what_all_matches_have_in_common_is_left_to_the_log() throws LogQuery.MalformedQueryException {
        String logId = REFUSED.logId();
        assertThat(LogQuery.parse("type:feccft AND (client_id:a AND log_id:[" + logId + " TO *])", "x")
                        .filter())
                .isEqualTo(new LogFilter("a", "feccft", null, null, logId, null));
        assertThat(LogQuery.parse("log_id:{* TO " + logId + "}", "x").filter())
                .isEqualTo(new LogFilter(null, null, null, null, null, logId));
        assertThat(LogQuery.parse("log_id:[" + logId + " TO " + logId + "] AND log_id:{9 TO 91}", "x")
                        .filter())
                .isEqualTo(new LogFilter(null, null, null, null, logId, logId));
        assertThat(LogQuery.parse("type:feccft OR client_id:a", "x").filter()).isEqualTo(LogFilter.ALL);
        assertThat(LogQuery.parse("NOT type:feccft", "x").filter()).isEqualTo(LogFilter.ALL);
        assertThat(LogQuery.parse("date:2026-11-23", "x").filter())
                .isEqualTo(new LogFilter(
                        null,
                        null,
                        Instant.parse("2026-11-23T00:00:00Z"),
                        Instant.parse("2026-11-24T00:01:00Z"),
                        null,
                        null));
    }
}
