package dev.jeton.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jeton.cli.CommandLineRun.Result;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Several servers that one person works with. */
class ProfilesTest {
    @TempDir
    private Path folder;

    private final FakeServer production = new FakeServer();
    private final FakeServer staging = new FakeServer();

    @BeforeEach
    void answer() {
        for (FakeServer server : List.of(production, staging)) {
            server.on("GET /api/v2/keys/signing", 200, "[]");
        }
    }

    @AfterEach
    void stop() {
        production.close();
        staging.close();
    }

    private Path file() {
        return folder.resolve(".config/jeton/cli.json");
    }

    private Result run(String... args) {
        return new CommandLineRun(folder).run(args);
    }

    private Result login(String profile, FakeServer server) {
        return new CommandLineRun(folder)
                .with("JETON_CLIENT_SECRET", "secret-of-" + profile)
                .run("login", "--profile", profile, "--url", server.issuer(), "--client-id", "at-" + profile);
    }

    private void loginToBoth() {
        assertThat(login("staging", staging).exitCode()).isZero();
        assertThat(login("production", production).exitCode()).isZero();
    }

    /** Whom the last request for a token came from. */
    private static String asker(FakeServer server) {
        return Json.text(server.tokenRequests().getLast().json(), "client_id");
    }

    @Test
    void the_one_logged_in_to_last_is_the_current_one_and_another_can_be_chosen() {
        loginToBoth();

        assertThat(run("profiles").out()).isEqualTo("""
                PROFILE     CURRENT  URL                      CLIENT ID
                staging              %s  at-staging
                production  *        %s  at-production
                """.formatted(staging.issuer(), production.issuer()));

        Result chosen = run("profiles", "use", "staging");
        assertThat(chosen.out()).isEqualTo("staging is the current profile: " + staging.issuer() + "\n");
        int before = production.tokenRequests().size();
        assertThat(run("keys", "list").exitCode()).isZero();
        assertThat(production.tokenRequests()).hasSize(before);
        assertThat(asker(staging)).isEqualTo("at-staging");
    }

    @Test
    void the_list_for_programs_has_all_but_the_secrets() {
        loginToBoth();

        Result listed = run("profiles", "--json");

        assertThat(Json.parse(listed.out()))
                .isEqualTo(Json.parse("""
                [{"name":"staging","url":"%s","client_id":"at-staging","ca":null,"current":false},
                 {"name":"production","url":"%s","client_id":"at-production","ca":null,"current":true}]""".formatted(staging.issuer(), production.issuer())));
        assertThat(run("profiles").out() + listed.out()).doesNotContain("secret-of");
    }

    @Test
    void what_changes_is_json_for_programs() {
        assertThat(Json.parse(new CommandLineRun(folder)
                        .with("JETON_CLIENT_SECRET", "secret-of-staging")
                        .run("login", "--url", staging.issuer(), "--client-id", "at-staging", "--json")
                        .out()))
                .isEqualTo(Json.parse("""
                {"profile":"default","url":"%s","client_id":"at-staging","file":"%s"}""".formatted(staging.issuer(), file())));
        assertThat(Json.parse(run("profiles", "use", "default", "--json").out()))
                .isEqualTo(Json.parse("{\"current\":\"default\"}"));
        assertThat(Json.parse(run("logout", "--json").out())).isEqualTo(Json.parse("{\"logged_out\":true}"));
        assertThat(Json.parse(run("logout", "--json").out())).isEqualTo(Json.parse("{\"logged_out\":false}"));
    }

    @Test
    void two_who_log_in_at_once_both_are_logged_in() {
        Prompt slow = new Prompt() {
            @Override
            public String ask(String question) {
                throw new AssertionError(question);
            }

            @Override
            public String askWithoutEcho(String question) {
                assertThat(login("production", production).exitCode()).isZero();
                return "secret-of-staging";
            }
        };

        assertThat(new CommandLineRun(folder)
                        .answering(slow)
                        .run("login", "--profile", "staging", "--url", staging.issuer(), "--client-id", "at-staging")
                        .exitCode())
                .isZero();

        assertThat(run("profiles").out()).contains("at-staging", "at-production");
    }

