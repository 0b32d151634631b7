package dev.jeton.extension;

import static java.util.stream.Collectors.joining;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.jeton.Await;
import dev.jeton.extension.NpmDependencies.Installed;
import dev.jeton.http.ApiError;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** With the machine's npm and a registry on loopback, or with a script in npm's place. */
class NpmDependenciesTest {
    private static final Duration LONG = Duration.ofMinutes(1);

    private final FakeNpmRegistry registry = new FakeNpmRegistry();
    private final Path folder;

    NpmDependenciesTest(@TempDir Path folder) {
        this.folder = folder;
    }

    @AfterEach
    void closeRegistry() {
        registry.close();
    }

    private NpmDependencies npm(Map<String, String> more) {
        Map<String, String> environment = new HashMap<>(registry.environment());
        environment.putAll(more);
        return new NpmDependencies(environment, LONG);
    }

    /** Has that shell script in npm's place; all its commands need their whole paths. */
    private NpmDependencies script(Duration atMost, Map<String, String> more, String... lines) throws IOException {
        Path bin = Files.createDirectories(folder.resolve("bin"));
        Path npm = bin.resolve("npm");
        Files.writeString(npm, "#!/bin/sh\n" + String.join("\n", lines) + "\n");
        Files.setPosixFilePermissions(npm, PosixFilePermissions.fromString("rwx------"));
        Map<String, String> environment = new HashMap<>(more);
        environment.put("PATH", folder.resolve("none") + ":" + bin);
        return new NpmDependencies(environment, atMost);
    }

    private static void assertRefused(
            NpmDependencies npm, Map<String, String> dependencies, int status, String errorCode, String... parts) {
        assertThatThrownBy(() -> npm.install(dependencies)).isInstanceOfSatisfying(ApiError.ApiException.class, e -> {
            assertThat(e.error().status()).isEqualTo(status);
            assertThat(e.error().errorCode()).isEqualTo(errorCode);
            assertThat(e.error().message()).contains(parts);
        });
    }

    private List<String> unpacked(DependencyTree tree) throws IOException {
        Path modules = folder.resolve("node_modules");
        tree.unpackTo(modules);
        try (Stream<Path> files = Files.walk(modules)) {
            return files.filter(Files::isRegularFile)
                    .map(file -> modules.relativize(file).toString())
                    .sorted()
                    .toList();
        }
    }

    @Test
    void installs_that_version_and_what_it_depends_on() throws IOException {
        registry.publish("one", "1.0.0", Map.of(), Map.of("index.js", "module.exports = 1"));
        registry.publish("one", "1.1.0", Map.of("bin", "cli.js"), Map.of("index.js", "module.exports = 1.1"));
        registry.publish("one", "2.0.0", Map.of(), Map.of("index.js", "module.exports = 2"));
        registry.publish(
                "@scope/two",
                "0.1.0-beta.1",
                Map.of("dependencies", Map.of("one", "^1.0.0"), "devDependencies", Map.of("missing", "1.0.0")),
                Map.of("lib/two.js", "module.exports = require('one')"));

        Installed installed = npm(Map.of())
                .install(Map.of("@scope/two", "0.1.0-beta.1", "one", "1.0.0"))
                .orElseThrow();

        assertThat(unpacked(installed.tree()))
                .containsExactly(
                        "@scope/two/lib/two.js", "@scope/two/package.json", "one/index.js", "one/package.json");
        assertThat(folder.resolve("node_modules/one/index.js")).hasContent("module.exports = 1");
        assertThat(npm(Map.of()).install(Map.of("one", "1.0.0", "@scope/two", "0.1.0-beta.1")))
                .contains(installed);
    }

    @Test
    void installs_the_latest_version_and_says_which_it_is() throws IOException {
        registry.publish("@scope/one", "1.0.0", Map.of(), Map.of());
        registry.publish("@scope/one", "1.1.0-rc.1", Map.of(), Map.of("index.js", "module.exports = 1.1"));
        registry.publish("two", "2.0.0", Map.of(), Map.of());

        Installed installed = npm(Map.of())
                .install(Map.of("@scope/one", NpmDependencies.LATEST, "two", "2.0.0"))
                .orElseThrow();

        assertThat(installed.versions()).isEqualTo(Map.of("@scope/one", "1.1.0-rc.1", "two", "2.0.0"));
        assertThat(unpacked(installed.tree()))
                .containsExactly("@scope/one/index.js", "@scope/one/package.json", "two/package.json");
    }

