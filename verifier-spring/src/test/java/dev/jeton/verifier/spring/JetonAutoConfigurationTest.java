package dev.jeton.verifier.spring;

import static dev.jeton.verifier.spring.TestIssuer.AUDIENCE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.jeton.verifier.AccessTokenVerifier;
import dev.jeton.verifier.KeySet;
import dev.jeton.verifier.KeySource;
import java.net.http.HttpResponse;
import java.time.Instant;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.security.authentication.TestingAuthenticationToken;
import org.springframework.security.core.Authentication;
import org.springframework.security.core.userdetails.UserDetailsService;
import org.springframework.security.oauth2.jwt.BadJwtException;
import org.springframework.security.oauth2.jwt.Jwt;
import org.springframework.security.oauth2.jwt.JwtDecoder;
import org.springframework.security.oauth2.jwt.JwtException;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

@ExtendWith(OutputCaptureExtension.class)
class JetonAutoConfigurationTest {
    private static final TestIssuer ISSUER = new TestIssuer();
    private static final String NO_ISSUER = "jeton.issuer=http://127.0.0.1:1/";

    /** An application that says nothing of security. */
    @Configuration(proxyBeanMethods = false)
    @EnableAutoConfiguration
    static class Plain {
        @Bean
        Controller controller() {
            return new Controller();
        }
    }

    @RestController
    static class Controller {
        @GetMapping("/me")
        String me(Authentication authentication) {
            return authentication.getName();
        }
    }

    @Configuration(proxyBeanMethods = false)
    static class OwnDecoder extends Plain {
        @Bean
        JwtDecoder decoder() {
            return token -> switch (token) {
                case "good" ->
                    Jwt.withTokenValue(token)
                            .header("alg", "none")
                            .subject("someone")
                            .expiresAt(Instant.MAX)
                            .build();
                case "bad" -> throw new BadJwtException("Not \"good\"\r\n");
                default -> throw new JwtException("neither good nor bad");
            };
        }
    }

    @Configuration(proxyBeanMethods = false)
    static class OwnVerifier extends Plain {
        @Bean
        AccessTokenVerifier verifier() {
            return AccessTokenVerifier.builder(ISSUER.url(), "other", KeySource.of(KeySet.parse("{\"keys\":[]}")))
                    .build();
        }
    }

    @Configuration(proxyBeanMethods = false)
    static class OwnResourceServer extends Plain {
        @Bean
        JetonResourceServer resourceServer(JwtDecoder decoder) {
            return new JetonResourceServer(decoder, token -> new TestingAuthenticationToken("own", token, "OWN"));
        }
    }

    @AfterAll
    static void stop() {
        ISSUER.close();
    }

    private static TestApi start(Class<?> application) {
        return new TestApi(application, "jeton.issuer=" + ISSUER.url(), "jeton.audience=" + AUDIENCE);
    }

    @Test
    void needs_a_valid_token_for_every_request_of_an_application_without_a_chain() {
        try (TestApi api = start(Plain.class)) {
            assertThat(api.get("/me").headers().firstValue("WWW-Authenticate")).contains("Bearer realm=\"api\"");
            assertThat(api.get("/me", "Bearer " + ISSUER.token("")).body()).isEqualTo("import-job");
            assertThat(api.context().getBeanProvider(UserDetailsService.class).getIfAvailable())
                    .isNull();
        }
    }

    @Test
    void answers_503_while_the_keys_of_the_issuer_cannot_be_had() {
        try (TestApi api = new TestApi(Plain.class, NO_ISSUER, "jeton.audience=" + AUDIENCE)) {
            HttpResponse<String> response = api.get("/me", "Bearer " + ISSUER.token(""));

            assertThat(response.statusCode()).isEqualTo(503);
            assertThat(response.headers().firstValue("Retry-After")).contains("1");
            assertThat(response.headers().firstValue("Cache-Control")).contains("no-store");
            assertThat(response.headers().firstValue("WWW-Authenticate")).isEmpty();
            assertThat(response.body())
                    .isEqualTo("{\"error\":\"temporarily_unavailable\","
                            + "\"error_description\":\"The API cannot check access tokens now; try again.\"}");
        }
    }

    @ParameterizedTest
    @CsvSource({
        "jeton.audience=x, The property jeton.issuer is not set",
        "jeton.issuer=https://auth.example.com/, The property jeton.audience is not set"
    })
    void does_not_start_without_issuer_and_audience(String theOther, String problem, CapturedOutput output) {
        assertThatThrownBy(() -> new TestApi(Plain.class, theOther))
                .hasRootCauseMessage(problem + ", and without it no access token can be checked.");
        assertThat(output)
                .contains("APPLICATION FAILED TO START", problem, "Action:", "Set jeton.")
                .doesNotContain("\tat ");
    }

    @ParameterizedTest
    @CsvSource({
        "http://auth.example.com/, 5, must be https",
        "https://auth.example.com/, 61, the leeway must be between 0 and 60 seconds"
    })
    void does_not_start_with_a_property_that_cannot_be(String issuer, String leeway, String problem) {
        assertThatThrownBy(() -> new TestApi(
                        Plain.class, "jeton.issuer=" + issuer, "jeton.audience=x", "jeton.leeway=" + leeway))
                .rootCause()
                .isInstanceOf(JetonPropertiesException.class)
                .hasMessageContaining(problem);
    }

    @Test
    void takes_the_optional_properties() {
        try (TestApi api = new TestApi(
                Plain.class,
                "jeton.issuer=http://auth.internal.example/",
                "jeton.audience=" + AUDIENCE,
                "jeton.jwks-uri=" + ISSUER.url() + "jwks",
                "jeton.allow-plain-http=true",
                "jeton.require-rfc9068=true")) {
            assertThat(api.get("/me", "Bearer " + ISSUER.token("")).body()).contains("The token's typ is not");
        }
    }

    @Test
    void leaves_the_field_to_a_decoder_of_the_applications_own() {
        try (TestApi api = new TestApi(OwnDecoder.class)) {
            assertThat(api.context().getBeanNamesForType(AccessTokenVerifier.class))
                    .isEmpty();
            assertThat(api.get("/me", "Bearer good").body()).isEqualTo("someone");
            assertThat(api.get("/me", "Bearer bad").headers().firstValue("WWW-Authenticate"))
                    .contains("Bearer realm=\"api\", error=\"invalid_token\","
                            + " error_description=\"The token was not accepted.\"");
            assertThat(api.get("/me", "Bearer other").statusCode()).isEqualTo(503);
        }
    }

    @Test
    void leaves_the_field_to_a_verifier_of_the_applications_own() {
        try (TestApi api = new TestApi(OwnVerifier.class)) {
            assertThat(api.get("/me", "Bearer " + ISSUER.token("")).body()).contains("No key of the issuer");
        }
    }

    @Test
    void leaves_the_field_to_a_resource_server_of_the_applications_own() {
        try (TestApi api = start(OwnResourceServer.class)) {
            assertThat(api.get("/me", "Bearer " + ISSUER.token("")).statusCode())
                    .isNotEqualTo(401);
            assertThat(api.context().getBeanNamesForType(JetonResourceServer.class))
                    .containsExactly("resourceServer");
        }
    }
}
