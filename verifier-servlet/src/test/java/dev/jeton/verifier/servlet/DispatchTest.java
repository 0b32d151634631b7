package dev.jeton.verifier.servlet;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jeton.verifier.KeySet;
import dev.jeton.verifier.KeySource;
import dev.jeton.verifier.Requirement;
import dev.jeton.verifier.ResourceGuard;
import jakarta.servlet.AsyncContext;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.Filter;
import jakarta.servlet.ServletContext;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.http.HttpResponse;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** Requests that the filter, or several, meet more than once. */
class DispatchTest {
    private final TestIssuer issuer = new TestIssuer("https://auth.example.com/");
    private final AtomicInteger verifications = new AtomicInteger();
    private final ResourceGuard guard = issuer.guard(counted());

    private KeySource counted() {
        KeySet keys = KeySet.parse(issuer.jwks());
        return () -> {
            verifications.incrementAndGet();
            return keys;
        };
    }

    private Filter filter(String scope) {
        return BearerTokenFilter.of(guard, Requirement.allScopes(scope));
    }

    private static void tellWho(HttpServletRequest request, HttpServletResponse response) throws IOException {
        response.getWriter()
                .print(BearerTokenFilter.token(request).clientId().orElseThrow() + "|" + request.getRemoteUser());
    }

    /** Goes on in another thread, after the token has expired. */
    private void startAsync(HttpServletRequest request, String path) {
        AsyncContext async = request.startAsync();
        async.start(() -> {
            issuer.setClock(issuer.now().plusSeconds(3600));
            async.dispatch(path);
        });
    }

    private void async(ServletContext context) {
        TestApp.servlet(context, "/start", (request, response) -> startAsync(request, "/end"));
        TestApp.servlet(context, "/end", DispatchTest::tellWho);
    }

    @Test
    void an_async_servlet_answers_in_another_thread() {
        try (TestApp app = TestApp.start(context -> {
            TestApp.filter(context, "/*", filter("a"));
            TestApp.servlet(context, "/start", (request, response) -> {
                AsyncContext async = request.startAsync(request, response);
                async.start(() -> {
                    try {
                        tellWho((HttpServletRequest) async.getRequest(), (HttpServletResponse) async.getResponse());
                    } catch (IOException e) {
                        throw new UncheckedIOException(e);
                    }
                    async.complete();
                });
            });
        })) {
            assertThat(app.get("/start", issuer.bearer("a")).body()).isEqualTo("job|job");
        }
    }

    @Test
    void an_async_dispatch_keeps_the_token() {
        try (TestApp app = TestApp.start(context -> {
            TestApp.filter(context, "/*", filter("a"));
            async(context);
        })) {
            assertThat(app.get("/start", issuer.bearer("a")).body()).isEqualTo("job|null");
            assertThat(verifications).hasValue(1);
        }
    }

    @Test
    void an_async_dispatch_that_the_filter_is_mapped_to_keeps_the_principal_and_outlives_the_token() {
        try (TestApp app = TestApp.start(context -> {
            TestApp.filter(context, "/*", filter("a"), DispatcherType.ASYNC);
            async(context);
        })) {
            assertThat(app.get("/start", issuer.bearer("a")).body()).isEqualTo("job|job");
            assertThat(verifications).hasValue(1);
        }
    }

    @Test
    void an_error_page_knows_whose_request_failed() {
        try (TestApp app = TestApp.start(context -> {
            TestApp.filter(context, "/*", filter("a"), DispatcherType.ERROR);
            TestApp.servlet(context, "/fails", (request, response) -> {
                throw new IllegalStateException("a fault");
            });
            TestApp.servlet(context, "/error", DispatchTest::tellWho);
        })) {
            HttpResponse<String> response = app.get("/fails", issuer.bearer("a"));

            assertThat(response.statusCode()).isEqualTo(500);
            assertThat(response.body()).isEqualTo("job|job");
            assertThat(verifications).hasValue(1);
        }
    }

    @Test
    void a_refusal_is_no_error_that_is_dispatched() {
        try (TestApp app = TestApp.start(context -> {
            TestApp.filter(context, "/*", filter("a"));
            TestApp.servlet(context, "/who", DispatchTest::tellWho);
            TestApp.servlet(
                    context,
                    "/error",
                    (request, response) -> response.getWriter().print("an error page"));
        })) {
            HttpResponse<String> response = app.get("/who");

            assertThat(response.statusCode()).isEqualTo(401);
            assertThat(response.body()).startsWith("{\"error\":\"missing_token\"");
        }
    }

    @Test
    void two_filters_of_one_guard_verify_once_and_need_what_each_needs() {
        try (TestApp app = TestApp.start(context -> {
            Filter first = filter("a");
            TestApp.filter(context, "/*", first);
            TestApp.filter(context, "/who", first);
            TestApp.filter(context, "/who", filter("b"));
            TestApp.servlet(context, "/who", DispatchTest::tellWho);
        })) {
            assertThat(app.get("/who", issuer.bearer("a b")).body()).isEqualTo("job|job");
            assertThat(verifications).hasValue(1);

            HttpResponse<String> lacking = app.get("/who", issuer.bearer("a"));
            assertThat(lacking.statusCode()).isEqualTo(403);
            assertThat(lacking.headers().firstValue("WWW-Authenticate").orElseThrow())
                    .endsWith(", scope=\"b\"");
        }
    }

    @Test
    void a_forward_needs_what_its_target_needs_if_the_filter_is_mapped_to_it() {
        try (TestApp app = TestApp.start(context -> {
            TestApp.filter(context, "/from", filter("a"));
            TestApp.filter(context, "/to", filter("b"), DispatcherType.FORWARD);
            TestApp.servlet(
                    context,
                    "/from",
                    (request, response) -> request.getRequestDispatcher("/to").forward(request, response));
            TestApp.servlet(context, "/to", DispatchTest::tellWho);
        })) {
            assertThat(app.get("/from", issuer.bearer("a b")).body()).isEqualTo("job|job");
            assertThat(app.get("/from", issuer.bearer("a")).statusCode()).isEqualTo(403);
        }
    }

    @Test
    void another_guard_verifies_for_itself() {
        TestIssuer other = new TestIssuer("https://other.example.com/");
        try (TestApp app = TestApp.start(context -> {
            TestApp.filter(context, "/*", filter("a"));
            TestApp.filter(context, "/who", BearerTokenFilter.of(other.guard(), Requirement.validToken()));
            TestApp.servlet(context, "/who", DispatchTest::tellWho);
        })) {
            assertThat(app.get("/who", issuer.bearer("a")).statusCode()).isEqualTo(401);
        }
    }

    @Test
    void no_attribute_of_another_type_passes_for_a_verified_token() {
        try (TestApp app = TestApp.start(context -> {
            TestApp.filter(context, "/*", (request, response, chain) -> {
                request.setAttribute(BearerTokenFilter.class.getName() + ".verified", "anything");
                chain.doFilter(request, response);
            });
            TestApp.filter(context, "/*", filter("a"));
            TestApp.servlet(context, "/who", DispatchTest::tellWho);
        })) {
            assertThat(app.get("/who").statusCode()).isEqualTo(401);
        }
    }
}
