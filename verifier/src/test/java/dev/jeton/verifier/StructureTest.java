package dev.jeton.verifier;

import static dev.jeton.verifier.TestToken.compact;
import static dev.jeton.verifier.TestToken.rejected;
import static dev.jeton.verifier.TestToken.token;
import static dev.jeton.verifier.TestToken.verify;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.junit.jupiter.params.provider.Arguments.argumentSet;

import dev.jeton.verifier.TestKey.Signer;
import java.nio.charset.StandardCharsets;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Texts that are not a signed JWT, all with the right signature where there is room for one. */
class StructureTest {
    private static final Signer RS256 = TestKey.RSA.rs256();
    private static final String GENUINE = token().signed();
    private static final String HEADER = token().headerJson();
    private static final String PAYLOAD = token().payloadJson();

    @ParameterizedTest
    @MethodSource("malformed_tokens")
    void refuses_a_malformed_token(String token) {
        assertThat(verify(token)).isEqualTo(rejected(Rejection.MALFORMED));
    }

    static Stream<Arguments> malformed_tokens() {
        String[] parts = GENUINE.split("\\.", -1);
        String input = parts[0] + "." + parts[1];
        String signature = parts[2];
        return Stream.of(
                argumentSet("nothing", ""),
                argumentSet("a word", "token"),
                argumentSet("a client's opaque token", "f0a1b2c3-d4e5"),
                argumentSet("one dot", input),
                argumentSet("two dots alone", ".."),
                argumentSet("no header", "." + parts[1] + "." + signature),
                argumentSet("no payload", parts[0] + ".." + signature),
                argumentSet("no signature", input + "."),
                argumentSet("a signature alone", ".." + signature),
                argumentSet("three dots", GENUINE + "."),
                argumentSet("four parts", GENUINE + "." + signature),
                argumentSet("six parts", GENUINE + ".a.b.c"),
                argumentSet("with its scheme", "Bearer " + GENUINE),
                argumentSet("space before", " " + GENUINE),
                argumentSet("line break after", GENUINE + "\n"),
                argumentSet("zero byte after", GENUINE + "\0"),
                argumentSet("a second value after a comma", GENUINE + ",token"),
                argumentSet("line break inside", input + ".\n" + signature),
                argumentSet("padding", GENUINE + "=="),
                argumentSet("padding of the header", signed(parts[0] + "=." + parts[1])),
                argumentSet("base64 instead of base64url", input + "." + "+/" + signature.substring(2)),
                argumentSet("stray bits at the end", input + "." + lastCharacterChanged(signature)),
                argumentSet("a length that base64 cannot have", input + "." + signature + "AAA"),
                argumentSet("a letter of another script", input + "." + "а" + signature.substring(1)),
                argumentSet(
                        "JWS in JSON",
                        "{\"payload\":\"" + parts[1] + "\",\"protected\":\"" + parts[0] + "\",\"signature\":\""
                                + signature + "\"}"),
                argumentSet("stray bits at the end of the header", signed(withStrayBit(HEADER) + "." + parts[1])),
                argumentSet("stray bits at the end of the payload", signed(parts[0] + "." + withStrayBit(PAYLOAD))),
                argumentSet("header is an array", compact("[]", PAYLOAD, RS256)),
                argumentSet("header is null", compact("null", PAYLOAD, RS256)),
                argumentSet("header is no JSON", compact("alg=RS256", PAYLOAD, RS256)),
                argumentSet("alg twice", compact("{\"alg\":\"none\"," + HEADER.substring(1), PAYLOAD, RS256)),
                argumentSet("kid twice", compact("{\"kid\":\"x\"," + HEADER.substring(1), PAYLOAD, RS256)),
                argumentSet("header with a byte order mark", compact("\ufeff" + HEADER, PAYLOAD, RS256)),
                argumentSet("payload is an array", compact(HEADER, "[" + PAYLOAD + "]", RS256)),
                argumentSet("payload is a string", compact(HEADER, "\"payload\"", RS256)),
                argumentSet("payload is a number", compact(HEADER, "1", RS256)),
                argumentSet("payload is null", compact(HEADER, "null", RS256)),
                argumentSet("aud twice", compact(HEADER, "{\"aud\":\"x\"," + PAYLOAD.substring(1), RS256)),
                argumentSet("exp twice", compact(HEADER, "{\"exp\":1," + PAYLOAD.substring(1), RS256)),
                argumentSet(
                        "exp twice, once escaped", compact(HEADER, "{\"\\u0065xp\":1," + PAYLOAD.substring(1), RS256)),
                argumentSet(
                        "a name twice inside a claim",
                        compact(HEADER, "{\"a\":{\"b\":1,\"b\":2}," + PAYLOAD.substring(1), RS256)),
                argumentSet("text after the payload", compact(HEADER, PAYLOAD + "{}", RS256)),
                argumentSet("byte order mark", compact(HEADER, "\ufeff" + PAYLOAD, RS256)),
                argumentSet("UTF-16", compact(utf8(HEADER), PAYLOAD.getBytes(StandardCharsets.UTF_16), RS256)),
                argumentSet(
                        "Latin-1", compact(utf8(HEADER), withName("é").getBytes(StandardCharsets.ISO_8859_1), RS256)),
                argumentSet(
                        "overlong UTF-8",
                        compact(utf8(HEADER), withName("\u00c0\u00af").getBytes(StandardCharsets.ISO_8859_1), RS256)),
                argumentSet(
                        "surrogate in UTF-8",
                        compact(
                                utf8(HEADER),
                                withName("\u00ed\u00a0\u0080").getBytes(StandardCharsets.ISO_8859_1),
                                RS256)),
                argumentSet("unpaired surrogate", compact(HEADER, withName("\\ud800"), RS256)),
                argumentSet("NaN", compact(HEADER, "{\"a\":NaN," + PAYLOAD.substring(1), RS256)),
                argumentSet("1e400", compact(HEADER, "{\"a\":1e400," + PAYLOAD.substring(1), RS256)),
                argumentSet("nested 10000 deep and not closed", compact(HEADER, "{\"a\":" + "[".repeat(10_000), RS256)),
                argumentSet(
                        "nested 5000 deep",
                        compact(HEADER, "{\"a\":" + "[".repeat(5000) + "]".repeat(5000) + "}", RS256)));
    }

