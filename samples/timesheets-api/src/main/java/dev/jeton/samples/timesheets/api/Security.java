package dev.jeton.samples.timesheets.api;

import static org.springframework.http.HttpMethod.GET;
import static org.springframework.http.HttpMethod.POST;
import static org.springframework.http.HttpMethod.PUT;

import dev.jeton.verifier.spring.JetonResourceServer;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.web.SecurityFilterChain;

/** Which scope each route needs. A route that is not listed here is denied, so that none can be forgotten. */
@Configuration(proxyBeanMethods = false)
class Security {

    @Bean
    SecurityFilterChain api(HttpSecurity http, JetonResourceServer jeton, NoRoute noRoute) {
        return jeton.protect(http)
                .authorizeHttpRequests(requests -> {
                    requests.requestMatchers(POST, "/timesheets/upload").hasAuthority("SCOPE_batch:upload");
                    requests.requestMatchers(POST, "/timesheets").hasAuthority("SCOPE_create:timesheets");
                    requests.requestMatchers(GET, "/timesheets").hasAuthority("SCOPE_read:timesheets");
                    requests.requestMatchers(PUT, "/approvals/{id}").hasAuthority("SCOPE_approve:timesheets");
                    requests.requestMatchers(GET, "/approvals").hasAuthority("SCOPE_approve:timesheets");
                    requests.requestMatchers(noRoute).permitAll();
                    requests.anyRequest().denyAll();
                })
                .build();
    }
}
