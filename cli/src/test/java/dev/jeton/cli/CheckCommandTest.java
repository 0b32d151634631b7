package dev.jeton.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.jeton.cli.CommandLineRun.Result;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** With the machine's Node.js, or with a script in its place. */
class CheckCommandTest {
    private static final String PATH = Objects.requireNonNull(System.getenv("PATH"));
    private static final String HOOK = "module.exports = function (client, scope, audience, context, cb) {\n%s\n};\n";

    private final Path folder;

    CheckCommandTest(@TempDir Path folder) {
        this.folder = folder;
    }

    private void file(String name, String content) throws IOException {
        Files.writeString(folder.resolve(name), content);
    }

    private void hook(String name, String body) throws IOException {
        file(name, HOOK.formatted(body));
    }

    private Result check(String... more) {
        return check(new CommandLineRun(folder).with("PATH", PATH), more);
    }

    private static Result check(CommandLineRun run, String... more) {
        return run.run(
                Stream.concat(Stream.of("hooks", "check"), Stream.of(more)).toArray(String[]::new));
    }

    /** A folder that holds that program alone, a shell script; all its commands need their whole paths. */
    private String only(String program, String... lines) throws IOException {
        Path bin = Files.createDirectories(folder.resolve("bin"));
        Path script = bin.resolve(program);
        Files.writeString(script, "#!/bin/sh\n" + String.join("\n", lines) + "\n");
        Files.setPosixFilePermissions(script, PosixFilePermissions.fromString("rwx------"));
        return bin.toString();
    }

    private static String withoutVersion(String output) {
        return output.replaceAll("[0-9]+\\.[0-9]+\\.[0-9]+;", "<here>;");
    }

    @Test
    void says_that_a_file_runs_as_it_is() throws IOException {
        hook("plan.js", "  cb(null, { scope, 'https://shop.example/plan': client.metadata.plan });");

        Result result = check("plan.js");

        assertThat(result.err()).isEmpty();
        assertThat(withoutVersion(result.out())).isEqualTo("""
                plan.js runs as it is

                Kind              Hook
                Language          ECMAScript 2015
                Node.js it needs  6 or newer: ECMAScript 2015
                Node.js here      <here>; Jeton needs 20.9 or newer
                """);
        assertThat(result.exitCode()).isZero();
    }

    @Test
    void says_what_is_refused_what_is_different_and_what_mends_it() throws IOException {
        hook("old.js", """
                  const request = require('request@2.81.0');
                  const fs = require('fs');
                  if (client.tenant === 'acme') fs.writeFileSync('/tmp/a', context.webtask.secrets.KEY);
                  request.get('https://acme.example', (error) => cb(error, { scope, plan: 1 }));""");

        Result result = check("old.js");

        assertThat(result.err()).isEmpty();
        assertThat(withoutVersion(result.out())).isEqualTo("""
                old.js does not run here: 2 reasons, and 1 difference to read

                Kind               Hook
                Language           ECMAScript 2015
                Node.js it needs   6 or newer: ECMAScript 2015
                Node.js here       <here>; Jeton needs 20.9 or newer
                Secrets it reads   KEY
                Needs the network  request (line 2)

                MODULE   LINE  WHAT BECOMES OF IT
                request  2     goes into dependencies: 2.81.0
                fs       3     comes with Node.js, and is there in part. A Hook reads its own packages, and writes nothing.

                Refused
                  line 2: it requires request@2.81.0
                      A version in the name is understood by webtasks only.
                      Add "request": "2.81.0" to dependencies and write require('request').
                  line 4: fs.writeFileSync is denied
                      A worker may write no file, in /tmp neither.
                      Keep it in a variable, which lasts as long as the worker, or send it to a service.

                Differences
                  line 4: client.tenant is the host of the issuer
                      There are no tenants; at Auth0 it was the name of one.
                      Compare it with the issuer's host, or leave it out.
                """);
        assertThat(result.exitCode()).isEqualTo(1);
    }

