package dev.jeton.verifier.spring;

import static dev.jeton.verifier.spring.TestIssuer.AUDIENCE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.springframework.security.test.web.servlet.request.SecurityMockMvcRequestPostProcessors.jwt;
import static org.springframework.security.test.web.servlet.setup.SecurityMockMvcConfigurers.springSecurity;

import java.net.http.HttpResponse;
import java.security.Principal;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.http.HttpMethod;
import org.springframework.security.access.prepost.PreAuthorize;
import org.springframework.security.config.annotation.method.configuration.EnableMethodSecurity;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.core.Authentication;
import org.springframework.security.core.GrantedAuthority;
import org.springframework.security.core.annotation.AuthenticationPrincipal;
import org.springframework.security.oauth2.jwt.Jwt;
import org.springframework.security.web.SecurityFilterChain;
import org.springframework.test.web.servlet.assertj.MockMvcTester;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RestController;

/** Spring Boot as its users run it: real requests to its Tomcat, with tokens of an issuer on another port. */
class ResourceServerTest {
    private static final TestIssuer ISSUER = new TestIssuer();
    private static TestApi api;

    @Configuration(proxyBeanMethods = false)
    @EnableAutoConfiguration
    @EnableMethodSecurity
    static class Timesheets {
        @Bean
        SecurityFilterChain chain(HttpSecurity http, JetonResourceServer jeton) {
            return jeton.protect(http)
                    .authorizeHttpRequests(requests -> requests.requestMatchers(HttpMethod.POST, "/timesheets/upload")
                            .hasAuthority("SCOPE_batch:upload")
                            .requestMatchers("/reports")
                            .hasAllAuthorities("SCOPE_read:timesheets", "SCOPE_read:reports")
                            .requestMatchers("/approvals")
                            .hasAuthority("PERMISSION_approve:timesheets")
                            .requestMatchers("/me", "/annotated", "/broken")
                            .authenticated()
                            .anyRequest()
                            .denyAll())
                    .build();
        }

        @Bean
        Controller controller() {
            return new Controller();
        }
    }

    @RestController
    static class Controller {
        @PostMapping("/timesheets/upload")
        String upload(@AuthenticationPrincipal Jwt token) {
            return "uploaded by " + token.getClaimAsString("azp");
        }

        @GetMapping("/reports")
        String reports() {
            return "reports";
        }

        @GetMapping("/approvals")
        String approvals() {
            return "approvals";
        }

        @GetMapping("/me")
        String me(Principal principal, Authentication authentication) {
            List<String> authorities = authentication.getAuthorities().stream()
                    .map(GrantedAuthority::getAuthority)
                    .sorted()
                    .toList();
            return principal.getName() + " " + authorities;
        }

        @GetMapping("/annotated")
        @PreAuthorize("hasAuthority('SCOPE_read:timesheets')")
        String annotated() {
            return "annotated";
        }

        @GetMapping("/broken")
        String broken() {
            throw new IllegalStateException("broken");
        }
    }

    @BeforeAll
    static void start() {
        api = new TestApi(Timesheets.class, "jeton.issuer=" + ISSUER.url(), "jeton.audience=" + AUDIENCE);
    }

    @AfterAll
    static void stop() {
        api.close();
        ISSUER.close();
    }

    private static HttpResponse<String> upload(String... authorizationHeaders) {
        return api.send("POST", "/timesheets/upload", authorizationHeaders);
    }

    private static String bearer(String scope) {
        return "Bearer " + ISSUER.token(scope);
    }

    private static void assertAnswer(HttpResponse<String> response, int status, String challenge, String body) {
        assertThat(response.statusCode()).isEqualTo(status);
        assertThat(response.headers().allValues("WWW-Authenticate")).containsExactly(challenge);
        assertThat(response.headers().allValues("Cache-Control")).containsExactly("no-store");
        assertThat(response.headers().allValues("Content-Type")).containsExactly("application/json");
        assertThat(response.headers().allValues("Set-Cookie")).isEmpty();
        assertThat(response.body()).isEqualTo(body);
    }

    private static void assertRefused(HttpResponse<String> response, int status, String error, String description) {
        assertRefused(response, status, error, description, "");
    }

