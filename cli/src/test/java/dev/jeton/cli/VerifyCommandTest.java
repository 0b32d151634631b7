package dev.jeton.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jeton.cli.CommandLineRun.Result;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Signature;
import java.security.interfaces.ECPublicKey;
import java.security.spec.ECGenParameterSpec;
import java.util.Arrays;
import java.util.Base64;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class VerifyCommandTest {
    private static final long NOW = CommandLineRun.NOW.getEpochSecond();

    @TempDir
    Path folder;

    private final FakeServer server = new FakeServer();
    private final KeyPair key = es256Key();

    private static KeyPair es256Key() {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
            generator.initialize(new ECGenParameterSpec("secp256r1"));
            return generator.generateKeyPair();
        } catch (GeneralSecurityException e) {
            throw new AssertionError(e);
        }
    }

    @BeforeEach
    void publishTheKey() {
        ECPublicKey published = (ECPublicKey) key.getPublic();
        server.on("GET /.well-known/jwks.json", 200, """
                {"keys":[{"kty":"EC","crv":"P-256","use":"sig","alg":"ES256","kid":"k1","x":"%s","y":"%s"}]}""".formatted(
                        coordinate(published.getW().getAffineX()),
                        coordinate(published.getW().getAffineY())));
    }

    @AfterEach
    void stop() {
        server.close();
    }

    private static String coordinate(BigInteger value) {
        byte[] bytes = value.toByteArray();
        byte[] padded = new byte[32];
        int length = Math.min(bytes.length, 32);
        System.arraycopy(bytes, bytes.length - length, padded, 32 - length, length);
        return base64(padded);
    }

    private static String base64(byte[] bytes) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }

    private static String base64(String text) {
        return base64(text.getBytes(StandardCharsets.UTF_8));
    }

    private String claims(String audience, long expiry) {
        return """
                {"iss":"%s","sub":"app1@clients","aud":"%s","iat":%d,"exp":%d,"scope":"read:a","gty":"client-credentials",\
                "azp":"app1"}""".formatted(server.issuer(), audience, NOW - 60, expiry);
    }

    private String token(String audience, long expiry) throws GeneralSecurityException {
        String input =
                base64("{\"alg\":\"ES256\",\"typ\":\"JWT\",\"kid\":\"k1\"}") + "." + base64(claims(audience, expiry));
        Signature signature = Signature.getInstance("SHA256withECDSAinP1363Format");
        signature.initSign(key.getPrivate());
        signature.update(input.getBytes(StandardCharsets.US_ASCII));
        return input + "." + base64(signature.sign());
    }

    private Result verify(String... more) {
        String[] args = new String[] {"verify", "--url", server.issuer(), "--api", "urn:api"};
        String[] all = Arrays.copyOf(args, args.length + more.length);
        System.arraycopy(more, 0, all, args.length, more.length);
        return new CommandLineRun(folder).run(all);
    }

    @Test
    void accepts_a_token_of_the_server_for_the_api_without_credentials() throws GeneralSecurityException {
        Result result = verify(token("urn:api", NOW + 3600));

        assertThat(result).isEqualTo(new Result(0, """
                        The token is valid.

                        Application  app1
                        API          urn:api
                        Scopes       read:a
                        Expires      2026-11-23 18:15:30Z, in 1 h
                        Signed with  ES256, key k1
                        """, ""));
        assertThat(server.tokenRequests()).isEmpty();
    }

    @Test
    void reads_the_token_from_standard_input() throws GeneralSecurityException {
        String token = token("urn:api", NOW + 3600);

        for (String[] args : new String[][] {{"verify", "-", "--api", "urn:api"}, {"verify", "--api", "urn:api"}}) {
            assertThat(CommandLineRun.against(server, folder)
                            .reading(token + "\n")
                            .run(args)
                            .exitCode())
                    .isZero();
        }
        assertThat(CommandLineRun.against(server, folder)
                        .run("verify", "--api", "urn:api")
                        .exitCode())
                .isEqualTo(2);
    }

    @Test
    void refuses_an_expired_token_and_says_since_when() throws GeneralSecurityException {
        assertThat(verify(token("urn:api", NOW - 30))).isEqualTo(new Result(1, "", """
                        jeton: the token is refused: The token has expired.
                          it was valid until 2026-11-23 17:15:00Z
                        """));
    }

    @Test
    void refuses_a_token_for_another_api_and_says_for_which() throws GeneralSecurityException {
        Result result = verify(token("urn:other", NOW + 3600));

        assertThat(result.exitCode()).isEqualTo(1);
        assertThat(result.err()).endsWith("  it is for urn:other, not for urn:api\n");
    }

    @Test
    void refuses_a_token_that_was_changed() throws GeneralSecurityException {
        String token = token("urn:api", NOW + 3600);
        String[] parts = token.split("\\.", -1);
        String forged = parts[0] + "." + base64(claims("urn:api", NOW + 7200)) + "." + parts[2];

        assertThat(Json.parse(verify(forged, "--json").out())).isEqualTo(Json.parse("""
                {"verified":false,"code":"bad_signature",
                 "reason":"The token's signature does not verify with the issuer's key."}"""));
    }

    @Test
    void shows_the_claims_as_json() throws GeneralSecurityException {
        Result result = verify(token("urn:api", NOW + 3600), "--json");

        assertThat(Json.parse(result.out()))
                .isEqualTo(Json.parse("{\"verified\":true,\"claims\":" + claims("urn:api", NOW + 3600) + "}"));
    }

    @Test
    void verifies_with_the_signing_secret_of_an_api() throws GeneralSecurityException, IOException {
        String secret = "a-signing-secret-of-32-characters";
        Files.writeString(folder.resolve("secret"), secret + "\n");
        String input = base64("{\"alg\":\"HS256\",\"typ\":\"JWT\"}") + "." + base64(claims("urn:api", NOW + 3600));
        Mac mac = Mac.getInstance("HmacSHA256");
        mac.init(new SecretKeySpec(secret.getBytes(StandardCharsets.UTF_8), "HmacSHA256"));
        String token = input + "." + base64(mac.doFinal(input.getBytes(StandardCharsets.US_ASCII)));

        assertThat(verify(token, "--signing-secret-file", "secret").exitCode()).isZero();
        assertThat(verify(token).err()).contains("--signing-secret-file");
    }
}
