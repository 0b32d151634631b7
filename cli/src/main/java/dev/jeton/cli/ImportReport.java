package dev.jeton.cli;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** What became of each thing of an export, in the order in which it was dealt with. */
final class ImportReport {
    /** What became of a thing. */
    enum Result {
        CREATED("created"),
        UPDATED("updated"),
        UNCHANGED("unchanged"),
        SKIPPED("skipped"),
        REFUSED("refused");

        private final String word;

        Result(String word) {
            this.word = word;
        }
    }

    private record Line(String kind, String name, Result result, String remark) {}

    private final List<Line> lines = new ArrayList<>();

    void add(String kind, String name, Result result, String remark) {
        lines.add(new Line(kind, name, result, remark));
    }

    boolean hasRefused() {
        return lines.stream().anyMatch(line -> line.result() == Result.REFUSED);
    }

    Table table() {
        Table table = Table.headed("RESULT", "WHAT", "NAME", "REMARK");
        lines.forEach(line -> table.row(line.result().word, line.kind(), line.name(), line.remark()));
        return table;
    }

    /** As in "3 created, 1 skipped". */
    String summary() {
        Map<Result, Integer> counts = new LinkedHashMap<>();
        for (Result result : Result.values()) {
            lines.stream().filter(line -> line.result() == result).forEach(_ -> counts.merge(result, 1, Integer::sum));
        }
        List<String> parts = new ArrayList<>();
        counts.forEach((result, count) -> parts.add(count + " " + result.word));
        return parts.isEmpty() ? "nothing to do" : String.join(", ", parts);
    }

    ArrayNode json() {
        ArrayNode array = Json.array(List.of());
        for (Line line : lines) {
            ObjectNode object = array.addObject();
            object.put("result", line.result().word);
            object.put("kind", line.kind());
            object.put("name", line.name());
            if (!line.remark().isEmpty()) {
                object.put("remark", line.remark());
            }
        }
        return array;
    }
}
