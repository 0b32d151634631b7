package dev.jeton.e2e.attack;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jeton.e2e.ManagementApi;
import dev.jeton.e2e.ManagementApi.Job;
import dev.jeton.e2e.TokenLoad;
import dev.jeton.e2e.TokenLoad.Answer;
import dev.jeton.verifier.AccessTokenVerifier;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.ToLongFunction;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.json.JsonMapper;

/**
 * Minutes of load with faults by chance; {@code -Djeton.soak.minutes} says how many, and {@code -Djeton.soak.seed} draws
 * the faults of an earlier run again, though not at the same requests.
 */
@EnabledIfSystemProperty(named = "jeton.soak.minutes", matches = "[1-9][0-9]*")
class SoakTest {
    private static final Duration LASTS = Duration.ofMinutes(Integer.getInteger("jeton.soak.minutes", 10));
    private static final Duration BETWEEN_SAMPLES = Duration.ofSeconds(30);
    private static final long MEBIBYTE = 1 << 20;
    private static final int LOAD_THREADS = 2;
    /** Each so many of the tokens are verified as an API would. */
    private static final int VERIFIED = 50;

    /** Fails, is slow or ends its process, each once in a while. */
    private static final String HOOK = """
            module.exports = function (client, scope, audience, context, cb) {
              const dice = Math.random();
              if (dice < 0.01) throw new Error('an unlucky number');
              if (dice < 0.02) return cb(new Error('an unlucky number'));
              if (dice < 0.021) process.exit(1);
              if (dice < 0.04) return setTimeout(() => cb(null, { scope }), 300);
              cb(null, { scope, 'https://example.com/plan': 'soak' });
            };""";

    private record Sample(long heap, long resident, long files) {}

    @TempDir
    Path folder;

    private final long seed = Long.getLong("jeton.soak.seed", System.nanoTime());
    private final Random random = new Random(seed);
    private final List<Sample> samples = new ArrayList<>();
    private final Map<String, Integer> faults = new TreeMap<>();
    private boolean mounted;

    /** A disk that can be filled, where that is allowed. */
    @BeforeEach
    void mount() throws Exception {
        Path data = Files.createDirectory(folder.resolve("d"));
        mounted = run("mount", "-t", "tmpfs", "-o", "size=1g,mode=700", "tmpfs", data.toString()) == 0;
    }

    @AfterEach
    void unmount() throws Exception {
        if (mounted) {
            assertThat(run("umount", folder.resolve("d").toString())).isZero();
        }
    }

    private static int run(String... command) throws InterruptedException {
        try {
            return new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start()
                    .waitFor();
        } catch (IOException _) {
            return -1; // no such program
        }
    }

    @Test
    void memory_and_files_stay_level_and_every_token_is_recorded() throws Exception {
        System.out.printf("soak: -Djeton.soak.minutes=%d -Djeton.soak.seed=%d%n", LASTS.toMinutes(), seed);
        List<Answer> answers;
        try (Victim victim = Victim.start(folder)) {
            ManagementApi management = new ManagementApi(victim.issuer());
            Job job = management.createJob("soak");
            management.post(
                    "hooks",
                    Map.of("name", "dice", "script", HOOK, "triggerId", "credentials-exchange", "enabled", true));
            TokenLoad load = TokenLoad.start(victim.issuer(), job, LOAD_THREADS);
            try (load;
                    Disturbance strangers = Disturbance.start(new Strangers(victim, random.nextLong()));
                    Disturbance managers = Disturbance.start(new Managers(management, job, random.nextLong()))) {
                soak(victim, List.of(strangers, managers));
            }
            answers = load.answers();
            victim.server().resume();
            try (HealthyClient healthy = HealthyClient.start(victim)) {
                healthy.awaitAnswers(5);
                healthy.assertServed("the end");
            }
            requireVerified(victim, job, answers);
        }
        requireAnswers(answers);
        requireRecorded(answers);
        requireLevel();
    }

    private void soak(Victim victim, List<Disturbance> disturbances) throws Exception {
        long begin = System.nanoTime();
        long nextSample = BETWEEN_SAMPLES.toNanos();
        while (System.nanoTime() - begin < LASTS.toNanos()) {
            Disturbance.pause(1_000 + random.nextInt(3_000));
            disturb(victim);
            disturbances.forEach(Disturbance::requireFine);
            if (System.nanoTime() - begin > nextSample) {
                nextSample += BETWEEN_SAMPLES.toNanos();
                Sample sample = new Sample(
                        victim.liveHeap(),
                        victim.server().residentBytes(),
                        victim.server().openFiles());
                samples.add(sample);
                System.out.printf(
                        "  %3d s: live heap %d MiB, resident %d MiB, %d files; %s%n",
                        Duration.ofNanos(System.nanoTime() - begin).toSeconds(),
                        sample.heap() / MEBIBYTE,
                        sample.resident() / MEBIBYTE,
                        sample.files(),
                        faults);
            }
        }
        disturbances.forEach(disturbance -> System.out.println("  " + disturbance.done()));
    }

