package dev.jeton.verifier.spring;

import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.http.HttpMethod;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.core.annotation.AuthenticationPrincipal;
import org.springframework.security.oauth2.jwt.Jwt;
import org.springframework.security.web.SecurityFilterChain;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

/** The application of docs/verify.md. */
@Configuration(proxyBeanMethods = false)
@EnableAutoConfiguration
class OrdersApplication {
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
