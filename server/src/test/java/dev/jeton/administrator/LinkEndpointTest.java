package dev.jeton.administrator;

import static dev.jeton.Answers.assertRefused;
import static dev.jeton.Answers.json;
import static dev.jeton.Answers.message;
import static dev.jeton.administrator.Browser.PASSWORD;
import static dev.jeton.administrator.Browser.token;
import static org.assertj.core.api.Assertions.assertThat;

import dev.jeton.Operator;
import dev.jeton.TestServer;
import dev.jeton.management.SystemScopes;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

class LinkEndpointTest {
    private static final String NO_SUCH_LINK =
            "There is no such link: it was used, has expired or never was; ask for a new one";

    private static TestServer server;
    private static Browser ada;
    private static String unusedFirst;
    private static String usedFirst;
    private static HttpResponse<String> lookAtFirst;
    private static int addresses;

    @BeforeAll
    static void start() {
        server = TestServer.start(Map.of("JETON_BEHIND_PROXY", "127.0.0.0/8"));
        unusedFirst = server.server().makeFirstLink().orElseThrow();
        usedFirst = server.server().makeFirstLink().orElseThrow();
        lookAtFirst = look(usedFirst);
        ada = new Browser(server);
        ada.redeemed(usedFirst, "Ada");
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    private static String invitation(String role) {
        return server.managed("POST", "administrators/invitations", Map.of("role", role))
                .path("url")
                .asString();
    }

    private static String reset(Browser browser) {
        return server.managed("POST", "administrators/" + browser.id() + "/reset", null)
                .path("url")
                .asString();
    }

    /** At an address of its own, since those who fail have to wait. */
    private static Browser elsewhere() {
        addresses++;
        return new Browser(server).from("198.51.100." + addresses);
    }

    private static HttpResponse<String> look(String link) {
        return elsewhere().post("dashboard/links/look", Map.of("token", token(link)));
    }

    private static HttpResponse<String> redeem(String link, String name) {
        return elsewhere().redeem(link, name, PASSWORD);
    }

    private static void assertVoid(String link) {
        assertRefused(look(link), 404, NO_SUCH_LINK, "no_such_link");
        assertRefused(redeem(link, "nobody"), 404, NO_SUCH_LINK, "no_such_link");
    }

    private static HttpResponse<String> lookFrom(String address, String token) {
        return new Browser(server).from(address).post("dashboard/links/look", Map.of("token", token));
    }

    @Test
    void whoever_asks_for_what_is_no_link_waits_and_nobody_else_does() {
        String good = token(invitation("viewer"));
        for (int i = 0; i < 20; i++) {
            assertThat(lookFrom("192.0.2.1", good).statusCode()).isEqualTo(200);
        }
        for (int i = 0; i < FailedSignIns.MOST_BY_NAME_AND_ADDRESS; i++) {
            assertThat(lookFrom("192.0.2.1", "x".repeat(43)).statusCode()).isEqualTo(404);
        }

        HttpResponse<String> refused = lookFrom("192.0.2.1", good);
        assertThat(refused.statusCode()).isEqualTo(429);
        assertThat(json(refused).path("errorCode").asString()).isEqualTo("too_many_attempts");
        assertThat(refused.headers().firstValue("Retry-After")).isPresent();
        assertThat(lookFrom("192.0.2.2", good).statusCode()).isEqualTo(200);
        assertThat(redeem("#" + good, "elsewhere").statusCode()).isEqualTo(200);
    }

    @Test
    void a_link_opens_where_others_failed_to_sign_in() {
        String link = invitation("viewer");
        for (int i = 0; i < FailedSignIns.MOST_BY_ADDRESS; i++) {
            new Browser(server).from("192.0.2.3").signIn("nobody" + i, "not the password");
        }
        Browser there = new Browser(server).from("192.0.2.3");

        assertThat(there.signIn("Ada", PASSWORD).statusCode()).isEqualTo(429);
        assertThat(there.redeem(link, "opened", PASSWORD).statusCode()).isEqualTo(200);
    }

    @Test
    void the_first_link_makes_an_owner_and_all_others_of_its_kind_void() {
        assertThat(usedFirst).matches(server.issuer() + "dashboard/welcome#[A-Za-z0-9_-]{43}");
        assertThat(lookAtFirst.body())
                .isEqualTo("{\"purpose\":\"first\",\"role\":\"owner\",\"name\":null,\"expires_at\":null}");
        assertThat(lookAtFirst.headers().firstValue("Cache-Control")).contains("no-store");
        assertThat(ada.session().path("administrator").path("role").asString()).isEqualTo("owner");
        assertVoid(usedFirst);
        assertVoid(unusedFirst);
        assertThat(server.server().makeFirstLink()).isEmpty();
    }

    @Test
    void an_invitation_says_what_it_is_and_looking_does_not_use_it_up() {
        String link = invitation("editor");

        JsonNode found = json(look(link));
        assertThat(found.path("purpose").asString()).isEqualTo("invitation");
        assertThat(found.path("role").asString()).isEqualTo("editor");
        assertThat(found.path("expires_at").asString())
                .isEqualTo(server.clock().instant().plus(OneTimeLinks.LIFETIME).toString());
        HttpResponse<String> answer = redeem(link, "looked-twice");
        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.headers().firstValue("Set-Cookie").orElseThrow()).startsWith("__Host-jeton-session=");
        assertVoid(link);
    }

