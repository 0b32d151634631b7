package dev.jeton;

import static dev.jeton.Answers.each;
import static dev.jeton.Answers.texts;
import static org.assertj.core.api.Assertions.assertThat;

import dev.jeton.management.SystemScopes;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** A database made before administrators: its system API gets their scopes, and of its clients the command line's. */
class EarlierDatabaseTest {
    private static final List<String> LATER =
            List.of("read:administrators", "create:administrators", "update:administrators", "delete:administrators");

    private final Path folder;

    EarlierDatabaseTest(@TempDir Path folder) {
        this.folder = folder;
    }

    private TestServer start() {
        return TestServer.startOn(folder, Map.of(), new MutableClock(TestServer.START));
    }

    private void execute(String... statements) throws SQLException {
        try (var connection = DriverManager.getConnection("jdbc:sqlite:" + folder.resolve("jeton.db"));
                var statement = connection.createStatement()) {
            for (String sql : statements) {
                statement.execute(sql);
            }
        }
    }

    /** As an earlier version would have left it. */
    private void forget() throws SQLException {
        List<String> later = LATER.stream().map(scope -> ",\"" + scope + "\"").toList();
        execute(
                "delete from scopes where value like '%:administrators'",
                "update client_grants set scope = replace(scope, '" + String.join("", later) + "', '')",
                "delete from settings where name like 'system_api_scopes_offered_to:%'");
    }

    private JsonNode grant(TestServer server, String clientId) {
        return server.managed("GET", "client-grants?client_id=" + clientId, null)
                .get(0);
    }

    private String commandLine() {
        return CliCredentials.of(folder.resolve("cli.json")).clientId();
    }

    @Test
    void gives_the_new_scopes_to_the_command_line_and_to_nobody_who_looks_like_it() throws Exception {
        String other;
        try (TestServer server = start()) {
            other = server.createClient("Jeton command line", Map.of())
                    .path("client_id")
                    .asString();
            server.createGrant(other, server.issuer() + "api/v2/", SystemScopes.ALL.values());
        }
        forget();

        try (TestServer server = start()) {
            String system =
                    "resource-servers/" + URLEncoder.encode(server.issuer() + "api/v2/", StandardCharsets.UTF_8);
            assertThat(each(server.managed("GET", system, null).path("scopes"), "value"))
                    .containsExactlyElementsOf(SystemScopes.ALL.values());
            assertThat(texts(grant(server, commandLine()).path("scope")))
                    .containsExactlyElementsOf(SystemScopes.ALL.values());
            assertThat(texts(grant(server, other).path("scope")))
                    .hasSize(SystemScopes.ALL.values().size() - LATER.size())
                    .doesNotContainAnyElementsOf(LATER);
            assertThat(server.managed("GET", "administrators", null)).isEmpty();
        }
    }

    @Test
    void does_not_widen_the_command_line_once_it_was_narrowed() throws Exception {
        try (TestServer server = start()) {
            narrow(server, "delete:clients");
        }
        forget();

        try (TestServer server = start()) {
            assertThat(texts(grant(server, commandLine()).path("scope")))
                    .contains("read:clients")
                    .doesNotContainAnyElementsOf(LATER);
        }
    }

    @Test
    void does_not_give_back_what_was_taken_away_afterwards() throws Exception {
        start().close();
        forget();
        try (TestServer server = start()) {
            narrow(server, "delete:administrators");
        }

        try (TestServer server = start()) {
            assertThat(texts(grant(server, commandLine()).path("scope")))
                    .contains("create:administrators")
                    .doesNotContain("delete:administrators");
        }
    }

    private void narrow(TestServer server, String scope) {
        JsonNode grant = grant(server, commandLine());
        List<String> scopes = new ArrayList<>(texts(grant.path("scope")));
        assertThat(scopes.remove(scope)).isTrue();
        server.managed("PATCH", "client-grants/" + grant.path("id").asString(), Map.of("scope", scopes));
    }
}