    @Test
    void reports_on_each_file_and_ends_with_the_worst() throws IOException {
        hook("good.js", "cb(null, { scope });");
        hook("different.js", "cb(null, { scope: [client.tenant] });");
        file("bad.js", "module.exports = 1;");

        assertThat(check("good.js", "different.js").exitCode()).isZero();
        assertThat(check("good.js", "bad.js").exitCode()).isEqualTo(1);
        Result all = check("missing.js", "bad.js", "different.js", ".");
        assertThat(all.exitCode()).isEqualTo(2);
        assertThat(all.err()).isEmpty();
        assertThat(all.out())
                .startsWith("""
                        missing.js could not be checked

                        Why
                          cannot read the file: there is no file missing.js

                        bad.js does not run here: 1 reason
                        """)
                .contains("\ndifferent.js runs, with 1 difference to read\n")
                .endsWith("""
                        . could not be checked

                        Why
                          cannot read the file: . is a folder
                        """);
    }

    @Test
    void gives_reports_of_one_form_whether_a_file_can_be_read_or_not() throws IOException {
        hook("good.js", "cb(null, { scope });");

        Result result = check("--json", "missing.js", "good.js");

        JsonNode reports = Json.parse(result.out());
        assertThat(result.exitCode()).isEqualTo(2);
        assertThat(Json.text(reports.get(0), "verdict")).isEqualTo("unknown");
        assertThat(reports.get(0).propertyNames())
                .containsExactlyElementsOf(reports.get(1).propertyNames());
        assertThat(reports.get(0).path("node").propertyNames())
                .containsExactlyElementsOf(reports.get(1).path("node").propertyNames());
    }

    @Test
    void reads_standard_input() {
        CommandLineRun run = new CommandLineRun(folder).with("PATH", PATH);

        assertThat(check(run.reading(HOOK.formatted("cb(null, { scope });")), "-")
                        .out())
                .startsWith("- runs as it is\n");
    }

    @Test
    void shows_the_example_of_its_own_group() {
        CommandLineRun run = new CommandLineRun(folder);

        assertThat(run.run("hooks", "check", "--help").out()).contains("  jeton hooks check add-plan.js\n");
        assertThat(run.run("actions", "check", "--help").out()).contains("  jeton actions check add-plan.js\n");
    }

    @Test
    void gives_the_reports_as_json() throws IOException {
        hook("one.js", "cb(null, { scope, 'https://shop.example/a': context.webtask.secrets.A });");
        file("two.js", "exports.onExecuteCredentialsExchange = async (event, api) => {};");

        JsonNode reports = Json.parse(check("--json", "one.js", "two.js").out());

        assertThat(reports.size()).isEqualTo(2);
        assertThat(Json.text(reports.get(0), "file")).isEqualTo("one.js");
        assertThat(Json.text(reports.get(0), "verdict")).isEqualTo("runs");
        assertThat(Json.texts(reports.get(0), "secrets")).containsExactly("A");
        assertThat(Json.text(reports.get(1), "kind")).isEqualTo("action");
    }

    @Test
    void takes_a_file_for_what_it_exports_unless_it_is_told_otherwise() throws IOException {
        file("action.js", "exports.onExecuteCredentialsExchange = async (event, api) => {};");

        assertThat(check("action.js").out())
                .startsWith("action.js runs as it is")
                .contains("Kind              Action");
        assertThat(check("--kind", "hook", "action.js").exitCode()).isEqualTo(1);
        assertThat(check("--kind", "rule", "action.js"))
                .isEqualTo(new Result(2, "", "jeton: --kind is hook or action, not 'rule'\n"));
    }

    @Test
    void takes_a_file_that_does_not_tell_for_what_the_group_is_about() throws IOException {
        file("empty.js", "");

        assertThat(new CommandLineRun(folder)
                        .with("PATH", PATH)
                        .run("actions", "check", "empty.js")
                        .out())
                .contains("it exports no onExecuteCredentialsExchange");
        assertThat(check("empty.js").out()).contains("it exports nothing");
    }

