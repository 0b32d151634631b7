package dev.jeton.token;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jeton.config.Config.ErrorDialect;
import dev.jeton.oauth.Audience;
import dev.jeton.oauth.ClientId;
import dev.jeton.oauth.Issuer;
import dev.jeton.oauth.OAuthError;
import dev.jeton.oauth.OAuthError.AudienceDemandsMore;
import dev.jeton.oauth.OAuthError.AudienceMissing;
import dev.jeton.oauth.OAuthError.AudienceNotGranted;
import dev.jeton.oauth.OAuthError.AudienceUnknown;
import dev.jeton.oauth.OAuthError.BodyTooLong;
import dev.jeton.oauth.OAuthError.ClientNotAuthenticated;
import dev.jeton.oauth.OAuthError.GrantTypeMissing;
import dev.jeton.oauth.OAuthError.GrantTypeNotAllowed;
import dev.jeton.oauth.OAuthError.GrantTypeNotSupported;
import dev.jeton.oauth.OAuthError.MalformedRequest;
import dev.jeton.oauth.OAuthError.MalformedScope;
import dev.jeton.oauth.OAuthError.MethodNotAllowed;
import dev.jeton.oauth.OAuthError.RefusalCode;
import dev.jeton.oauth.OAuthError.RefusedByExtension;
import dev.jeton.oauth.OAuthError.ScopeNotGranted;
import dev.jeton.oauth.OAuthError.ServerFault;
import dev.jeton.oauth.OAuthError.TemporarilyUnavailable;
import dev.jeton.oauth.OAuthError.TooManyFailures;
import dev.jeton.oauth.ScopeSet;
import dev.jeton.resourceserver.Demand;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Whoever looks for the text of a refusal finds it on the page, as it is answered. */
class TroubleshootPageTest {
    private static final Audience AUDIENCE = new Audience("<audience>");
    private static final Pattern FIRST_CELL = Pattern.compile("(?m)^\\| ([^|]*`[^|]*) \\|");
    private static final Pattern OF_USERS_CODE =
            Pattern.compile("[\"']((?:The custom claims|The Hook's scope|Script generated) [^\"']*)[\"']");
    private static final Pattern QUOTED = Pattern.compile("`([^`]+)`");
    private static final Pattern TEXT = Pattern.compile("\"([A-Za-z_]+(?: [^\" ]+){2,})\"");

    private final String page = read("../docs/troubleshoot.md");

    /** Each once, but those that are answered in several words. */
    private static List<OAuthError> errors() {
        return Stream.of(
                        Stream.of(
                                new MalformedScope(),
                                new BodyTooLong(TokenEndpoint.MAX_BODY_BYTES),
                                new ClientNotAuthenticated(false, ""),
                                new TooManyFailures(Duration.ZERO),
                                new GrantTypeMissing(),
                                new GrantTypeNotSupported("password"),
                                new GrantTypeNotAllowed(ClientCredentialsGrant.GRANT_TYPE),
                                new AudienceMissing(),
                                new AudienceUnknown(AUDIENCE.value()),
                                new AudienceNotGranted(new ClientId("<id>"), AUDIENCE),
                                new ScopeNotGranted(ScopeSet.of(List.of("<scope>")), ScopeSet.EMPTY),
                                new MethodNotAllowed(),
                                new TemporarilyUnavailable("", null),
                                new ServerFault("An internal error; the log has it under request id <id>")),
                        Arrays.stream(Demand.values())
                                .map(demand -> new AudienceDemandsMore(AUDIENCE, demand.predicate(), "")),
                        textsOf("TokenRequest").map(MalformedRequest::new))
                .<OAuthError>flatMap(errors -> errors)
                .toList();
    }

    private static Stream<String> textsOf(String source) {
        return TEXT.matcher(read("src/main/java/dev/jeton/token/" + source + ".java"))
                .results()
                .map(text -> text.group(1));
    }

    @ParameterizedTest
    @EnumSource
    void it_has_every_answer_of_each_dialect(ErrorDialect dialect) {
        OAuthErrorResponse refusals = new OAuthErrorResponse(dialect, new Issuer("https://auth.example.com/"));

        assertThat(errors()).allSatisfy(error -> {
            OAuthErrorResponse.Refusal refusal = refusals.refusal(error);
            assertThat(section(error))
                    .contains("%d `%s` `%s`".formatted(refusal.status(), refusal.error(), refusal.description()));
        });
    }

    /** The part of the page that {@code error_uri} names. */
    private String section(OAuthError error) {
        return sectionAt(OAuthErrorResponse.section(error));
    }

    private String sectionAt(String anchor) {
        return Stream.of(page.split("(?m)^## "))
                .filter(part -> part.lines()
                        .findFirst()
                        .orElseThrow()
                        .toLowerCase(Locale.ROOT)
                        .replace(' ', '-')
                        .equals(anchor))
                .findFirst()
                .orElseThrow(() -> new AssertionError("no heading " + anchor));
    }

    @Test
    void it_has_what_users_code_may_answer() {
        assertThat(RefusalCode.values())
                .allSatisfy(code -> assertThat(section(new RefusedByExtension(code, "", "")))
                        .contains(code.status() + " `" + code.wireName() + "`"));
    }

    @ParameterizedTest
    @CsvSource({
        "Hooks and Actions, src/main/java",
        "The management API, src/main/java",
        "The command line, ../cli/src/main/java",
        "The server does not start, src/main/java"
    })
    void what_programs_say_is_in_their_code(String heading, Path sources) throws IOException {
        String code = code(sources);
        List<String> texts = FIRST_CELL
                .matcher(sectionAt(heading.toLowerCase(Locale.ROOT).replace(' ', '-')))
                .results()
                .flatMap(cell -> QUOTED.matcher(cell.group(1)).results())
                .map(text -> text.group(1))
                .toList();

        assertThat(texts)
                .hasSizeGreaterThan(7)
                .allSatisfy(text -> assertThat(text.split("<[^>]*>"))
                        .allSatisfy(part -> assertThat(code).contains(part.strip())));
    }

    @Test
    void it_has_what_is_said_of_users_code_that_fails() throws IOException {
        assertThat(OF_USERS_CODE.matcher(code(Path.of("src/main/java"))).results())
                .hasSizeGreaterThan(7)
                .allSatisfy(text -> assertThat(sectionAt("hooks-and-actions")).contains(text.group(1)));
    }

    /** All of it and of the workers, with texts that go on in the next line made one. */
    private static String code(Path sources) throws IOException {
        return (text(sources, Integer.MAX_VALUE, ".java") + text(Path.of("../hook-worker"), 1, ".mjs"))
                .replaceAll("\"\\s*\\+\\s*\"", "");
    }

    private static String text(Path folder, int depth, String suffix) throws IOException {
        try (Stream<Path> files = Files.walk(folder, depth)) {
            return files.filter(file -> file.toString().endsWith(suffix))
                    .map(file -> read(file.toString()))
                    .collect(Collectors.joining());
        }
    }

    @Test
    void no_reason_is_left_out() {
        assertThat(OAuthError.class.getPermittedSubclasses())
                .allSatisfy(reason -> assertThat(reason == RefusedByExtension.class
                                || errors().stream().anyMatch(reason::isInstance))
                        .as(reason.getSimpleName())
                        .isTrue());
        assertThat(textsOf("TokenRequest")).hasSizeGreaterThan(9);
    }

    private static String read(String file) {
        try {
            return Files.readString(Path.of(file));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