    @Test
    void a_link_is_void_when_its_time_is_over() {
        String link = invitation("viewer");
        server.clock().advance(OneTimeLinks.LIFETIME);

        assertVoid(link);
    }

    @Test
    void what_is_no_link_is_one_answer() {
        assertVoid("#x");
        assertVoid("#" + "x".repeat(43));
        assertVoid("#" + "\u00fc".repeat(43));
        assertThat(new Browser(server).post("dashboard/links/look", Map.of()).statusCode())
                .isEqualTo(400);
    }

    @Test
    void of_two_at_once_one_becomes_an_administrator() throws Exception {
        String link = invitation("viewer");
        try (ExecutorService threads = Executors.newFixedThreadPool(2)) {
            List<Callable<Integer>> both = Stream.of("one", "other")
                    .<Callable<Integer>>map(name -> () -> redeem(link, name).statusCode())
                    .toList();
            List<Integer> statuses = threads.invokeAll(both).stream()
                    .map(Future::resultNow)
                    .sorted()
                    .toList();

            assertThat(statuses).containsExactly(200, 404);
        }
    }

    @Test
    void refuses_a_name_or_a_password_that_does_not_fit_and_the_link_stays_good() {
        String link = invitation("viewer");

        assertThat(message(new Browser(server).redeem(link, null, PASSWORD)))
                .isEqualTo("Payload validation error: 'Missing required property: name'.");
        for (String name : List.of("a b", "\u00e4", "x".repeat(65))) {
            assertThat(message(redeem(link, name)))
                    .isEqualTo(
                            "Payload validation error: 'A name has 1 to 64 letters, digits, dots, underscores, hyphens and"
                                    + " at signs' on property name.");
        }
        assertThat(message(redeem(link, "ADA")))
                .isEqualTo("Payload validation error: 'An administrator has this name already; choose another' on"
                        + " property name.");
        assertThat(message(new Browser(server).redeem(link, "new", "short")))
                .isEqualTo(
                        "Payload validation error: 'String is too short (5 chars), minimum 12' on property password.");
        assertThat(message(new Browser(server).redeem(link, "new", "x".repeat(1_025))))
                .isEqualTo("Payload validation error: 'String is too long (1025 chars), maximum 1024' on property"
                        + " password.");
        assertThat(redeem(link, "new").statusCode()).isEqualTo(200);
    }