    @Test
    void knows_the_packages_it_is_told_of() throws IOException {
        file("lodash.js", "const _ = require('lodash');\n" + HOOK.formatted("cb(null, { scope });"));

        assertThat(check("lodash.js").out()).contains("lodash has to be named in dependencies");
        assertThat(check("--dependency", "lodash@4.17.21", "lodash.js").out())
                .startsWith("lodash.js runs as it is")
                .contains("lodash  1     goes into dependencies: 4.17.21");
        assertThat(check("--dependency", "lodash@", "lodash.js").err())
                .isEqualTo("jeton: a dependency is NAME@VERSION, unlike 'lodash@'\n");
        for (String range : List.of("^4", "git:a", "latest", "4.17")) {
            assertThat(check("--dependency", "lodash@" + range, "lodash.js"))
                    .isEqualTo(new Result(
                            2, "", "jeton: the version of lodash is one like 2.1.3, unlike '" + range + "'\n"));
        }
    }

    @Test
    void wants_a_version_of_a_package_for_hooks_only() throws IOException {
        file("action.js", "require('lodash'); exports.onExecuteCredentialsExchange = async (event, api) => {};");

        assertThat(check("--dependency", "lodash", "action.js"))
                .isEqualTo(new Result(
                        2, "", "jeton: which version of lodash? a Hook's dependency is NAME@VERSION, as ms@2.1.3\n"));
        assertThat(check("--kind", "action", "--dependency", "lodash", "action.js")
                        .out())
                .startsWith("action.js runs as it is");
    }

    @Test
    void names_what_is_declared_and_not_required() throws IOException {
        hook("plan.js", "  cb(null, { scope });");

        assertThat(check("--dependency", "lodash@4.17.21", "plan.js").out())
                .contains(
                        "lodash        goes into dependencies: 4.17.21\n",
                        "Notes\n  lodash is declared, not required\n");
    }

    @Test
    void does_without_packages_whose_absence_the_file_catches() throws IOException {
        file("ws.js", "try { require('bufferutil') } catch (e) {}\n" + HOOK.formatted("cb(null, { scope });"));

        Result result = check("ws.js");

        assertThat(result.exitCode()).isZero();
        assertThat(result.out()).contains("bufferutil  1     is optional, and not to be had: native code\n");
    }

    @Test
    void never_runs_the_file() throws IOException {
        Path trace = folder.resolve("trace");
        file("eager.js", "require('fs').writeFileSync('" + trace + "', 'ran'); process.exit(0);");

        assertThat(check("eager.js").exitCode()).isEqualTo(1);
        assertThat(trace).doesNotExist();
    }

    @Test
    void says_clearly_what_is_wrong_with_a_file_that_is_none() throws IOException {
        file("deep.js", "(".repeat(100_000));
        file("templates.js", "`${".repeat(30_000));
        file("large.js", " ".repeat(100_001));
        Files.write(folder.resolve("latin.js"), new byte[] {'/', '/', (byte) 0xe9, '\n'});

        Result result = check("deep.js", "templates.js", "large.js", "latin.js");

        assertThat(result.err()).isEmpty();
        assertThat(result.exitCode()).isEqualTo(1);
        assertThat(result.out())
                .contains(
                        "deep.js does not run here: 1 reason\n\nRefused\n  it is nested too deeply to be read\n",
                        "templates.js does not run here: 1 reason\n\nRefused\n  it is nested too deeply to be read\n",
                        "  the file is larger than 100000 bytes, which is the most that a script may have\n",
                        "  line 1: the file is not UTF-8\n      Save it as UTF-8.\n")
                .doesNotContain("    at ");
    }

    @Test
    void prints_nothing_from_the_file_that_a_terminal_would_obey() throws IOException {
        file("red.js", "require('\\u001b[31m\\u202e'); " + HOOK.formatted("cb(null, { scope });"));

        assertThat(check("red.js").out())
                .contains("it requires \\u001b[31m\\u202e")
                .doesNotContain("\u001b", "\u202e");
    }

    @Test
    void needs_a_node_that_jeton_runs_hooks_on() throws IOException {
        hook("plan.js", "cb(null, { scope });");

        assertThat(check(new CommandLineRun(folder).with("PATH", folder.toString()), "plan.js"))
                .isEqualTo(new Result(1, "", """
                        jeton: a file is checked by Node.js 20.9 or newer, and there is no node on the PATH
                          install Node.js; the server needs it too, to run Hooks and Actions
                        """));
        String old = only("node", "echo v18.20.4");
        assertThat(check(new CommandLineRun(folder).with("PATH", old), "plan.js")
                        .err())
                .startsWith("jeton: a file is checked by Node.js 20.9 or newer, and " + old + "/node is v18.20.4\n");
        String littleTooOld = only("node", "echo v20.8.1");
        assertThat(check(new CommandLineRun(folder).with("PATH", littleTooOld), "plan.js")
                        .err())
                .startsWith("jeton: a file is checked by Node.js 20.9 or newer, and ");
        String other = only("node", "echo hello");
        assertThat(check(new CommandLineRun(folder).with("PATH", other), "plan.js")
                        .err())
                .startsWith("jeton: " + other + "/node does not tell its version\n");
    }

