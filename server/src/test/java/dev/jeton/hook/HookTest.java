package dev.jeton.hook;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.jeton.extension.Bundle;
import dev.jeton.extension.Script;
import dev.jeton.extension.ScriptSecret;
import dev.jeton.extension.UnfitException;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HookTest {
    private static Hook hook(String name, String script, Map<String, String> dependencies) {
        return new Hook(
                "id", name, script, dependencies, Hook.CREDENTIALS_EXCHANGE, false, Instant.EPOCH, Instant.EPOCH);
    }

    private static void assertUnfit(Runnable making, String field, String detail) {
        assertThatThrownBy(making::run)
                .isInstanceOfSatisfying(
                        UnfitException.class, e -> assertThat(e.field()).isEqualTo(field))
                .hasMessageContaining(detail);
    }

    @ParameterizedTest
    @ValueSource(strings = {"a", "7", "add claim", "a-b", "A  b--c 9"})
    void a_name_has_letters_digits_spaces_and_hyphens(String name) {
        assertThat(hook(name, "x", Map.of()).name()).isEqualTo(name);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " a", "a ", "-a", "a-", "a_b", "a/b", "ü", "a\nb", "a\n"})
    void refuses_another_name(String name) {
        assertUnfit(() -> hook(name, "x", Map.of()), "name", "String does not match pattern");
    }

    @Test
    void a_name_has_at_most_255_characters() {
        hook("a".repeat(255), "x", Map.of());

        assertUnfit(() -> hook("a".repeat(256), "x", Map.of()), "name", "too long (256 chars), maximum 255");
    }

    @Test
    void a_script_has_at_most_100_kb_in_utf_8() {
        hook("a", "x".repeat(100_000), Map.of());

        assertUnfit(() -> hook("a", "", Map.of()), "script", "too short");
        assertUnfit(() -> hook("a", "ü".repeat(50_001), Map.of()), "script", "too long (100002 bytes), maximum 100000");
    }

    @Test
    void there_is_one_trigger() {
        assertUnfit(
                () -> new Hook("id", "a", "x", Map.of(), "send-phone-message", true, Instant.EPOCH, Instant.EPOCH),
                "triggerId",
                "No enum match for: send-phone-message; there are Hooks for credentials-exchange only");
    }

    @ParameterizedTest
    @ValueSource(strings = {"left-pad", "@babel/core", "JSONStream", "a", "a.b_c~d", "@a-b/c.d"})
    void a_dependency_is_an_npm_package(String name) {
        assertThat(hook("a", "x", Map.of(name, "1.0.0")).dependencies()).containsOnlyKeys(name);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                ".hidden",
                "_private",
                "../up",
                "a/b",
                "@a",
                "@a/",
                "@/a",
                "@a/..",
                "@a/.b",
                "a b",
                "-g",
                "--force",
                "ü",
                "https://x",
                "file:x",
                "node_modules",
                "a\n"
            })
    void refuses_what_is_no_name_of_a_package(String name) {
        assertUnfit(
                () -> hook("a", "x", Map.of(name, "1.0.0")),
                "dependencies." + name,
                "is not the name of an npm package");
    }

    @ParameterizedTest
    @ValueSource(strings = {"0.0.0", "3.0.6", "1.2.3-beta.1", "1.2.3-0.x-y", "10.20.30+build.5", "1.0.0-a+b"})
    void a_version_is_exact(String version) {
        assertThat(hook("a", "x", Map.of("p", version)).dependencies()).containsEntry("p", version);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "latest",
                "^1.2.3",
                "~1.2.3",
                "1.2",
                "1.x",
                "*",
                ">=1.0.0",
                "1.0.0 || 2.0.0",
                "1.0.0 - 2.0.0",
                "=1.0.0",
                "v1.0.0",
                "01.0.0",
                "1.0.0-",
                "1.0.0-a..b",
                " 1.0.0",
                "1.0.0\n",
                "npm:other@1.0.0",
                "file:../x",
                "../x",
                "https://example.com/x.tgz",
                "git+https://example.com/x.git",
                "user/repository"
            })
    void refuses_another_version_and_says_what_to_give(String version) {
        assertUnfit(
                () -> hook("a", "x", Map.of("p", version)),
                "dependencies.p",
                version + " is not an exact version: give one like 3.0.6, not a range, a tag, a URL or a path");
    }

    @Test
    void there_are_at_most_ten_dependencies() {
        hook("a", "x", packages(10));

        assertUnfit(() -> hook("a", "x", packages(11)), "dependencies", "(11), maximum 10");
    }

    private static Map<String, String> packages(int count) {
        return IntStream.range(0, count).boxed().collect(Collectors.toMap(i -> "p" + i, i -> "1.0." + i));
    }

    @Test
    void a_secret_has_a_name_of_128_and_a_value_of_4096_characters_at_most() {
        assertThat(new ScriptSecret("n".repeat(128), "v".repeat(4_096)).value()).hasSize(4_096);

        assertUnfit(() -> new ScriptSecret("", "v"), "", "1 to 128 characters");
        assertUnfit(() -> new ScriptSecret("n".repeat(129), "v"), "", "1 to 128 characters");
        assertUnfit(() -> new ScriptSecret("n", "v".repeat(4_097)), "n", "too long (4097 chars), maximum 4096");
    }

    @Test
    void neither_a_secret_nor_a_script_shows_what_is_in_it() {
        ScriptSecret secret = new ScriptSecret("KEY", "hidden");
        Script script = new Script(Script.Kind.HOOK, "id", "a", "code", Map.of("KEY", "hidden"), Optional.empty());

        assertThat(secret).hasToString("ScriptSecret[KEY]");
        assertThat(script).hasToString("Hook id (a)");
        assertThat(new Bundle(List.of(script))).hasToString("Hook id (a)");
    }
}
