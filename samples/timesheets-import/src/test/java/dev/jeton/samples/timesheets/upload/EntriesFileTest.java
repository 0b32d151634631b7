package dev.jeton.samples.timesheets.upload;

import static dev.jeton.samples.timesheets.upload.JobRun.HEADER;
import static dev.jeton.samples.timesheets.upload.JobRun.entries;
import static dev.jeton.samples.timesheets.upload.JobRun.entry;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.argumentSet;

import dev.jeton.samples.timesheets.upload.JobRun.Result;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Files as people and programs make them. */
class EntriesFileTest {
    private static final String GOOD = ",007,2026-11-20T09:00:00Z,Lighthouse,7.5\n";

    @TempDir
    Path folder;

    private final FakeServers servers = new FakeServers();
    private JobRun job;

    @BeforeEach
    void start() {
        job = new JobRun(folder, servers.environment());
    }

    @AfterEach
    void stop() {
        servers.close();
    }

    private void refuses(Result result, String... reasons) {
        assertThat(result.exitCode()).isEqualTo(2);
        assertThat(result.err()).contains(reasons);
        assertThat(result.out()).isEmpty();
        assertThat(servers.uploads()).isZero();
        assertThat(servers.tokenRequests()).isZero();
    }

    @ParameterizedTest
    @MethodSource("faults")
    void sends_nothing_of_a_file_with_a_fault_and_names_its_line(String csv, String fault) {
        refuses(job.upload(csv), "nothing was sent, as ", " has a fault:\n  " + fault);
    }

    static Stream<Arguments> faults() {
        String header = "; the header is entry_id,user_id,date,project,hours";
        return Stream.of(
                argumentSet(
                        "no header", entry(1), "line 1: no column entry_id, user_id, date, project, hours" + header),
                argumentSet(
                        "a column missing",
                        "entry_id,user_id,date,project\na" + GOOD,
                        "line 1: no column hours" + header),
                argumentSet("semicolons", HEADER.replace(',', ';'), "line 1: no column entry_id"),
                argumentSet("a column too many", "note," + HEADER, "line 1: a column too many" + header),
                argumentSet("a column twice", "hours," + HEADER, "line 1: a column too many" + header),
                argumentSet("capitals", HEADER.toUpperCase(Locale.ROOT), "line 1: no column entry_id"),
                argumentSet(
                        "a field too few",
                        HEADER + "a,007,2026-11-20T09:00:00Z,7.5\n",
                        "line 2: 4 fields instead of 5"),
                argumentSet("a field too many", HEADER + "a,b" + GOOD, "line 2: 6 fields instead of 5"),
                argumentSet(
                        "the same entry_id",
                        HEADER + "a" + GOOD + "b" + GOOD + "a" + GOOD,
                        "line 4: entry_id \"a\" is on line 2 too"),
                argumentSet("no entry_id", HEADER + GOOD, "line 2: entry_id is empty"),
                argumentSet("a blank user_id", HEADER + "a, ,2026-11-20T09:00:00Z,L,1\n", "line 2: user_id is empty"),
                argumentSet(
                        "a space after it",
                        HEADER + "a ,007,2026-11-20T09:00:00Z,L,1\n",
                        "line 2: entry_id \"a \" has a space around it"),
                argumentSet(
                        "an escape sequence",
                        HEADER + "\u001b[31m" + GOOD,
                        "line 2: entry_id \"?[31m\" has a space around it, or a character"),
                argumentSet("a hidden character", HEADER + "a\u202e" + GOOD, "line 2: entry_id \"a?\""),
                argumentSet(
                        "a long project",
                        HEADER + "a,007,2026-11-20T09:00:00Z," + "p".repeat(201) + ",1\n",
                        "line 2: project is longer than 200 characters"),
                argumentSet(
                        "a day alone",
                        HEADER + "a,007,2026-11-20,L,1\n",
                        "line 2: date \"2026-11-20\" is not an instant as 2026-11-20T09:00:00Z"),
                argumentSet("a day that is none", HEADER + "a,007,2026-02-30T09:00:00Z,L,1\n", "line 2: date"),
                argumentSet("a date of a spreadsheet", HEADER + "a,007,20/11/2026 09:00,L,1\n", "line 2: date"),
                argumentSet(
                        "a line that is very long", HEADER + "a".repeat(9000) + GOOD, "line 2: longer than 8192 bytes"),
                argumentSet(
                        "an open quote",
                        HEADER + "\"a" + GOOD + "b" + GOOD,
                        "line 2: a quote that is not closed on its line"),
                argumentSet("a quote inside", HEADER + "a\"b" + GOOD, "line 2: a quote inside a field"),
                argumentSet("text after a quote", HEADER + "\"a\"b" + GOOD, "line 2: text after the closing quote"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "0", "0.00", "24.01", "25", "-1", "+1", "1e1", "7,5", "7.555", "7.", ".5", "٧", "NaN", "0x7", "7h"
            })
    void refuses_hours_that_no_day_has(String hours) {
        refuses(
                job.upload(HEADER + "a,007,2026-11-20T09:00:00Z,L,\"" + hours + "\"\n"),
                "line 2: hours \"" + hours + "\" is not a number above 0 and up to 24, as 7.5");
    }

    @ParameterizedTest
    @ValueSource(strings = {"24", "24.00", "0.01", "7", "07.5"})
    void takes_hours_that_a_day_has(String hours) {
        assertThat(job.upload(HEADER + "a,007,2026-11-20T09:00:00Z,L," + hours + "\n")
                        .exitCode())
                .isZero();
    }

    @Test
    void tells_every_fault_up_to_twenty() {
        refuses(
                job.upload(HEADER + "a,007,soon,L,many\n" + ",,,,\n".repeat(5)),
                " has 27 faults:\n  line 2: date \"soon\"",
                "\n  line 2: hours \"many\"",
                "\n  line 3: entry_id is empty",
                "\n  and 7 more\n");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "\n\n", "\ufeff", "entry_id,user_id,date,project,hours\n"})
    void refuses_a_file_without_entries(String csv) {
        refuses(job.upload(csv), "has no entries; its first line is entry_id,user_id,date,project,hours");
    }

