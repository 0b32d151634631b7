package dev.jeton.verifier;

import static dev.jeton.verifier.TestToken.token;
import static dev.jeton.verifier.TestToken.verify;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RequirementTest {
    /** A token with the scopes {@code read:orders} and {@code write:orders} and the permission {@code ship}. */
    private static final AccessToken TOKEN = accepted(token().claim("permissions", "['ship','bill']"));

    private static AccessToken accepted(TestToken token) {
        return verify(token.signed()).orElseThrow();
    }

    private static boolean isMet(Requirement requirement) {
        return isMet(requirement, TOKEN);
    }

    private static boolean isMet(Requirement requirement, AccessToken token) {
        return requirement.shortfallOf(token).isEmpty();
    }

    @Test
    void asks_for_each_of_all_scopes() {
        assertThat(isMet(Requirement.allScopes("read:orders"))).isTrue();
        assertThat(isMet(Requirement.allScopes("write:orders", "read:orders"))).isTrue();
        assertThat(isMet(Requirement.allScopes("read:orders", "delete:orders"))).isFalse();
    }

    @Test
    void asks_for_one_of_any_scopes() {
        assertThat(isMet(Requirement.anyScope("delete:orders", "read:orders"))).isTrue();
        assertThat(isMet(Requirement.anyScope("delete:orders", "ship"))).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"read", "read:order", "read:orders2", "READ:ORDERS", "orders", "ship", "*"})
    void compares_scopes_exactly(String scope) {
        assertThat(isMet(Requirement.allScopes(scope))).isFalse();
        assertThat(isMet(Requirement.anyScope(scope))).isFalse();
    }

    @Test
    void asks_for_permissions_by_their_own_claim() {
        assertThat(isMet(Requirement.allPermissions("ship", "bill"))).isTrue();
        assertThat(isMet(Requirement.allPermissions("ship", "refund"))).isFalse();
        assertThat(isMet(Requirement.anyPermission("refund", "bill"))).isTrue();
        assertThat(isMet(Requirement.anyPermission("read:orders"))).isFalse();
        assertThat(isMet(Requirement.anyPermission("ship"), accepted(token()))).isFalse();
    }

    @Test
    void tells_a_program_from_a_user() {
        assertThat(isMet(Requirement.clientActsForItself())).isTrue();
        assertThat(isMet(Requirement.clientActsForItself(), accepted(token().claim("sub", "'auth0|007'"))))
                .isFalse();
        assertThat(isMet(Requirement.clientActsForItself(), accepted(token().claim("gty", "'password'"))))
                .isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"'org_2'", "'ORG_1'", "''", "null", "1", "['org_1']"})
    void asks_for_exactly_the_organization(String orgId) {
        Requirement organization = Requirement.organization("org_1");

        assertThat(isMet(organization, accepted(token().claim("org_id", "'org_1'"))))
                .isTrue();
        assertThat(isMet(organization, accepted(token().claim("org_id", orgId))))
                .isFalse();
        assertThat(isMet(organization)).isFalse();
    }

    @Test
    void joins_requirements_and_answers_the_first_that_is_not_met() {
        Requirement both = Requirement.allScopes("delete:orders").and(Requirement.anyPermission("refund"));

        assertThat(both.shortfallOf(TOKEN).orElseThrow().scopes()).containsExactly("delete:orders");
        assertThat(isMet(Requirement.validToken().and(Requirement.anyScope("read:orders"))))
                .isTrue();
        assertThat(isMet(Requirement.validToken().and(Requirement.anyScope("delete:orders"))))
                .isFalse();
    }
}
