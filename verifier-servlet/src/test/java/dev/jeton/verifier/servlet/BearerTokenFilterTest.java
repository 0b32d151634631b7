package dev.jeton.verifier.servlet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.jeton.verifier.KeysUnavailableException;
import dev.jeton.verifier.Requirement;
import jakarta.servlet.Filter;
import jakarta.servlet.ServletContext;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.text.MessageFormat;
import java.time.Duration;
import java.util.Date;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is let through and what is answered instead. */
class BearerTokenFilterTest {
    private static final String READ = "read:timesheets";
    private static final TestIssuer ISSUER = new TestIssuer("https://auth.example.com/");
    private static final AtomicInteger CALLS = new AtomicInteger();

    private static TestApp app;

    @BeforeAll
    static void start() {
        app = TestApp.start(BearerTokenFilterTest::setUp);
    }

    @AfterAll
    static void stop() {
        app.close();
    }

    private static void setUp(ServletContext context) {
        Filter readers = BearerTokenFilter.of(ISSUER.guard(), Requirement.allScopes(READ));
        Filter cors = (request, response, chain) -> {
            ((HttpServletResponse) response).setHeader("Access-Control-Allow-Origin", "https://app.example.com");
            if (!((HttpServletRequest) request).getMethod().equals("OPTIONS")) {
                chain.doFilter(request, response);
            }
        };
        TestApp.filter(context, "/timesheets", readers);
        TestApp.filter(context, "/cors", cors);
        TestApp.filter(context, "/cors", readers);
        TestApp.filter(
                context,
                "/by-method",
                BearerTokenFilter.perRequest(
                        ISSUER.guard(),
                        request -> request.getMethod().equals("GET")
                                ? Requirement.allScopes(READ)
                                : Requirement.allScopes("create:timesheets")));
        TestApp.filter(
                context,
                "/no-keys",
                BearerTokenFilter.of(
                        ISSUER.guard(() -> {
                            throw new KeysUnavailableException("http://10.0.0.7 is down", null, Duration.ofSeconds(7));
                        }),
                        Requirement.validToken()));
        TestApp.filter(
                context,
                "/broken-keys",
                BearerTokenFilter.of(
                        ISSUER.guard(() -> {
                            throw new IllegalStateException("a fault");
                        }),
                        Requirement.validToken()));
        TestApp.filter(context, "/committed", (request, response, chain) -> {
            response.flushBuffer();
            chain.doFilter(request, response);
        });
        TestApp.filter(context, "/committed", readers);
        for (String path :
                new String[] {"/timesheets", "/cors", "/by-method", "/no-keys", "/broken-keys", "/committed"}) {
            TestApp.servlet(context, path, BearerTokenFilterTest::tellWho);
        }
        TestApp.servlet(context, "/unprotected", (request, response) -> BearerTokenFilter.token(request));
        TestApp.servlet(context, "/error", (request, response) -> {
            Throwable thrown = (Throwable) request.getAttribute("jakarta.servlet.error.exception");
            response.getWriter().print(thrown.getMessage());
        });
    }

