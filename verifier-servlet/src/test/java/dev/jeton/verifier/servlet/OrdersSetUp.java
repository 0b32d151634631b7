package dev.jeton.verifier.servlet;

import dev.jeton.verifier.AccessTokenVerifier;
import dev.jeton.verifier.Requirement;
import dev.jeton.verifier.ResourceGuard;
import jakarta.servlet.ServletContextEvent;
import jakarta.servlet.ServletContextListener;

/** The set-up of docs/verify.md. */
final class OrdersSetUp implements ServletContextListener {
    private final String issuer;

    OrdersSetUp(String issuer) {
        this.issuer = issuer;
    }

    @Override
    public void contextInitialized(ServletContextEvent event) {
        AccessTokenVerifier verifier = AccessTokenVerifier.forIssuer(issuer, "https://orders.example.com")
                .build();
        BearerTokenFilter filter =
                BearerTokenFilter.of(ResourceGuard.of(verifier), Requirement.allScopes("read:orders"));
        event.getServletContext().addFilter("orders", filter).addMappingForUrlPatterns(null, false, "/orders/*");
    }
}