    @Test
    void refuses_a_file_in_another_encoding() {
        refuses(
                job.upload((HEADER + "a,007,2026-11-20T09:00:00Z,Caf\u00e9,1\n").getBytes(StandardCharsets.ISO_8859_1)),
                "line 2: not text in UTF-8; save the file as CSV in UTF-8");
        refuses(job.upload(entries(1).getBytes(StandardCharsets.UTF_16)), "line 1: not text in UTF-8");
    }

    @Test
    void takes_a_byte_order_mark_windows_line_ends_blank_lines_and_columns_in_any_order() {
        String windows = """
                hours,project,date,user_id,entry_id

                7.5,"Light, house",2026-11-20T09:00:00Z,007,ext-1

                8,Harbour,2026-11-20T09:00:00Z,012,ext-2""" // no line end at the last
                .replace("\n", "\r\n");

        Result result = job.upload("\ufeff" + windows);

        assertThat(result.exitCode()).isZero();
        assertThat(servers.stored()).hasSize(2);
        assertThat(servers.stored().get(0).path("project").asString()).isEqualTo("Light, house");
    }

    @Test
    void takes_a_hundred_thousand_entries_and_not_one_more() throws IOException {
        Path file = folder.resolve("many.csv");
        Files.writeString(file, entries(100_000));
        assertThat(EntriesFile.read(file)).hasSize(100_000);

        refuses(job.upload(entries(100_001)), "line 100002: one too many: a file has up to 100000 entries; split it");
    }

    @Test
    void refuses_what_is_no_file_to_read() {
        refuses(job.run(folder.resolve("missing.csv").toString()), "there is no file " + folder.resolve("missing.csv"));
        refuses(job.run(folder.toString()), folder + " is a folder");
        refuses(job.run("a\u0000b"), "timesheets-import: ");
    }
}
