package dev.jeton.administrator;

import static dev.jeton.Answers.assertRefused;
import static dev.jeton.Answers.json;
import static dev.jeton.Answers.message;
import static dev.jeton.Answers.texts;
import static dev.jeton.administrator.Browser.PASSWORD;
import static org.assertj.core.api.Assertions.assertThat;

import dev.jeton.TestServer;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

class SessionEndpointTest {
    private static final String NOT_SIGNED_IN = "You are not signed in, or the session has ended: sign in";
    private static final String WRONG = "The name or the password is wrong";

    private static TestServer server;
    private static Browser ada;

    @BeforeAll
    static void start() {
        server = TestServer.start();
        ada = Browser.ofFirst(server, "Ada");
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    /** What failed before is forgotten, and Ada has not been away for long. */
    @BeforeEach
    void later() {
        server.clock().advance(FailedSignIns.WINDOW);
        ada.signIn("ada", PASSWORD);
    }

    private static Browser signedIn() {
        Browser browser = new Browser(server);
        assertThat(browser.signIn("ada", PASSWORD).statusCode()).isEqualTo(200);
        return browser;
    }

    private static void assertEnded(Browser browser) {
        assertRefused(browser.send("GET", "dashboard/session", null), 401, NOT_SIGNED_IN, "not_signed_in");
        assertRefused(browser.manage("GET", "clients", null), 401, NOT_SIGNED_IN, "not_signed_in");
    }

    @Test
    void a_session_says_who_it_is_and_what_the_page_needs() {
        HttpResponse<String> answer = ada.send("GET", "dashboard/session", null);

        JsonNode session = json(answer);
        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.headers().firstValue("Cache-Control")).contains("no-store");
        assertThat(answer.headers().firstValue("X-Content-Type-Options")).contains("nosniff");
        assertThat(session.propertyNames())
                .containsExactly(
                        "administrator", "scopes", "csrf_token", "expires_at", "issuer", "version", "secrets_reveal");
        assertThat(session.path("administrator").path("id").asString()).matches("adm_[A-Za-z0-9]{16}");
        assertThat(session.path("administrator").path("name").asString()).isEqualTo("Ada");
        assertThat(session.path("administrator").path("role").asString()).isEqualTo("owner");
        assertThat(texts(session.path("scopes"))).contains("create:administrators", "read:client_keys");
        assertThat(session.path("expires_at").asString())
                .isEqualTo(server.clock().instant().plus(Duration.ofHours(12)).toString());
        assertThat(session.path("issuer").asString()).isEqualTo(server.issuer());
        assertThat(session.path("secrets_reveal").asBoolean()).isTrue();
    }

    @Test
    void the_cookie_is_for_this_server_by_tls_and_for_no_script() {
        HttpResponse<String> answer = new Browser(server).signIn("ada", PASSWORD);

        assertThat(answer.headers().allValues("Set-Cookie")).hasSize(1);
        assertThat(answer.headers().firstValue("Set-Cookie").orElseThrow())
                .matches("__Host-jeton-session=[A-Za-z0-9_-]{43}; Path=/; Secure; HttpOnly; SameSite=Strict");
        assertThat(answer.headers().firstValue("Cache-Control")).contains("no-store");
    }

    @Test
    void a_wrong_password_and_an_unknown_name_are_one_answer() {
        assertRefused(new Browser(server).signIn("ada", "not the password"), 401, WRONG, "invalid_credentials");
        assertRefused(new Browser(server).signIn("bob", PASSWORD), 401, WRONG, "invalid_credentials");
        assertRefused(new Browser(server).signIn("no name at all", PASSWORD), 401, WRONG, "invalid_credentials");
    }

    @Test
    void refuses_a_body_that_does_not_fit_and_names_the_field() {
        assertThat(message(ada.post("dashboard/session", Map.of("name", "ada"))))
                .isEqualTo("Payload validation error: 'Missing required property: password'.");
        assertThat(message(ada.post("dashboard/session", Map.of("name", "ada", "password", "x".repeat(1_025)))))
                .isEqualTo("Payload validation error: 'String is too long (1025 chars), maximum 1024' on property"
                        + " password.");
        assertThat(ada.post("dashboard/session", Map.of("name", "ada", "password", "x".repeat(20_000)))
                        .statusCode())
                .isEqualTo(413);
    }

    @Test
    void signing_out_ends_the_session_and_clears_the_cookie() {
        Browser browser = signedIn();
        String cookie = browser.cookie();

        HttpResponse<String> answer = browser.send("DELETE", "dashboard/session", null);

        assertThat(answer.statusCode()).isEqualTo(204);
        assertThat(answer.headers().firstValue("Set-Cookie"))
                .contains("__Host-jeton-session=; Path=/; Secure; HttpOnly; SameSite=Strict; Max-Age=0");
        assertThat(browser.cookie()).isEqualTo(cookie);
        assertEnded(browser);
        assertThat(ada.session()).isNotEmpty();
    }

