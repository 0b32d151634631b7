package dev.jeton.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;

class ConfigShowTest {
    private static final Map<String, String> ENVIRONMENT =
            Map.of("JETON_BOOTSTRAP_CLIENT_ID", "boot", "JETON_BOOTSTRAP_CLIENT_SECRET", "hunter2");

    @Test
    void shows_every_value_with_its_origin_and_masks_secrets() {
        String text = ConfigShow.show(new String[] {"--port", "9000"}, ENVIRONMENT);

        assertThat(text.lines()).hasSameSizeAs(Settings.ALL);
        assertThat(text)
                .containsPattern("(?m)^port +9000 +--port$")
                .containsPattern("(?m)^host +127\\.0\\.0\\.1 +default$")
                .containsPattern("(?m)^issuer +http://127\\.0\\.0\\.1:9000/ +from host, port and TLS$")
                .containsPattern("(?m)^db\\.url +- +SQLite in the data folder$")
                .containsPattern("(?m)^bootstrap\\.client_secret +\\[secret\\] +JETON_BOOTSTRAP_CLIENT_SECRET$")
                .doesNotContain("hunter2");
    }

    @Test
    void aligns_its_columns() {
        String text = ConfigShow.show(new String[0], Map.of());

        assertThat(text.lines().filter(line -> line.endsWith("  default")))
                .allSatisfy(line -> assertThat(line)
                        .hasSize(text.lines()
                                .filter(other -> other.startsWith("host "))
                                .findFirst()
                                .orElseThrow()
                                .length()));
    }

    @Test
    void shows_the_same_as_json() {
        String json = ConfigShow.show(new String[] {"--json"}, ENVIRONMENT);

        assertThat(json.replaceAll("\\s+", ""))
                .contains("\"port\":{\"value\":\"8080\",\"from\":\"default\"}")
                .contains("\"db.password\":{\"value\":null,\"from\":\"none\"}")
                .contains("\"bootstrap.client_secret\":{\"value\":\"[secret]\"")
                .doesNotContain("hunter2");
    }

    @Test
    void leaves_the_issuer_open_while_the_port_is() {
        assertThat(ConfigShow.show(new String[] {"--port=0"}, Map.of()))
                .containsPattern("(?m)^issuer +- +from host, port and TLS$");
    }
}