    private static void assertRefused(
            HttpResponse<String> response, int status, String error, String description, String furtherParameters) {
        assertAnswer(
                response,
                status,
                "Bearer realm=\"api\", error=\"" + error + "\", error_description=\"" + description + "\""
                        + furtherParameters,
                "{\"error\":\"" + error + "\",\"error_description\":\"" + description + "\"}");
    }

    private static void assertAskedForAToken(HttpResponse<String> response) {
        assertAnswer(
                response,
                401,
                "Bearer realm=\"api\"",
                "{\"error\":\"missing_token\",\"error_description\":"
                        + "\"Send an access token in the Authorization header, as Bearer and the token.\"}");
    }

    // Getting in

    @Test
    void lets_in_a_post_with_a_token_and_asks_for_no_csrf_token() {
        HttpResponse<String> response = upload(bearer("batch:upload"));

        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(response.body()).isEqualTo("uploaded by import-job");
        assertThat(response.headers().allValues("Set-Cookie")).isEmpty();
    }

    @Test
    void names_the_authentication_by_the_client_and_gives_scopes_and_permissions() {
        String token = ISSUER.token("a b", "permissions", List.of("approve:timesheets", "SCOPE_c", "ROLE_ADMIN"));

        assertThat(api.get("/me", "bearer " + token).body())
                .isEqualTo("import-job [FACTOR_BEARER, PERMISSION_ROLE_ADMIN, PERMISSION_SCOPE_c,"
                        + " PERMISSION_approve:timesheets, SCOPE_a, SCOPE_b]");
    }

    @Test
    void names_the_client_of_a_token_of_rfc_9068() {
        Map<String, Object> claims = ISSUER.claims("a");
        claims.remove("azp");
        claims.put("client_id", "other-job");

        assertThat(api.get("/me", "Bearer " + ISSUER.sign(claims)).body()).startsWith("other-job ");
    }

    @Test
    void takes_an_scp_claim_for_no_scope() {
        Map<String, Object> claims = ISSUER.claims("");
        claims.remove("scope");
        claims.put("scp", "batch:upload");

        assertThat(upload("Bearer " + ISSUER.sign(claims)).statusCode()).isEqualTo(403);
    }

    @Test
    void knows_permissions_and_method_security() {
        String permitted = "Bearer " + ISSUER.token("", "permissions", List.of("approve:timesheets"));

        assertThat(api.get("/approvals", permitted).statusCode()).isEqualTo(200);
        assertThat(api.get("/annotated", bearer("read:timesheets")).body()).isEqualTo("annotated");
    }

    // 401 and 400

