package dev.jeton.administrator;

import dev.jeton.management.SystemScopes;
import dev.jeton.oauth.ScopeSet;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/** What an administrator may do: a fixed set of scopes of the system API. */
public enum Role {
    /** Reads what shows no secret: not the sinks of log streams, and nothing that comes with a client's secret. */
    VIEWER(List.of(
            "read:clients",
            "read:client_summary",
            "read:client_grants",
            "read:resource_servers",
            "read:hooks",
            "read:actions",
            "read:triggers",
            "read:signing_keys",
            "read:logs",
            "read:logs_users",
            "read:stats",
            "read:insights",
            "read:tenant_settings",
            "read:custom_domains",
            "read:limits",
            "read:entitlements",
            "read:organizations",
            "read:organizations_summary",
            "read:organization_clients",
            "read:organization_client_grants",
            "read:rate_limit_policies",
            "read:administrators")),
    /** Changes applications, APIs, grants, Hooks and Actions, and sees the secrets of applications and APIs. */
    EDITOR(VIEWER.and(
            "create:clients",
            "update:clients",
            "delete:clients",
            "read:client_keys",
            "create:client_keys",
            "update:client_keys",
            "delete:client_keys",
            "read:client_credentials",
            "create:client_credentials",
            "update:client_credentials",
            "delete:client_credentials",
            "create:resource_servers",
            "update:resource_servers",
            "delete:resource_servers",
            "create:client_grants",
            "update:client_grants",
            "delete:client_grants",
            "create:hooks",
            "update:hooks",
            "delete:hooks",
            "create:actions",
            "update:actions",
            "delete:actions",
            "update:triggers")),
    /** Does everything. */
    OWNER(SystemScopes.ALL.values());

    @SuppressWarnings("ImmutableEnumChecker") // it is, and cannot say so
    private final ScopeSet scopes;

    Role(Collection<String> scopes) {
        this.scopes = ScopeSet.of(scopes);
    }

    private List<String> and(String... more) {
        return Stream.concat(scopes.values().stream(), Stream.of(more)).toList();
    }

    public ScopeSet scopes() {
        return scopes;
    }

    /** As it is written and stored. */
    public String wireName() {
        return name().toLowerCase(Locale.ROOT);
    }

    static Optional<Role> find(String wireName) {
        return Arrays.stream(values())
                .filter(role -> role.wireName().equals(wireName))
                .findFirst();
    }

    /** A role that was stored. */
    static Role of(String wireName) {
        return find(wireName).orElseThrow(() -> new IllegalStateException("there is no role " + wireName));
    }
}
