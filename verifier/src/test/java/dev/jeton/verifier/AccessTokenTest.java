package dev.jeton.verifier;

import static dev.jeton.verifier.TestToken.AUDIENCE;
import static dev.jeton.verifier.TestToken.ISSUER;
import static dev.jeton.verifier.TestToken.NOW;
import static dev.jeton.verifier.TestToken.token;
import static dev.jeton.verifier.TestToken.verify;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AccessTokenTest {
    @Test
    void shows_what_the_token_says() {
        AccessToken token = verified(token());

        assertThat(token.algorithm()).isEqualTo(SignatureAlgorithm.RS256);
        assertThat(token.keyId()).contains("rsa");
        assertThat(token.issuer()).isEqualTo(ISSUER);
        assertThat(token.audience()).containsExactly(AUDIENCE);
        assertThat(token.subject()).contains("orders-daemon@clients");
        assertThat(token.clientId()).contains("orders-daemon");
        assertThat(token.issuedAt()).contains(NOW);
        assertThat(token.expiresAt()).isEqualTo(NOW.plusSeconds(3600));
        assertThat(token.jti()).contains("4wNQ0dCWu9Tq2rZ7");
        assertThat(token.scopes()).containsExactly("read:orders", "write:orders");
        assertThat(token.permissions()).isEmpty();
    }

    @Test
    void reads_a_token_of_rfc_9068() {
        AccessToken token = verified(token().header("typ", "'at+jwt'")
                .without("azp")
                .without("gty")
                .claim("client_id", "'orders-daemon'")
                .claim("permissions", "['write:orders','read:orders']"));

        assertThat(token.clientId()).contains("orders-daemon");
        assertThat(token.clientActsForItself()).isTrue();
        assertThat(token.permissions()).containsExactly("write:orders", "read:orders");
    }

    @Test
    void leaves_empty_what_the_token_does_not_say() {
        AccessToken token = verified(token().withoutHeader("kid")
                .without("sub")
                .without("azp")
                .without("iat")
                .without("jti")
                .without("scope")
                .without("gty"));

        assertThat(token.keyId()).isEmpty();
        assertThat(token.subject()).isEmpty();
        assertThat(token.clientId()).isEmpty();
        assertThat(token.issuedAt()).isEmpty();
        assertThat(token.jti()).isEmpty();
        assertThat(token.scopes()).isEmpty();
        assertThat(token.clientActsForItself()).isFalse();
    }

    @Test
    void splits_scope_at_spaces_only() {
        AccessToken token = verified(token().claim("scope", "' read:b  read:a read:b tab\\tbed '"));

        assertThat(token.scopes()).containsExactly("read:b", "read:a", "tab\tbed");
    }

    @Test
    void has_no_scope_if_scope_is_empty() {
        assertThat(verified(token().claim("scope", "''")).scopes()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "read",
                "read:",
                "read:order",
                "read:orders2",
                "READ:ORDERS",
                "read:orders write:orders",
                "",
                " ",
                "orders"
            })
    void has_only_the_scopes_that_it_lists_word_for_word(String scope) {
        AccessToken token = verified(token());

        assertThat(token.hasScope("read:orders")).isTrue();
        assertThat(token.hasScope(scope)).isFalse();
    }

    @Test
    void does_not_take_a_permission_for_a_scope() {
        AccessToken token = verified(token().without("scope").claim("permissions", "['read:orders']"));

        assertThat(token.hasScope("read:orders")).isFalse();
        assertThat(token.scopes()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "'orders-daemon@clients', 'client-credentials', true",
        "'orders-daemon@clients', 'password', false",
        "'orders-daemon', 'client-credentials', false",
        "'other@clients', 'client-credentials', false",
        "'auth0|orders-daemon@clients', 'client-credentials', false",
        "'@clients', 'client-credentials', false"
    })
    void tells_a_client_that_acts_for_itself_by_subject_and_grant(String subject, String grant, boolean expected) {
        AccessToken token = verified(token().claim("sub", "'" + subject + "'").claim("gty", "'" + grant + "'"));

        assertThat(token.clientActsForItself()).isEqualTo(expected);
    }

    @Test
    void keeps_custom_claims_as_they_are() {
        AccessToken token = verified(
                token().claim("https://shop.example/tier", "'gold'").claim("limits", "{'orders':[1,2.50,null,true]}"));

        assertThat(token.claims())
                .containsEntry("https://shop.example/tier", "gold")
                .containsEntry("exp", NOW.plusSeconds(3600).getEpochSecond())
                .hasEntrySatisfying(
                        "limits", limits -> assertThat(limits).hasToString("{orders=[1, 2.50, null, true]}"));
    }

    @Test
    void gives_collections_that_cannot_be_changed() {
        AccessToken token =
                verified(token().claim("aud", "['" + AUDIENCE + "']").claim("list", "[1]"));

        assertThat(token.audience()).isUnmodifiable();
        assertThat(token.scopes()).isUnmodifiable();
        assertThat(token.permissions()).isUnmodifiable();
        assertThat(token.claims()).isUnmodifiable();
    }

    @Test
    void keeps_fractions_of_a_second() {
        AccessToken token = verified(token().claim("exp", NOW.getEpochSecond() + ".1234567891"));

        assertThat(token.expiresAt()).isEqualTo(NOW.plusNanos(123_456_789));
    }

    private static AccessToken verified(TestToken token) {
        return verify(token.signed()).orElseThrow();
    }
}