    @Test
    void asks_for_a_token_where_there_is_none() {
        assertAskedForAToken(upload());
        assertAskedForAToken(api.get("/me"));
        assertAskedForAToken(api.get("/unknown"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"Basic YTpi", "DPoP a.b.c", "a.b.c"})
    void takes_another_scheme_for_no_token(String header) {
        assertAskedForAToken(upload(header));
    }

    @Test
    void looks_for_no_token_in_the_query() {
        assertAskedForAToken(api.get("/me?access_token=" + ISSUER.token("a")));
    }

    @Test
    void answers_400_to_two_headers_even_if_both_tokens_are_good() {
        String header = bearer("batch:upload");

        assertRefused(upload(header, header), 400, "invalid_request", "There is more than one Authorization header.");
    }

    @ParameterizedTest
    @ValueSource(strings = {"Bearer", "Bearer a b", "Bearer a.b.c, Bearer d.e.f"})
    void answers_400_to_a_header_that_is_not_bearer_and_one_token(String header) {
        assertRefused(upload(header), 400, "invalid_request", "The Authorization header is not Bearer and one token.");
    }

    @Test
    void answers_401_with_the_reason_to_a_token_that_is_rejected() {
        assertRefused(
                upload("Bearer garbage"),
                401,
                "invalid_token",
                "The token is not a JWT: three base64url parts, with a JSON object in the first two.");
        assertRefused(
                upload("Bearer " + ISSUER.token("batch:upload", "exp", 1)),
                401,
                "invalid_token",
                "The token has expired.");
        assertRefused(
                upload("Bearer " + ISSUER.token("batch:upload", "aud", "https://other.example.com")),
                401,
                "invalid_token",
                "The token's aud does not name this API.");
    }

    @Test
    void refuses_a_token_that_only_the_leeway_keeps_alive_and_that_had_no_life() {
        long now = Instant.now().getEpochSecond();
        Map<String, Object> claims = ISSUER.claims("batch:upload");
        claims.put("iat", now);
        claims.put("exp", now);

        assertRefused(upload("Bearer " + ISSUER.sign(claims)), 401, "invalid_token", "The token was not accepted.");
    }

    // 403

    @Test
    void names_the_scope_that_a_request_needs() {
        assertRefused(
                upload(bearer("read:timesheets")),
                403,
                "insufficient_scope",
                "The token lacks a scope that this request needs.",
                ", scope=\"batch:upload\"");
    }

    @Test
    void names_those_scopes_of_several_that_are_missing() {
        assertRefused(
                api.get("/reports", bearer("read:timesheets")),
                403,
                "insufficient_scope",
                "The token lacks a scope that this request needs.",
                ", scope=\"read:reports\"");
    }

    @Test
    void names_no_scope_where_a_permission_is_missing_or_nothing_would_help() {
        assertRefused(
                api.get("/approvals", bearer("approve:timesheets")),
                403,
                "insufficient_scope",
                "The token lacks a permission that this request needs.");
        assertRefused(
                api.get("/unknown", bearer("batch:upload")),
                403,
                "insufficient_scope",
                "The token does not allow this request.");
    }

    @Test
    void answers_what_method_security_denies_without_naming_its_expression() {
        assertRefused(
                api.get("/annotated", bearer("batch:upload")),
                403,
                "insufficient_scope",
                "The token does not allow this request.");
    }

    // Around it

    @Test
    void leaves_a_500_a_500() {
        HttpResponse<String> response = api.get("/broken", bearer("a"));

        assertThat(response.statusCode()).isEqualTo(500);
        assertThat(response.headers().firstValue("WWW-Authenticate")).isEmpty();
    }

    @Test
    void has_no_logout_and_claims_no_tokens_bound_to_certificates() {
        assertThat(api.get("/logout", bearer("a")).statusCode()).isEqualTo(403);
        assertThat(api.get("/.well-known/oauth-protected-resource").body())
                .contains("\"tls_client_certificate_bound_access_tokens\":false");
    }

    @Test
    void works_with_mock_mvc() {
        MockMvcTester mvc = MockMvcTester.from(
                api.context(), builder -> builder.apply(springSecurity()).build());

        assertThat(mvc.get().uri("/annotated").with(jwt().jwt(token -> token.claim("scope", "read:timesheets"))))
                .hasBodyTextEqualTo("annotated");
        assertThat(mvc.get()
                        .uri("/approvals")
                        .with(jwt().jwt(token -> token.claim("permissions", List.of("approve:timesheets")))
                                .authorities(new JetonAuthorities())))
                .hasBodyTextEqualTo("approvals");
        assertThat(mvc.get().uri("/reports").with(jwt()))
                .hasStatus(403)
                .hasHeader(
                        "WWW-Authenticate",
                        "Bearer realm=\"api\", error=\"insufficient_scope\","
                                + " error_description=\"The token lacks a scope that this request needs.\","
                                + " scope=\"read:timesheets read:reports\"");
    }

    @Test
    void shows_headers_and_claims_in_springs_types() {
        JetonJwtDecoder decoder = api.context().getBean(JetonJwtDecoder.class);
        Map<String, Object> claims = ISSUER.claims("a");
        long now = Instant.now().getEpochSecond();
        claims.put("iat", now);
        claims.put("nbf", now - 1);
        claims.put("exp", now + 60);
        claims.put("org_id", null);
        claims.put("https://api.exampleco.com/email", "kim@exampleco.com");

        Jwt token = decoder.decode(ISSUER.sign(claims));

        assertThat(token.getHeaders())
                .containsOnly(Map.entry("alg", "EdDSA"), Map.entry("typ", "JWT"), Map.entry("kid", "key-1"));
        assertThat(token.getExpiresAt()).isEqualTo(Instant.ofEpochSecond(now + 60));
        assertThat(token.getIssuedAt()).isEqualTo(Instant.ofEpochSecond(now));
        assertThat(token.getNotBefore()).isEqualTo(Instant.ofEpochSecond(now - 1));
        assertThat(token.getAudience()).containsExactly(AUDIENCE);
        assertThat(token.getIssuer()).hasToString(ISSUER.url());
        assertThat(token.getClaimAsString("https://api.exampleco.com/email")).isEqualTo("kim@exampleco.com");
        assertThat(token.hasClaim("org_id")).isFalse();
    }
}
