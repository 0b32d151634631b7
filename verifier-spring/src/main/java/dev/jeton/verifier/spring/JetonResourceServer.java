package dev.jeton.verifier.spring;

import dev.jeton.verifier.BearerCredentials;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.http.HttpServletRequest;
import java.util.Collection;
import java.util.Collections;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.core.convert.converter.Converter;
import org.springframework.http.HttpHeaders;
import org.springframework.security.authentication.AbstractAuthenticationToken;
import org.springframework.security.config.ObjectPostProcessor;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.config.annotation.web.configurers.AbstractHttpConfigurer;
import org.springframework.security.config.annotation.web.configurers.oauth2.server.resource.OAuth2ResourceServerConfigurer;
import org.springframework.security.config.http.SessionCreationPolicy;
import org.springframework.security.core.GrantedAuthority;
import org.springframework.security.core.authority.FactorGrantedAuthority;
import org.springframework.security.oauth2.core.OAuth2AuthenticationException;
import org.springframework.security.oauth2.jwt.Jwt;
import org.springframework.security.oauth2.jwt.JwtDecoder;
import org.springframework.security.oauth2.server.resource.BearerTokenErrors;
import org.springframework.security.oauth2.server.resource.authentication.JwtAuthenticationToken;
import org.springframework.security.oauth2.server.resource.web.authentication.BearerTokenAuthenticationFilter;

/**
 * Makes a filter chain one that takes access tokens and nothing else.
 *
 * <pre>{@code
 * @Bean
 * SecurityFilterChain api(HttpSecurity http, JetonResourceServer jeton) {
 *     return jeton.protect(http)
 *             .authorizeHttpRequests(requests -> requests
 *                     .requestMatchers(POST, "/timesheets/upload").hasAuthority("SCOPE_batch:upload")
 *                     .anyRequest().denyAll())
 *             .build();
 * }
 * }</pre>
 *
 * <p>Deliberately not a {@code Customizer}: Spring Security applies beans of that kind to every chain by itself, to that
 * of a login for people too.
 */
public final class JetonResourceServer {
    private final JwtDecoder decoder;
    private final Converter<Jwt, ? extends AbstractAuthenticationToken> authentication;
    private final BearerAnswers answers = new BearerAnswers();

    /** With the authorities of {@link JetonAuthorities}; the name of the authentication is the client id. */
    public JetonResourceServer(JwtDecoder decoder) {
        this(decoder, JetonResourceServer::authentication);
    }

    /** With another idea of who a token stands for and what it allows. */
    public JetonResourceServer(
            JwtDecoder decoder, Converter<Jwt, ? extends AbstractAuthenticationToken> authentication) {
        this.decoder = decoder;
        this.authentication = authentication;
    }

    /**
     * Sets up a chain; to be called before its requests are authorized.
     *
     * <ul>
     *   <li>A token is taken from the one {@code Authorization} header alone, and checked by the decoder.
     *   <li>Refusals are answered as by {@link dev.jeton.verifier.ResourceGuard}: 400, 401 and 403 with a challenge
     *       (RFC 6750 §3), 503 with {@code Retry-After} while the issuer's keys cannot be had, and each with
     *       {@code {"error","error_description"}}. A 403 names the scopes to ask for where the rule for the request
     *       itself does ({@code hasAuthority}, {@code hasAnyAuthority}, {@code hasAllAuthorities}), which
     *       {@code @PreAuthorize} does not.
     *   <li>There are no sessions, no logout, and no protection against CSRF: that is for what a browser sends by
     *       itself, and it sends no bearer token. A login for people belongs in a chain of its own, with its own
     *       {@code securityMatcher}.
     *   <li>Requests that no rule matches are denied. Error pages are not: a 500 would be answered as a 401 or 403.
     * </ul>
     *
     * @return the same object, to go on with
     */
    public HttpSecurity protect(HttpSecurity http) {
        return http.csrf(AbstractHttpConfigurer::disable)
                .logout(AbstractHttpConfigurer::disable)
                .sessionManagement(sessions -> sessions.sessionCreationPolicy(SessionCreationPolicy.STATELESS))
                .exceptionHandling(exceptions ->
                        exceptions.authenticationEntryPoint(answers).accessDeniedHandler(answers))
                .oauth2ResourceServer(this::takeTokens)
                .authorizeHttpRequests(requests ->
                        requests.dispatcherTypeMatchers(DispatcherType.ERROR).permitAll());
    }

    private void takeTokens(OAuth2ResourceServerConfigurer<HttpSecurity> resourceServer) {
        resourceServer
                .bearerTokenResolver(JetonResourceServer::token)
                .jwt(jwt -> jwt.decoder(decoder).jwtAuthenticationConverter(authentication))
                .authenticationEntryPoint(answers)
                .accessDeniedHandler(answers)
                .withObjectPostProcessor(new ObjectPostProcessor<BearerTokenAuthenticationFilter>() {
                    @Override
                    public <O extends BearerTokenAuthenticationFilter> O postProcess(O filter) {
                        // By default, want of keys is thrown on, and ends as a 500.
                        filter.setAuthenticationFailureHandler(answers::commence);
                        return filter;
                    }
                })
                // In the metadata that Spring Security publishes (RFC 9728) this is true unless told.
                .protectedResourceMetadata(metadata -> metadata.protectedResourceMetadataCustomizer(
                        document -> document.tlsClientCertificateBoundAccessTokens(false)));
    }

    private static @Nullable String token(HttpServletRequest request) {
        BearerCredentials credentials =
                BearerCredentials.in(Collections.list(request.getHeaders(HttpHeaders.AUTHORIZATION)));
        if (credentials instanceof BearerCredentials.Malformed malformed) {
            throw new OAuth2AuthenticationException(BearerTokenErrors.invalidRequest(malformed.description()));
        }
        return credentials instanceof BearerCredentials.Token token ? token.value() : null;
    }

    private static AbstractAuthenticationToken authentication(Jwt jwt) {
        Collection<GrantedAuthority> authorities = new JetonAuthorities().convert(jwt);
        authorities.add(FactorGrantedAuthority.fromAuthority(FactorGrantedAuthority.BEARER_AUTHORITY));
        return new JwtAuthenticationToken(jwt, authorities, clientId(jwt));
    }

    /** As {@link dev.jeton.verifier.AccessToken#clientId}; a token of another decoder may have a subject at most. */
    private static String clientId(Jwt jwt) {
        return Stream.of("azp", "client_id", "sub")
                .map(jwt::getClaimAsString)
                .filter(Objects::nonNull)
                .findFirst()
                .orElse("");
    }
}