    @Test
    void asks_for_the_node_that_its_reports_name() throws IOException {
        assertThat(Files.readString(Path.of("..", "hook-worker", "check", "versions.mjs")))
                .contains("export const OLDEST = '" + NodeJs.OLDEST + "';");
    }

    @Test
    void gives_node_no_environment_and_no_more_than_its_own_folder_which_is_gone_afterwards() throws IOException {
        hook("plan.js", "cb(null, { scope });");
        String node = only(
                "node",
                "if [ \"$1\" = --version ]; then echo v22.13.0; exit; fi",
                "content=$(/bin/cat | /usr/bin/wc -c)",
                "/usr/bin/printf '{\"verdict\":\"differs\",\"findings\":[{\"level\":\"differs\",\"lines\":[],"
                        + "\"what\":\"%s\",\"why\":\"%s\",\"mend\":\"%s\"}]}' \"$*\" \"$(/usr/bin/env | /usr/bin/tr '\\n' ' ')\""
                        + " \"$content\"");

        Result result = check(
                new CommandLineRun(folder).with("PATH", node).with("JETON_CLIENT_SECRET", CommandLineRun.SECRET),
                "plan.js");

        assertThat(result.exitCode()).isZero();
        List<String> lines = result.out().lines().toList();
        String arguments = lines.get(3).strip();
        Path made = Path.of(arguments.replaceAll("^.* (/\\S+)/scripts/check\\.mjs .*$", "$1"));
        Path scripts = made.resolve("scripts");
        assertThat(arguments)
                .isEqualTo("--permission --allow-fs-read=" + scripts
                        + " --no-addons --no-warnings --max-old-space-size=256 " + scripts
                        + "/check.mjs --otherwise hook");
        assertThat(made).doesNotExist();
        assertThat(lines.get(4)).doesNotContain(CommandLineRun.SECRET, "HOME=");
        assertThat(lines.get(5).strip()).isEqualTo(String.valueOf(Files.size(folder.resolve("plan.js"))));
    }

    @Test
    void says_so_when_node_gives_no_report() throws IOException {
        hook("plan.js", "cb(null, { scope });");
        Map<String, String> reasons = Map.of(
                "kill -9 $$", "Its exit status was 137.",
                "echo >&2; echo '  no \033[2Jmemory ' >&2; echo more >&2; exit 3",
                        "Its exit status was 3; it said: no \\u001b[2Jmemory",
                "echo '{'", "Its exit status was 0.",
                ":", "Its exit status was 0.");
        for (Map.Entry<String, String> end : reasons.entrySet()) {
            String node = only("node", "if [ \"$1\" = --version ]; then echo v22.13.0; exit; fi", end.getKey());

            Result result = check(new CommandLineRun(folder).with("PATH", node), "plan.js");

            assertThat(result.exitCode()).isEqualTo(1);
            assertThat(result.out())
                    .startsWith("plan.js could not be checked\n\nWhy\n  Node.js ended before it had ")
                    .endsWith("\n      " + end.getValue() + "\n");
        }
    }

    @Test
    void keeps_the_other_reports_when_one_file_cannot_be_checked() throws IOException {
        hook("one.js", "cb(null, { scope });");
        hook("two.js", "cb(null, { scope });");
        String node = only(
                "node",
                "if [ \"$1\" = --version ]; then echo v22.13.0; exit; fi",
                "echo '{\"verdict\":\"runs\",\"findings\":[]}'",
                "/bin/rm \"$0\"");

        Result result = check(new CommandLineRun(folder).with("PATH", node), "one.js", "two.js");

        assertThat(result.err()).isEmpty();
        assertThat(result.out())
                .startsWith("one.js runs as it is\n\ntwo.js could not be checked\n\nWhy\n  the check cannot be run\n");
    }

