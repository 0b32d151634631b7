package dev.jeton.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** Rows of text in aligned columns, two spaces apart, with or without headings. */
final class Table {
    private static final Set<String> OF_STATES = Set.of("STATE", "RESULT", "UNTIL");
    private static final Map<String, Style> STATES = Map.of(
            "disabled", Style.BAD,
            "expired", Style.BAD,
            "revoked", Style.BAD,
            "refused", Style.BAD,
            "skipped", Style.DOUBTFUL,
            "void", Style.DOUBTFUL);

    private final List<List<Cell>> rows = new ArrayList<>();
    private List<String> headings = List.of();

    private Table() {}

    private record Cell(String text, @Nullable Style style) {
        int length() {
            return text.codePointCount(0, text.length());
        }

        String shown(boolean isColoured) {
            return isColoured && style != null ? style.on(text) : text;
        }
    }

    static Table headed(String... headings) {
        return new Table().heading(headings);
    }

    static Table plain() {
        return new Table();
    }

    Table heading(String... names) {
        headings = List.of(names);
        rows.add(headings.stream().map(name -> new Cell(name, Style.HEADING)).toList());
        return this;
    }

    /** A state is seen at a glance where there are colours, if it is nothing good. */
    Table row(String... cells) {
        List<Cell> row = new ArrayList<>();
        for (int i = 0; i < cells.length; i++) {
            boolean isState = i < headings.size() && OF_STATES.contains(headings.get(i));
            row.add(new Cell(Printable.of(cells[i]), isState ? STATES.get(cells[i]) : null));
        }
        rows.add(row);
        return this;
    }

    /** A row for a fact that may be absent; a blank one adds nothing. */
    Table fact(String name, String value) {
        return value.isBlank() ? this : row(name, value);
    }

    boolean isEmpty() {
        return rows.isEmpty();
    }

    List<String> lines(boolean isColoured) {
        int columns = rows.stream().mapToInt(List::size).max().orElse(0);
        int[] widths = IntStream.range(0, columns).map(this::width).toArray();
        return rows.stream().map(row -> line(row, widths, isColoured)).toList();
    }

    private int width(int column) {
        return rows.stream()
                .filter(row -> row.size() > column)
                .mapToInt(row -> row.get(column).length())
                .max()
                .orElse(0);
    }

    private static String line(List<Cell> row, int[] widths, boolean isColoured) {
        StringBuilder line = new StringBuilder();
        for (int i = 0; i < row.size(); i++) {
            Cell cell = row.get(i);
            line.append(cell.shown(isColoured)).append(" ".repeat(widths[i] - cell.length() + 2));
        }
        return line.toString().stripTrailing();
    }
}
