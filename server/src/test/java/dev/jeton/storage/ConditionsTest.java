package dev.jeton.storage;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ConditionsTest {
    @Test
    void a_statement_has_only_the_conditions_that_were_asked_for() {
        assertThat(new Conditions().where()).isEmpty();
        assertThat(new Conditions()
                        .equal("client_id", null)
                        .equal("resource_server_id", null)
                        .where())
                .isEmpty();
        assertThat(new Conditions()
                        .equal("client_id", "one")
                        .equal("resource_server_id", null)
                        .and("id > :after")
                        .where())
                .isEqualTo(" where client_id = :client_id and id > :after");
    }
}