    private void disturb(Victim victim) throws IOException {
        switch (random.nextInt(mounted ? 3 : 2)) {
            case 0 -> pauseServer(victim);
            case 1 -> killWorker(victim);
            default -> fillDisk();
        }
    }

    private void pauseServer(Victim victim) {
        faults.merge("pauses", 1, Integer::sum);
        victim.server().pause();
        try {
            Disturbance.pause(100 + random.nextInt(2_500));
        } finally {
            victim.server().resume();
        }
    }

    private void killWorker(Victim victim) {
        List<ProcessHandle> below = ProcessHandle.of(victim.server().processId()).stream()
                .flatMap(ProcessHandle::descendants)
                .toList();
        if (!below.isEmpty()) {
            faults.merge("killed workers", 1, Integer::sum);
            below.get(random.nextInt(below.size())).destroyForcibly();
        }
    }

    private void fillDisk() throws IOException {
        faults.merge("full disks", 1, Integer::sum);
        Path ballast = folder.resolve("d/ballast");
        try (var out = Files.newOutputStream(ballast)) {
            byte[] mebibyte = new byte[(int) MEBIBYTE];
            while (true) {
                out.write(mebibyte);
            }
        } catch (IOException full) {
            Disturbance.pause(100 + random.nextInt(1_500));
        } finally {
            Files.delete(ballast);
        }
    }

    private static void requireAnswers(List<Answer> answers) {
        Map<Integer, Long> statuses =
                answers.stream().collect(Collectors.groupingBy(Answer::status, TreeMap::new, Collectors.counting()));
        System.out.println("  answers by status: " + statuses);
        assertThat(statuses.keySet()).isSubsetOf(200, 500, 503);
        assertThat(answers)
                .filteredOn(answer -> answer.status() == 500)
                .allSatisfy(answer -> assertThat(answer.body()).contains("server_error"));
        assertThat(statuses.get(200)).isGreaterThan(answers.size() / 2);
    }

    private static void requireVerified(Victim victim, Job job, List<Answer> answers) {
        AccessTokenVerifier verifier =
                AccessTokenVerifier.forIssuer(victim.issuer(), job.audience()).build();
        List<Answer> tokens =
                answers.stream().filter(answer -> answer.jti().isPresent()).toList();
        for (int i = 0; i < tokens.size(); i += VERIFIED) {
            String token = JsonMapper.shared()
                    .readTree(tokens.get(i).body())
                    .path("access_token")
                    .asString();
            assertThat(verifier.verify(token).orElseThrow().scopes()).containsExactly("read:soak");
        }
    }

    private void requireRecorded(List<Answer> answers) throws IOException, SQLException {
        Set<String> recorded = new HashSet<>();
        List<Path> files;
        try (Stream<Path> all = Files.list(folder.resolve("d/audit"))) {
            files = all.filter(file -> file.toString().endsWith(".db")).toList();
        }
        for (Path file : files) {
            try (Connection audit = DriverManager.getConnection("jdbc:sqlite:" + file);
                    Statement statement = audit.createStatement();
                    ResultSet rows = statement.executeQuery("select jti from token_events where jti is not null")) {
                while (rows.next()) {
                    assertThat(recorded.add(rows.getString(1)))
                            .as("the first record of %s", rows.getString(1))
                            .isTrue();
                }
            }
        }
        Set<String> given =
                answers.stream().flatMap(answer -> answer.jti().stream()).collect(Collectors.toSet());
        given.removeAll(recorded);
        assertThat(given).as("tokens without a record").isEmpty();
    }

    /** The last third of the time takes no more than the one before it. */
    private void requireLevel() {
        assertThat(samples).hasSizeGreaterThan(2);
        requireLevel("live heap", Sample::heap, 8 * MEBIBYTE);
        requireLevel("resident", Sample::resident, 16 * MEBIBYTE);
        requireLevel("files", Sample::files, 10);
    }

    private void requireLevel(String what, ToLongFunction<Sample> value, long more) {
        int third = samples.size() / 3;
        long middle = median(samples.subList(third, 2 * third), value);
        long last = median(samples.subList(2 * third, samples.size()), value);
        System.out.printf("  %s: %d in the middle third, %d in the last%n", what, middle, last);
        assertThat(last).as("%s in the last third, after %d", what, middle).isLessThan((long) (middle * 1.15) + more);
    }

    private static long median(List<Sample> some, ToLongFunction<Sample> value) {
        return some.stream()
                .mapToLong(value)
                .sorted()
                .skip(some.size() / 2)
                .findFirst()
                .orElseThrow();
    }
}
