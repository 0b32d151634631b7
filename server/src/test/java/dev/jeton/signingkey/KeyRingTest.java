package dev.jeton.signingkey;

import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKSet;
import dev.jeton.Golden;
import dev.jeton.resourceserver.SigningAlgorithm;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.interfaces.ECPrivateKey;
import java.security.interfaces.EdECPrivateKey;
import java.security.interfaces.RSAPrivateCrtKey;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.json.JsonMapper;

class KeyRingTest {
    @TempDir
    private Path folder;

    private TestKeys keys;

    @BeforeEach
    void open() {
        keys = new TestKeys(folder);
    }

    @AfterEach
    void close() {
        keys.close();
    }

    @Test
    void the_key_set_is_golden() {
        String jwks = keys.withFixedKeys().ring().jwks();

        Golden.check("jwks.json", JsonMapper.shared().readTree(jwks).toPrettyString() + "\n");
    }

    @Test
    void the_key_set_holds_no_private_part() throws Exception {
        assertThat(JWKSet.parse(keys.withFixedKeys().ring().jwks()).getKeys())
                .hasSize(3)
                .noneMatch(JWK::isPrivate);
    }

    @Test
    void without_keys_nothing_is_published_and_nobody_signs() {
        assertThat(keys.ring().jwks()).isEqualTo("{\"keys\":[]}");
        assertThat(keys.ring().algorithms()).isEmpty();
        assertThat(keys.ring().signer(SigningAlgorithm.RS256)).isEmpty();
    }

    @Test
    void a_signer_for_hs256_is_never_there() {
        assertThat(keys.withFixedKeys().ring().signer(SigningAlgorithm.HS256)).isEmpty();
        assertThat(keys.ring().algorithms())
                .containsExactly(
                        SigningAlgorithm.RS256,
                        SigningAlgorithm.RS512,
                        SigningAlgorithm.PS256,
                        SigningAlgorithm.ES256,
                        SigningAlgorithm.EDDSA);
    }

    @Test
    void private_keys_are_not_in_the_database_files_in_the_clear() throws Exception {
        List<SigningKey> stored = keys.withFixedKeys().all();
        List<String> files = new ArrayList<>();
        try (Stream<Path> all = Files.list(folder)) {
            for (Path file : all.toList()) {
                // ISO-8859-1 has one character for each octet.
                files.add(Files.readString(file, StandardCharsets.ISO_8859_1));
            }
        }

        assertThat(String.join("", files)).as("what is public is there").contains("fixed-rsa");
        for (SigningKey key : stored) {
            for (byte[] secret : privateParts(key)) {
                String octets = new String(secret, StandardCharsets.ISO_8859_1);
                assertThat(files)
                        .noneMatch(file -> file.contains(octets))
                        .noneMatch(file -> file.contains(Base64.getEncoder().encodeToString(secret)));
            }
        }
    }

    /** The whole PKCS#8 form, and what is secret in it. */
    private static List<byte[]> privateParts(SigningKey key) {
        byte[] secret = switch (key.privateKey()) {
            case RSAPrivateCrtKey rsa -> unsigned(rsa.getPrimeP());
            case ECPrivateKey ec -> unsigned(ec.getS());
            case EdECPrivateKey ed -> ed.getBytes().orElseThrow();
            default -> throw new AssertionError("which key is that?");
        };
        return List.of(key.privateKey().getEncoded(), secret);
    }

    private static byte[] unsigned(BigInteger number) {
        byte[] octets = number.toByteArray();
        return octets[0] == 0 ? Arrays.copyOfRange(octets, 1, octets.length) : octets;
    }
}
