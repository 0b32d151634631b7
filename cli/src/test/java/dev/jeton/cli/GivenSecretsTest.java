package dev.jeton.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jeton.cli.CommandLineRun.Result;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class GivenSecretsTest {
    @TempDir
    Path folder;

    private final FakeServer server = new FakeServer();

    @BeforeEach
    void oneHook() {
        server.on("GET /api/v2/hooks", 200, "{\"hooks\":[{\"id\":\"h1\",\"name\":\"One\"}]}");
        server.on("GET /api/v2/hooks/h1/secrets", 200, "{}");
        server.on("POST /api/v2/hooks/h1/secrets", 201, "{}");
    }

    @AfterEach
    void stop() {
        server.close();
    }

    private Result set(String... arguments) {
        return set(CommandLineRun.against(server, folder), arguments);
    }

    private static Result set(CommandLineRun run, String... arguments) {
        String[] all = new String[arguments.length + 3];
        System.arraycopy(new String[] {"hooks", "set-secret", "h1"}, 0, all, 0, 3);
        System.arraycopy(arguments, 0, all, 3, arguments.length);
        return run.run(all);
    }

    @Test
    void leaves_a_value_as_it_is_behind_the_first_equals_sign() {
        assertThat(set("KEY= a=b \u00e9\n").exitCode()).isZero();

        assertThat(server.last().json().path("KEY").stringValue()).isEqualTo(" a=b \u00e9\n");
    }

    @Test
    void asks_a_person_for_each_value_without_echo() {
        Result result = set(CommandLineRun.against(server, folder).answering(new Typing("typed")), "A=-", "B=-");

        assertThat(server.last().json()).isEqualTo(Json.parse("{\"A\":\"typed\",\"B\":\"typed\"}"));
        assertThat(result.out()).doesNotContain("typed");
    }

    @Test
    void has_no_value_for_a_second_one_from_standard_input() {
        assertThat(set(CommandLineRun.against(server, folder).reading("one\n"), "A=-", "B=-"))
                .isEqualTo(new Result(2, "", "jeton: the secret B has no value\n"));
        assertThat(server.calls()).isEmpty();
    }

    @Test
    void takes_from_standard_input_only_what_it_can_pass_on_as_it_is() {
        CommandLineRun latin = CommandLineRun.against(server, folder).reading(new byte[] {'k', (byte) 0xe9, 'y'});

        assertThat(set(latin, "A=-"))
                .isEqualTo(new Result(2, "", "jeton: the secret A from standard input is not text in UTF-8\n"));
        assertThat(set(CommandLineRun.against(server, folder).reading("\u00e9".repeat(20_000)), "A=-")
                        .err())
                .isEqualTo("jeton: the secret A is longer than 4096 characters\n");
        assertThat(server.calls()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"sk_live_51H8", "=sk_live_51H8", ""})
    void does_not_quote_what_has_no_key_since_it_may_be_a_value(String argument) {
        assertThat(set("A=a", argument))
                .isEqualTo(new Result(
                        2, "", "jeton: a secret is KEY=VALUE, KEY=@FILE or KEY=-; one that was given has no KEY=\n"));
        assertThat(server.calls()).isEmpty();
    }

    @Test
    void quotes_no_line_of_a_file_either() throws IOException {
        Files.writeString(folder.resolve("hook.js"), "//");
        Files.writeString(folder.resolve("secrets"), "# ours\nA=a\nsk_live_51H8\n");

        assertThat(CommandLineRun.against(server, folder)
                        .run("hooks", "create", "One", "hook.js", "--secrets-file", "secrets"))
                .isEqualTo(new Result(2, "", "jeton: a line of the secrets is KEY=VALUE, unlike line 3 in secrets\n"));
        assertThat(server.calls()).isEmpty();
    }

    @Test
    void refuses_what_the_server_would_refuse_before_anything_is_sent() throws IOException {
        Files.writeString(folder.resolve("blank"), "\n");

        assertThat(set("A=a", "A=b").err()).isEqualTo("jeton: the secret A is given twice\n");
        assertThat(set("A=").err()).isEqualTo("jeton: the secret A has no value\n");
        assertThat(set("A=@").err()).isEqualTo("jeton: which file has the secret A? A=@FILE\n");
        assertThat(set("A=@none").err()).startsWith("jeton: cannot read the secret file: there is no file ");
        assertThat(set("A=@blank").exitCode()).isEqualTo(2);
        assertThat(set("A=" + "x".repeat(4_097)).err())
                .isEqualTo("jeton: the secret A is longer than 4096 characters\n");
        assertThat(set("A".repeat(129) + "=x").exitCode()).isEqualTo(2);
        assertThat(server.calls()).isEmpty();
    }
}
