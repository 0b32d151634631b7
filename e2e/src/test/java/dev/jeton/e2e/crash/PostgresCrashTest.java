package dev.jeton.e2e.crash;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jeton.e2e.ManagementApi;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class PostgresCrashTest extends CrashContract {
    /** About as long as a first start takes. */
    private static final Duration FIRST_START = Duration.ofSeconds(2);

    @Override
    Storage storage(Path home) throws Exception {
        return new PostgresStorage(home);
    }

    @Test
    void of_two_nodes_that_start_at_once_on_an_empty_database_one_is_killed_and_the_other_goes_on() throws Exception {
        storage().clear();
        Path here = Files.createDirectories(folder().resolve("one"));
        Path there = Files.createDirectories(folder().resolve("other"));
        Map<String, String> settings = new HashMap<>(storage().settings());
        settings.put("JETON_ISSUER", "http://127.0.0.1/");
        try (MortalServer one = new MortalServer(here, settings);
                MortalServer other = new MortalServer(there, settings);
                ExecutorService thread = Executors.newVirtualThreadPerTaskExecutor()) {
            Duration after = Duration.ofNanos(random().nextLong(FIRST_START.toNanos()));
            Future<?> killed = thread.submit(() -> {
                one.killWhileItStarts(after);
                return null;
            });
            other.start();
            killed.get();

            requireFirstState(new ManagementApi(other.base(), settings.get("JETON_ISSUER")));
            one.start();
            requireFirstState(new ManagementApi(one.base(), settings.get("JETON_ISSUER")));
            assertThat(Stream.of(one, other)
                            .filter(server -> Files.exists(server.data().resolve("cli.json"))))
                    .isNotEmpty();
        }
    }
}
