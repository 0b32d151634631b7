package dev.jeton.administrator;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jeton.Await;
import dev.jeton.MutableClock;
import dev.jeton.TestServer;
import dev.jeton.storage.Database;
import dev.jeton.storage.TestDatabase;
import java.nio.file.Path;
import java.util.Base64;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Two servers of one PostgreSQL database. */
class SeveralNodesTest {
    private static int status(Browser browser) {
        return browser.send("GET", "dashboard/session", null).statusCode();
    }

    @Test
    void what_is_signed_in_or_out_or_changed_on_one_node_is_so_on_the_other(@TempDir Path folder) {
        Database.PostgreSql database = TestDatabase.postgresCopy();
        Map<String, String> settings = Map.of(
                "JETON_DB_URL", database.url(),
                "JETON_DB_USER", Optional.ofNullable(database.user()).orElseThrow(),
                "JETON_DB_PASSWORD", Optional.ofNullable(database.password()).orElseThrow(),
                "JETON_MASTER_KEY", Base64.getEncoder().encodeToString(new byte[32]));
        MutableClock clock = new MutableClock(TestServer.START);
        try (TestServer a = TestServer.startOn(folder.resolve("a"), settings, clock);
                TestServer b = TestServer.startOn(folder.resolve("b"), settings, clock)) {
            String linkOfA = a.server().makeFirstLink().orElseThrow();
            Browser ada = Browser.ofFirst(b, "Ada");
            assertThat(new Browser(a).redeem(linkOfA, "eve", Browser.PASSWORD).statusCode())
                    .isEqualTo(404);
            Browser edith = Browser.of(a, Role.EDITOR, "Edith");
            Await.until("A knows the session that B began", () -> status(ada.at(a)) == 200);
            Await.until("B knows the session that A began", () -> status(edith.at(b)) == 200);

            assertThat(ada.manage("PATCH", "administrators/" + edith.id(), Map.of("role", "viewer"))
                            .statusCode())
                    .isEqualTo(200);
            Await.until(
                    "A knows the role that B gave",
                    () -> edith.at(a)
                                    .manage("POST", "clients", Map.of("name", "x"))
                                    .statusCode()
                            == 403);

            assertThat(ada.at(a).send("DELETE", "dashboard/session", null).statusCode())
                    .isEqualTo(204);
            Await.until("B knows that A ended the session", () -> status(ada) == 401);
        }
    }
}
