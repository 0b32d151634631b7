package dev.jeton.samples.timesheets.upload;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.math.BigDecimal;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/** A CSV file of entries, checked whole: it gives all its entries, or every fault in it is told. */
final class EntriesFile {
    static final int MAX_ENTRIES = 100_000;
    private static final int MAX_FIELD = 200;
    private static final int MAX_FAULTS_TOLD = 20;

    private static final List<String> COLUMNS = List.of("entry_id", "user_id", "date", "project", "hours");
    private static final BigDecimal MAX_HOURS = BigDecimal.valueOf(24);
    private static final Pattern HOURS = Pattern.compile("[0-9]{1,2}(\\.[0-9]{1,2})?");

    private final Path path;
    private final List<Entry> entries = new ArrayList<>();
    private final Map<String, Integer> lineOfEntryId = new HashMap<>();
    private final List<String> firstFaults = new ArrayList<>();
    private int faults;
    private List<String> header = List.of();

    private EntriesFile(Path path) {
        this.path = path;
    }

    /** @throws UsageException if the file cannot be read, is empty, or has a fault */
    static List<Entry> read(Path path) {
        if (Files.isDirectory(path)) { // the system would call it an I/O error
            throw new UsageException(path + " is a folder");
        }
        EntriesFile file = new EntriesFile(path);
        try (InputStream in = new BufferedInputStream(Files.newInputStream(path))) {
            file.readAll(new Utf8Lines(in));
        } catch (NoSuchFileException none) {
            throw new UsageException("there is no file " + path);
        } catch (AccessDeniedException denied) {
            throw new UsageException("no permission to read " + path);
        } catch (IOException e) {
            throw new UsageException("cannot read " + path + " (" + e.getClass().getSimpleName() + ")");
        }
        return file.entriesWithoutFault();
    }

    private List<Entry> entriesWithoutFault() {
        if (faults > 0) {
            throw new UsageException("nothing was sent, as " + path + " has "
                    + (faults == 1 ? "a fault" : faults + " faults") + ":\n  "
                    + String.join("\n  ", firstFaults)
                    + (faults > MAX_FAULTS_TOLD ? "\n  and " + (faults - MAX_FAULTS_TOLD) + " more" : ""));
        }
        if (entries.isEmpty()) {
            throw new UsageException(path + " has no entries; its first line is " + String.join(",", COLUMNS)
                    + ", and each line after it is an entry");
        }
        return List.copyOf(entries);
    }

    private void readAll(Utf8Lines lines) throws IOException {
        try {
            for (Optional<String> line = lines.next(); line.isPresent(); line = lines.next()) {
                if (lines.number() > MAX_ENTRIES + 1) {
                    throw new Utf8Lines.UnusableFileException(
                            "one too many: a file has up to " + MAX_ENTRIES + " entries; split it");
                }
                if (!line.get().isBlank()) {
                    readLine(lines.number(), line.get());
                }
            }
        } catch (Utf8Lines.UnusableFileException end) {
            fault(lines.number(), String.valueOf(end.getMessage()));
        }
    }

    private void readLine(int line, String text) throws Utf8Lines.UnusableFileException {
        List<String> fields;
        try {
            fields = CsvLine.fields(text);
        } catch (CsvLine.MalformedException malformed) {
            fault(line, String.valueOf(malformed.getMessage()));
            return;
        }
        if (header.isEmpty()) {
            header = checkedHeader(fields);
        } else if (fields.size() != header.size()) {
            fault(line, fields.size() + " fields instead of " + header.size());
        } else {
            readEntry(line, fields);
        }
    }

    /** Without its columns the rest of the file says nothing. */
    private static List<String> checkedHeader(List<String> fields) throws Utf8Lines.UnusableFileException {
        List<String> missing = new ArrayList<>(COLUMNS);
        missing.removeAll(fields);
        if (!missing.isEmpty()) {
            throw new Utf8Lines.UnusableFileException("no column " + String.join(", ", missing) + "; the header is "
                    + String.join(",", COLUMNS) + ", with commas");
        }
        if (fields.size() > COLUMNS.size()) {
            throw new Utf8Lines.UnusableFileException("a column too many; the header is " + String.join(",", COLUMNS));
        }
        return fields;
    }

    private void readEntry(int line, List<String> fields) {
        int faultsBefore = faults;
        for (int column = 0; column < fields.size(); column++) {
            checkText(line, header.get(column), fields.get(column));
        }
        if (faults > faultsBefore) {
            return;
        }
        String entryId = field(fields, "entry_id");
        String date = field(fields, "date");
        String hours = field(fields, "hours");
        Integer first = lineOfEntryId.putIfAbsent(entryId, line);
        if (first != null) {
            fault(line, "entry_id " + quoted(entryId) + " is on line " + first + " too");
        }
        if (!isInstant(date)) {
            fault(line, "date " + quoted(date) + " is not an instant as 2026-11-20T09:00:00Z");
        }
        if (!isHours(hours)) {
            fault(line, "hours " + quoted(hours) + " is not a number above 0 and up to 24, as 7.5");
        } else if (faults == faultsBefore) {
            entries.add(new Entry(
                    line, entryId, field(fields, "user_id"), date, field(fields, "project"), new BigDecimal(hours)));
        }
    }

    private String field(List<String> fields, String column) {
        return fields.get(header.indexOf(column));
    }

    private void checkText(int line, String column, String text) {
        if (text.isBlank()) {
            fault(line, column + " is empty");
        } else if (text.length() > MAX_FIELD) {
            fault(line, column + " is longer than " + MAX_FIELD + " characters");
        } else if (!text.strip().equals(text) || !text.codePoints().allMatch(Printable::isHarmless)) {
            fault(line, column + " " + quoted(text) + " has a space around it, or a character that does not print");
        }
    }

    private static boolean isInstant(String text) {
        try {
            return Instant.parse(text).isAfter(Instant.EPOCH);
        } catch (DateTimeParseException other) {
            return false;
        }
    }

    private static boolean isHours(String text) {
        return HOURS.matcher(text).matches()
                && new BigDecimal(text).signum() > 0
                && new BigDecimal(text).compareTo(MAX_HOURS) <= 0;
    }

    private static String quoted(String text) {
        return "\"" + Printable.of(text) + "\"";
    }

    private void fault(int line, String problem) {
        faults++;
        if (faults <= MAX_FAULTS_TOLD) {
            firstFaults.add("line " + line + ": " + problem);
        }
    }
}
