package dev.jeton.e2e.crash;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jeton.e2e.Await;
import dev.jeton.e2e.ManagementApi;
import dev.jeton.e2e.ManagementApi.Job;
import dev.jeton.e2e.TokenLoad;
import dev.jeton.e2e.TokenLoad.Answer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * A server that is killed, under load, at moments drawn by lot: whatever it answered is as it said. Three kills, or as many
 * as {@code -Djeton.crashes} says; {@code -Djeton.crash.seed} draws the moments of an earlier run again, though not what
 * the server does in them.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class CrashContract {
    private static final int KILLS = Integer.getInteger("jeton.crashes", 3);
    private static final int FIRST_STARTS = Math.max(1, KILLS / 10);

    private final long seed = Long.getLong("jeton.crash.seed", System.nanoTime());
    private final Random random = new Random(seed);
    private Path folder;
    private Storage storage;

    @SuppressWarnings("NullAway.Init") // set before all tests
    CrashContract() {}

    /** @param home where the server runs, with its data folder {@code data} in it */
    abstract Storage storage(Path home) throws Exception;

    @BeforeAll
    void prepare(@TempDir Path temporary) throws Exception {
        System.out.println(getClass().getSimpleName() + ": -Djeton.crash.seed=" + seed);
        folder = temporary;
        storage = storage(temporary);
    }

    @AfterAll
    void cleanUp() throws Exception {
        storage.close();
    }

    Path folder() {
        return folder;
    }

    Storage storage() {
        return storage;
    }

    Random random() {
        return random;
    }

    @Test
    void what_was_answered_is_kept_however_often_it_is_killed() throws Exception {
        try (MortalServer server = new MortalServer(folder, storage.settings())) {
            server.forget();
            storage.clear();
            server.start();
            ManagementApi api = new ManagementApi(server.base());
            Job job = api.createJob("load");
            api.post("resource-servers", Map.of("identifier", "https://other.example.com"));
            Job other = new Job(job.clientId(), job.secret(), "", "", "https://other.example.com");
            TokenLoad tokens = TokenLoad.start(server.base(), job, 2);
            TokenLoad refusals = TokenLoad.start(server.base(), other, 1);
            RegistryLoad changes =
                    RegistryLoad.start(api, job, new Random(random.nextLong()), "ES256", "EdDSA", "RS256");
            try (tokens;
                    refusals;
                    changes) {
                for (int kill = 0; kill < KILLS; kill++) {
                    Await.until("the moment has come", moment(tokens, refusals, changes));
                    server.kill();
                    if (random.nextInt(5) == 0) {
                        server.killWhileItStarts(part(server.starts().getLast()));
                    }
                    server.start();
                    storage.requireSound();
                    if ((kill + 1) % 10 == 0) {
                        System.out.printf(
                                "%s: %d kills, %d answers, %d changes%n",
                                getClass().getSimpleName(), kill + 1, tokens.count(), changes.acknowledged());
                    }
                }
            }
            server.kill();
            server.start();
            List<Answer> answers = new ArrayList<>(tokens.answers());
            answers.addAll(refusals.answers());
            System.out.printf(
                    "%s: %d kills, %d tokens, %d refusals, %d changes acknowledged, %d requests cut off, starts in ms %s%n",
                    getClass().getSimpleName(),
                    KILLS + 1,
                    answers.stream().filter(answer -> answer.status() == 200).count(),
                    answers.stream().filter(answer -> answer.status() == 403).count(),
                    changes.acknowledged(),
                    tokens.cutOff().size() + refusals.cutOff().size(),
                    server.starts().stream().map(Duration::toMillis).toList());
            changes.requireKept();
            List<TokenRecord> records = storage.tokenRecords();
            Answers.requireRecorded(answers, records);
            Await.until("usage is counted", storage::usageIsCounted);
            assertThat(storage.usage(job.clientId())).isEqualTo(uses(job.clientId(), records));
            assertThat(server.commandLine()
                            .run("apps", "list", "--data", "data")
                            .done()
                            .out())
                    .contains("Jeton command line");
        }
    }

    /** After some tokens, or after the first few since the start, or after some changes. */
    private Callable<Boolean> moment(TokenLoad tokens, TokenLoad refusals, RegistryLoad changes) {
        int asked = tokens.count();
        int refused = refusals.count();
        int changed = changes.acknowledged();
        return switch (random.nextInt(3)) {
            case 0 -> {
                int some = random.nextInt(300);
                yield () -> tokens.count() > asked + some && changes.acknowledged() > changed;
            }
            case 1 -> () -> tokens.count() > asked || refusals.count() > refused;
            default -> {
                int some = random.nextInt(10);
                yield () -> changes.acknowledged() > changed + some;
            }
        };
    }

    private Duration part(Duration whole) {
        return Duration.ofNanos(random.nextLong(whole.toNanos()));
    }

    /** Tokens, then refusals, as the records say. */
    private static List<Long> uses(String clientId, List<TokenRecord> records) {
        List<TokenRecord> own = records.stream()
                .filter(record -> record.clientId().equals(clientId))
                .toList();
        long tokens = own.stream().filter(record -> record.jti().isPresent()).count();
        return List.of(tokens, own.size() - tokens);
    }

    @Test
    void a_first_start_that_was_cut_off_is_made_good_by_the_next() throws Exception {
        try (MortalServer server = new MortalServer(folder, storage.settings())) {
            server.forget();
            storage.clear();
            server.start();
            server.kill();
            Duration whole = server.starts().getFirst();
            for (int start = 0; start < FIRST_STARTS; start++) {
                server.forget();
                storage.clear();
                server.killWhileItStarts(part(whole));
                server.start();

                requireFirstState(new ManagementApi(server.base()));
                requireCommandLine(server);
                server.kill();
            }
        }
    }

    /** One pair of keys, one system API, one client each for the bootstrap and for the command line. */
    static void requireFirstState(ManagementApi api) {
        assertThat(texts(api.get("clients"), "name"))
                .containsExactlyInAnyOrder("Bootstrap client", "Jeton command line");
        assertThat(texts(api.get("resource-servers"), "name")).hasSize(1);
        assertThat(texts(api.get("keys/signing"), "alg")).containsExactly("RS256", "RS256");
        assertThat(texts(api.get("keys/signing"), "current")).containsExactlyInAnyOrder("true", "false");
    }

    private static List<String> texts(JsonNode array, String member) {
        List<String> texts = new ArrayList<>();
        array.forEach(entity -> texts.add(entity.path(member).asString()));
        return texts;
    }

    static void requireCommandLine(MortalServer server) throws Exception {
        JsonNode credentials =
                JsonMapper.shared().readTree(Files.readString(server.data().resolve("cli.json")));
        assertThat(new ManagementApi(server.base())
                        .token(
                                credentials.path("client_id").asString(),
                                credentials.path("client_secret").asString(),
                                server.base() + "api/v2/"))
                .isNotEmpty();
    }
}
