package dev.jeton;

import static dev.jeton.Answers.each;
import static dev.jeton.Answers.json;
import static org.assertj.core.api.Assertions.assertThat;

import dev.jeton.storage.Database;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Callers who add to what they have read lose nothing of each other's, if they ask for the state that they read. */
class LostUpdateTest {
    private static final int CALLERS = 4;
    private static final int CHANGES = 5;
    private static final int MOST_TRIES = CALLERS * CHANGES + 1;

    @ParameterizedTest
    @EnumSource(Database.Dialect.class)
    void every_scope_that_was_added_is_there(Database.Dialect dialect) throws Exception {
        try (TestServer server = TestServer.start(dialect);
                ExecutorService callers = Executors.newFixedThreadPool(CALLERS)) {
            String path = "resource-servers/"
                    + server.createApi("https://contested.example.com", List.of(), Map.of())
                            .path("id")
                            .asString();
            List<Future<Integer>> tries = new ArrayList<>();
            List<String> all = new ArrayList<>();
            for (int caller = 0; caller < CALLERS; caller++) {
                String name = "caller" + caller;
                tries.add(callers.submit((Callable<Integer>) () -> add(server, path, name)));
                for (int change = 0; change < CHANGES; change++) {
                    all.add(name + ":" + change);
                }
            }
            int made = 0;
            for (Future<Integer> each : tries) {
                made += each.get();
            }

            assertThat(each(server.managed("GET", path, null).path("scopes"), "value"))
                    .containsExactlyInAnyOrderElementsOf(all);
            assertThat(made).isGreaterThanOrEqualTo(CALLERS * CHANGES);
        }
    }

    /** Adds one scope after another, reading again whenever somebody else was first; how often it tried. */
    private static int add(TestServer server, String path, String name) {
        int tries = 0;
        for (int change = 0; change < CHANGES; change++) {
            int status = 412;
            for (int again = 0; status == 412 && again < MOST_TRIES; again++) {
                HttpResponse<String> read = server.manage("GET", path, null);
                ObjectNode body = ((ObjectNode) json(read)).retain("scopes");
                ((ArrayNode) body.get("scopes")).addObject().put("value", name + ":" + change);
                status = IfMatch.manage(server, IfMatch.tag(read), "PATCH", path, body)
                        .statusCode();
                tries++;
            }
            assertThat(status).isEqualTo(200);
        }
        return tries;
    }
}
