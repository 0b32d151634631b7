package dev.jeton.token;

import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jose.JWSObject;
import com.nimbusds.jose.JWSVerifier;
import com.nimbusds.jose.crypto.ECDSAVerifier;
import com.nimbusds.jose.crypto.Ed25519Verifier;
import com.nimbusds.jose.crypto.MACVerifier;
import com.nimbusds.jose.crypto.RSASSAVerifier;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKSet;
import dev.jeton.Golden;
import dev.jeton.SeededRandom;
import dev.jeton.TestServer;
import dev.jeton.client.Client;
import dev.jeton.oauth.Audience;
import dev.jeton.oauth.ClientId;
import dev.jeton.oauth.Identifiers;
import dev.jeton.oauth.Issuer;
import dev.jeton.oauth.ScopeSet;
import dev.jeton.resourceserver.ResourceServer;
import dev.jeton.resourceserver.SigningAlgorithm;
import dev.jeton.resourceserver.SigningSecret;
import dev.jeton.resourceserver.TokenDialect;
import dev.jeton.signingkey.TestKeys;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Whole tokens with fixed keys, ids and time. */
class AccessTokenIssuerTest {
    private static final String SECRET = "a secret of an API, 32 characters";
    private static final ScopeSet SCOPE = ScopeSet.parse("read:timesheets create:timesheets");

    @TempDir
    private static Path folder;

    private static TestKeys keys;

    @BeforeAll
    static void makeKeys() {
        keys = new TestKeys(folder).withFixedKeys();
    }

    @AfterAll
    static void closeKeys() {
        keys.close();
    }

    private static String issue(SigningAlgorithm algorithm, TokenDialect dialect, ScopeSet scope) {
        AccessTokenIssuer issuer = new AccessTokenIssuer(
                Issuer.of("https://login.example.com"), keys.ring(), new Identifiers(new SeededRandom(7)));
        Client client = new Client(
                new ClientId("jetonTestClient0123456789abcdefg"),
                "Import job",
                null,
                "non_interactive",
                List.of("client_credentials"),
                null,
                Map.of(),
                "{}",
                TestServer.START,
                TestServer.START);
        ResourceServer api = new ResourceServer(
                "6923f4c00123456789abcdef",
                new Audience("https://api.example.com/timesheets"),
                "Timesheets",
                List.of(),
                algorithm,
                Optional.of(new SigningSecret(SECRET)),
                Duration.ofHours(2),
                dialect,
                false,
                "{}",
                TestServer.START,
                TestServer.START);
        AccessToken token = issuer.issue(
                new ClientCredentialsGrant.Access(client, api, scope, Map.of()), TestServer.START.plusMillis(999));
        assertThat(token.lifetime()).isEqualTo(Duration.ofHours(2));
        assertThat(token.scope()).isEqualTo(scope);
        assertThat(token.toString()).doesNotContain(token.compact());
        return token.compact();
    }

    private static String part(String compact, int index) {
        return new String(Base64.getUrlDecoder().decode(compact.split("\\.", -1)[index]), StandardCharsets.UTF_8);
    }

    @ParameterizedTest
    @EnumSource(
            value = SigningAlgorithm.class,
            names = {"RS256", "RS512", "EDDSA", "HS256"})
    void a_whole_token_is_golden_where_signatures_are_deterministic(SigningAlgorithm algorithm) {
        String compact = issue(algorithm, TokenDialect.ACCESS_TOKEN, SCOPE);

        Golden.check(
                "token-" + algorithm.wireName() + ".txt",
                part(compact, 0) + "\n" + part(compact, 1) + "\n" + compact + "\n");
    }

    @ParameterizedTest
    @EnumSource(
            value = SigningAlgorithm.class,
            names = {"PS256", "ES256"})
    void header_and_claims_are_golden_where_signatures_are_not(SigningAlgorithm algorithm) {
        String compact = issue(algorithm, TokenDialect.ACCESS_TOKEN, SCOPE);

        Golden.check("token-" + algorithm.wireName() + ".txt", part(compact, 0) + "\n" + part(compact, 1) + "\n");
    }

    @ParameterizedTest
    @EnumSource(SigningAlgorithm.class)
    void an_independent_library_verifies_every_algorithm(SigningAlgorithm algorithm) throws Exception {
        JWSObject token = JWSObject.parse(issue(algorithm, TokenDialect.ACCESS_TOKEN, SCOPE));

        assertThat(token.verify(verifier(algorithm, token.getHeader().getKeyID())))
                .isTrue();
        assertThat(token.getHeader().getAlgorithm().getName()).isEqualTo(algorithm.wireName());
    }

    private static JWSVerifier verifier(SigningAlgorithm algorithm, String kid) throws Exception {
        if (algorithm == SigningAlgorithm.HS256) {
            return new MACVerifier(SECRET);
        }
        JWK key = JWKSet.parse(keys.ring().jwks()).getKeyByKeyId(kid);
        return switch (algorithm) {
            case RS256, RS512, PS256 -> new RSASSAVerifier(key.toRSAKey());
            case ES256 -> new ECDSAVerifier(key.toECKey());
            case EDDSA -> new Ed25519Verifier(key.toOctetKeyPair());
            case HS256 -> throw new AssertionError();
        };
    }

    @ParameterizedTest(name = "{0} {1}")
    @CsvSource(delimiter = '|', textBlock = """
                    access_token          | JWT    | "scope":"b a","gty":"client-credentials","azp":"$C","jti":"$J"
                    access_token_authz    | JWT    | "scope":"b a","gty":"client-credentials","azp":"$C","jti":"$J","permissions":["b","a"]
                    rfc9068_profile       | at+jwt | "scope":"b a","client_id":"$C","jti":"$J"
                    rfc9068_profile_authz | at+jwt | "scope":"b a","client_id":"$C","jti":"$J","permissions":["b","a"]
                    """)
    void each_dialect_has_its_claims(String dialect, String type, String ownClaims) {
        String compact =
                issue(SigningAlgorithm.EDDSA, TokenDialect.find(dialect).orElseThrow(), ScopeSet.parse("b a"));

        assertThat(part(compact, 0))
                .isEqualTo("{\"alg\":\"EdDSA\",\"typ\":\"" + type + "\",\"kid\":\"fixed-ed25519\"}");
        assertThat(part(compact, 1)).isEqualTo(claims(ownClaims));
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiter = '|', textBlock = """
                    access_token          | "scope":"","gty":"client-credentials","azp":"$C","jti":"$J"
                    access_token_authz    | "scope":"","gty":"client-credentials","azp":"$C","jti":"$J","permissions":[]
                    rfc9068_profile       | "client_id":"$C","jti":"$J"
                    rfc9068_profile_authz | "client_id":"$C","jti":"$J","permissions":[]
                    """)
    void an_empty_scope_is_empty_in_the_auth0_profile_and_absent_in_rfc_9068(String dialect, String ownClaims) {
        String compact =
                issue(SigningAlgorithm.EDDSA, TokenDialect.find(dialect).orElseThrow(), ScopeSet.EMPTY);

        assertThat(part(compact, 1)).isEqualTo(claims(ownClaims));
    }

    private static String claims(String ownClaims) {
        return ("{\"iss\":\"https://login.example.com/\",\"sub\":\"$C@clients\","
                        + "\"aud\":\"https://api.example.com/timesheets\",\"iat\":1795435200,\"exp\":1795442400,"
                        + ownClaims + "}")
                .replace("$C", "jetonTestClient0123456789abcdefg")
                .replace("$J", new Identifiers(new SeededRandom(7)).jti());
    }
}