    @Test
    void says_where_it_cannot_make_its_folder() throws IOException {
        hook("plan.js", "cb(null, { scope });");
        CommandLineRun run = new CommandLineRun(folder)
                .with("PATH", PATH)
                .with("TMPDIR", folder.resolve("none").toString());

        assertThat(check(run, "plan.js"))
                .isEqualTo(new Result(
                        1,
                        "",
                        "jeton: cannot make a temporary folder: there is no file " + folder.resolve("none") + "\n"));
    }

    @Test
    void deletes_its_folder_only_when_nobody_writes_to_it_any_more() throws IOException {
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        Shell shell = new CommandLineRun(folder).shell(OutputStream.nullOutputStream(), err);
        Path made;
        try (ScratchFolder scratch = ScratchFolder.make("jeton-test", shell)) {
            made = scratch.path();
            String writing = "i=0; while :; do i=$((i+1)); echo > %s$i; done";
            ChildProcess process = new ChildProcess(
                    List.of("/bin/sh", "-c", "(" + writing.formatted("a") + ") & " + writing.formatted("b")),
                    made,
                    Map.of(),
                    Optional.empty(),
                    Duration.ofMillis(200),
                    1);

            assertThatThrownBy(process::run).isInstanceOf(TimeoutException.class);
        }

        assertThat(made).doesNotExist();
        assertThat(err.toString(StandardCharsets.UTF_8)).isEmpty();
    }

