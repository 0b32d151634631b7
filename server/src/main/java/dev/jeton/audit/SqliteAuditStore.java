package dev.jeton.audit;

import dev.jeton.storage.Database;
import dev.jeton.storage.StorageUnavailableException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.sql.Types;
import java.time.LocalDate;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.sqlite.SQLiteConfig;
import org.sqlite.SQLiteOpenMode;

/**
 * Token events in one SQLite file per UTC day, {@code audit-YYYY-MM-DD.db}, readable by the owner only. There is one
 * process and one writer, so {@link LogClock} gives all places, to changes in the main database too.
 *
 * <p>Readers open a day's file for each query, so a past day's file may be taken away at any time. If the file being
 * written is taken away, the next group fails and says so, and the one after it begins a new file.
 */
final class SqliteAuditStore implements AuditStore {
    private static final Logger log = LoggerFactory.getLogger(SqliteAuditStore.class);

    private static final Pattern FILE_NAME = Pattern.compile("audit-(\\d{4}-\\d{2}-\\d{2})\\.db");
    private static final List<String> SIDE_FILES = List.of("-wal", "-shm");

    // While a day is written its only index is the table itself: a second one would cost more than the row.
    private static final String CREATE = """
            create table token_events (
                position           integer primary key,
                kind               integer not null,
                at_ms              integer not null,
                client_id          text,
                client_name        text,
                resource_server_id text,
                audience           text,
                scope              text,
                jti                text,
                error              text,
                description        text,
                reason             text,
                reason_code        text,
                granted            text,
                ip                 text not null,
                user_agent         text,
                request_id         text not null,
                execution          text,
                events             integer not null
            )""";
    private static final int FORMAT = 3;

    /** The columns that came with each format. */
    private static final Map<Integer, List<String>> ADDED =
            Map.of(2, List.of("execution"), FORMAT, List.of("reason_code", "granted"));

    private static final String INDEX = "create index if not exists token_events_client_id on token_events (client_id)";

    private static final String INSERT = """
            insert into token_events (position, kind, at_ms, client_id, client_name, resource_server_id, audience,
                                      scope, jti, error, description, reason, ip, user_agent, request_id,
                                      execution, events, reason_code, granted)
            values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)""";

    private final Path folder;
    private final LogClock clock;
    private @Nullable OpenDay writing;
    /** The day of that file, for the upkeep. */
    private volatile @Nullable LocalDate writtenDay;
    /** The days whose files were given their index, or could not be. */
    private final Set<LocalDate> indexed = ConcurrentHashMap.newKeySet();

    /** The file being written; {@code inode} tells it from another of the same name. */
    private record OpenDay(
            LocalDate date, Path file, @Nullable Object inode, Connection connection, PreparedStatement insert) {}

    private interface DayQuery<T> {
        T run(Connection connection) throws SQLException;
    }

    private SqliteAuditStore(Path folder, LogClock clock) {
        this.folder = folder;
        this.clock = clock;
    }