    private static void tellWho(HttpServletRequest request, HttpServletResponse response) throws IOException {
        CALLS.incrementAndGet();
        String body = new String(request.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        response.getWriter()
                .print(BearerTokenFilter.token(request).clientId().orElse("no client") + "|"
                        + (request.getUserPrincipal() == null
                                ? "no principal"
                                : request.getUserPrincipal().getName()) + "|"
                        + request.getRemoteUser() + "|"
                        + request.getAuthType() + "|"
                        + request.isUserInRole(READ) + "|"
                        + request.isUserInRole("write:timesheets") + "|"
                        + body);
    }

    private static String challenge(HttpResponse<?> response) {
        return String.join("\n", response.headers().allValues("WWW-Authenticate"));
    }

    /** Header and body say the same. */
    private static void assertRefused(HttpResponse<String> response, int status, String error, String description) {
        assertThat(response.statusCode()).isEqualTo(status);
        assertThat(response.body())
                .isEqualTo("{\"error\":\"" + error + "\",\"error_description\":\"" + description + "\"}");
        assertThat(response.headers().allValues("Content-Type")).containsExactly("application/json");
        assertThat(response.headers().allValues("Cache-Control")).containsExactly("no-store");
        assertThat(challenge(response))
                .startsWith("Bearer realm=\"api\", error=\"" + error + "\", error_description=\"" + description + "\"");
    }

    @Test
    void lets_a_good_token_through_and_tells_the_servlet_whose_it_is() {
        HttpResponse<String> response = app.get("/timesheets", ISSUER.bearer("read:timesheets other"));

        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(response.body()).isEqualTo("job|job|job|Bearer|true|false|");
    }

    @Test
    void names_the_subject_where_a_client_acts_for_somebody_else() {
        HttpResponse<String> response = app.get(
                "/timesheets", ISSUER.bearer(ISSUER.claims(READ).subject("ada").claim("gty", null)));

        assertThat(response.body()).isEqualTo("job|ada|ada|Bearer|true|false|");
    }

    @Test
    void names_nobody_if_the_token_does_not() {
        HttpResponse<String> response = app.get(
                "/timesheets", ISSUER.bearer(ISSUER.claims(READ).subject(null).claim("azp", null)));

        assertThat(response.body()).isEqualTo("no client|no principal|null|Bearer|true|false|");
    }

    @ParameterizedTest
    @ValueSource(strings = {"Basic am9iOnNlY3JldA==", "Bearerx y", "DPoP x.y.z"})
    void asks_for_a_token_if_another_scheme_is_used(String authorization) {
        HttpResponse<String> response = app.get("/timesheets", authorization);

        assertThat(response.statusCode()).isEqualTo(401);
        assertThat(challenge(response)).isEqualTo("Bearer realm=\"api\"");
    }

    @Test
    void asks_for_a_token_if_there_is_none_and_calls_nothing_behind() {
        int before = CALLS.get();
        HttpResponse<String> response =
                app.get("/timesheets?access_token=" + ISSUER.bearer(READ).substring("Bearer ".length()));

        assertThat(response.statusCode()).isEqualTo(401);
        assertThat(challenge(response)).isEqualTo("Bearer realm=\"api\"");
        assertThat(response.headers().firstValue("Content-Type")).contains("application/json");
        assertThat(response.body()).startsWith("{\"error\":\"missing_token\",");
        assertThat(CALLS).hasValue(before);
    }

    @Test
    void refuses_two_headers_even_if_both_are_good() {
        String good = ISSUER.bearer(READ);

        assertRefused(
                app.get("/timesheets", good, good),
                400,
                "invalid_request",
                "There is more than one Authorization header.");
        assertRefused(
                app.get("/timesheets", good, "Basic am9iOnNlY3JldA=="),
                400,
                "invalid_request",
                "There is more than one Authorization header.");
    }

    @Test
    void refuses_what_is_not_one_token() {
        assertRefused(
                app.get("/timesheets", "Bearer a b"),
                400,
                "invalid_request",
                "The Authorization header is not Bearer and one token.");
        assertRefused(
                app.get("/timesheets", "Bearer garbage"),
                401,
                "invalid_token",
                "The token is not a JWT: three base64url parts, with a JSON object in the first two.");
    }

    @Test
    void refuses_an_expired_token() {
        assertRefused(
                app.get(
                        "/timesheets",
                        ISSUER.bearer(ISSUER.claims(READ)
                                .expirationTime(Date.from(ISSUER.now().minusSeconds(5))))),
                401,
                "invalid_token",
                "The token has expired.");
    }

    @Test
    void refuses_a_token_for_another_api() {
        assertRefused(
                app.get("/timesheets", ISSUER.bearer(ISSUER.claims(READ).audience("https://other.example.com"))),
                401,
                "invalid_token",
                "The token's aud does not name this API.");
    }

    @Test
    void refuses_a_token_without_the_scope_and_names_the_scope() {
        HttpResponse<String> response = app.get("/timesheets", ISSUER.bearer("read:timesheet"));

        assertRefused(response, 403, "insufficient_scope", "The token lacks a scope that this request needs.");
        assertThat(challenge(response)).endsWith(", scope=\"read:timesheets\"");
    }

    @Test
    void needs_what_the_request_calls_for() {
        String reader = ISSUER.bearer(READ);

        assertThat(app.get("/by-method", reader).statusCode()).isEqualTo(200);
        HttpResponse<String> post = app.send(
                app.request("/by-method").header("Authorization", reader).POST(BodyPublishers.noBody()));
        assertThat(post.statusCode()).isEqualTo(403);
        assertThat(challenge(post)).endsWith(", scope=\"create:timesheets\"");
    }

    @Test
    void says_when_to_try_again_if_the_keys_cannot_be_had() {
        HttpResponse<String> response = app.get("/no-keys", ISSUER.bearer(READ));

        assertThat(response.statusCode()).isEqualTo(503);
        assertThat(response.headers().allValues("Retry-After")).containsExactly("7");
        assertThat(challenge(response)).isEmpty();
        assertThat(response.body())
                .isEqualTo("{\"error\":\"temporarily_unavailable\","
                        + "\"error_description\":\"The API cannot check access tokens now; try again.\"}");
    }

    @Test
    void a_fault_in_the_check_lets_nobody_through() {
        int before = CALLS.get();

        assertThat(app.get("/broken-keys", ISSUER.bearer(READ)).statusCode()).isEqualTo(500);
        assertThat(CALLS).hasValue(before);
    }

    @Test
    void leaves_the_body_to_the_servlet() {
        HttpResponse<String> response = app.send(app.request("/timesheets")
                .header("Authorization", ISSUER.bearer(READ))
                .header("Content-Type", "application/x-www-form-urlencoded")
                .POST(BodyPublishers.ofString("access_token=x&hours=7")));

        assertThat(response.body()).endsWith("|access_token=x&hours=7");
    }

    @Test
    void takes_no_token_from_the_body() {
        HttpResponse<String> response = app.send(app.request("/timesheets")
                .header("Content-Type", "application/x-www-form-urlencoded")
                .POST(BodyPublishers.ofString(
                        "access_token=" + ISSUER.bearer(READ).substring("Bearer ".length()))));

        assertThat(response.statusCode()).isEqualTo(401);
    }

    @ParameterizedTest
    @ValueSource(strings = {"OPTIONS", "HEAD", "DELETE", "PROPFIND"})
    void needs_a_token_for_every_method(String method) {
        HttpResponse<String> response = app.send(app.request("/timesheets").method(method, BodyPublishers.noBody()));

        assertThat(response.statusCode()).isEqualTo(401);
        assertThat(challenge(response)).isEqualTo("Bearer realm=\"api\"");
    }

    @Test
    void a_cors_filter_in_front_answers_preflight_and_adds_its_headers_to_refusals() {
        HttpResponse<String> preflight = app.send(app.request("/cors").method("OPTIONS", BodyPublishers.noBody()));
        HttpResponse<String> refused = app.get("/cors");

        assertThat(preflight.statusCode()).isEqualTo(200);
        assertThat(refused.statusCode()).isEqualTo(401);
        assertThat(refused.headers().firstValue("Access-Control-Allow-Origin")).contains("https://app.example.com");
    }

    @Test
    void reading_the_token_where_no_filter_is_says_so() {
        HttpResponse<String> response = app.get("/unprotected", ISSUER.bearer(READ));

        assertThat(response.statusCode()).isEqualTo(500);
        assertThat(response.body()).isEqualTo("No BearerTokenFilter has let this request through; map one to its path");
    }

    @Test
    void breaks_off_if_a_refusal_comes_too_late_to_be_sent() {
        int before = CALLS.get();

        assertThatThrownBy(() -> app.get("/committed")).hasCauseInstanceOf(IOException.class);
        assertThat(CALLS).hasValue(before);
    }

    @Test
    void tokens_with_spaces_too_many_and_any_case_of_the_scheme_are_let_through() {
        String token = ISSUER.bearer(READ).substring("Bearer ".length());

        assertThat(app.get("/timesheets", "bEARER   " + token + " ").statusCode())
                .isEqualTo(200);
    }

    @Test
    void logs_why_a_token_was_refused_and_never_the_token() {
        List<String> logged = new CopyOnWriteArrayList<>();
        Logger logger = Logger.getLogger(BearerTokenFilter.class.getName());
        Handler handler = new Handler() {
            @Override
            public void publish(LogRecord entry) {
                logged.add(MessageFormat.format(entry.getMessage(), entry.getParameters()));
            }

            @Override
            public void flush() {}

            @Override
            public void close() {}
        };
        logger.setLevel(Level.FINE);
        logger.addHandler(handler);
        try {
            app.get("/timesheets", ISSUER.bearer(ISSUER.claims(READ).audience("https://other.example.com")));
            app.get("/timesheets");
        } finally {
            logger.removeHandler(handler);
            logger.setLevel(null);
        }

        assertThat(logged).containsExactly("Refused with 401 wrong_audience", "Refused with 401 missing_token");
    }
}
