package dev.jeton.e2e.crash;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jeton.e2e.ManagementApi;
import dev.jeton.e2e.ManagementApi.Job;
import java.io.UncheckedIOException;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Changes of the registry, one after the other without a pause, and what must be found of them in the end. */
final class RegistryLoad implements AutoCloseable {
    private static final JsonMapper JSON = JsonMapper.shared();
    private static final Duration WITHOUT_SERVER = Duration.ofMillis(20);
    private static final int PAGE = 100;
    private static final int TRIED_SECRETS = 10;

    /** What is known of a client that was made. */
    private sealed interface Fate {
        /** @param grant its grant for the API, if it was given one */
        record Exists(String secret, Optional<String> grant) implements Fate {}

        record Deleted() implements Fate {}

        /** Nobody knows whether the last change of it was made: its answer was lost, or said that it may not be. */
        record Unknown() implements Fate {}
    }

    private final ManagementApi api;
    private final Job job;
    private final Random random;
    private final List<String> algorithms;
    private final Thread thread = Thread.ofPlatform().name("registry").unstarted(this::run);
    private final Map<String, Fate> clients = new LinkedHashMap<>();
    private final Set<String> signed = new HashSet<>();
    private final Set<String> revoked = new HashSet<>();
    /** By algorithm, the key that signs; empty where the last rotation may have been made or not. */
    private final Map<String, Optional<String>> current = new HashMap<>();

    private final AtomicInteger acknowledged = new AtomicInteger();
    private volatile boolean enough;
    private Optional<Throwable> fault = Optional.empty();

    /**
     * Begins at once.
     *
     * @param job whose API the clients are granted
     * @param algorithms of the keys that are rotated
     */
    static RegistryLoad start(ManagementApi api, Job job, Random random, String... algorithms) {
        RegistryLoad load = new RegistryLoad(api, job, random, List.of(algorithms));
        load.thread.start();
        return load;
    }

    private RegistryLoad(ManagementApi api, Job job, Random random, List<String> algorithms) {
        this.api = api;
        this.job = job;
        this.random = random;
        this.algorithms = algorithms;
    }

    private void run() {
        try {
            while (!enough) {
                change();
            }
        } catch (RuntimeException | AssertionError e) {
            fault = Optional.of(e);
        }
    }

    private void change() {
        List<String> existing = clients.entrySet().stream()
                .filter(client -> client.getValue() instanceof Fate.Exists)
                .map(Map.Entry::getKey)
                .toList();
        int choice = random.nextInt(10);
        if (existing.size() < 3 || choice < 4) {
            create();
        } else if (choice < 9) {
            String id = existing.get(random.nextInt(existing.size()));
            Fate.Exists client = (Fate.Exists) clients.get(id);
            switch (choice) {
                case 4, 5 -> rotateSecret(id, client);
                case 6 -> grant(id, client);
                default -> delete(id);
            }
        } else {
            rotateKey(algorithms.get(random.nextInt(algorithms.size())));
        }
    }

    /** The body of the answer, if it says that the change is made. */
    private Optional<JsonNode> acknowledged(String method, String path, Map<String, ?> body) {
        try {
            HttpResponse<String> response = api.call(method, path, body);
            if (response.statusCode() == 503) {
                LockSupport.parkNanos(WITHOUT_SERVER.toNanos());
                return Optional.empty();
            }
            assertThat(response.statusCode())
                    .as("%s %s: %s", method, path, response.body())
                    .isBetween(200, 299);
            acknowledged.incrementAndGet();
            return Optional.of(response.body().isEmpty() ? JSON.createObjectNode() : JSON.readTree(response.body()));
        } catch (UncheckedIOException _) {
            LockSupport.parkNanos(WITHOUT_SERVER.toNanos());
            return Optional.empty();
        }
    }

    private void create() {
        acknowledged("POST", "clients", Map.of("name", "made", "app_type", "non_interactive"))
                .ifPresent(client -> clients.put(
                        client.path("client_id").asString(),
                        new Fate.Exists(client.path("client_secret").asString(), Optional.empty())));
    }

    private void rotateSecret(String id, Fate.Exists client) {
        clients.put(id, new Fate.Unknown());
        acknowledged("POST", "clients/" + id + "/rotate-secret", Map.of())
                .ifPresent(answer -> clients.put(
                        id, new Fate.Exists(answer.path("client_secret").asString(), client.grant())));
    }

