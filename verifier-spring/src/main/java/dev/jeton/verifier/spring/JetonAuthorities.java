package dev.jeton.verifier.spring;

import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.Set;
import org.springframework.core.convert.converter.Converter;
import org.springframework.security.core.GrantedAuthority;
import org.springframework.security.oauth2.jwt.Jwt;
import org.springframework.security.oauth2.server.resource.authentication.JwtGrantedAuthoritiesConverter;

/**
 * What a token allows, as Spring Security's authorities: {@code SCOPE_x} for each word of {@code scope}, and
 * {@code PERMISSION_x} for each value of {@code permissions}. With the prefix, no permission can pass for a scope or a
 * role, however it is called.
 *
 * <p>Tests say {@code jwt().authorities(new JetonAuthorities())} to get the authorities that a request gets.
 */
public final class JetonAuthorities implements Converter<Jwt, Collection<GrantedAuthority>> {
    static final String SCOPE = "SCOPE_";
    static final String PERMISSION = "PERMISSION_";

    private static final JwtGrantedAuthoritiesConverter SCOPES = of("scope", SCOPE);
    private static final JwtGrantedAuthoritiesConverter PERMISSIONS = of("permissions", PERMISSION);

    private static JwtGrantedAuthoritiesConverter of(String claim, String prefix) {
        JwtGrantedAuthoritiesConverter converter = new JwtGrantedAuthoritiesConverter();
        converter.setAuthoritiesClaimName(claim);
        converter.setAuthorityPrefix(prefix);
        return converter;
    }

    @Override
    public Collection<GrantedAuthority> convert(Jwt jwt) {
        Set<GrantedAuthority> authorities = new LinkedHashSet<>(SCOPES.convert(jwt));
        authorities.addAll(PERMISSIONS.convert(jwt));
        return authorities;
    }
}
