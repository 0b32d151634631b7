// OrdersSetUp.java; dependency: dev.jeton:jeton-verifier-servlet
import dev.jeton.verifier.AccessTokenVerifier;
import dev.jeton.verifier.Requirement;
import dev.jeton.verifier.ResourceGuard;
import dev.jeton.verifier.servlet.BearerTokenFilter;
import jakarta.servlet.ServletContextEvent;
import jakarta.servlet.ServletContextListener;
import jakarta.servlet.annotation.WebListener;

@WebListener
public class OrdersSetUp implements ServletContextListener {
    @Override
    public void contextInitialized(ServletContextEvent event) {
        AccessTokenVerifier verifier =
                AccessTokenVerifier.forIssuer("{{issuer}}", "{{audience}}").build();
        BearerTokenFilter filter =
                BearerTokenFilter.of(ResourceGuard.of(verifier), Requirement.allScopes("read:orders"));
        event.getServletContext().addFilter("tokens", filter).addMappingForUrlPatterns(null, false, "/orders/*");
    }
}
