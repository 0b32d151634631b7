package dev.jeton.audit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.jeton.storage.Database;
import dev.jeton.storage.StorageUnavailableException;
import dev.jeton.storage.TestDatabase;
import dev.jeton.storage.TestPostgres;
import java.util.List;
import org.jdbi.v3.core.HandleConsumer;
import org.junit.jupiter.api.Test;

final class PostgresAuditLogTest extends AuditLogContract {
    private final Database.PostgreSql server = TestPostgres.freshDatabase();

    @Override
    Database open() {
        return TestDatabase.postgreSql(server);
    }

    @Override
    void withTokenEvents(HandleConsumer<RuntimeException> consumer) {
        database.change(consumer);
    }

    /** Partitions are also made ahead: only those with events count. */
    @Override
    List<String> days() {
        return database.read(
                handle -> handle.createQuery("""
                        select distinct to_char(to_timestamp((position >> 20) / 1000.0) at time zone 'UTC', 'YYYY-MM-DD')
                          from token_events order by 1""").mapTo(String.class).list());
    }

    @Test
    void two_nodes_append_at_the_same_time_and_both_read_all() throws Exception {
        append(events.issued("first"));
        String start = newest().getFirst().logId();
        try (Database second = open();
                AuditLog other = AuditLog.start(second, data, SETTINGS, events)) {
            appendsConcurrently(start, List.of(auditLog, other));
        }
    }

    @Test
    void a_lost_connection_fails_one_group_and_the_next_has_a_new_one() {
        append(events.issued("jti-1"));
        database.change(handle -> handle.execute("""
                select pg_terminate_backend(pid) from pg_stat_activity
                 where datname = current_database() and pid <> pg_backend_pid()"""));

        assertThatThrownBy(() -> append(events.issued("jti-2")))
                .hasRootCauseInstanceOf(java.sql.SQLException.class)
                .cause()
                .isInstanceOf(StorageUnavailableException.class);
        append(events.issued("jti-3"));
        assertThat(jtis(newest())).containsExactly("jti-3", "jti-1");
    }

    @Test
    void a_table_of_an_older_server_is_read_and_written_on() {
        append(events.issued("jti-1"));
        auditLog.close();
        database.change(handle -> List.of("execution", "reason_code", "granted")
                .forEach(column -> handle.execute("alter table token_events drop column " + column)));

        auditLog = AuditLog.start(database, data, SETTINGS, events);
        append(events.issued("jti-2"));
        assertThat(jtis(newest())).containsExactly("jti-2", "jti-1");
    }

    @Test
    void a_partition_that_went_missing_is_made_again() {
        append(events.issued("jti-1"));
        database.change(handle -> handle.execute("drop table token_events_20261123"));
        assertThatThrownBy(() -> append(events.issued("jti-2"))).hasMessageContaining("no partition");
        append(events.issued("jti-3"));
        assertThat(jtis(newest())).containsExactly("jti-3");
    }

    @Test
    void the_next_days_partition_is_made_ahead() {
        auditLog.tend();
        assertThat(database.<Integer, RuntimeException>read(handle -> handle.createQuery(
                                "select count(*) from pg_class where relname = 'token_events_20261124'")
                        .mapTo(Integer.class)
                        .one()))
                .isEqualTo(1);
    }
}
