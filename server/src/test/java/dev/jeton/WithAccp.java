package dev.jeton;

import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/** All tests run with the cryptography that the server installs when it starts; JUnit finds this by META-INF/services. */
public final class WithAccp implements BeforeAllCallback {
    private static final class Installed {
        static {
            Accp.install();
        }

        static void once() {}
    }

    @Override
    public void beforeAll(ExtensionContext context) {
        Installed.once();
    }
}
