package dev.jeton.storage;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.SqlLogger;
import org.jdbi.v3.core.statement.SqlStatements;
import org.jdbi.v3.core.statement.StatementContext;
import org.postgresql.PGStatement;

/** How a database would run the statements of a store, as it explains them itself. */
public final class QueryPlans {
    private QueryPlans() {}

    /** The beginning of a query that has so many rows, {@code i} from 1 in {@code n}. */
    public static String rows(int count) {
        return "with recursive n(i) as (select 1 union all select i + 1 from n where i < " + count + ") ";
    }

    /** Tells PostgreSQL now what it finds out by itself in time. SQLite is told nothing, as in a server. */
    public static void countRows(Database.Dialect dialect, Handle handle) {
        switch (dialect) {
            case SQLITE -> {}
            case POSTGRESQL -> handle.execute("analyze");
        }
    }

    /** Fails if the first statement that is asked reads a whole table, or sorts what it reads before it has the first row. */
    public static void requireByIndex(Database.Dialect dialect, Handle handle, Runnable asked) {
        List<String> statements = new ArrayList<>();
        SqlStatements settings = handle.getConfig(SqlStatements.class);
        SqlLogger before = settings.getSqlLogger();
        settings.setSqlLogger(new SqlLogger() {
            @Override
            public void logBeforeExecution(StatementContext statement) {
                statements.add(text(dialect, statement));
            }
        });
        asked.run();
        settings.setSqlLogger(before);
        requireByIndex(dialect, handle, statements.getFirst());
    }

    /** PostgreSQL plans for the values, which its driver writes into the text; SQLite plans before it has them. */
    private static String text(Database.Dialect dialect, StatementContext statement) {
        try {
            return switch (dialect) {
                case SQLITE -> statement.getParsedSql().getSql();
                case POSTGRESQL ->
                    statement.getStatement().unwrap(PGStatement.class).toString();
            };
        } catch (SQLException e) {
            throw new AssertionError(e);
        }
    }

    /** The same for a statement with its values. */
    public static void requireByIndex(Database.Dialect dialect, Handle handle, String statement) {
        List<String> plan = plan(dialect, handle, statement);
        switch (dialect) {
            case SQLITE -> assertThat(plan).as(statement).isNotEmpty().allMatch(step -> step.startsWith("SEARCH "));
            case POSTGRESQL ->
                assertThat(plan)
                        .as(statement)
                        .anyMatch(step -> step.contains("Index Scan"))
                        .noneMatch(step -> step.contains("Seq Scan") || step.contains("Sort"));
        }
    }

    private static List<String> plan(Database.Dialect dialect, Handle handle, String statement) {
        String explain = switch (dialect) {
            case SQLITE -> "explain query plan ";
            case POSTGRESQL -> "explain ";
        };
        String column = switch (dialect) {
            case SQLITE -> "detail";
            case POSTGRESQL -> "QUERY PLAN";
        };
        try (Statement explained = handle.getConnection().createStatement();
                ResultSet row = explained.executeQuery(explain + statement)) {
            List<String> plan = new ArrayList<>();
            while (row.next()) {
                plan.add(row.getString(column));
            }
            return plan;
        } catch (SQLException e) {
            throw new AssertionError(e);
        }
    }
}
