package dev.jeton.cli;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import tools.jackson.databind.JsonNode;

/** What {@code jeton doctor} found of a server, told as it comes, in the form of the server's own doctor. */
final class DoctorReport {
    /** Whether it is well, might be better, or keeps somebody from getting or using a token. */
    enum Level {
        OK,
        WARN,
        FAIL
    }

    private static final int LONGEST = 600;

    private final Output output;
    private final boolean json;
    private final List<JsonNode> findings = new ArrayList<>();
    private final Map<Level, Integer> counts = new EnumMap<>(Level.class);

    DoctorReport(Output output, boolean json) {
        this.output = output;
        this.json = json;
    }

    void ok(String check, String text) {
        tell(Level.OK, check, text, "");
    }

    void warn(String check, String text, String cure) {
        tell(Level.WARN, check, text, cure);
    }

    void fail(String check, String text, String cure) {
        tell(Level.FAIL, check, text, cure);
    }

    void fail(String check, Failure failure) {
        fail(check, failure.message(), failure.mend().orElse("the sentence says it"));
    }

    /** @param found may be of any length, as a server says it */
    private void tell(Level level, String check, String found, String cure) {
        String text = found.length() <= LONGEST ? found : found.substring(0, LONGEST) + "…";
        counts.merge(level, 1, Integer::sum);
        String word = level.name().toLowerCase(Locale.ROOT);
        if (json) {
            findings.add(Json.object()
                    .put("check", check)
                    .put("level", word)
                    .put("text", text)
                    .put("cure", cure.isEmpty() ? null : cure));
            return;
        }
        String rest = String.format(Locale.ROOT, "  %-12s  %s", check, text);
        switch (level) {
            case OK -> output.line("ok  " + rest);
            case WARN -> output.line(Style.DOUBTFUL, word, rest);
            case FAIL -> output.line(Style.BAD, word, rest);
        }
        if (!cure.isEmpty()) {
            output.line(" ".repeat(20) + "cure: " + cure);
        }
        output.flush();
    }

    private int count(Level level) {
        return counts.getOrDefault(level, 0);
    }

    /** Ends it; the exit code. */
    int end() {
        int failed = count(Level.FAIL);
        if (json) {
            output.json(Json.object().put("ok", failed == 0).set("findings", Json.array(findings)));
        } else {
            output.blank();
            output.line(failed + " failed, " + count(Level.WARN) + " to look at, " + count(Level.OK) + " well.");
        }
        return failed == 0 ? 0 : Failure.REFUSED;
    }
}
