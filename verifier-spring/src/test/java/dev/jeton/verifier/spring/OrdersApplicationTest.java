package dev.jeton.verifier.spring;

import static dev.jeton.verifier.spring.TestIssuer.AUDIENCE;
import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpResponse;
import org.junit.jupiter.api.Test;

class OrdersApplicationTest {
    @Test
    void the_documented_application_lets_in_who_may_read_orders() {
        try (TestIssuer issuer = new TestIssuer();
                TestApi api = new TestApi(
                        OrdersApplication.class, "jeton.issuer=" + issuer.url(), "jeton.audience=" + AUDIENCE)) {
            assertThat(api.get("/orders", "Bearer " + issuer.token("read:orders"))
                            .body())
                    .isEqualTo("orders for import-job@clients");
            HttpResponse<String> refused = api.get("/orders", "Bearer " + issuer.token("write:orders"));
            assertThat(refused.statusCode()).isEqualTo(403);
            assertThat(refused.headers().firstValue("WWW-Authenticate").orElse(""))
                    .endsWith("scope=\"read:orders\"");
            assertThat(api.get("/invoices", "Bearer " + issuer.token("read:orders"))
                            .statusCode())
                    .isEqualTo(403);
        }
    }
}
