package dev.jeton.samples.timesheets.api;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** The SQL. Each method is one statement, and so a transaction of its own. */
@Component
final class TimesheetStore {
    private static final String COLUMNS = "id, entry_id, user_id, date, project, hours, approved";

    private final JdbcClient jdbc;

    TimesheetStore(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /**
     * Stores an entry, or nothing if there is one of its reporter and {@code entryId}; of two at once, one is stored.
     *
     * @param reporter whose names the entry ids are, so that nobody can take one that another will use
     */
    Optional<Timesheet> add(String reporter, Entry entry) {
        return jdbc.sql("""
                insert into timesheets (reporter, entry_id, user_id, date, project, hours)
                values (:reporter, :entry_id, :user_id, :date, :project, :hours)
                on conflict (reporter, entry_id) do nothing
                returning\s""" + COLUMNS)
                .param("reporter", reporter)
                .param("entry_id", entry.entryId())
                .param("user_id", entry.userId())
                .param("date", entry.date().toString())
                .param("project", entry.project())
                .param("hours", entry.hours())
                .query(TimesheetStore::timesheet)
                .optional();
    }

    Timesheet getByEntryId(String reporter, String entryId) {
        return jdbc.sql("select " + COLUMNS + " from timesheets where reporter = :reporter and entry_id = :entry_id")
                .param("reporter", reporter)
                .param("entry_id", entryId)
                .query(TimesheetStore::timesheet)
                .single();
    }

    List<Timesheet> ofUser(String userId) {
        return jdbc.sql("select " + COLUMNS + " from timesheets where user_id = :user_id order by id")
                .param("user_id", userId)
                .query(TimesheetStore::timesheet)
                .list();
    }

    List<Timesheet> notApproved() {
        return jdbc.sql("select " + COLUMNS + " from timesheets where approved = 0 order by id")
                .query(TimesheetStore::timesheet)
                .list();
    }

    /** Approves one, or leaves it approved; nothing if there is none. */
    Optional<Timesheet> approve(long id) {
        return jdbc.sql("update timesheets set approved = 1 where id = :id returning " + COLUMNS)
                .param("id", id)
                .query(TimesheetStore::timesheet)
                .optional();
    }

    private static Timesheet timesheet(ResultSet row, int number) throws SQLException {
        return new Timesheet(
                row.getLong("id"),
                row.getString("entry_id"),
                row.getString("user_id"),
                Instant.parse(row.getString("date")),
                row.getString("project"),
                row.getDouble("hours"),
                row.getBoolean("approved"));
    }
}