    @Test
    void forgetting_all_is_not_hindered_by_what_the_environment_says() {
        loginToBoth();

        assertThat(new CommandLineRun(folder)
                        .with("JETON_PROFILE", "staging")
                        .run("logout", "--all")
                        .exitCode())
                .isZero();
        assertThat(file()).doesNotExist();
    }

    @Test
    void an_option_names_one_before_a_variable_does_and_both_before_the_current_one() throws IOException {
        loginToBoth();
        Files.createDirectories(folder.resolve("d"));
        Files.writeString(
                folder.resolve("d/cli.json"),
                Json.compact(CredentialFile.json(new Credentials(
                        ServerAddress.of(production.issuer(), Optional.empty()),
                        "of-the-folder",
                        new Secret("s"),
                        ""))));

        new CommandLineRun(folder).with("JETON_PROFILE", "production").run("keys", "list", "--profile", "staging");
        assertThat(asker(staging)).isEqualTo("at-staging");
        run("profiles", "use", "production");
        int before = staging.tokenRequests().size();
        new CommandLineRun(folder)
                .with("JETON_PROFILE", "staging")
                .with("JETON_DATA", "d")
                .run("keys", "list");
        assertThat(staging.tokenRequests()).hasSize(before + 1);
        new CommandLineRun(folder).with("JETON_PROFILE", "staging").run("keys", "list", "--data", "d");
        assertThat(asker(production)).isEqualTo("of-the-folder");
        assertThat(run("keys", "list", "--data", "d", "--profile", "staging").exitCode())
                .isEqualTo(2);
    }

