package dev.jeton.doctor;

import dev.jeton.TestServer;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What doctor says of a server's settings, read as a program would. */
record Report(boolean isWell, JsonNode json) {
    /** At the time at which test servers and test certificates are made. */
    static Report of(Path data, Map<String, String> settings, String... flags) {
        return at(InstantSource.fixed(TestServer.START), data, settings, flags);
    }

    static Report at(InstantSource clock, Path data, Map<String, String> settings, String... flags) {
        // Without programs on the PATH: starting them takes longer than all else.
        Map<String, String> environment = new HashMap<>(Map.of("PATH", "/nowhere", "JETON_DATA", data.toString()));
        environment.putAll(settings);
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        String[] args = Arrays.copyOf(flags, flags.length + 1);
        args[flags.length] = "--json";
        boolean isWell = Doctor.run(args, environment, clock, new PrintStream(out, true, StandardCharsets.UTF_8));
        return new Report(isWell, JsonMapper.shared().readTree(out.toString(StandardCharsets.UTF_8)));
    }

    /** Each finding of a check, as {@code fail: text; cure}. */
    List<String> of(String check) {
        return json.path("findings").values().stream()
                .filter(finding -> finding.path("check").asString().equals(check))
                .map(finding -> finding.path("level").asString() + ": "
                        + finding.path("text").asString()
                        + (finding.path("cure").isNull()
                                ? ""
                                : "; " + finding.path("cure").asString()))
                .toList();
    }

    /** All that fails. */
    List<String> failures() {
        return json.path("findings").values().stream()
                .filter(finding -> finding.path("level").asString().equals("fail"))
                .map(finding -> finding.path("check").asString())
                .toList();
    }
}