    /**
     * Opens the log in that folder, which is made if need be, and goes on after the newest record in it.
     *
     * @param newestChangeMs the place of the newest change, 0 if there is none
     * @throws StorageUnavailableException if the folder or the newest file in it cannot be read
     */
    static SqliteAuditStore open(Path folder, long newestChangeMs) {
        try {
            Files.createDirectories(
                    folder, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        } catch (IOException e) {
            throw new StorageUnavailableException("the audit folder " + folder + " cannot be made: " + e);
        }
        long newestEventMs = dates(folder).reversed().stream()
                .flatMap(date -> read(folder, date, TokenEventStore::newestKey).flatMap(key -> key).stream())
                .findFirst()
                .map(LogPosition::msOfTokenKey)
                .orElse(0L);
        return new SqliteAuditStore(folder, new LogClock(Math.max(newestEventMs, newestChangeMs)));
    }

    @Override
    public void append(List<TokenRow> rows) {
        long lastMs = rows.stream().mapToLong(TokenRow::atMs).max().orElseThrow();
        long ms = clock.beginGroup(rows.getFirst().atMs(), lastMs);
        try {
            insert(rows, ms);
        } finally {
            clock.endGroup();
        }
    }

    /** Writes a group whose first row has its place at that millisecond; the caller lets no group span two days. */
    private void insert(List<TokenRow> rows, long firstMs) {
        OpenDay day = openForWriting(LogPosition.day(firstMs));
        try {
            long ms = firstMs;
            int number = 0;
            for (TokenRow row : rows) {
                number = row.atMs() > ms ? 0 : number;
                ms = Math.max(ms, row.atMs());
                bind(day.insert(), LogPosition.tokenKey(ms, number++), row);
            }
            day.insert().executeBatch();
            day.connection().commit();
        } catch (SQLException e) {
            // Begun afresh with the next group, which also brings in the write-ahead log and so frees its room.
            discard(day);
            throw explain(day.file(), e);
        }
    }

    private static void bind(PreparedStatement insert, long key, TokenRow row) throws SQLException {
        insert.setLong(1, key);
        insert.setInt(2, row.kind().code());
        insert.setLong(3, row.atMs());
        bind(insert, 4, row.clientId());
        bind(insert, 5, row.clientName());
        bind(insert, 6, row.resourceServerId());
        bind(insert, 7, row.audience());
        bind(insert, 8, row.scope());
        bind(insert, 9, row.jti());
        bind(insert, 10, row.error());
        bind(insert, 11, row.description());
        bind(insert, 12, row.reason());
        bind(insert, 13, row.ip());
        bind(insert, 14, row.userAgent());
        bind(insert, 15, row.requestId());
        bind(insert, 16, row.execution());
        insert.setLong(17, row.count());
        bind(insert, 18, row.reasonCode());
        bind(insert, 19, row.granted());
        insert.addBatch();
    }

    private static void bind(PreparedStatement insert, int column, @Nullable String text) throws SQLException {
        if (text == null) {
            insert.setNull(column, Types.VARCHAR);
        } else {
            insert.setString(column, text);
        }
    }

    private OpenDay openForWriting(LocalDate date) {
        OpenDay open = writing;
        if (open != null && !open.date().equals(date)) {
            finish(open);
            open = null;
        }
        if (open != null && !open.file().equals(existing(open))) {
            discard(open);
            throw new StorageUnavailableException("the audit file " + open.file()
                    + " was removed while it was being written; its records are lost, and a new file is begun");
        }
        if (open == null) {
            open = create(date);
            writing = open;
            writtenDay = date;
        }
        return open;
    }

    /** The path of the file if it is still the one that was opened: SQLite would go on writing to a deleted file. */
    private static @Nullable Path existing(OpenDay open) {
        try {
            Object inode =
                    Files.readAttributes(open.file(), BasicFileAttributes.class).fileKey();
            return inode == null || inode.equals(open.inode()) ? open.file() : null;
        } catch (IOException _) {
            return null;
        }
    }

    private OpenDay create(LocalDate date) {
        Path file = file(folder, date);
        Connection connection = null;
        try {
            if (Files.notExists(file)) {
                make(file);
            }
            connection = new SQLiteConfig(Database.sqliteProperties()).createConnection("jdbc:sqlite:" + file);
            connection.setAutoCommit(false);
            bringToFormat(connection);
            Object inode = Files.readAttributes(file, BasicFileAttributes.class).fileKey();
            return new OpenDay(date, file, inode, connection, connection.prepareStatement(INSERT));
        } catch (SQLException e) {
            close(connection, file);
            throw explain(file, e);
        } catch (IOException e) {
            close(connection, file);
            throw new StorageUnavailableException("the audit file " + file + " cannot be written: " + e);
        }
    }

    private static int format(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet found = statement.executeQuery("pragma user_version")) {
            return found.getInt(1);
        }
    }

    /** The columns of now that a file of that format has not. */
    private static List<String> missing(int format) {
        return IntStream.rangeClosed(format + 1, FORMAT)
                .mapToObj(ADDED::get)
                .flatMap(columns -> columns == null ? Stream.of() : columns.stream())
                .toList();
    }

    /** The file of today that an older server began gets the columns of now, in one transaction. */
    private static void bringToFormat(Connection connection) throws SQLException {
        int format = format(connection);
        if (format < FORMAT) {
            try (Statement statement = connection.createStatement()) {
                for (String column : missing(format)) {
                    statement.execute("alter table token_events add column " + column + " text");
                }
                statement.execute("pragma user_version = " + FORMAT);
            }
            connection.commit();
        }
    }