    @Test
    void who_names_a_profile_on_the_command_line_does_not_get_the_server_of_the_environment() {
        loginToBoth();
        int before = production.tokenRequests().size();

        CommandLineRun.against(production, folder).run("keys", "list", "--profile", "staging");

        assertThat(production.tokenRequests()).hasSize(before);
        assertThat(asker(staging)).isEqualTo("at-staging");
        assertThat(run("keys", "list", "--profile", "staging", "--url", production.issuer())
                        .err())
                .contains("no credentials for " + production.issuer());
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "-x", "../up", "a b", "a/b", "é"})
    void refuses_a_name_that_cannot_be_typed_or_read_well(String name) {
        Result result = login(name, production);

        assertThat(result.exitCode()).isEqualTo(2);
        assertThat(production.tokenRequests()).isEmpty();
        assertThat(file()).doesNotExist();
    }

    @Test
    void a_name_that_nobody_stored_is_answered_with_those_there_are() {
        assertThat(run("keys", "list", "--profile", "prod").err())
                .isEqualTo("jeton: there is no profile 'prod'\n  store it: jeton login --profile prod --url <url>"
                        + " --client-id <id>\n");
        loginToBoth();

        for (List<String> command : List.of(
                List.of("keys", "list", "--profile", "prod"),
                List.of("profiles", "use", "prod"),
                List.of("logout", "--profile", "prod"))) {
            Result result = run(command.toArray(String[]::new));
            assertThat(result.exitCode()).isEqualTo(2);
            assertThat(result.err()).isEqualTo("jeton: there is no profile 'prod'\n  there are: staging, production\n");
        }
    }

    @Test
    void a_login_without_a_name_does_not_take_the_place_of_another_server() throws IOException {
        login("default", production);
        String before = Files.readString(file());

        Result result = new CommandLineRun(folder)
                .with("JETON_CLIENT_SECRET", "s")
                .run("login", "--url", staging.issuer(), "--client-id", "me");

        assertThat(result.exitCode()).isEqualTo(2);
        assertThat(result.err()).contains("profile default is for " + production.issuer(), "--profile");
        assertThat(file()).hasContent(before);
        assertThat(login("default", production).exitCode()).isZero(); // with a new secret
    }

    @Test
    void a_file_from_before_there_were_profiles_is_the_default_one_and_stays() throws IOException {
        Files.createDirectories(file().getParent());
        Files.writeString(file(), """
                {"issuer":"%s","client_id":"old","client_secret":"s","note":"mine"}""".formatted(production.issuer()));

        run("keys", "list");
        assertThat(asker(production)).isEqualTo("old");
        login("staging", staging);

        assertThat(Json.parse(Files.readString(file())).at("/profiles/default"))
                .isEqualTo(Json.parse("""
                {"issuer":"%s","client_id":"old","client_secret":"s","note":"mine"}""".formatted(production.issuer())));
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file())))
                .isEqualTo("rw-------");
        try (Stream<Path> files = Files.list(file().getParent())) {
            assertThat(files).containsExactly(file());
        }
    }

    @Test
    void logging_out_forgets_the_current_one_the_named_one_or_all() {
        loginToBoth();

        Result result = run("logout");
        assertThat(result.out())
                .isEqualTo("Logged out of " + production.issuer() + "; profile production is deleted.\n");
        assertThat(result.err())
                .isEqualTo("jeton: no profile is the current one now; choose with jeton profiles use: staging\n");
        assertThat(run("keys", "list").err()).contains("none is the current one", "jeton profiles use");
        assertThat(run("logout").exitCode()).isEqualTo(2);
        assertThat(run("logout", "--profile", "staging").out())
                .isEqualTo("Logged out of " + staging.issuer() + "; profile staging is deleted.\n");
        assertThat(file()).doesNotExist();

        loginToBoth();
        assertThat(run("logout", "--all", "--profile", "staging").exitCode()).isEqualTo(2);
        assertThat(run("logout", "--all").exitCode()).isZero();
        assertThat(file()).doesNotExist();
    }

    @ParameterizedTest
    @ValueSource(strings = {"{\"profiles\":{\"a\":{\"client_secret\":\"sesame\"", "[]", "", "{\"profiles\":7}"})
    void a_broken_file_is_named_with_its_cure_and_stays(String content) throws IOException {
        Files.createDirectories(file().getParent());
        Files.writeString(file(), content);

        for (Result result : List.of(run("profiles"), run("keys", "list"), login("staging", staging))) {
            assertThat(result.exitCode()).isEqualTo(1);
            assertThat(result.err())
                    .contains(file().toString(), "jeton logout --all")
                    .doesNotContain("sesame");
        }
        assertThat(file()).hasContent(content);
        assertThat(run("logout", "--all").exitCode()).isZero();
    }

    @Test
    void a_profile_that_lacks_something_is_named_and_the_others_work() throws IOException {
        loginToBoth();
        Files.writeString(file(), Files.readString(file()).replace("\"secret-of-staging\"", "\"\""));

        assertThat(run("keys", "list").exitCode()).isZero();
        assertThat(run("keys", "list", "--profile", "staging").err())
                .contains("profile staging in " + file() + " lack client_secret");
        assertThat(run("logout", "--profile", "staging").exitCode()).isZero();
    }

    @Test
    void before_something_is_lost_the_question_says_at_which_server() {
        loginToBoth();
        production
                .on("GET /api/v2/clients/app", 200, "{\"name\":\"Billing\",\"client_id\":\"app\"}")
                .on("GET /api/v2/client-grants", 200, "{\"client_grants\":[]}")
                .on("DELETE /api/v2/clients/app", 204, "");

        Result result = new CommandLineRun(folder).answering(new Typing("app")).run("apps", "delete", "app");

        assertThat(result.exitCode()).isZero();
        assertThat(result.out())
                .contains("\nThe server is " + production.issuer() + " (profile production in " + file() + ").\n");
    }

    @Test
    void verbose_says_who_asks_which_server() {
        loginToBoth();

        assertThat(run("keys", "list", "--verbose").err())
                .isEqualTo("jeton: at " + production.issuer() + " (profile production in " + file()
                        + "), as at-production\n");
    }
}
