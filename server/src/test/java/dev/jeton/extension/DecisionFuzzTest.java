package dev.jeton.extension;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.jeton.audit.AuditEvent.Execution;
import dev.jeton.oauth.ScopeSet;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** Any JSON in place of what users' code gave back. */
@Timeout(30)
class DecisionFuzzTest {
    private static final JsonMapper JSON = JsonMapper.shared();
    private static final Execution EXECUTION = new Execution(Duration.ofMillis(1), List.of());

    @MethodSource("results")
    @FuzzTest
    void lets_pass_only_what_can_stand_in_a_token(byte[] line) {
        ObjectNode result;
        try {
            if (!(JSON.readTree(line) instanceof ObjectNode object)) {
                return;
            }
            result = object;
        } catch (JacksonException noLineOfTheProtocol) {
            return;
        }

        if (Decision.of(result, EXECUTION) instanceof Decision.Allowed allowed) {
            assertThat(ScopeSet.parse(allowed.scope().toString())).isEqualTo(allowed.scope());
            StringBuilder payload = new StringBuilder("{\"iss\":\"x\"");
            allowed.claims()
                    .forEach((name, json) -> payload.append(',')
                            .append(JSON.writeValueAsString(name))
                            .append(':')
                            .append(json));
            byte[] octets = payload.append('}').toString().getBytes(UTF_8);
            JsonNode read = JSON.readTree(octets);
            allowed.claims().forEach((name, json) -> {
                assertThat(CustomClaims.RESTRICTED).doesNotContain(name);
                assertThat(read.path(name)).isEqualTo(result.path(name));
            });
        }
    }

    static Stream<byte[]> results() {
        return Stream.of(
                        "{}",
                        "{\"scope\":[\"read:a\"],\"https://example.com/role\":\"admin\"}",
                        "{\"scope\":null,\"plan\":{\"name\":\"é😀\",\"seats\":[1,2.5,-0.0,1e300]}}",
                        "{\"scope\":\"read:a\"}",
                        "{\"scope\":[\"a b\",1]}",
                        "{\"sub\":\"x\",\"exp\":1,\"scope\":[]}",
                        "{\"a\":1e400}",
                        "{\"a\":-1e400,\"b\":123456789012345678901234567890}",
                        "{\"a\":\"\\ud800\"}",
                        "{\"\\udc00\":1}",
                        "{\"a\":\"\\u0000\\u2028\"}",
                        "{\"https://x.auth0.com/a\":1,\"urn:auth0:x\":1,\"http://[::1\":1}",
                        "{\"a\":" + "[".repeat(101) + "]".repeat(101) + "}")
                .map(text -> text.getBytes(UTF_8));
    }
}
