package dev.jeton.action;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.jeton.action.Revision.ShownSecret;
import dev.jeton.extension.Dependency;
import dev.jeton.extension.ScriptSecret;
import dev.jeton.extension.UnfitException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ActionTest {
    private static final SupportedTrigger TRIGGER = new SupportedTrigger("credentials-exchange", "v2");

    private static Action named(String name) {
        return new Action("id", name, Revision.blank("draft", TRIGGER), Optional.empty(), Instant.EPOCH, Instant.EPOCH);
    }

    private static Revision revision(String code, String runtime) {
        return new Revision("id", TRIGGER, code, runtime, List.of(), Optional.empty(), List.of());
    }

    private static Revision revision(List<Dependency> dependencies, List<ShownSecret> secrets) {
        return new Revision("id", TRIGGER, "x", "node22", dependencies, Optional.empty(), secrets);
    }

    private static void assertUnfit(Runnable making, String field, String detail) {
        assertThatThrownBy(making::run)
                .isInstanceOfSatisfying(
                        UnfitException.class, e -> assertThat(e.field()).isEqualTo(field))
                .hasMessageContaining(detail);
    }

    @ParameterizedTest
    @ValueSource(strings = {"a", " ", "Add claim", "例え 🌙", "../x", "a' or 1=1 --", "%s{}$`"})
    void a_name_is_text(String name) {
        assertThat(named(name).name()).isEqualTo(name);
    }

    @ParameterizedTest
    @ValueSource(strings = {"<b>", "a>", "a\nb", "a\n", "\t", "\u0000", "\u007f", "\u0085"})
    void refuses_a_name_with_angle_brackets_or_control_characters(String name) {
        assertUnfit(() -> named(name), "name", "String does not match pattern");
    }

    @Test
    void a_name_has_1_to_255_characters() {
        named("a".repeat(255));

        assertUnfit(() -> named(""), "name", "too short (0 chars), minimum 1");
        assertUnfit(() -> named("a".repeat(256)), "name", "too long (256 chars), maximum 255");
    }

    @Test
    void code_has_at_most_100_kb_in_utf_8() {
        revision("", "node22");
        revision("ü".repeat(50_000), "node22");

        assertUnfit(() -> revision("ü".repeat(50_001), "node22"), "code", "too long (100002 bytes), maximum 100000");
    }

    @ParameterizedTest
    @ValueSource(strings = {"node12", "node16", "node18", "node18-actions", "node22", "node22-actions", "node100"})
    void a_runtime_is_a_node_of_any_number(String runtime) {
        assertThat(revision("x", runtime).runtime()).isEqualTo(runtime);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "node",
                "node0",
                "node022",
                "node-22",
                "Node22",
                "node22-action",
                "python3",
                "node22\n",
                "x22"
            })
    void refuses_another_runtime(String runtime) {
        assertUnfit(() -> revision("x", runtime), "runtime", "give one like node22");
    }

    @Test
    void there_is_one_trigger_in_two_versions() {
        assertThat(new SupportedTrigger("credentials-exchange", "v1").version()).isEqualTo("v1");

        assertUnfit(
                () -> new SupportedTrigger("post-login", "v2"),
                "supported_triggers[0].id",
                "No enum match for: post-login; there are Actions for credentials-exchange only");
        for (String version : List.of("", "v3", "V2", "2")) {
            assertUnfit(
                    () -> new SupportedTrigger("credentials-exchange", version),
                    "supported_triggers[0].version",
                    "No enum match for: " + version + "; there are v1 and v2");
        }
    }

    @Test
    void there_are_at_most_ten_dependencies_and_thirty_secrets() {
        List<Dependency> dependencies = IntStream.range(0, 11)
                .mapToObj(i -> new Dependency("p" + i, "1.0.0"))
                .toList();
        List<ShownSecret> secrets = IntStream.range(0, 31)
                .mapToObj(i -> new ShownSecret("S" + i, Instant.EPOCH))
                .toList();
        revision(dependencies.subList(0, 10), secrets.subList(0, 30));

        assertUnfit(() -> revision(dependencies, List.of()), "dependencies", "Array is too long (11), maximum 10");
        assertUnfit(() -> revision(List.of(), secrets), "secrets", "Array is too long (31), maximum 30");
    }

    @Test
    void all_changes_are_deployed_if_the_draft_is_what_was_deployed() {
        Action action = named("a");
        assertThat(action.allChangesDeployed()).isFalse();

        Version version = new Version("v", 1, action.draft(), true, Instant.EPOCH);
        Action deployed =
                new Action("id", "a", action.draft(), Optional.of(version), action.createdAt(), action.updatedAt());
        assertThat(deployed.allChangesDeployed()).isTrue();

        assertThat(deployed.withDraft(action.draft().withId("other"), Instant.EPOCH)
                        .allChangesDeployed())
                .isFalse();
    }

    @Test
    void a_draft_does_not_show_the_values_of_its_secrets() {
        OpenRevision draft = new OpenRevision(
                revision(List.of(), List.of(new ShownSecret("KEY", Instant.EPOCH))),
                List.of(new ScriptSecret("KEY", "hidden")));

        assertThat(draft.toString()).contains("KEY").doesNotContain("hidden");
        assertThat(draft.script("id", "a", Optional.empty()).secrets()).containsEntry("KEY", "hidden");
        assertThat(draft.script("id", "a", Optional.empty())).hasToString("Action id (a)");
    }
}