    @Test
    void accepts_text_in_every_script() {
        assertThat(verify(compact(HEADER, withName("é, 漢, 😀, \\ud83d\\ude00"), RS256)))
                .isInstanceOf(Verification.Verified.class);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"alg\":\"dir\",\"enc\":\"A128GCM\"}",
                "{\"alg\":\"RSA-OAEP-256\",\"enc\":\"A256GCM\",\"zip\":\"DEF\",\"kid\":\"rsa\"}",
                "{\"alg\":\"PBES2-HS256+A128KW\",\"enc\":\"A128GCM\",\"p2c\":2147483647,\"p2s\":\"AAAA\"}"
            })
    void refuses_an_encrypted_token_by_its_five_parts(String header) {
        assertThat(verify(Base64Url.encode(utf8(header)) + "..AAAA.AAAA.AAAA"))
                .isEqualTo(rejected(Rejection.ENCRYPTED));
    }

    @Test
    void takes_a_token_of_16384_characters_and_no_longer_one() {
        int room = 16 * 1024 - token().claim("fill", "''").signed().length();
        TestToken fitting = token().claim("fill", "'" + "x".repeat(room * 3 / 4) + "'");

        String token = fitting.signed();

        assertThat(token).hasSizeBetween(16 * 1024 - 3, 16 * 1024);
        assertThat(verify(token)).isInstanceOf(Verification.Verified.class);
        assertThat(verify(token + "AAAA")).isEqualTo(rejected(Rejection.TOKEN_TOO_LARGE));
        assertThat(verify("a".repeat(1024 * 1024))).isEqualTo(rejected(Rejection.TOKEN_TOO_LARGE));
    }

    @Test
    void says_nothing_of_the_token_in_a_refusal() {
        String token = compact(HEADER, "{\"password\":\"hunter2\"", RS256);

        assertThatThrownBy(() -> verify(token).orElseThrow())
                .isInstanceOf(InvalidTokenException.class)
                .hasMessage(Rejection.MALFORMED.sentence())
                .hasNoCause();
    }

    @Test
    void shows_what_a_token_says_without_believing_it() {
        String token = token().header("alg", "'none'").claim("exp", 1).signed(input -> new byte[1]);

        UnverifiedJwt jwt = UnverifiedJwt.parse(token);

        assertThat(jwt.header())
                .containsEntry("alg", "none")
                .containsEntry("kid", "rsa")
                .isUnmodifiable();
        assertThat(jwt.claims())
                .containsEntry("exp", 1L)
                .containsEntry("azp", "orders-daemon")
                .isUnmodifiable();
    }

    @Test
    void refuses_to_show_what_is_not_a_token() {
        InvalidTokenException refusal =
                catchThrowableOfType(InvalidTokenException.class, () -> UnverifiedJwt.parse("a.b"));

        assertThat(refusal.rejection()).isEqualTo(Rejection.MALFORMED);
    }

    private static String signed(String signingInput) {
        return TestToken.signed(signingInput, RS256);
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static String withName(String name) {
        return "{\"name\":\"" + name + "\"," + PAYLOAD.substring(1);
    }

    /** The text in base64url with one of the bits set that no byte of it uses; a space more makes room for one. */
    private static String withStrayBit(String json) {
        String encoded = Base64Url.encode(utf8(json.length() % 3 == 0 ? json + " " : json));
        return lastCharacterChanged(encoded);
    }

    /** 256 bytes leave four bits of the last character unused. */
    private static String lastCharacterChanged(String signature) {
        char last = signature.charAt(signature.length() - 1);
        return signature.substring(0, signature.length() - 1) + (char) (last + 1);
    }
}