    private void grant(String id, Fate.Exists client) {
        if (client.grant().isPresent()) {
            return;
        }
        clients.put(id, new Fate.Unknown());
        acknowledged("POST", "client-grants", Map.of("client_id", id, "audience", job.audience(), "scope", List.of()))
                .ifPresent(answer -> clients.put(
                        id,
                        new Fate.Exists(
                                client.secret(), Optional.of(answer.path("id").asString()))));
    }

    private void delete(String id) {
        clients.put(id, new Fate.Unknown());
        acknowledged("DELETE", "clients/" + id, Map.of()).ifPresent(_ -> clients.put(id, new Fate.Deleted()));
    }

    /** Has the next key sign, and withdraws the one before. */
    private void rotateKey(String algorithm) {
        Optional<String> before = current.getOrDefault(algorithm, Optional.empty());
        current.put(algorithm, Optional.empty());
        acknowledged("POST", "keys/signing/rotate?force=true&alg=" + algorithm, Map.of())
                .map(answer -> answer.path("kid").asString())
                .ifPresent(kid -> {
                    signed.add(kid);
                    current.put(algorithm, Optional.of(kid));
                    before.ifPresent(this::revoke);
                });
    }

    private void revoke(String kid) {
        signed.remove(kid);
        acknowledged("PUT", "keys/signing/" + kid + "/revoke", Map.of()).ifPresent(_ -> revoked.add(kid));
    }

    /** How many changes were acknowledged so far. */
    int acknowledged() {
        return acknowledged.get();
    }

    /** Makes no more changes. */
    @Override
    public void close() {
        enough = true;
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /** After the end: the registry holds each change that was acknowledged. */
    void requireKept() {
        fault.ifPresent(thrown -> {
            throw new AssertionError(thrown);
        });
        Map<String, JsonNode> found = all("clients", "client_id");
        Map<String, JsonNode> grants = all("client-grants", "id");
        clients.forEach((id, fate) -> {
            switch (fate) {
                case Fate.Exists(String secret, Optional<String> grant) -> {
                    assertThat(found).as("client %s, which was made", id).containsKey(id);
                    assertThat(found.get(id).path("client_secret").asString()).isEqualTo(secret);
                    grant.ifPresent(made ->
                            assertThat(grants).as("the grant of client %s", id).containsKey(made));
                }
                case Fate.Deleted() ->
                    assertThat(found).as("client %s, which was deleted", id).doesNotContainKey(id);
                case Fate.Unknown() -> {}
            }
        });
        requireSecretsInForce();
        requireKeys();
    }

    /** Each of a few clients can log in: it is refused for what it asks for, if at all, and not for who it is. */
    private void requireSecretsInForce() {
        int tried = 0;
        for (Map.Entry<String, Fate> client : clients.entrySet()) {
            if (client.getValue() instanceof Fate.Exists(String secret, Optional<String> grant)
                    && tried++ < TRIED_SECRETS) {
                assertThat(api.answer(new Job(client.getKey(), secret, "", job.apiId(), job.audience()))
                                .statusCode())
                        .isEqualTo(grant.isPresent() ? 200 : 403);
            }
        }
    }

    private void requireKeys() {
        Map<String, String> states = new HashMap<>();
        List<String> signing = new ArrayList<>();
        List<String> next = new ArrayList<>();
        for (JsonNode key : api.get("keys/signing")) {
            String kid = key.path("kid").asString();
            String algorithm = key.path("alg").asString();
            states.put(kid, key.path("revoked").asBoolean() ? "revoked" : "published");
            if (key.path("current").asBoolean()) {
                signing.add(algorithm);
                current.getOrDefault(algorithm, Optional.empty())
                        .ifPresent(expected -> assertThat(kid).isEqualTo(expected));
            }
            if (key.path("next").asBoolean()) {
                next.add(algorithm);
            }
        }
        assertThat(signing)
                .as("one key of each kind signs")
                .doesNotHaveDuplicates()
                .contains("RS256");
        assertThat(next).as("one key of each kind is next").containsExactlyInAnyOrderElementsOf(signing);
        signed.forEach(kid -> assertThat(states).containsEntry(kid, "published"));
        // Of those the list has the last few only.
        revoked.forEach(
                kid -> assertThat(api.get("keys/signing/" + kid).path("revoked").asBoolean())
                        .as(kid)
                        .isTrue());
    }

    private Map<String, JsonNode> all(String path, String id) {
        Map<String, JsonNode> all = new HashMap<>();
        int before;
        int page = 0;
        do {
            before = all.size();
            api.get(path + "?per_page=" + PAGE + "&page=" + page++)
                    .forEach(entity -> all.put(entity.path(id).asString(), entity));
        } while (all.size() == before + PAGE);
        return all;
    }
}
