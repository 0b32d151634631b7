package dev.jeton.verifier;

import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * What an endpoint needs of a token beyond that it is valid. A token that falls short is answered 403 by
 * {@link ResourceGuard}.
 *
 * <pre>{@code
 * Requirement.allScopes("read:timesheets").and(Requirement.clientActsForItself())
 * }</pre>
 *
 * <p>A requirement of one's own is a lambda, for example that the token's {@code org_id} is that of the record asked
 * for. Names are compared exactly: scopes and permissions have no hierarchy and no upper or lower case.
 */
@FunctionalInterface
public interface Requirement {

    /** What the token lacks, or nothing if it meets the requirement. */
    Optional<Shortfall> shortfallOf(AccessToken token);

    /**
     * What a token lacks, as the caller is told.
     *
     * @param description one sentence that holds nothing of the token, in printable ASCII without quotation mark and
     *     backslash (RFC 6750 §3)
     * @param scopes the scopes to ask for, each a scope-token of RFC 6749 §3.3; empty if none would help
     */
    record Shortfall(String description, List<String> scopes) {
        private static final Pattern DESCRIPTION = Pattern.compile("[\\x20\\x21\\x23-\\x5B\\x5D-\\x7E]+");
        private static final Pattern SCOPE = Pattern.compile("[\\x21\\x23-\\x5B\\x5D-\\x7E]+");

        /** @throws IllegalArgumentException if one of the two has another shape: it would break the answer's header */
        public Shortfall {
            scopes = List.copyOf(scopes);
            if (!DESCRIPTION.matcher(description).matches()) {
                throw new IllegalArgumentException("not a description (RFC 6750 §3): " + description);
            }
            for (String scope : scopes) {
                if (!SCOPE.matcher(scope).matches()) {
                    throw new IllegalArgumentException("not a scope (RFC 6749 §3.3): " + scope);
                }
            }
        }
    }

    /** Nothing but a valid token: for endpoints that are open to every client with a grant for this API. */
    static Requirement validToken() {
        return token -> Optional.empty();
    }

    /** Each of these scopes. */
    static Requirement allScopes(String first, String... others) {
        List<String> scopes = named(first, others);
        Shortfall shortfall = new Shortfall("The token lacks a scope that this request needs.", scopes);
        return token -> token.scopes().containsAll(scopes) ? Optional.empty() : Optional.of(shortfall);
    }

    /** One or more of these scopes. */
    static Requirement anyScope(String first, String... others) {
        List<String> scopes = named(first, others);
        Shortfall shortfall = new Shortfall("The token has none of the scopes that allow this request.", scopes);
        return token -> scopes.stream().anyMatch(token.scopes()::contains) ? Optional.empty() : Optional.of(shortfall);
    }

    /** Each of these values of the {@code permissions} claim; a scope of the same name does not count. */
    static Requirement allPermissions(String first, String... others) {
        Set<String> permissions = Set.copyOf(named(first, others));
        Shortfall shortfall = new Shortfall("The token lacks a permission that this request needs.", List.of());
        return token -> token.permissions().containsAll(permissions) ? Optional.empty() : Optional.of(shortfall);
    }

    /** One or more of these values of the {@code permissions} claim. */
    static Requirement anyPermission(String first, String... others) {
        Set<String> permissions = Set.copyOf(named(first, others));
        Shortfall shortfall =
                new Shortfall("The token has none of the permissions that allow this request.", List.of());
        return token -> permissions.stream().anyMatch(token.permissions()::contains)
                ? Optional.empty()
                : Optional.of(shortfall);
    }

    /** A program's own token, of the client credentials grant: {@link AccessToken#clientActsForItself}. */
    static Requirement clientActsForItself() {
        Shortfall shortfall = new Shortfall("Only a client that acts for itself may do this.", List.of());
        return token -> token.clientActsForItself() ? Optional.empty() : Optional.of(shortfall);
    }

    /** The claim {@code org_id} is exactly this organization's id. */
    static Requirement organization(String id) {
        Shortfall shortfall =
                new Shortfall("The token is not one of the organization that this belongs to.", List.of());
        return token -> id.equals(token.claims().get("org_id")) ? Optional.empty() : Optional.of(shortfall);
    }

    /** This one, and then the other: what is answered is what falls short first. */
    default Requirement and(Requirement other) {
        return token -> shortfallOf(token).or(() -> other.shortfallOf(token));
    }

    private static List<String> named(String first, String... others) {
        Set<String> names = new LinkedHashSet<>();
        names.add(first);
        names.addAll(Arrays.asList(others));
        return List.copyOf(names);
    }
}
