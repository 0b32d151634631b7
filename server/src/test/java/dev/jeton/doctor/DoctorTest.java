package dev.jeton.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jeton.TestServer;
import dev.jeton.doctor.Finding.Level;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The report as a whole: every check is made, whatever the settings and the other checks are. */
class DoctorTest {
    private static final Duration LONG = Duration.ofSeconds(20);

    @TempDir
    private Path folder;

    @Test
    void a_check_that_throws_is_a_finding() {
        List<Finding> findings = new Check("one", () -> {
                    throw new NoClassDefFoundError("some/Library");
                })
                .run(LONG);

        assertThat(findings).singleElement().satisfies(finding -> {
            assertThat(finding.level()).isEqualTo(Level.FAIL);
            assertThat(finding.text()).contains("could not be made", "some/Library");
        });
    }

    @Test
    void a_check_that_does_not_end_is_a_finding() {
        CountDownLatch never = new CountDownLatch(1);

        List<Finding> findings = new Check("one", () -> {
                    never.await();
                    return List.of();
                })
                .run(Duration.ofMillis(1));

        assertThat(findings).singleElement().satisfies(finding -> {
            assertThat(finding.level()).isEqualTo(Level.FAIL);
            assertThat(finding.text()).contains("did not end within");
        });
        never.countDown();
    }

    @Test
    void what_others_say_is_told_in_one_printable_line_of_bounded_length() {
        assertThat(Finding.warn("bwrap:\u001b[31m no\nnamespace", "").text()).isEqualTo("bwrap: [31m no namespace");
        assertThat(Finding.ok("x".repeat(10_000)).text()).hasSizeLessThan(700);
    }

    @Test
    void before_the_first_start_nothing_fails_and_nothing_is_made() {
        Path data = folder.resolve("data");

        Report report = Report.at(InstantSource.system(), data, Map.of("JETON_PORT", "0"));

        assertThat(report.failures()).isEmpty();
        assertThat(report.isWell()).isTrue();
        assertThat(report.of("data folder"))
                .containsExactly("ok: " + data + " does not exist yet; the first start makes it");
        assertThat(report.of("master key")).singleElement().asString().startsWith("ok: made by the first start");
        assertThat(data).doesNotExist();
    }

    @Test
    void settings_that_are_wrong_are_told_and_the_rest_is_looked_at() throws IOException {
        Path file = Files.writeString(folder.resolve("jeton.yaml"), "prot: 1\ndata: " + folder.resolve("mine") + "\n");

        Report report =
                Report.of(Path.of(""), Map.of("JETON_DATA", ""), "--config", file.toString(), "--tls", "perhaps");
        Report named = Report.of(folder.resolve("mine"), Map.of(), "--config", file.toString(), "--port", "0");

        assertThat(report.isWell()).isFalse();
        assertThat(report.of("settings"))
                .hasSize(3)
                .anySatisfy(line -> assertThat(line).startsWith("fail: tls, from --tls: 'perhaps' is not"))
                .anySatisfy(line ->
                        assertThat(line).contains(file + ":1", "there is no setting 'prot'; did you mean port?"));
        assertThat(report.of("tls")).containsExactly("ok: plain HTTP: this machine only");
        assertThat(named.failures()).contains("settings");
        assertThat(named.of("data folder"))
                .containsExactly("ok: " + folder.resolve("mine") + " does not exist yet; the first start makes it");
    }

    @Test
    void no_secret_is_told() {
        Map<String, String> secrets = Map.of(
                "JETON_MASTER_KEY", "bm90IGEga2V5IG9mIDMyIGJ5dGVz",
                "JETON_DB_URL", "jdbc:postgresql://127.0.0.1:1/jeton",
                "JETON_DB_PASSWORD", "hunter2hunter2",
                "JETON_JAVA_OPTIONS", "-Djavax.net.ssl.trustStorePassword=hunter2hunter2");

        Report report = Report.of(folder, secrets);

        assertThat(report.isWell()).isFalse();
        assertThat(report.json().toString()).doesNotContain("hunter2hunter2", "bm90IGEga2V5IG9mIDMyIGJ5dGVz");
    }

    @Test
    void for_people_each_finding_is_a_line_with_its_cure_below() {
        ByteArrayOutputStream out = new ByteArrayOutputStream();

        boolean isWell = Doctor.run(
                new String[] {"--data", folder.toString(), "--host", "192.0.2.1", "--tls", "self-signed"},
                Map.of("PATH", "/nowhere"),
                InstantSource.fixed(TestServer.START),
                new PrintStream(out, true, StandardCharsets.UTF_8));

        assertThat(isWell).isFalse();
        List<String> lines = out.toString(StandardCharsets.UTF_8).lines().toList();
        int port = lines.indexOf(lines.stream()
                .filter(line -> line.startsWith("fail  port"))
                .findFirst()
                .orElseThrow());
        assertThat(lines.get(port)).startsWith("fail  port          192.0.2.1");
        assertThat(lines.get(port + 1))
                .isEqualTo("                    cure: choose an address of this machine with --host");
        assertThat(lines.getLast()).matches("\\d+ failed, \\d+ to look at, \\d+ well\\.");
    }
}