    @ParameterizedTest
    @ValueSource(strings = {"{}", "{\"version\":\"^1.0.0\"}", "{\"version\":5}", "no JSON", ""})
    void refuses_a_package_that_does_not_say_which_version_it_is(String manifest) throws IOException {
        NpmDependencies npm = script(
                LONG,
                Map.of(),
                "/bin/mkdir -p node_modules/one",
                manifest.isEmpty() ? "" : "/bin/echo '" + manifest + "' > node_modules/one/package.json");

        assertRefused(
                npm,
                Map.of("one", NpmDependencies.LATEST),
                400,
                "hook_dependencies_not_installed",
                "npm could not install one@latest: one does not say which version it is");
    }

    @Test
    void asks_nobody_for_no_dependencies() {
        assertThat(new NpmDependencies(Map.of(), LONG).install(Map.of())).isEmpty();
    }

    @Test
    void runs_no_scripts() {
        Path ran = folder.resolve("ran");
        registry.publish(
                "eager",
                "1.0.0",
                Map.of("scripts", Map.of("preinstall", "touch " + ran, "postinstall", "touch " + ran)),
                Map.of());

        assertThat(npm(Map.of("npm_config_ignore_scripts", "false")).install(Map.of("eager", "1.0.0")))
                .isPresent();
        assertThat(ran).doesNotExist();
    }

    @ParameterizedTest
    @ValueSource(strings = {"binding.gyp", "build/Release/addon.node"})
    void refuses_native_code_and_names_its_package(String file) {
        registry.publish("@native/addon", "1.0.0", Map.of(), Map.of(file, "{}"));
        registry.publish("wrapper", "1.0.0", Map.of("dependencies", Map.of("@native/addon", "1.0.0")), Map.of());

        assertRefused(
                npm(Map.of()),
                Map.of("wrapper", "1.0.0"),
                400,
                "hook_dependency_native",
                "Package @native/addon has native code (@native/addon/" + file + ")");
    }

    @Test
    void refuses_a_package_that_says_it_has_native_code() {
        registry.publish("addon", "1.0.0", Map.of("gypfile", true), Map.of());

        assertRefused(
                npm(Map.of()),
                Map.of("addon", "1.0.0"),
                400,
                "hook_dependency_native",
                "Package addon has native code");
    }

    @Test
    void says_which_package_or_version_there_is_not() {
        registry.publish("one", "1.0.0", Map.of(), Map.of());

        assertRefused(
                npm(Map.of()),
                Map.of("missing", "1.0.0"),
                400,
                "hook_dependencies_not_installed",
                "npm could not install missing@1.0.0: Not Found - GET " + registry.uri() + "missing");
        assertRefused(
                npm(Map.of()),
                Map.of("one", "9.9.9"),
                400,
                "hook_dependencies_not_installed",
                "npm could not install one@9.9.9: No matching version found for one@9.9.9.");
    }

    @Test
    void refuses_a_package_that_was_altered_on_its_way() {
        registry.publish("one", "1.0.0", Map.of(), Map.of());
        registry.corrupt("one", "1.0.0");

        assertRefused(
                npm(Map.of()), Map.of("one", "1.0.0"), 400, "hook_dependencies_not_installed", "sha512", "integrity");
    }

    @Test
    void refuses_packages_that_together_are_too_large() {
        String line = new Random(1)
                .ints(10_000, 'a', 'z')
                .mapToObj(Character::toString)
                .collect(joining());
        registry.publish("large", "1.0.0", Map.of(), Map.of("data.js", line.repeat(5_300)));

        assertRefused(
                npm(Map.of()),
                Map.of("large", "1.0.0"),
                400,
                "hook_dependencies_unfit",
                "The dependencies large@1.0.0 cannot be kept: unpacked it is larger than 50 MB");
    }

    @Test
    void logs_in_as_npms_settings_say_and_shows_no_credentials() throws IOException {
        String host = "//127.0.0.1:" + registry.uri().getPort() + "/";
        NpmDependencies npm = npm(Map.of("npm_config_" + host + ":_authToken", "hidden-token"));

        assertRefused(npm, Map.of("missing", "1.0.0"), 400, "hook_dependencies_not_installed", "Not Found");
        assertThat(registry.authorizations).contains("Bearer hidden-token");

        NpmDependencies talkative = script(
                LONG,
                Map.of("npm_config__authToken", "hidden-token"),
                "/bin/echo '{\"error\":{\"summary\":\"GET http://user:hidden-word@host/x with hidden-token failed\"}}'",
                "exit 1");
        assertThatThrownBy(() -> talkative.install(Map.of("one", "1.0.0")))
                .hasMessage("npm could not install one@1.0.0: GET http://host/x with [secret] failed");
    }

