package dev.jeton.bench;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.SQLException;

/**
 * Fills a stopped server's database with clients, each with the secret and the grants of a given one: arguments are the
 * database's JDBC URL, that client's id, how many. Their ids are {@code bench} and 27 digits, from 0.
 */
public final class ClientCopies {
    private static final String NUMBERS = """
            with recursive counted (n) as (select 0 union all select n + 1 from counted where n + 1 < ?),
                 numbers (n) as (select substr('%s', 1, 27 - length(cast(n as text))) || cast(n as text) from counted)
            """.formatted("0".repeat(27));

    // The digest of a secret does not depend on its client; its encrypted form does, and is left out.
    private static final String[] COPIES = {"""
            insert into clients (client_id, name, description, app_type, grant_types, token_endpoint_auth_method,
                                 client_metadata, extra, created_at_ms, updated_at_ms)
            %sselect 'bench' || n, 'Client ' || n, description, app_type, grant_types,
                   token_endpoint_auth_method, client_metadata, extra, created_at_ms, updated_at_ms
              from clients, numbers
             where client_id = ?""", """
            insert into client_secrets (client_id, secret_id, digest, created_at_ms)
            %sselect 'bench' || n, secret_id, digest, created_at_ms
              from client_secrets, numbers
             where client_id = ?""", """
            insert into client_grants (id, client_id, resource_server_id, scope, subject_type, extra, created_at_ms,
                                       updated_at_ms)
            %sselect substr(id, 1, 4) || substr(n, 18) || substr(id, 15), 'bench' || n,
                   resource_server_id, scope, subject_type, extra, created_at_ms, updated_at_ms
              from client_grants, numbers
             where client_id = ?"""};

    private ClientCopies() {}

    public static void main(String[] args) throws SQLException {
        try (Connection connection = DriverManager.getConnection(args[0])) {
            connection.setAutoCommit(false);
            for (String copy : COPIES) {
                try (PreparedStatement statement = connection.prepareStatement(copy.formatted(NUMBERS))) {
                    statement.setInt(1, Integer.parseInt(args[2]));
                    statement.setString(2, args[1]);
                    statement.executeUpdate();
                }
            }
            connection.commit();
        }
    }
}