    @Test
    void a_reset_sets_a_password_and_ends_every_session_of_before() {
        Browser grace = Browser.of(server, Role.EDITOR, "Grace");
        String withdrawn = reset(grace);
        String link = reset(grace);
        String next = "another horse, another staple";

        assertVoid(withdrawn);
        JsonNode found = json(look(link));
        assertThat(found.path("purpose").asString()).isEqualTo("reset");
        assertThat(found.path("name").asString()).isEqualTo("Grace");
        assertThat(found.path("role").asString()).isEqualTo("editor");
        assertThat(message(redeem(link, "Grace")))
                .isEqualTo(
                        "Payload validation error: 'A new password changes no name; leave it out' on property name.");
        assertThat(new Browser(server).signIn("Grace", PASSWORD).statusCode()).isEqualTo(200);

        Browser elsewhere = new Browser(server);
        assertThat(elsewhere.redeem(link, null, next).statusCode()).isEqualTo(200);

        assertThat(elsewhere.session().path("administrator").path("name").asString())
                .isEqualTo("Grace");
        assertThat(grace.send("GET", "dashboard/session", null).statusCode()).isEqualTo(401);
        assertThat(grace.signIn("Grace", PASSWORD).statusCode()).isEqualTo(401);
        assertThat(grace.signIn("Grace", next).statusCode()).isEqualTo(200);
        assertVoid(link);
    }

    @Test
    void a_reset_made_before_a_promotion_does_not_lead_to_what_was_gained() {
        Browser lee = Browser.of(server, Role.VIEWER, "Lee");
        String link = reset(lee);

        server.managed("PATCH", "administrators/" + lee.id(), Map.of("role", "owner"));

        assertVoid(link);
    }

    private static Operator operator() {
        return Operator.with(server, SystemScopes.ALL.values().toArray(String[]::new));
    }

    private static String asked(Operator by, String path) {
        return json(by.call("POST", path, Map.of("role", "owner"))).path("url").asString();
    }

    @Test
    void a_link_ends_with_the_client_that_asked_for_it() {
        Operator operator = operator();
        String link = asked(operator, "administrators/invitations");
        assertThat(look(link).statusCode()).isEqualTo(200);

        server.managed("DELETE", "clients/" + operator.clientId(), null);

        assertVoid(link);
    }

    @Test
    void a_link_is_void_when_the_client_that_asked_for_it_could_not_ask_any_more() {
        Operator operator = operator();
        String invitation = asked(operator, "administrators/invitations");
        Browser noor = Browser.of(server, Role.VIEWER, "Noor");
        String reset = json(operator.call("POST", "administrators/" + noor.id() + "/reset", null))
                .path("url")
                .asString();
        List<String> scopes = new ArrayList<>(Role.VIEWER.scopes().values());
        scopes.add(OneTimeLinks.UPDATE);

        server.managed("PATCH", "client-grants/" + operator.grantId(), Map.of("scope", scopes));
        assertVoid(invitation);
        assertThat(look(reset).statusCode()).isEqualTo(200);

        server.managed("DELETE", "client-grants/" + operator.grantId(), null);
        assertVoid(reset);
    }

    @Test
    void a_new_password_ends_what_was_asked_for_with_the_old_one() {
        Browser olga = Browser.of(server, Role.OWNER, "Olga");
        String first = asked(olga);
        String next = "another horse, another staple";

        assertThat(olga.post("dashboard/session/password", Map.of("current", PASSWORD, "new", next))
                        .statusCode())
                .isEqualTo(204);
        assertVoid(first);

        String second = asked(olga);
        assertThat(new Browser(server).redeem(reset(olga), null, PASSWORD).statusCode())
                .isEqualTo(200);
        assertVoid(second);
    }

    private static String asked(Browser by) {
        return json(by.manage("POST", "administrators/invitations", Map.of("role", "owner")))
                .path("url")
                .asString();
    }
}
