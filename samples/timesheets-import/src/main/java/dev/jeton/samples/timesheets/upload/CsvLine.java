package dev.jeton.samples.timesheets.upload;

import java.util.ArrayList;
import java.util.List;

/**
 * One line of a CSV file, RFC 4180: fields between commas; one that holds a comma or a quote is in quotes, and its quotes
 * are doubled. A field with a line break in it is refused, so that one forgotten quote does not swallow the file.
 */
final class CsvLine {
    /** Says what is wrong with the line. */
    static final class MalformedException extends Exception {
        MalformedException(String problem) {
            super(problem, null, false, false);
        }
    }

    private final String text;
    private int position;

    private CsvLine(String text) {
        this.text = text;
    }

    static List<String> fields(String text) throws MalformedException {
        CsvLine line = new CsvLine(text);
        List<String> fields = new ArrayList<>();
        do {
            fields.add(line.accept('"') ? line.quoted() : line.plain());
        } while (line.accept(','));
        return fields;
    }

    private String plain() throws MalformedException {
        int start = position;
        while (position < text.length() && text.charAt(position) != ',') {
            if (text.charAt(position) == '"') {
                throw new MalformedException("a quote inside a field that does not begin with one");
            }
            position++;
        }
        return text.substring(start, position);
    }

    private String quoted() throws MalformedException {
        StringBuilder field = new StringBuilder();
        while (position < text.length()) {
            char next = text.charAt(position++);
            if (next != '"') {
                field.append(next);
            } else if (accept('"')) {
                field.append('"');
            } else if (position < text.length() && text.charAt(position) != ',') {
                throw new MalformedException("text after the closing quote of a field");
            } else {
                return field.toString();
            }
        }
        throw new MalformedException("a quote that is not closed on its line");
    }

    private boolean accept(char expected) {
        boolean found = position < text.length() && text.charAt(position) == expected;
        if (found) {
            position++;
        }
        return found;
    }
}
