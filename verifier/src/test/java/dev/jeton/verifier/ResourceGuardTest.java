package dev.jeton.verifier;

import static dev.jeton.verifier.TestToken.AUDIENCE;
import static dev.jeton.verifier.TestToken.ISSUER;
import static dev.jeton.verifier.TestToken.KEYS;
import static dev.jeton.verifier.TestToken.token;
import static dev.jeton.verifier.TestToken.verifier;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ResourceGuardTest {
    private static final ResourceGuard GUARD = ResourceGuard.of(verifier(KEYS).build());
    private static final Requirement READ = Requirement.allScopes("read:orders");

    private static Access check(Requirement requirement, String... headers) {
        return GUARD.check(List.of(headers), requirement);
    }

    private static Refusal refusal(Access access) {
        assertThat(access).isInstanceOf(Access.Refused.class);
        return ((Access.Refused) access).refusal();
    }

    private static void assertRefused(Access access, int status, String error, String challenge) {
        Refusal refusal = refusal(access);
        assertThat(refusal.status()).isEqualTo(status);
        assertThat(refusal.error()).isEqualTo(error);
        assertThat(refusal.headers())
                .containsExactly(
                        Map.entry("Content-Type", "application/json"),
                        Map.entry("Cache-Control", "no-store"),
                        Map.entry("WWW-Authenticate", challenge));
    }

    // Getting in

    @ParameterizedTest
    @ValueSource(strings = {"Bearer ", "bearer ", "BEARER ", "Bearer   ", " Bearer "})
    void grants_a_request_with_a_token_that_meets_the_requirement(String prefix) {
        Access access = check(READ, prefix + token().signed() + " ");

        assertThat(access)
                .isInstanceOfSatisfying(
                        Access.Granted.class,
                        granted -> assertThat(granted.token().clientId()).contains("orders-daemon"));
    }

    // 401 and 400

    @Test
    void tells_a_request_without_a_token_only_that_one_is_needed() {
        assertRefused(check(READ), 401, "missing_token", "Bearer realm=\"api\"");
    }

    @ParameterizedTest
    @ValueSource(strings = {"Basic YTpi", "DPoP a.b.c", "Bearers a.b.c", "a.b.c", "", "Bearer\ta.b.c", "Digest"})
    void takes_another_scheme_for_no_token(String header) {
        assertRefused(check(READ, header), 401, "missing_token", "Bearer realm=\"api\"");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"Bearer", "Bearer ", "Bearer a b", "Bearer a.b.c, Bearer d.e.f", "Bearer a.b.c\td", "Bearer a,b"
            })
    void answers_400_to_a_header_that_is_not_bearer_and_one_token(String header) {
        assertRefused(
                check(READ, header),
                400,
                "invalid_request",
                "Bearer realm=\"api\", error=\"invalid_request\","
                        + " error_description=\"The Authorization header is not Bearer and one token.\"");
    }

    @Test
    void answers_400_to_two_headers_even_if_both_tokens_are_good() {
        String header = "Bearer " + token().signed();

        assertRefused(
                check(READ, header, header),
                400,
                "invalid_request",
                "Bearer realm=\"api\", error=\"invalid_request\","
                        + " error_description=\"There is more than one Authorization header.\"");
    }

    @Test
    void answers_401_with_the_reason_to_a_token_that_is_rejected() {
        String expired = token().claim("exp", 1).signed();

        Access access = check(READ, "Bearer " + expired);

        assertRefused(
                access,
                401,
                "invalid_token",
                "Bearer realm=\"api\", error=\"invalid_token\", error_description=\"The token has expired.\"");
        assertThat(refusal(access).rejection()).contains(Rejection.EXPIRED);
        assertThat(refusal(access).body())
                .isEqualTo("{\"error\":\"invalid_token\",\"error_description\":\"The token has expired.\"}");
    }

    @ParameterizedTest
    @ValueSource(strings = {"garbage", "\u00e9.b.c", "a.b.c\u0000", "\"a\".b.c", "a.b.c\\"})
    void answers_401_to_what_is_no_token_and_repeats_nothing_of_it(String text) {
        Refusal refusal = refusal(check(READ, "Bearer " + text));

        assertThat(refusal.headers() + refusal.body()).doesNotContain(text);
        assertThat(refusal.status()).isIn(400, 401);
    }

    @Test
    void answers_401_to_a_token_that_is_too_large() {
        Refusal refusal = refusal(check(READ, "Bearer " + "a".repeat(1_000_000)));

        assertThat(refusal.rejection()).contains(Rejection.TOKEN_TOO_LARGE);
    }

    // 403

    @Test
    void names_the_scopes_that_a_request_needs() {
        assertRefused(
                check(Requirement.allScopes("read:orders", "delete:orders"), "Bearer " + token().signed()),
                403,
                "insufficient_scope",
                "Bearer realm=\"api\", error=\"insufficient_scope\","
                        + " error_description=\"The token lacks a scope that this request needs.\","
                        + " scope=\"read:orders delete:orders\"");
    }

    @Test
    void names_no_scope_where_none_would_help() {
        assertRefused(
                check(Requirement.anyPermission("read:orders"), "Bearer " + token().signed()),
                403,
                "insufficient_scope",
                "Bearer realm=\"api\", error=\"insufficient_scope\","
                        + " error_description=\"The token has none of the permissions that allow this request.\"");
    }

    @Test
    void rejects_a_bad_token_before_it_asks_for_scopes() {
        assertThat(refusal(check(Requirement.allScopes("none"), "Bearer a.b.c")).status())
                .isEqualTo(401);
    }

    // 503

    @ParameterizedTest
    @CsvSource({"0, 1", "900, 1", "4000, 4"})
    void answers_503_while_there_are_no_keys(long millis, String retryAfter) {
        AccessTokenVerifier without = AccessTokenVerifier.builder(ISSUER, AUDIENCE, () -> {
                    throw new KeysUnavailableException("down at 10.0.0.1", null, Duration.ofMillis(millis));
                })
                .build();

        Refusal refusal = refusal(ResourceGuard.of(without).check(List.of("Bearer " + token().signed()), READ));

        assertThat(refusal.status()).isEqualTo(503);
        assertThat(refusal.error()).isEqualTo("temporarily_unavailable");
        assertThat(refusal.headers()).containsEntry("Retry-After", retryAfter).doesNotContainKey("WWW-Authenticate");
        assertThat(refusal.body()).doesNotContain("10.0.0.1");
    }

    // Settings

    @Test
    void names_the_realm_that_it_is_given() {
        Access access = GUARD.withRealm("timesheets").check(List.of(), READ);

        assertThat(refusal(access).headers()).containsEntry("WWW-Authenticate", "Bearer realm=\"timesheets\"");
    }

    @ParameterizedTest
    @ValueSource(strings = {"a\"b", "a\\b", "a\r\nSet-Cookie: a=b", "caf\u00e9"})
    void takes_no_realm_that_would_break_the_header(String realm) {
        assertThatIllegalArgumentException().isThrownBy(() -> GUARD.withRealm(realm));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "a b", "a\"", "a\\", "a\r\nb", "caf\u00e9"})
    void takes_no_scope_and_description_that_would_break_the_header(String scope) {
        assertThatIllegalArgumentException().isThrownBy(() -> new Requirement.Shortfall("Why.", List.of(scope)));
        assertThatIllegalArgumentException().isThrownBy(() -> Requirement.allScopes("a", scope));
        if (!scope.equals("a b")) {
            assertThatIllegalArgumentException().isThrownBy(() -> new Requirement.Shortfall(scope, List.of()));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"a\"b", "a\\b", "a\r\nSet-Cookie: a=b", "caf\u00e9"})
    void makes_no_refusal_with_a_header_that_is_broken(String text) {
        assertThatIllegalArgumentException().isThrownBy(() -> Refusal.missingToken(text));
        assertThatIllegalArgumentException().isThrownBy(() -> Refusal.invalidRequest("api", text));
        assertThatIllegalArgumentException().isThrownBy(() -> Refusal.invalidToken("api", text));
    }

    @Test
    void shows_no_token_by_accident() {
        assertThat(BearerCredentials.in(List.of("Bearer a.b.c")))
                .isEqualTo(new BearerCredentials.Token("a.b.c"))
                .hasToString("Token[secret]");
    }

    @Test
    void takes_requirements_of_the_apis_own() {
        Requirement own = token -> Optional.of(new Requirement.Shortfall("Not on Sundays.", List.of()));

        assertThat(refusal(check(own, "Bearer " + token().signed())).description())
                .isEqualTo("Not on Sundays.");
    }
}