    @Test
    void nobody_is_signed_in_without_a_cookie_or_with_one_that_is_none() {
        Browser nobody = new Browser(server);

        assertRefused(nobody.send("GET", "dashboard/session", null), 401, NOT_SIGNED_IN, "not_signed_in");
        for (String cookie :
                List.of("__Host-jeton-session=", "__Host-jeton-session=x", "jeton-session=" + ada.csrf())) {
            assertRefused(
                    nobody.send("GET", "dashboard/session", null, List.of("Cookie", cookie)),
                    401,
                    NOT_SIGNED_IN,
                    "not_signed_in");
        }
    }

    @Test
    void signing_in_again_ends_the_session_that_the_browser_had_and_no_other() {
        Browser browser = signedIn();
        Browser elsewhere = signedIn();
        String cookie = browser.cookie();

        assertThat(browser.signIn("ada", PASSWORD).statusCode()).isEqualTo(200);

        assertRefused(
                new Browser(server).send("GET", "dashboard/session", null, List.of("Cookie", cookie)),
                401,
                NOT_SIGNED_IN,
                "not_signed_in");
        assertThat(browser.session()).isNotEmpty();
        assertThat(elsewhere.session()).isNotEmpty();
    }

    @Test
    void a_session_ends_after_an_hour_without_a_request() {
        Browser browser = signedIn();
        server.clock().advance(Duration.ofMinutes(59));
        assertThat(browser.manage("GET", "clients", null).statusCode()).isEqualTo(200);
        server.clock().advance(Duration.ofMinutes(59));
        assertThat(browser.session()).isNotEmpty();

        server.clock().advance(Duration.ofMinutes(60));

        assertEnded(browser);
    }

    @Test
    void what_a_page_asks_by_itself_in_front_of_which_nobody_sits_does_not_keep_a_session_alive() {
        Browser browser = signedIn();
        server.clock().advance(Duration.ofMinutes(59));
        assertThat(browser.send("GET", "api/v2/clients", null, List.of("X-Unattended", "true"))
                        .statusCode())
                .isEqualTo(200);

        server.clock().advance(Duration.ofMinutes(1));

        assertEnded(browser);
    }

    @Test
    void a_session_ends_twelve_hours_after_the_sign_in_whatever_happens() {
        Browser browser = signedIn();
        for (int half = 1; half < 24; half++) {
            server.clock().advance(Duration.ofMinutes(30));
            assertThat(browser.session()).isNotEmpty();
        }

        server.clock().advance(Duration.ofMinutes(30));

        assertEnded(browser);
    }

    @Test
    void a_new_password_ends_all_other_sessions() {
        Browser grace = Browser.of(server, Role.EDITOR, "grace");
        Browser elsewhere = new Browser(server);
        assertThat(elsewhere.signIn("grace", PASSWORD).statusCode()).isEqualTo(200);
        String next = "another horse, another staple";

        assertRefused(
                grace.post("dashboard/session/password", Map.of("current", "not the password", "new", next)),
                400,
                "The password in 'current' is wrong",
                "invalid_credentials");
        assertThat(message(grace.post("dashboard/session/password", Map.of("current", PASSWORD, "new", "short"))))
                .isEqualTo("Payload validation error: 'String is too short (5 chars), minimum 12' on property new.");
        assertThat(elsewhere.session()).isNotEmpty();
        assertThat(grace.post("dashboard/session/password", Map.of("current", PASSWORD, "new", next))
                        .statusCode())
                .isEqualTo(204);

        assertEnded(elsewhere);
        assertThat(grace.session()).isNotEmpty();
        assertThat(elsewhere.signIn("grace", PASSWORD).statusCode()).isEqualTo(401);
        assertThat(elsewhere.signIn("grace", next).statusCode()).isEqualTo(200);
    }

    @Test
    void strangers_at_the_same_address_do_not_keep_anybody_from_a_new_password() {
        Browser kim = Browser.of(server, Role.EDITOR, "kim");
        Map<String, String> wrong = Map.of("current", "not the password", "new", "another horse, another staple");
        for (int i = 0; i < FailedSignIns.MOST_BY_ADDRESS; i++) {
            new Browser(server).signIn("kim" + i % 3, "not the password");
        }
        assertThat(new Browser(server).signIn("kim", PASSWORD).statusCode()).isEqualTo(429);

        assertThat(kim.post("dashboard/session/password", Map.of("current", PASSWORD, "new", PASSWORD + "!"))
                        .statusCode())
                .isEqualTo(204);
        for (int i = 0; i < FailedSignIns.MOST_BY_ADMINISTRATOR; i++) {
            assertThat(kim.post("dashboard/session/password", wrong).statusCode())
                    .isEqualTo(400);
        }
        assertThat(kim.post("dashboard/session/password", wrong).statusCode()).isEqualTo(429);
    }

    @Test
    void an_accent_counts_as_one_however_the_keyboard_writes_it() {
        Browser browser = new Browser(server);
        String link = server.managed("POST", "administrators/invitations", Map.of("role", "viewer"))
                .path("url")
                .asString();
        assertThat(browser.redeem(link, "emile", "caf\u00e9 au lait, deux fois").statusCode())
                .isEqualTo(200);

        assertThat(browser.signIn("emile", "cafe\u0301 au lait, deux fois").statusCode())
                .isEqualTo(200);
    }
}
