package dev.jeton.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jeton.config.Config.HookSandbox;
import dev.jeton.config.Config.Hooks;
import dev.jeton.doctor.Finding.Level;
import dev.jeton.extension.Programs;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MachineChecksTest {
    private static final long MIB = 1L << 20;
    private static final Instant BUILT = Instant.parse("2026-11-23T12:00:00Z");
    private static final Optional<Path> BUBBLEWRAP = Optional.of(Path.of("/usr/bin/bwrap"));

    @TempDir
    private Path folder;

    private static Hooks hooks(HookSandbox sandbox, boolean network) {
        return new Hooks(sandbox, network, Duration.ofSeconds(10), 1, 64 * MIB);
    }

    private static Optional<Programs.Node> node(int major, int minor, boolean isFit) {
        return Optional.of(new Programs.Node(Path.of("/opt/node"), major, minor, isFit));
    }

    @Test
    void another_java_is_worth_a_look() {
        assertThat(MachineChecks.java(25).level()).isEqualTo(Level.OK);
        assertThat(MachineChecks.java(26)).satisfies(finding -> {
            assertThat(finding.level()).isEqualTo(Level.WARN);
            assertThat(finding.text()).contains(System.getProperty("java.home"));
            assertThat(finding.cure()).contains("JETON_JAVA_HOME");
        });
    }

    @Test
    void slow_cryptography_is_worth_a_look_and_says_what_it_costs() {
        assertThat(MachineChecks.cryptography(null).level()).isEqualTo(Level.OK);
        assertThat(MachineChecks.cryptography("no library for this processor")).satisfies(finding -> {
            assertThat(finding.level()).isEqualTo(Level.WARN);
            assertThat(finding.text()).contains("no library for this processor", "8 with ES256");
        });
    }

    @ParameterizedTest
    @CsvSource({"1024, 4096, OK", "32, 128, WARN", "4000, 4096, WARN", "8192, 4096, WARN"})
    void a_heap_too_small_or_larger_than_the_machine_is_worth_a_look(long heap, long machine, Level level) {
        assertThat(MachineChecks.memory(2, heap * MIB, machine * MIB, "").level())
                .isEqualTo(level);
    }

    @Test
    void node_is_missing_too_old_for_hooks_or_for_the_build_or_fit() {
        Optional<Path> none = Optional.empty();
        Optional<String> quiet = Optional.empty();

        assertThat(MachineChecks.node(new Programs(Optional.empty(), none, quiet))
                        .text())
                .contains("no Node.js on the PATH");
        assertThat(MachineChecks.node(new Programs(node(20, 8, false), none, quiet))
                        .text())
                .isEqualTo("20.8 in /opt/node is too old: Hooks and Actions run on 20.9 or newer");
        assertThat(MachineChecks.node(new Programs(node(20, 18, true), none, quiet))
                        .text())
                .contains("too old to build the dashboard");
        assertThat(MachineChecks.node(new Programs(node(20, 19, true), none, quiet)))
                .isEqualTo(Finding.ok("20.19 in /opt/node"));
    }

    @ParameterizedTest
    @CsvSource({
        "AUTO,    true,  works,   OK,   so Hooks and Actions run inside it",
        "REQUIRE, true,  works,   OK,   so Hooks and Actions run inside it",
        "AUTO,    false, works,   OK,   so Hooks and Actions run inside it",
        "OFF,     true,  works,   WARN, with the rights of the server",
        "OFF,     false, works,   FAIL, no Hook or Action runs",
        "AUTO,    true,  missing, WARN, with the rights of the server",
        "AUTO,    true,  refused, WARN, does not work here: No permissions",
        "AUTO,    false, missing, FAIL, hooks.network is false",
        "REQUIRE, true,  missing, FAIL, there is no bwrap on the PATH",
        "REQUIRE, true,  refused, FAIL, no Hook or Action runs",
    })
    void what_bubblewrap_can_do_and_what_the_setting_makes_of_it(
            HookSandbox sandbox, boolean network, String state, Level level, String text) {
        Optional<Path> program = state.equals("missing") ? Optional.empty() : BUBBLEWRAP;
        Optional<String> trouble = state.equals("refused") ? Optional.of("No permissions") : Optional.empty();

        Finding finding =
                MachineChecks.bubblewrap(hooks(sandbox, network), new Programs(node(22, 0, true), program, trouble));

        assertThat(finding.level()).isEqualTo(level);
        assertThat(finding.text()).contains(text);
        assertThat(finding.cure().isEmpty()).isEqualTo(level == Level.OK);
    }

    @Test
    void programs_are_really_started() throws Exception {
        Path bwrap = Files.writeString(folder.resolve("bwrap"), "#!/bin/sh\necho 'bwrap: not in here' >&2\nexit 1\n");
        Path node = Files.writeString(folder.resolve("node"), "#!/bin/sh\necho v20.19.4\n");
        for (Path program : new Path[] {bwrap, node}) {
            Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwx------"));
        }

        Programs found = Programs.find(hooks(HookSandbox.AUTO, true), Map.of("PATH", folder.toString()));

        assertThat(found.node()).contains(new Programs.Node(node.toRealPath(), 20, 19, true));
        assertThat(found.trouble()).contains("bwrap: not in here");
        assertThat(Programs.find(hooks(HookSandbox.AUTO, true), Map.of("PATH", "/nowhere")))
                .isEqualTo(new Programs(Optional.empty(), Optional.empty(), Optional.empty()));
    }

    @Test
    void a_clock_before_the_build_is_wrong() {
        assertThat(MachineChecks.clock(BUILT.plusSeconds(1), BUILT).level()).isEqualTo(Level.OK);
        assertThat(MachineChecks.clock(BUILT.minusSeconds(1), BUILT).level()).isEqualTo(Level.FAIL);
    }

    @ParameterizedTest
    @CsvSource({"yes, OK", "no, WARN", "'', OK"})
    void a_clock_that_nobody_sets_is_worth_a_look(String said, Level level) {
        assertThat(MachineChecks.synchronization(said).level()).isEqualTo(level);
    }
}
