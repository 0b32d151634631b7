package dev.jeton.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jeton.e2e.Jeton.Result;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The Timesheets API in Node.js. */
class TimesheetsNodeTest extends TimesheetsContract {
    private static List<String> command() {
        Path sources = Path.of(System.getProperty("jeton.home", ".."), "samples", "timesheets-api-node");
        return List.of(
                "node", NodeProgram.installed(sources).resolve("server.js").toString());
    }

    @Override
    RunningServer startApi(Jeton user) {
        return user.startAny(READY, command());
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "auth.example.com", "http://auth.example.com/", "file:///etc/"})
    void an_issuer_whose_keys_cannot_be_trusted_is_a_sentence(String issuer, @TempDir Path folder) {
        Result result = new Jeton(folder).with(Map.of("JETON_ISSUER", issuer)).runAny("", command());

        assertThat(result.exitCode()).isEqualTo(1);
        assertThat(result.out()).isEmpty();
        assertThat(result.err()).startsWith("timesheets: set JETON_ISSUER to ").hasLineCount(1);
    }
}
