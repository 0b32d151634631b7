package dev.jeton.samples.timesheets.upload;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** What has become of the entries so far. */
final class Summary {
    private static final int MAX_REFUSED_TOLD = 20;

    private final int total;
    private final List<String> refusedTold = new ArrayList<>();
    private int created;
    private int alreadyThere;
    private int refused;
    private int tokens;

    Summary(int total) {
        this.total = total;
    }

    void created() {
        created++;
    }

    void alreadyThere() {
        alreadyThere++;
    }

    void refused(Entry entry, String reason) {
        refused++;
        if (refused <= MAX_REFUSED_TOLD) {
            refusedTold.add("line " + entry.line() + ", " + Printable.of(entry.entryId()) + ": " + reason);
        }
    }

    void tokenFetched() {
        tokens++;
    }

    int total() {
        return total;
    }

    int done() {
        return created + alreadyThere + refused;
    }

    boolean isComplete() {
        return created + alreadyThere == total;
    }

    List<String> lines(Duration took) {
        List<String> lines = new ArrayList<>();
        lines.add("created        " + created);
        lines.add("already there  " + alreadyThere);
        lines.add("refused        " + refused);
        refusedTold.forEach(one -> lines.add("  " + one));
        if (refused > refusedTold.size()) {
            lines.add("  and " + (refused - refusedTold.size()) + " more");
        }
        lines.add("not sent       " + (total - done()));
        lines.add("seconds        " + took.toMillis() / 1000 + "." + took.toMillis() % 1000 / 100);
        lines.add("tokens fetched " + tokens);
        return lines;
    }
}
