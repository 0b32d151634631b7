package dev.jeton.verifier.spring;

import dev.jeton.verifier.AccessTokenVerifier;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.oauth2.jwt.JwtDecoder;
import org.springframework.security.oauth2.server.resource.authentication.BearerTokenAuthenticationToken;
import org.springframework.security.web.SecurityFilterChain;

/**
 * What a servlet application with Spring Security's resource server gets: a verifier for {@code jeton.issuer} and
 * {@code jeton.audience}, a decoder that uses it, and a {@link JetonResourceServer}. A bean of the application's own, or
 * a {@code JwtDecoder} of its own in place of the first two, counts instead.
 */
@AutoConfiguration(
        // Those of Boot that make a JwtDecoder, a SecurityFilterChain or a user if there is none; 4.0 and 4.1 differ.
        beforeName = {
            "org.springframework.boot.security.autoconfigure.SecurityAutoConfiguration",
            "org.springframework.boot.security.autoconfigure.UserDetailsServiceAutoConfiguration",
            "org.springframework.boot.security.autoconfigure.web.servlet.ServletWebSecurityAutoConfiguration",
            "org.springframework.boot.security.oauth2.server.resource.autoconfigure.OAuth2ResourceServerAutoConfiguration",
            "org.springframework.boot.security.oauth2.server.resource.autoconfigure.servlet.OAuth2ResourceServerAutoConfiguration",
            "org.springframework.boot.security.oauth2.server.resource.autoconfigure.web.OAuth2ResourceServerWebSecurityAutoConfiguration"
        })
@ConditionalOnWebApplication(type = ConditionalOnWebApplication.Type.SERVLET)
@ConditionalOnClass({BearerTokenAuthenticationToken.class, HttpSecurity.class, JwtDecoder.class})
@EnableConfigurationProperties(JetonProperties.class)
public final class JetonAutoConfiguration {

    @Bean
    @ConditionalOnMissingBean({AccessTokenVerifier.class, JwtDecoder.class})
    AccessTokenVerifier jetonAccessTokenVerifier(JetonProperties properties) {
        return properties.verifier();
    }

    @Bean
    @ConditionalOnMissingBean(JwtDecoder.class)
    JetonJwtDecoder jetonJwtDecoder(AccessTokenVerifier verifier) {
        return new JetonJwtDecoder(verifier);
    }

    @Bean
    @ConditionalOnMissingBean
    JetonResourceServer jetonResourceServer(JwtDecoder decoder) {
        return new JetonResourceServer(decoder);
    }

    /** For an application that says nothing of its requests: each of them needs a valid token. */
    @Bean
    @ConditionalOnMissingBean(SecurityFilterChain.class)
    SecurityFilterChain jetonSecurityFilterChain(HttpSecurity http, JetonResourceServer jeton) {
        return jeton.protect(http)
                .authorizeHttpRequests(requests -> requests.anyRequest().authenticated())
                .build();
    }
}
