package dev.jeton.e2e.tools;

import dev.jeton.e2e.Jeton;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

/** Auth0's SDK for Java as it comes from Maven Central; what it is asked is in {@link JavaSdk}. */
@EnabledIfSystemProperty(named = "jeton.tools.all", matches = "true")
class JavaSdkTest {
    private static final Path JAVA_HOME = Path.of(System.getProperty("java.home"));
    private static final String STORE = "trusted.p12";

    @TempDir
    Path folder;

    @TestFactory
    Stream<DynamicTest> it_does_its_work() {
        try (ToolServer server = new ToolServer(folder)) {
            Jeton user = new Jeton(folder);
            user.runAny(
                            "",
                            List.of(
                                    JAVA_HOME.resolve("bin/keytool").toString(),
                                    "-importcert",
                                    "-noprompt",
                                    "-file",
                                    server.ca().toString(),
                                    "-keystore",
                                    STORE,
                                    "-storepass",
                                    "changeit"))
                    .done();
            Jeton.Result run = user.runAny(
                            "",
                            List.of(
                                    JAVA_HOME.resolve("bin/java").toString(),
                                    "-Djavax.net.ssl.trustStore=" + STORE,
                                    "-Djavax.net.ssl.trustStorePassword=changeit",
                                    "-cp",
                                    System.getProperty("java.class.path"),
                                    JavaSdk.class.getName(),
                                    server.domain(),
                                    ToolServer.clientId(),
                                    ToolServer.clientSecret()))
                    .done();
            return Step.printed(run.out());
        }
    }
}