    @Test
    @Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
    void leaves_neither_folders_nor_programs_behind_when_it_is_told_to_end() throws Exception {
        hook("plan.js", "cb(null, { scope });");
        Path temporary = Files.createDirectory(folder.resolve("temporary"));
        Path told = folder.resolve("told"); // a pipe: reading it waits for the program
        assertThat(new ProcessBuilder("mkfifo", told.toString()).start().waitFor())
                .isZero();
        ProcessBuilder jeton = new ProcessBuilder(
                        Path.of(System.getProperty("java.home", ""), "bin", "java")
                                .toString(),
                        "-cp",
                        System.getProperty("java.class.path", ""),
                        "dev.jeton.cli.Main",
                        "hooks",
                        "check",
                        folder.resolve("plan.js").toString())
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("output").toFile());
        jeton.environment()
                .put(
                        "PATH",
                        only(
                                "node",
                                "if [ \"$1\" = --version ]; then echo v22.13.0; exit; fi",
                                "echo $$ > " + told,
                                "while :; do :; done"));
        jeton.environment().put("TMPDIR", temporary.toString());
        Process process = jeton.start();
        try {
            Optional<ProcessHandle> node =
                    ProcessHandle.of(Long.parseLong(Files.readString(told).strip()));
            assertThat(node).isPresent();
            assertThat(temporary).isNotEmptyDirectory();

            process.destroy();

            process.waitFor();
            assertThat(temporary).isEmptyDirectory();
            assertThat(node.filter(ProcessHandle::destroyForcibly)).isEmpty(); // which can be said of the living only
        } finally {
            process.destroyForcibly();
        }
    }

    @Test
    void waits_for_a_report_no_longer_than_it_may() throws IOException {
        Path node = Path.of(only("node", "while :; do :; done"), "node");

        Shell shell =
                new CommandLineRun(folder).shell(OutputStream.nullOutputStream(), OutputStream.nullOutputStream());

        try (FileCheck check = new FileCheck(new NodeJs(node, 22, 13), Duration.ofMillis(200), shell)) {
            JsonNode report = check.report(
                    new byte[0], new FileCheck.Knowledge(Optional.empty(), "hook", Map.of(), Optional.empty()));

            assertThat(Json.text(report, "verdict")).isEqualTo("unknown");
        }
    }

    @Test
    void carries_every_script_of_the_check() throws IOException {
        try (Stream<Path> files = Files.list(Path.of("..", "hook-worker", "check"))) {
            assertThat(files.filter(Files::isRegularFile)
                            .map(file -> file.getFileName().toString())
                            .filter(name -> !name.equals("acorn.mjs")))
                    .containsExactlyInAnyOrderElementsOf(FileCheck.SCRIPTS);
        }
    }

    // ---- --install ------------------------------------------------------------------------------------------------

    private CommandLineRun withNpm(String... lines) throws IOException {
        return new CommandLineRun(folder).with("PATH", only("npm", lines) + ":" + PATH);
    }

    private void packages() throws IOException {
        file("packages.js", """
                require('one'); require('@two/three'); require('bcrypt@5.0.0'); try { require('ms') } catch (e) {}
                """ + HOOK.formatted("cb(null, { scope });"));
    }

    @Test
    void finds_out_about_native_code_by_installing() throws IOException {
        packages();
        Path told = folder.resolve("told");
        CommandLineRun run = withNpm(
                "{ echo \"$*\"; /bin/cat package.json; echo; /usr/bin/env; } > " + told,
                "/bin/mkdir -p node_modules/one/node_modules/deep/build node_modules/@two/three node_modules/bcrypt",
                "echo '{\"name\":\"one\",\"version\":\"1.2.3\"}' > node_modules/one/package.json",
                "echo '{\"gypfile\":true}' > node_modules/one/node_modules/deep/package.json",
                "echo '{\"version\":\"3.0.0\",\"engines\":{\"node\":\">=99\"}}' > node_modules/@two/three/package.json",
                "echo '{\"version\":\"5.0.0\"}' > node_modules/bcrypt/package.json");

        Result result = check(
                run.with("JETON_CLIENT_SECRET", CommandLineRun.SECRET)
                        .with("npm_config_registry", "http://127.0.0.1:1/"),
                "--install",
                "--dependency",
                "@two/three@3.0.0",
                "--dependency",
                "peer@2.0.0",
                "packages.js");

        assertThat(result.err()).isEmpty();
        assertThat(result.out())
                .contains("one         1     goes into dependencies, with an exact version; the newest is 1.2.3\n")
                .contains("@two/three  1     goes into dependencies: 3.0.0\n")
                .contains("  deep has native code\n")
                .contains("it shows in one/node_modules/deep/package.json.\n")
                .contains("  line 1: @two/three says that it needs Node.js 99\n")
                .doesNotContain("bcrypt has native code");
        List<String> lines = Files.readAllLines(told);
        assertThat(lines.get(0))
                .isEqualTo("install --ignore-scripts --no-audit --no-fund --omit=dev --no-bin-links --no-package-lock"
                        + " --no-update-notifier --global=false --json");
        assertThat(Json.parse(lines.get(1))).isEqualTo(Json.parse("""
                        {"private":true,"dependencies":{"one":"latest","@two/three":"3.0.0","bcrypt":"5.0.0",
                         "peer":"2.0.0"}}"""));
        assertThat(lines)
                .contains("npm_config_registry=http://127.0.0.1:1/")
                .noneMatch(line -> line.contains("SECRET"));
    }

    @Test
    void says_why_packages_could_not_be_installed_and_refuses_only_what_there_is_not() throws IOException {
        packages();
        String error = "echo '{\"error\":{\"code\":\"%s\",\"summary\":\"no //me:pw@host with t0ken\"}}'; exit 1";

        Result absent = check(
                withNpm(error.formatted("E404")).with("npm_config_//r/:_authToken", "t0ken"),
                "--install",
                "packages.js");
        Result unreachable = check(withNpm(error.formatted("ENOTFOUND")), "--install", "packages.js");
        Result silent = check(withNpm("exit 7"), "--install", "packages.js");
        Result empty = check(withNpm(":"), "--install", "packages.js");

        assertThat(absent.out())
                .contains("Refused\n  npm could not install its packages\n      no //host with [secret]\n");
        assertThat(unreachable.out())
                .contains(
                        "Differences\n  npm could not install its packages\n",
                        "not known whether they have native code");
        assertThat(silent.out()).contains("npm ended with status 7");
        assertThat(empty.out()).contains("npm ended without a word and without a package");
    }

    @Test
    void asks_nobody_for_packages_unless_it_is_told_to_and_there_are_some() throws IOException {
        packages();
        hook("plan.js", "cb(null, { scope });");
        Path asked = folder.resolve("asked");
        CommandLineRun run = withNpm("echo > " + asked);

        check(run, "packages.js");
        check(run, "--install", "plan.js");

        assertThat(asked).doesNotExist();
    }
}
