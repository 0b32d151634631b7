package dev.jeton.administrator;

import static dev.jeton.Answers.each;
import static dev.jeton.Answers.json;
import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.Appender;
import ch.qos.logback.core.read.ListAppender;
import dev.jeton.Await;
import dev.jeton.TestServer;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.JsonNode;

/** What the logs say of administrators, with every logger open: who did what, and no secret. */
class SignInRecordsTest {
    private final Logger root = (Logger) LoggerFactory.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
    private final ListAppender<ILoggingEvent> events = new ListAppender<>();
    private final List<Appender<ILoggingEvent>> usual = new ArrayList<>();
    private TestServer server;

    @BeforeEach
    void listen() {
        root.iteratorForAppenders().forEachRemaining(usual::add);
        usual.forEach(root::detachAppender);
        root.addAppender(events);
        events.start();
        root.setLevel(Level.DEBUG);
        server = TestServer.start();
    }

    @AfterEach
    void stop() {
        server.close();
        root.setLevel(Level.WARN);
        root.detachAppender(events);
        usual.forEach(root::addAppender);
    }

    private String lines() {
        StringBuilder lines = new StringBuilder();
        List.copyOf(events.list)
                .forEach(event -> lines.append(event.getFormattedMessage())
                        .append(' ')
                        .append(event.getKeyValuePairs())
                        .append('\n'));
        return lines.toString();
    }

    @Test
    void every_decision_is_recorded_and_no_record_or_line_has_a_secret() {
        String next = "another horse, another staple";
        String wrong = "typed into the wrong field";
        String first = server.server().makeFirstLink().orElseThrow();
        Browser ada = new Browser(server);
        ada.redeemed(first, "Ada");
        List<String> secrets = new ArrayList<>(
                List.of(Browser.token(first), ada.cookie(), ada.csrf(), Browser.PASSWORD, next, wrong, "argon2id"));
        ada.signIn("ada", wrong);
        ada.signIn(wrong, Browser.PASSWORD);
        ada.signIn("typed-into-the-wrong-field", Browser.PASSWORD);
        secrets.add("typed-into-the-wrong-field");
        ada.post("dashboard/session/password", Map.of("current", wrong, "new", next));
        ada.post("dashboard/session/password", Map.of("current", Browser.PASSWORD, "new", next));
        HttpResponse<String> invitation = ada.manage("POST", "administrators/invitations", Map.of("role", "viewer"));
        Browser grace = new Browser(server);
        grace.redeemed(json(invitation).path("url").asString(), "Grace");
        HttpResponse<String> reset = ada.manage("POST", "administrators/" + grace.id() + "/reset", null);
        grace.redeem(json(reset).path("url").asString(), null, next);
        secrets.addAll(List.of(
                Browser.token(json(invitation).path("url").asString()),
                Browser.token(json(reset).path("url").asString()),
                grace.cookie(),
                grace.csrf()));
        ada.send("DELETE", "dashboard/session", null);

        JsonNode records = server.managed("GET", "logs?sort=date:1&per_page=100&q=NOT%20type:seccft", null);
        assertThat(each(records, "type"))
                .containsExactly("ss", "fp", "fu", "fu", "fcp", "scp", "sapi", "ss", "sapi", "scp", "slo");
        assertThat(each(records, "user_name"))
                .containsExactly("Ada", "Ada", "", "", "Ada", "Ada", "Ada", "Grace", "Ada", "Grace", "Ada");
        assertThat(records.get(1).path("ip").asString()).isEqualTo("127.0.0.1");
        assertThat(records.get(7).path("details").path("link").asString()).isEqualTo("invitation");
        assertThat(records.get(7).path("details").path("role").asString()).isEqualTo("viewer");
        JsonNode change = records.get(6);
        assertThat(change.path("user_id").asString()).startsWith("adm_");
        assertThat(change.path("client_id").isNull()).isTrue();
        assertThat(change.path("client_name").asString()).isEmpty();
        assertThat(change.path("details")
                        .path("request")
                        .path("auth")
                        .path("strategy")
                        .asString())
                .isEqualTo("session");
        assertThat(change.path("details")
                        .path("request")
                        .path("auth")
                        .path("user")
                        .path("name")
                        .asString())
                .isEqualTo("Ada");
        assertThat(each(server.managed("GET", "logs?q=user_name:Grace", null), "type"))
                .containsExactly("scp", "ss");
        for (String secret : secrets) {
            assertThat(records.toString()).doesNotContain(secret);
            assertThat(lines()).doesNotContain(secret);
        }
    }

    @Test
    void the_line_of_a_request_names_the_administrator() {
        Browser ada = Browser.ofFirst(server, "Ada");
        String id = ada.id();

        String request = ada.manage("GET", "clients", null)
                .headers()
                .firstValue("X-Auth0-RequestId")
                .orElseThrow();

        Await.until("the line is there", () -> lines().contains(request));
        assertThat(lines().lines().filter(line -> line.contains(request)))
                .singleElement()
                .asString()
                .contains("user_id=\"" + id + "\"", "user_name=\"Ada\"")
                .doesNotContain("client_id");
    }
}
