package dev.jeton.e2e.cluster;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;

/** From a withdrawal's acknowledgement to the last answer that gave what was withdrawn, by the circumstances. */
final class Delays {
    private final Map<String, List<Long>> nanos = new TreeMap<>();

    /** @param delay in nanoseconds; below 0 if the last such answer came before the acknowledgement */
    void add(String circumstances, long delay) {
        nanos.computeIfAbsent(circumstances, _ -> new ArrayList<>()).add(Math.max(0, delay));
    }

    /** A line for each circumstance. */
    @Override
    public String toString() {
        StringBuilder lines = new StringBuilder();
        nanos.forEach((circumstances, all) -> {
            List<Long> sorted = all.stream().sorted().toList();
            lines.append("refused by the other node, %s: %d withdrawals, ms median %d, 90 %% %d, most %d%n"
                    .formatted(
                            circumstances, sorted.size(), millis(sorted, 50), millis(sorted, 90), millis(sorted, 100)));
        });
        return lines.toString();
    }

    private static long millis(List<Long> sorted, int percent) {
        return TimeUnit.NANOSECONDS.toMillis(sorted.get((sorted.size() - 1) * percent / 100));
    }
}
