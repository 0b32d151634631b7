package dev.jeton.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jeton.cli.CommandLineRun.Result;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DraftTest {
    private static final String SCRIPT = "module.exports = before;\n";
    private static final String LISTED = """
            {"id":"h1","name":"One","dependencies":{},"triggerId":"credentials-exchange","enabled":true}""";

    @TempDir
    Path folder;

    private final FakeServer server = new FakeServer();

    @BeforeEach
    void oneHook() throws IOException {
        Files.createDirectory(temporary());
        server.on("GET /api/v2/hooks", 200, "{\"hooks\":[" + LISTED + "]}");
        server.on("GET /api/v2/hooks/h1", 200, hook(SCRIPT));
        server.on("PATCH /api/v2/hooks/h1", 200, hook("module.exports = after;\n"));
    }

    @AfterEach
    void stop() {
        server.close();
    }

    private static String hook(String script) {
        return Json.compact(Json.object()
                .put("id", "h1")
                .put("name", "One")
                .put("script", script)
                .put("enabled", true));
    }

    private Path temporary() {
        return folder.resolve("tmp");
    }

    private CommandLineRun run(Editor editor) {
        return CommandLineRun.against(server, folder)
                .with("TMPDIR", temporary().toString())
                .with("EDITOR", "ed")
                .editing(editor);
    }

    private static Editor writing(String text) {
        return (_, file) -> {
            Files.writeString(file, text);
            return 0;
        };
    }

    private List<Path> left() throws IOException {
        try (Stream<Path> files = Files.walk(temporary())) {
            return files.filter(Files::isRegularFile).toList();
        }
    }

    private void nothingIsLeft() throws IOException {
        assertThat(temporary()).isEmptyDirectory();
    }

    @Test
    void saves_what_the_editor_leaves() throws IOException {
        Result result = run((command, file) -> {
                    assertThat(command).isEqualTo("ed");
                    assertThat(file).hasFileName("hook.js").hasContent(SCRIPT);
                    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                            .isEqualTo("rw-------");
                    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file.resolveSibling(""))))
                            .isEqualTo("rwx------");
                    Files.writeString(file.resolveSibling("hook.js~"), SCRIPT);
                    Files.writeString(file, "module.exports = after;\n");
                    return 0;
                })
                .run("hooks", "edit", "One");

        assertThat(server.last()).hasToString("PATCH /api/v2/hooks/h1");
        assertThat(server.last().json()).isEqualTo(Json.object().put("script", "module.exports = after;\n"));
        assertThat(result).isEqualTo(new Result(0, """
                        The Hook is changed; it runs so before every token.

                        Name     One
                        ID       h1
                        Enabled  yes
                        """, ""));
        nothingIsLeft();
    }

    @Test
    void prints_the_hook_as_json_changed_or_not() {
        assertThat(Json.parse(run(writing("module.exports = after;\n"))
                        .run("hooks", "edit", "One", "--json")
                        .out()))
                .isEqualTo(Json.parse(hook("module.exports = after;\n")));
        assertThat(Json.parse(run(writing(SCRIPT))
                        .run("hooks", "edit", "One", "--json")
                        .out()))
                .isEqualTo(Json.parse(hook(SCRIPT)));
    }

    @Test
    void prefers_visual_and_falls_back_to_vi_at_a_terminal() {
        List<String> commands = new ArrayList<>();
        Editor noting = (command, _) -> {
            commands.add(command);
            return 0;
        };

        run(noting).with("VISUAL", "code --wait").run("hooks", "edit", "One");
        run(noting).with("EDITOR", "").answering(new Typing("")).run("hooks", "edit", "One");

        assertThat(commands).containsExactly("code --wait", "vi");
    }

    @Test
    void needs_a_file_where_there_is_neither_an_editor_nor_a_terminal() throws IOException {
        assertThat(run(writing("")).with("EDITOR", "").run("hooks", "edit", "One"))
                .isEqualTo(new Result(2, "", "jeton: there is no terminal to edit at; give the script with --file\n"));
        nothingIsLeft();
    }

    @Test
    void saves_nothing_when_nothing_or_only_the_end_of_the_last_line_has_changed() throws IOException {
        assertThat(run(writing(SCRIPT)).run("hooks", "edit", "One"))
                .isEqualTo(new Result(0, "Nothing was changed.\n", ""));
        assertThat(run(writing(SCRIPT.strip())).run("hooks", "edit", "One").out())
                .isEqualTo("Nothing was changed.\n");
        assertThat(server.calls()).noneMatch(call -> call.startsWith("PATCH"));
        nothingIsLeft();
    }

    @Test
    void keeps_the_text_and_names_it_when_the_server_refuses() throws IOException {
        server.on("PATCH /api/v2/hooks/h1", 400, """
                {"statusCode":400,"error":"Bad Request","errorCode":"invalid_body","message":"No such script"}""");

        Result result = run(writing("module.exports = after;\n")).run("hooks", "edit", "One");

        assertThat(left()).hasSize(1).allSatisfy(file -> {
            assertThat(file).hasContent("module.exports = after;\n");
            assertThat(result).isEqualTo(new Result(1, "", """
                            jeton: cannot change the Hook: No such script; what you wrote is in %s
                              jeton hooks edit h1 --file %s
                            """.formatted(file, file)));
        });
    }

    @Test
    void keeps_the_text_when_the_server_goes_away_meanwhile() throws IOException {
        Result result = run((_, file) -> {
                    server.close();
                    Files.writeString(file, "module.exports = after;\n");
                    return 0;
                })
                .run("hooks", "edit", "One");

        assertThat(left()).hasSize(1);
        assertThat(result.exitCode()).isEqualTo(3);
        assertThat(result.err())
                .contains("; what you wrote is in " + left().getFirst() + "\n")
                .endsWith(" ./jeton serve; then jeton hooks edit h1 --file " + left().getFirst() + "\n");
    }

    @Test
    void keeps_the_text_when_it_cannot_be_a_script() throws IOException {
        Result result = run(writing("/".repeat(100_001))).run("hooks", "edit", "One");

        assertThat(left()).hasSize(1);
        assertThat(result.exitCode()).isEqualTo(2);
        assertThat(result.err()).contains(" has more than 100000 bytes", "what you wrote is in " + left().getFirst());
    }

    @Test
    void does_not_write_over_what_somebody_else_saved_meanwhile() throws IOException {
        Result result = run((_, file) -> {
                    server.on("GET /api/v2/hooks/h1", 200, hook("module.exports = theirs;\n"));
                    Files.writeString(file, "module.exports = ours;\n");
                    return 0;
                })
                .run("hooks", "edit", "One");

        Path file = left().getFirst();
        assertThat(result).isEqualTo(new Result(1, "", """
                        jeton: cannot change the Hook: its script was changed at the server while you were editing; \
                        what you wrote is in %s
                          compare what is there now, and keep the other change: jeton hooks show h1 --script; \
                        then jeton hooks edit h1 --file %s
                        """.formatted(file, file)));
        assertThat(server.calls()).noneMatch(call -> call.startsWith("PATCH"));
    }

    @Test
    void names_the_file_so_that_a_shell_takes_it() throws IOException {
        Path odd = Files.createDirectory(temporary().resolve("it's $HOME"));

        Result result = run((_, file) -> {
                    Files.writeString(file, "half");
                    return 1;
                })
                .with("TMPDIR", odd.toString())
                .run("hooks", "edit", "One");

        assertThat(result.err())
                .endsWith(" --file '" + left().getFirst().toString().replace("'", "'\\''") + "'\n");
    }

    @Test
    void saves_nothing_when_the_editor_fails_and_keeps_the_text_if_there_is_one() throws IOException {
        assertThat(run((_, _) -> 1).run("hooks", "edit", "One"))
                .isEqualTo(new Result(1, "", "jeton: nothing was saved: the editor 'ed' ended with status 1\n"));
        nothingIsLeft();

        Result result = run((_, file) -> {
                    Files.writeString(file, "half");
                    return 1;
                })
                .run("hooks", "edit", "One");

        assertThat(result.exitCode()).isEqualTo(1);
        assertThat(result.err()).contains("what you wrote is in " + left().getFirst());
        assertThat(server.calls()).noneMatch(call -> call.startsWith("PATCH"));
    }

    @Test
    void says_how_to_name_an_editor_when_there_is_none() throws IOException {
        Result missing = run((_, _) -> 127).run("hooks", "edit", "One");
        Result broken = run((_, _) -> {
                    throw new IOException("no shell");
                })
                .run("hooks", "edit", "One");

        assertThat(missing).isEqualTo(new Result(2, "", """
                        jeton: there is no editor 'ed' to run
                          set VISUAL or EDITOR to one, or give the script with --file
                        """));
        assertThat(broken.err()).startsWith("jeton: cannot start the editor 'ed': no shell\n");
        nothingIsLeft();
    }

    @Test
    void takes_an_emptied_or_deleted_file_for_no_text() throws IOException {
        assertThat(run(writing("")).run("hooks", "edit", "One").err()).contains(" is empty\n");
        assertThat(run((_, file) -> {
                            Files.delete(file);
                            return 0;
                        })
                        .run("hooks", "edit", "One")
                        .err())
                .contains("there is no file");
        nothingIsLeft();
    }

    @Test
    void changes_what_is_given_without_an_editor() throws IOException {
        Files.writeString(folder.resolve("new.js"), "module.exports = after;\n");

        Result result = CommandLineRun.against(server, folder)
                .run("hooks", "edit", "One", "--file", "new.js", "--name", "Two", "--dependency", "@a/b@1.0.0");

        assertThat(result.exitCode()).isZero();
        assertThat(server.last().json()).isEqualTo(Json.parse("""
                {"name":"Two","script":"module.exports = after;\\n","dependencies":{"@a/b":"1.0.0"}}"""));
    }

    @Test
    void renames_without_an_editor_and_empties_the_dependencies_with_an_empty_one() {
        CommandLineRun.against(server, folder).run("hooks", "edit", "One", "--name", "Two", "--dependency", "");

        assertThat(server.calls()).containsExactly("GET /api/v2/hooks?take=100", "PATCH /api/v2/hooks/h1");
        assertThat(server.last().json()).isEqualTo(Json.parse("{\"name\":\"Two\",\"dependencies\":{}}"));
    }
}