    /** A file of an older server is read as if it had the columns of now, and left as it is. */
    private static void coverOldFormat(Connection connection) throws SQLException {
        List<String> missing = missing(format(connection));
        if (!missing.isEmpty()) {
            try (Statement statement = connection.createStatement()) {
                statement.execute("create temp view token_events as select *, null as "
                        + String.join(", null as ", missing) + " from main.token_events");
            }
        }
    }

    /** Made under another name: two connections that open a new file at once fail as "locked", without waiting. */
    private static void make(Path file) throws IOException, SQLException {
        Path unfinished = side(file, ".new");
        deleteWithSideFiles(unfinished);
        // Not left to SQLite, so that nobody else can ever read it; SQLite gives the side files the same mode.
        Files.createFile(
                unfinished, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        try (Connection connection =
                        new SQLiteConfig(Database.sqliteProperties()).createConnection("jdbc:sqlite:" + unfinished);
                Statement statement = connection.createStatement()) {
            statement.execute(CREATE);
            statement.execute("pragma user_version = " + FORMAT);
        }
        // What a removed file of that name left behind must not be replayed into the new one.
        deleteWithSideFiles(file);
        Files.move(unfinished, file, StandardCopyOption.ATOMIC_MOVE);
    }

    private static void deleteWithSideFiles(Path file) throws IOException {
        Files.deleteIfExists(file);
        for (String suffix : SIDE_FILES) {
            Files.deleteIfExists(side(file, suffix));
        }
    }

    /** The day is over: all of it goes to the one file, and the side files go away. */
    private void finish(OpenDay day) {
        try {
            day.connection().commit();
            day.connection().setAutoCommit(true);
            try (Statement statement = day.connection().createStatement()) {
                statement.execute("pragma wal_checkpoint(truncate)");
            }
        } catch (SQLException e) {
            // Nothing is lost: its records are in the write-ahead log, which the next reader brings in.
            log.warn("the audit file {} was not tidied up at its end", day.file(), e);
        }
        discard(day);
    }

    private void discard(OpenDay day) {
        writing = null;
        writtenDay = null;
        close(day.connection(), day.file());
    }

    private static void close(@Nullable Connection connection, Path file) {
        try {
            if (connection != null) {
                connection.close();
            }
        } catch (SQLException e) {
            log.warn("the audit file {} was not closed", file, e);
        }
    }

    private static StorageUnavailableException explain(Path file, SQLException e) {
        if (StorageUnavailableException.isFullDisk(e)) {
            return new StorageUnavailableException(e);
        }
        StorageUnavailableException unavailable =
                new StorageUnavailableException("the audit file " + file + " cannot be used: " + e.getMessage());
        unavailable.initCause(e);
        return unavailable;
    }

    @Override
    public long placeChange(Handle transaction, long atMs) {
        long ms = clock.beginChange(transaction, atMs);
        transaction.afterCommit(() -> clock.endChange(transaction));
        transaction.afterRollback(() -> clock.endChange(transaction));
        return ms;
    }

    @Override
    public long settledBefore() {
        return clock.settledBefore();
    }

    @Override
    public List<TokenRow.Stored> find(Query query, boolean newestFirst, int limit) {
        List<LocalDate> dates = dates(query.fromKey(), query.toKey());
        List<TokenRow.Stored> rows = new ArrayList<>();
        for (LocalDate date : newestFirst ? dates.reversed() : dates) {
            int missing = limit - rows.size();
            if (missing > 0) {
                read(folder, date, connection -> TokenEventStore.find(connection, query, newestFirst, missing))
                        .ifPresent(rows::addAll);
            }
        }
        return rows;
    }

    @Override
    public Stretch stretch(long fromKey, long toKey, boolean newest, int limit) {
        Stretch stretch = Stretch.NONE;
        List<LocalDate> dates = dates(fromKey, toKey);
        for (LocalDate date : newest ? dates.reversed() : dates) {
            int missing = limit - stretch.count();
            if (missing > 0) {
                stretch = stretch.and(read(
                                folder,
                                date,
                                connection -> TokenEventStore.stretch(connection, fromKey, toKey, newest, missing))
                        .orElse(Stretch.NONE));
            }
        }
        return stretch;
    }

    @Override
    public Set<Origin> origins(long fromKey, long toKey, @Nullable String clientId) {
        Set<Origin> origins = new HashSet<>();
        for (LocalDate date : dates(fromKey, toKey)) {
            read(folder, date, connection -> TokenEventStore.origins(connection, fromKey, toKey, clientId))
                    .ifPresent(origins::addAll);
        }
        return origins;
    }

    /** The days, oldest first, that may hold an event from the one key to below the other. */
    private List<LocalDate> dates(long fromKey, long toKey) {
        return dates(folder).stream()
                .filter(date -> firstKey(date) < toKey && firstKey(date.plusDays(1)) > fromKey)
                .toList();
    }

    @Override
    public Optional<UsageChunk> countUsage(long afterKey, long beforeKey, int limit) {
        return dates(afterKey, beforeKey).stream()
                .flatMap(date -> read(
                        folder, date, connection -> TokenEventStore.countUsage(connection, afterKey, beforeKey, limit))
                        .flatMap(chunk -> chunk)
                        .stream())
                .findFirst();
    }

    private static long firstKey(LocalDate date) {
        return LogPosition.firstTokenKey(LogPosition.startMs(date));
    }

    /** Runs a query on a day's file; empty if the file is gone. */
    private static <T> Optional<T> read(Path folder, LocalDate date, DayQuery<T> query) {
        Path file = file(folder, date);
        if (Files.notExists(file)) {
            return Optional.empty();
        }
        try (Connection connection = open(file)) {
            coverOldFormat(connection);
            return Optional.of(query.run(connection));
        } catch (SQLException e) {
            if (Files.notExists(file)) {
                return Optional.empty();
            }
            throw explain(file, e);
        }
    }

    private static Connection open(Path file) throws SQLException {
        SQLiteConfig config = new SQLiteConfig(Database.sqliteProperties());
        // A day that is dropped at this moment must not come back as an empty file.
        config.resetOpenMode(SQLiteOpenMode.CREATE);
        return config.createConnection("jdbc:sqlite:" + file);
    }

    @Override
    public List<Day> days() {
        return dates(folder).stream()
                .map(date -> new Day(date, bytes(file(folder, date))))
                .toList();
    }

    private static long bytes(Path file) {
        return size(file)
                + SIDE_FILES.stream()
                        .mapToLong(suffix -> size(side(file, suffix)))
                        .sum();
    }

    private static long size(Path file) {
        try {
            return Files.size(file);
        } catch (NoSuchFileException _) {
            return 0;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static List<LocalDate> dates(Path folder) {
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(file -> FILE_NAME.matcher(file.getFileName().toString()))
                    .filter(Matcher::matches)
                    .flatMap(matcher -> date(matcher.group(1)).stream())
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new StorageUnavailableException("the audit folder " + folder + " cannot be read: " + e);
        }
    }

    private static Optional<LocalDate> date(String text) {
        try {
            return Optional.of(LocalDate.parse(text));
        } catch (DateTimeParseException _) {
            return Optional.empty();
        }
    }

    private static Path file(Path folder, LocalDate date) {
        return folder.resolve("audit-" + date + ".db");
    }

    private static Path side(Path file, String suffix) {
        return file.resolveSibling(file.getFileName() + suffix);
    }

    /** A file is made within a millisecond or two, so the day's first event makes it. */
    @Override
    public void prepare(LocalDate day) {}

    /** Not the file that is still open for writing: its writer holds it locked until the first event of the next day. */
    @Override
    public void index(LocalDate before) {
        dates(folder).stream()
                .filter(date -> date.isBefore(before) && !date.equals(writtenDay) && indexed.add(date))
                .forEach(date -> {
                    Path file = file(folder, date);
                    try (Connection connection = open(file);
                            Statement statement = connection.createStatement()) {
                        statement.execute(INDEX);
                    } catch (SQLException e) {
                        log.warn("the audit file {} has no index: one application's log is slow to read", file, e);
                    }
                });
    }

    @Override
    public void drop(LocalDate day) {
        Path file = file(folder, day);
        try {
            deleteWithSideFiles(file);
        } catch (IOException e) {
            throw new StorageUnavailableException("the audit file " + file + " cannot be removed: " + e);
        }
    }

    @Override
    public void close() {
        if (writing != null) {
            finish(writing);
        }
    }
}
