package dev.jeton;

import static java.util.stream.Collectors.joining;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.jeton.config.ConfigReader;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Starts that must fail: with a sentence, and with nothing left behind. */
final class StartFailures {
    /** Threads that a library makes once for the whole process, at the first use of it. */
    private static final List<String> OF_THE_PROCESS = List.of(
            "globalEventExecutor",
            "Cleaner",
            "PostgreSQL-JDBC",
            "vertx-blocked-thread",
            "HttpClient",
            "process reaper");

    private StartFailures() {}

    static AuthorizationServer start(Path data, Map<String, String> settings) {
        Map<String, String> environment =
                new HashMap<>(Map.of("JETON_DATA", data.toString(), "JETON_PORT", "0", "JETON_EVENT_LOOPS", "1"));
        environment.putAll(settings);
        return AuthorizationServer.start(
                ConfigReader.read(new String[0], environment),
                new Sources(new MutableClock(TestServer.START), new SeededRandom(1), Map.of()));
    }

    /** Requires that a start there fails so, and that every thread it made has ended. */
    static void require(Path data, Map<String, String> settings, Class<? extends Exception> type, String sentence) {
        Set<Thread> before = Thread.getAllStackTraces().keySet();

        assertThatThrownBy(() -> start(data, settings).close())
                .isInstanceOf(type)
                .hasMessageContaining(sentence);

        requireNoneLeft(before);
    }

    static void requireStart(Path data, Map<String, String> settings) {
        Set<Thread> before = Thread.getAllStackTraces().keySet();
        try (AuthorizationServer server = start(data, settings)) {
            assertThat(server.issuer().value()).isNotEmpty();
        }
        requireNoneLeft(before);
    }

    private static void requireNoneLeft(Set<Thread> before) {
        try {
            Await.until("the server's threads have ended", () -> left(before).isEmpty());
        } catch (AssertionError e) {
            throw new AssertionError(
                    left(before).stream()
                            .map(thread -> thread + " at "
                                    + Arrays.stream(thread.getStackTrace())
                                            .map(StackTraceElement::toString)
                                            .collect(joining("\n    ")))
                            .collect(joining("\n", "these threads have not ended:\n", "")),
                    e);
        }
    }

    private static Set<Thread> left(Set<Thread> before) {
        Set<Thread> left = new HashSet<>(Thread.getAllStackTraces().keySet());
        left.removeAll(before);
        left.removeIf(thread -> !thread.isAlive() || OF_THE_PROCESS.stream().anyMatch(thread.getName()::contains));
        return left;
    }
}
