// OrdersApplication.java; dependencies: org.springframework.boot:spring-boot-starter-web,
// org.springframework.boot:spring-boot-starter-security-oauth2-resource-server, dev.jeton:jeton-verifier-spring
package com.example.orders;

import dev.jeton.verifier.AccessTokenVerifier;
import dev.jeton.verifier.spring.JetonResourceServer;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.context.annotation.Bean;
import org.springframework.http.HttpMethod;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.core.annotation.AuthenticationPrincipal;
import org.springframework.security.oauth2.jwt.Jwt;
import org.springframework.security.web.SecurityFilterChain;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

@SpringBootApplication
public class OrdersApplication {
    public static void main(String[] args) {
        SpringApplication.run(OrdersApplication.class, args);
    }

    // In place of jeton.issuer and jeton.audience in application.properties.
    @Bean
    AccessTokenVerifier verifier() {
        return AccessTokenVerifier.forIssuer("{{issuer}}", "{{audience}}").build();
    }

    @Bean
    SecurityFilterChain api(HttpSecurity http, JetonResourceServer jeton) {
        jeton.protect(http).authorizeHttpRequests(requests -> {
            requests.requestMatchers(HttpMethod.GET, "/orders").hasAuthority("SCOPE_read:orders");
            requests.anyRequest().denyAll();
        });
        return http.build();
    }

    @RestController
    static class Orders {
        @GetMapping("/orders")
        String orders(@AuthenticationPrincipal Jwt token) {
            return "orders for " + token.getSubject();
        }
    }
}
