package dev.jeton.resourceserver;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** {@code token_dialect} of an API: which claims its tokens have. The {@code _AUTHZ} ones add {@code permissions}. */
public enum TokenDialect {
    ACCESS_TOKEN(false, false),
    ACCESS_TOKEN_AUTHZ(false, true),
    /** RFC 9068. */
    RFC9068_PROFILE(true, false),
    RFC9068_PROFILE_AUTHZ(true, true);

    private final boolean isRfc9068;
    private final boolean hasPermissions;

    TokenDialect(boolean isRfc9068, boolean hasPermissions) {
        this.isRfc9068 = isRfc9068;
        this.hasPermissions = hasPermissions;
    }

    public boolean isRfc9068() {
        return isRfc9068;
    }

    public boolean hasPermissions() {
        return hasPermissions;
    }

    public String wireName() {
        return name().toLowerCase(Locale.ROOT);
    }

    public static Optional<TokenDialect> find(String wireName) {
        return Arrays.stream(values())
                .filter(dialect -> dialect.wireName().equals(wireName))
                .findFirst();
    }
}
