package dev.jeton.verifier.spring;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The application of the folder snippets, compiled as it is printed. */
class SnippetTest {
    private static final Path SNIPPET = Path.of("../snippets/verify-spring.java");
    private static final String AUDIENCE = "urn:orders '\"\\ ${user.home} \\u0022 ü€😀";

    @Test
    void lets_in_who_may_read_orders(@TempDir Path folder) throws Exception {
        try (TestIssuer issuer = new TestIssuer();
                URLClassLoader loader =
                        new URLClassLoader(new URL[] {folder.toUri().toURL()})) {
            String program = Files.readString(SNIPPET)
                    .replace("{{issuer}}", issuer.url())
                    .replace("{{audience}}", AUDIENCE.replace("\\", "\\\\").replace("\"", "\\\""));
            Path file = Files.writeString(folder.resolve("OrdersApplication.java"), program);
            String libraries = System.getProperty("java.class.path");
            int compiled = ToolProvider.getSystemJavaCompiler()
                    .run(null, null, null, "-d", folder.toString(), "-cp", libraries, file.toString());
            assertThat(compiled).isZero();

            ClassLoader before = Thread.currentThread().getContextClassLoader();
            Thread.currentThread().setContextClassLoader(loader);
            try (TestApi api = new TestApi(loader.loadClass("com.example.orders.OrdersApplication"))) {
                assertThat(api.get("/orders", "Bearer " + issuer.token("read:orders", "aud", AUDIENCE))
                                .body())
                        .isEqualTo("orders for import-job@clients");
                assertThat(api.get("/orders", "Bearer " + issuer.token("write:orders", "aud", AUDIENCE))
                                .statusCode())
                        .isEqualTo(403);
                assertThat(api.get("/orders", "Bearer " + issuer.token("read:orders"))
                                .statusCode())
                        .isEqualTo(401);
            } finally {
                Thread.currentThread().setContextClassLoader(before);
            }
        }
    }
}
