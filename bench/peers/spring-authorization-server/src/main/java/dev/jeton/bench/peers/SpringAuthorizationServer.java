package dev.jeton.bench.peers;

import java.util.Map;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.context.annotation.Bean;
import org.springframework.core.env.Environment;
import org.springframework.security.crypto.bcrypt.BCryptPasswordEncoder;
import org.springframework.security.crypto.password.DelegatingPasswordEncoder;
import org.springframework.security.crypto.password.NoOpPasswordEncoder;
import org.springframework.security.crypto.password.PasswordEncoder;
import org.springframework.security.oauth2.core.AuthorizationGrantType;
import org.springframework.security.oauth2.core.ClientAuthenticationMethod;
import org.springframework.security.oauth2.server.authorization.client.InMemoryRegisteredClientRepository;
import org.springframework.security.oauth2.server.authorization.client.RegisteredClient;
import org.springframework.security.oauth2.server.authorization.client.RegisteredClientRepository;

/** Spring Authorization Server as Spring Boot sets it up, with two clients that differ in how their secret is kept. */
@SpringBootApplication
public class SpringAuthorizationServer {
    public static void main(String[] args) {
        SpringApplication.run(SpringAuthorizationServer.class, args);
    }

    @Bean
    RegisteredClientRepository clients(Environment environment) {
        String secret = environment.getRequiredProperty("CLIENT_SECRET");
        String scope = environment.getRequiredProperty("SCOPE");
        return new InMemoryRegisteredClientRepository(
                client("plain", "{noop}" + secret, scope),
                client("bcrypt", "{bcrypt}" + new BCryptPasswordEncoder().encode(secret), scope));
    }

    private static RegisteredClient client(String id, String secret, String scope) {
        return RegisteredClient.withId(id)
                .clientId(id)
                .clientSecret(secret)
                .clientAuthenticationMethod(ClientAuthenticationMethod.CLIENT_SECRET_POST)
                .authorizationGrantType(AuthorizationGrantType.CLIENT_CREDENTIALS)
                .scope(scope)
                .build();
    }

    /** The default, except that a secret stays as it is kept: the default turns a plain one into bcrypt at its first use. */
    @Bean
    @SuppressWarnings("deprecation") // NoOpPasswordEncoder: deprecated because it is not for production
    PasswordEncoder secrets() {
        return new DelegatingPasswordEncoder(
                "bcrypt", Map.of("bcrypt", new BCryptPasswordEncoder(), "noop", NoOpPasswordEncoder.getInstance())) {
            @Override
            protected boolean upgradeEncodingNonNull(String secret) {
                return false;
            }
        };
    }
}