    @Test
    void hands_on_only_what_npm_needs_and_leaves_nothing_behind() throws IOException {
        Path seen = folder.resolve("seen");
        NpmDependencies npm = script(
                LONG,
                Map.of(
                        "JETON_MASTER_KEY", "hidden",
                        "HOME", "/root",
                        "NODE_OPTIONS", "--inspect",
                        "npm_config_registry", "http://r",
                        "NPM_CONFIG_CA", "ca",
                        "HTTPS_PROXY", "http://p",
                        "no_proxy", "localhost"),
                "/usr/bin/env > " + seen,
                "exit 3");

        assertRefused(npm, Map.of("one", "1.0.0"), 400, "hook_dependencies_not_installed", "npm ended with status 3");

        List<String> variables = new ArrayList<>(Files.readAllLines(seen));
        variables.removeIf(variable -> variable.matches("(PWD|OLDPWD|SHLVL|_)=.*"));
        String home = variables.stream()
                .filter(variable -> variable.startsWith("HOME="))
                .findFirst()
                .orElseThrow();
        assertThat(variables)
                .containsExactlyInAnyOrder(
                        home,
                        "PATH=" + folder.resolve("none") + ":" + folder.resolve("bin"),
                        "npm_config_registry=http://r",
                        "NPM_CONFIG_CA=ca",
                        "HTTPS_PROXY=http://p",
                        "no_proxy=localhost");
        assertThat(home).contains("jeton-npm");
        assertThat(Path.of(home.substring("HOME=".length()))).doesNotExist();
    }

    @Test
    void says_that_there_is_no_npm() {
        NpmDependencies npm = new NpmDependencies(Map.of("PATH", folder.toString()), LONG);

        assertRefused(npm, Map.of("one", "1.0.0"), 503, "npm_not_found", "install Node.js with npm");
    }

    @Test
    void an_npm_that_installs_nothing_is_a_refusal() throws IOException {
        assertRefused(
                script(LONG, Map.of(), "exit 0"),
                Map.of("one", "1.0.0"),
                400,
                "hook_dependencies_not_installed",
                "npm ended without a word and without a package");
    }

    @Test
    void ends_npm_and_what_it_started_when_its_time_is_over() throws IOException {
        Path pid = folder.resolve("pid");
        NpmDependencies npm = script(
                Duration.ofSeconds(1), Map.of(), "/bin/sleep 60 &", "/bin/echo $! > " + pid, "/usr/bin/yes loud");

        assertRefused(
                npm, Map.of("one", "1.0.0"), 400, "hook_dependencies_not_installed", "npm had not ended after 1 s");
        assertEnds(pid);
    }

    private static void assertEnds(Path pid) throws IOException {
        long started = Long.parseLong(Files.readString(pid).strip());
        Await.until(
                "npm's child has ended",
                () -> ProcessHandle.of(started).filter(ProcessHandle::isAlive).isEmpty());
    }

    @Test
    void two_are_installed_at_once_and_a_third_is_told_to_wait_and_all_end_with_the_server() throws Exception {
        Path pid = folder.resolve("pid");
        NpmDependencies npm = script(LONG, Map.of(), "/bin/echo $$ >> " + pid, "exec /bin/sleep 60");
        try (ExecutorService threads = Executors.newFixedThreadPool(2)) {
            List<CompletableFuture<Void>> two = Stream.of("one", "two")
                    .map(name -> CompletableFuture.runAsync(
                            () -> assertRefused(
                                    npm,
                                    Map.of(name, "1.0.0"),
                                    503,
                                    "temporarily_unavailable",
                                    "The server is stopping"),
                            threads))
                    .toList();
            Await.until("both are running", () -> Files.exists(pid) && lines(pid) == 2);

            assertRefused(npm, Map.of("three", "1.0.0"), 429, "hook_dependencies_busy", "try again in a minute");

            npm.close();
            two.forEach(CompletableFuture::join);
        }
        assertRefused(npm, Map.of("one", "1.0.0"), 503, "temporarily_unavailable", "The server is stopping");
    }

    private static long lines(Path file) {
        try (Stream<String> lines = Files.lines(file)) {
            return lines.count();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }
}
