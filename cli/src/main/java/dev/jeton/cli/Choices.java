package dev.jeton.cli;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;

/** Words that an option or an argument can be, for completion; whether it may be is said elsewhere. */
final class Choices {
    private Choices() {}

    static final class ApplicationTypes extends ArrayList<String> {
        ApplicationTypes() {
            super(List.of("non_interactive", "regular_web", "native", "spa"));
        }
    }

    static final class AuthenticationMethods extends ArrayList<String> {
        AuthenticationMethods() {
            super(List.of("client_secret_post", "client_secret_basic"));
        }
    }

    static final class ApiAlgorithms extends ArrayList<String> {
        ApiAlgorithms() {
            super(List.of("RS256", "RS512", "PS256", "ES256", "EdDSA", "HS256"));
        }
    }

    static final class KeyAlgorithms extends ArrayList<String> {
        KeyAlgorithms() {
            super(List.of("RS256", "ES256", "EdDSA"));
        }
    }

    static final class TokenDialects extends ArrayList<String> {
        TokenDialects() {
            super(List.of("access_token", "access_token_authz", "rfc9068_profile", "rfc9068_profile_authz"));
        }
    }

    static final class Roles extends ArrayList<String> {
        Roles() {
            super(List.of("viewer", "editor", "owner"));
        }
    }

    static final class SnippetTasks extends ArrayList<String> {
        SnippetTasks() {
            super(List.of("token", "call", "verify"));
        }
    }

    /** Read only when they are asked for: each start of the command line makes one of each of these classes. */
    static final class SnippetNames implements Iterable<String> {
        @Override
        public Iterator<String> iterator() {
            return Snippet.all().stream().map(Snippet::name).distinct().iterator();
        }
    }

    static final class ExtensionKinds extends ArrayList<String> {
        ExtensionKinds() {
            super(List.of("hook", "action"));
        }
    }

    static final class Shells extends ArrayList<String> {
        Shells() {
            super(List.of("bash", "zsh", "fish"));
        }
    }
}
