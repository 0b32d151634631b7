package dev.jeton.management;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jeton.TestServer;
import dev.jeton.management.ToolWireCase.Step;
import java.io.IOException;
import java.net.URISyntaxException;
import java.net.URL;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Runs every file of {@code wire/management}: what tools ask that cannot run in a test, call by call. */
class ToolWireTest {
    private static final String BASIC = "Basic ";
    private static final String TOOL_ID = "tool";
    private static final String TOOL_SECRET = "a-secret-for-the-tool-of-the-wire-cases";

    private static TestServer server;
    private static Map<String, String> known;

    @BeforeAll
    static void start() throws IOException, URISyntaxException {
        server = TestServer.start(
                Map.of("JETON_BOOTSTRAP_CLIENT_ID", TOOL_ID, "JETON_BOOTSTRAP_CLIENT_SECRET", TOOL_SECRET));
        known = Map.of(
                "management_api",
                server.issuer() + "api/v2/",
                "tool_id",
                TOOL_ID,
                "tool_secret",
                TOOL_SECRET,
                "rsa_certificate",
                pem("rsa.cert.pem"),
                "rsa_public_key_2",
                pem("rsa_2.public.pem"),
                "rsa_public_key_3",
                pem("rsa_3.public.pem"));
    }

    /** The file as it stands in JSON. */
    private static String pem(String file) throws IOException, URISyntaxException {
        return Files.readString(resource("/keys/" + file)).replace("\n", "\\n");
    }

    private static Path resource(String name) throws URISyntaxException {
        URL url = ToolWireTest.class.getResource(name);
        if (url == null) {
            throw new IllegalStateException(name + " is not on the class path");
        }
        return Path.of(url.toURI());
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    static List<ToolWireCase> cases() throws IOException, URISyntaxException {
        try (Stream<Path> files = Files.list(resource("/wire/management"))) {
            return files.filter(file -> file.toString().endsWith(".http"))
                    .sorted()
                    .map(ToolWireCase::read)
                    .toList();
        }
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("cases")
    void a_tool_finds_what_it_needs(ToolWireCase wireCase) {
        ExpectedJson expected = new ExpectedJson(known);
        wireCase.steps().subList(0, wireCase.pending()).forEach(step -> run(step, expected));
        if (wireCase.pending() < wireCase.steps().size()) {
            assertThat(failure(
                            wireCase.steps()
                                    .subList(
                                            wireCase.pending(), wireCase.steps().size()),
                            expected))
                    .as("%s passes now; take its mark away: %s", wireCase, wireCase.lacking())
                    .isPresent();
        }
    }

    private static Optional<AssertionError> failure(List<Step> steps, ExpectedJson expected) {
        try {
            steps.forEach(step -> run(step, expected));
            return Optional.empty();
        } catch (AssertionError e) {
            return Optional.of(e);
        }
    }

    private static void run(Step step, ExpectedJson expected) {
        HttpRequest.Builder request = server.request(expected.fill(step.path()).substring(1))
                .header("User-Agent", "Go-Auth0/1.45.0")
                .method(
                        step.method(),
                        step.body().isEmpty()
                                ? BodyPublishers.noBody()
                                : BodyPublishers.ofString(expected.fill(step.body())));
        if (step.path().startsWith("/api/v2/")) {
            request.header("Authorization", "Bearer " + server.managementToken());
        }
        if (!step.body().isEmpty() && step.headers().stream().noneMatch(line -> line.startsWith("Content-Type:"))) {
            request.header("Content-Type", "application/json");
        }
        for (String line : step.headers()) {
            request.header(name(line), encoded(expected.fill(value(line))));
        }
        HttpResponse<String> response = server.exchange(request);
        String answer = step + " answered " + response.statusCode() + " " + response.body();

        assertThat(response.statusCode()).as(answer).isEqualTo(step.status());
        for (String line : step.answerHeaders()) {
            List<String> values = response.headers().allValues(name(line));
            switch (value(line)) {
                case "*" -> assertThat(values).as(name(line)).hasSize(1);
                case "-" -> assertThat(values).as(name(line)).isEmpty();
                default -> assertThat(values).as(answer).containsExactly(expected.fill(value(line)));
            }
        }
        try {
            expected.match(step.answer(), response.body());
        } catch (AssertionError e) {
            throw new AssertionError(e.getMessage() + "\n" + answer, e);
        }
    }

    private static String encoded(String value) {
        return value.startsWith(BASIC)
                ? BASIC
                        + Base64.getEncoder()
                                .encodeToString(value.substring(BASIC.length()).getBytes(StandardCharsets.UTF_8))
                : value;
    }

    private static String name(String header) {
        return header.substring(0, header.indexOf(':'));
    }

    private static String value(String header) {
        return header.substring(header.indexOf(':') + 1).strip();
    }
}
