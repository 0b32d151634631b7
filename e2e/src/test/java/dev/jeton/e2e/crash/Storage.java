package dev.jeton.e2e.crash;

import java.io.IOException;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Where a server keeps its data, seen from outside of it. */
interface Storage extends AutoCloseable {
    String TOKEN_RECORDS = "select client_id, request_id, jti from token_events";

    /** What the server is told so that it uses it, with the data folder {@code data} where it runs. */
    Map<String, String> settings();

    List<TokenRecord> tokenRecords() throws SQLException;

    /** Whether the usage counts have come up to the newest record. */
    boolean usageIsCounted() throws SQLException;

    /** Of the registry: in {@code jeton.db}, or with the records in one database. */
    Connection registry() throws SQLException;

    /** Makes the database as if no server had ever used it; none does. */
    void clear() throws Exception;

    /** Fails if the database finds anything wrong with itself. */
    void requireSound() throws SQLException;

    @Override
    void close() throws IOException;

    /** Tokens, then refusals, that usage has counted for a client. */
    default List<Long> usage(String clientId) throws SQLException {
        try (Connection connection = registry()) {
            return rows(
                            connection,
                            "select sum(tokens), sum(refusals) from usage where client_id = '" + clientId + "'",
                            row -> List.of(row.getLong(1), row.getLong(2)))
                    .getFirst();
        }
    }

    /** One row of a result. */
    interface Row<T> {
        T of(ResultSet row) throws SQLException;
    }

    static <T> List<T> rows(Connection connection, String query, Row<T> row) throws SQLException {
        List<T> rows = new ArrayList<>();
        try (Statement statement = connection.createStatement();
                ResultSet found = statement.executeQuery(query)) {
            while (found.next()) {
                rows.add(row.of(found));
            }
        }
        return rows;
    }

    static TokenRecord tokenRecord(ResultSet row) throws SQLException {
        return new TokenRecord(row.getString(1), row.getString(2), Optional.ofNullable(row.getString(3)));
    }
}
