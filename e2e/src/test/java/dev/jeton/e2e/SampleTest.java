package dev.jeton.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jeton.e2e.Jeton.Result;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SampleTest {
    @TempDir
    Path folder;

    @Test
    void the_timesheets_sample_runs_from_a_fresh_server_to_a_repeated_import_and_leaves_nothing() throws IOException {
        Path temporary = Files.createDirectory(folder.resolve("tmp"));

        Result sample = new Jeton(folder)
                .with(java.util.Map.of("TMPDIR", temporary.toString()))
                .run("sample", "timesheets");

        assertThat(sample.exitCode()).as(sample.out() + sample.err()).isZero();
        assertThat(sample.out())
                .contains("Jeton is ready at http://127.0.0.1:")
                .contains("Timesheets API is ready at http://127.0.0.1:")
                .contains("HTTP/1.1 401")
                .contains("HTTP/1.1 403")
                .contains("scope=\"approve:timesheets\"")
                .contains("Done.");
        assertThat(sample.out() + sample.err()).doesNotContain("WARNING:").doesNotContain("\tat ");
        try (Stream<Path> left = Files.list(temporary)) {
            assertThat(left).isEmpty();
        }
    }

    @Test
    void an_unknown_sample_is_refused_with_the_names_of_those_there_are() {
        Result refused = new Jeton(folder).run("sample", "timesheet");

        assertThat(refused.exitCode()).isEqualTo(2);
        assertThat(refused.err()).contains("jeton sample timesheets");
    }
}
