package dev.jeton.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** Rows of text in aligned columns, two spaces apart, with or without headings. */
final class Table {
    private final List<List<String>> rows = new ArrayList<>();

    private Table() {}

    static Table headed(String... headings) {
        return new Table().row(headings);
    }

    static Table plain() {
        return new Table();
    }

    Table row(String... cells) {
        rows.add(Stream.of(cells).map(Printable::of).toList());
        return this;
    }

    /** A row for a fact that may be absent; a blank one adds nothing. */
    Table fact(String name, String value) {
        return value.isBlank() ? this : row(name, value);
    }

    List<String> lines() {
        int columns = rows.stream().mapToInt(List::size).max().orElse(0);
        int[] widths = IntStream.range(0, columns).map(this::width).toArray();
        return rows.stream().map(row -> line(row, widths)).toList();
    }

    private int width(int column) {
        return rows.stream()
                .filter(row -> row.size() > column)
                .mapToInt(row -> length(row.get(column)))
                .max()
                .orElse(0);
    }

    private static String line(List<String> row, int[] widths) {
        StringBuilder line = new StringBuilder();
        for (int i = 0; i < row.size(); i++) {
            String cell = row.get(i);
            line.append(cell).append(" ".repeat(widths[i] - length(cell) + 2));
        }
        return line.toString().stripTrailing();
    }

    private static int length(String cell) {
        return cell.codePointCount(0, cell.length());
    }
}
