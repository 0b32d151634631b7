package dev.jeton.e2e.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jeton.e2e.ManagementApi;
import dev.jeton.e2e.ManagementApi.Job;
import dev.jeton.e2e.cluster.Cluster.Node;
import java.net.http.HttpClient;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Many changes at once through two nodes, on the same and on different things; then both know what the database has. */
abstract class ConcurrentWritesContract {
    private static final JsonMapper JSON = JsonMapper.shared();
    private static final int WRITES = Integer.getInteger("jeton.cluster.writes", Cluster.LONG ? 20_000 : 400);
    private static final int THREADS_PER_NODE = 3;
    private static final int APIS = 3;
    /** So many are changed by all, the others by whoever made them. */
    private static final int SHARED = 20;

    private static final List<String> SCOPES = List.of("a", "b", "c");

    /** A client that was made, with every secret that it ever had. */
    private record Made(String id, Queue<String> secrets) {}

    private final List<String> audiences = new ArrayList<>();
    private final List<String> apiIds = new ArrayList<>();
    private final Queue<Made> everMade = new ConcurrentLinkedQueue<>();
    private final AtomicInteger begun = new AtomicInteger();
    private final AtomicInteger done = new AtomicInteger();

    private final Cluster cluster;

    ConcurrentWritesContract(Cluster cluster) {
        this.cluster = cluster;
    }

    @Test
    void are_neither_lost_nor_reordered() throws Exception {
        ManagementApi api = cluster.node(0).api();
        for (int i = 0; i < APIS; i++) {
            audiences.add("https://api-" + i + ".example.com");
            apiIds.add(api.post("resource-servers", Map.of("identifier", audiences.getLast(), "signing_alg", "ES256"))
                    .path("id")
                    .asString());
        }
        List<Made> shared = new ArrayList<>();
        while (shared.size() < SHARED) {
            make(api).ifPresent(shared::add);
        }
        long began = System.nanoTime();
        try (ExecutorService threads = Executors.newFixedThreadPool(2 * THREADS_PER_NODE)) {
            List<Future<?>> writing = new ArrayList<>();
            for (int i = 0; i < 2 * THREADS_PER_NODE; i++) {
                Node node = cluster.node(i % 2);
                Random random = new Random(i);
                writing.add(threads.submit(() -> write(node.api(), random, shared)));
            }
            for (Future<?> writer : writing) {
                writer.get();
            }
        }
        Cluster.report(done + " changes in ms " + (System.nanoTime() - began) / 1_000_000);
        assertThat(done).hasValueGreaterThan(WRITES / 2);
        requireWhatTheDatabaseHas();
    }

    private Optional<Made> make(ManagementApi api) {
        HttpResponse<String> answer =
                api.call("POST", "clients", Map.of("name", "client", "app_type", "non_interactive"));
        count(answer);
        if (answer.statusCode() != 201) {
            return Optional.empty();
        }
        JsonNode client = JSON.readTree(answer.body());
        Made made = new Made(client.path("client_id").asString(), new ConcurrentLinkedQueue<>());
        made.secrets().add(client.path("client_secret").asString());
        everMade.add(made);
        return Optional.of(made);
    }

    private void write(ManagementApi api, Random random, List<Made> shared) {
        List<Made> own = new ArrayList<>();
        while (begun.getAndIncrement() < WRITES) {
            if (own.isEmpty() || random.nextInt(8) == 0) {
                make(api).ifPresent(own::add);
                continue;
            }
            boolean isOwn = random.nextBoolean();
            List<Made> from = isOwn ? own : shared;
            Made client = from.get(random.nextInt(from.size()));
            // What another writer has removed, or made, is 404 or 409.
            switch (random.nextInt(10)) {
                case 0, 1 -> rotate(api, client);
                case 2, 3 ->
                    count(api.call(
                            "POST",
                            "client-grants",
                            Map.of(
                                    "client_id",
                                    client.id(),
                                    "audience",
                                    audiences.get(random.nextInt(APIS)),
                                    "scope",
                                    someScopes(random))));
                case 4, 5, 6 -> changeGrant(api, random, client);
                case 7 ->
                    count(api.call(
                            "PATCH",
                            "clients/" + client.id(),
                            Map.of("grant_types", random.nextBoolean() ? List.of("client_credentials") : List.of())));
                case 8 ->
                    count(api.call(
                            "PATCH",
                            "resource-servers/" + apiIds.get(random.nextInt(APIS)),
                            Map.of("token_lifetime", 60 + random.nextInt(1_000_000))));
                default -> {
                    if (isOwn) {
                        count(api.call("DELETE", "clients/" + client.id(), Map.of()));
                        own.remove(client);
                    }
                }
            }
        }
    }

    private void rotate(ManagementApi api, Made client) {
        HttpResponse<String> answer = api.call("POST", "clients/" + client.id() + "/rotate-secret", Map.of());
        count(answer);
        if (answer.statusCode() == 200) {
            client.secrets()
                    .add(JSON.readTree(answer.body()).path("client_secret").asString());
        }
    }

    private void changeGrant(ManagementApi api, Random random, Made client) {
        List<String> grants = new ArrayList<>();
        HttpResponse<String> found = api.call("GET", "client-grants?client_id=" + client.id(), Map.of());
        if (found.statusCode() == 200) {
            JSON.readTree(found.body())
                    .forEach(grant -> grants.add(grant.path("id").asString()));
        }
        if (!grants.isEmpty()) {
            String path = "client-grants/" + grants.get(random.nextInt(grants.size()));
            count(
                    random.nextInt(3) == 0
                            ? api.call("DELETE", path, Map.of())
                            : api.call("PATCH", path, Map.of("scope", someScopes(random))));
        }
    }

    private static List<String> someScopes(Random random) {
        return SCOPES.stream().filter(_ -> random.nextBoolean()).toList();
    }

    private void count(HttpResponse<String> answer) {
        // 503: nobody said that it was not done, only that it may not have been.
        assertThat(answer.statusCode()).as(answer.body()).isIn(200, 201, 204, 404, 409, 503);
        if (answer.statusCode() < 300) {
            done.incrementAndGet();
        }
    }

    /** By its answers to every client, with every secret that it ever had, for every API. */
    private void requireWhatTheDatabaseHas() throws Exception {
        Map<String, JsonNode> clients = new HashMap<>();
        for (int page = 0, found = 1; found > 0; page++) {
            JsonNode some = cluster.node(0).api().get("clients?per_page=100&page=" + page);
            some.forEach(client -> clients.put(client.path("client_id").asString(), client));
            found = some.size();
        }
        Map<String, Set<String>> granted = new HashMap<>();
        for (String row : cluster.query(
                "select client_id || ' ' || identifier || ' ' || scope from client_grants g join resource_servers r"
                        + " on r.id = g.resource_server_id where identifier is not null")) {
            String[] parts = row.split(" ", 3);
            Set<String> scope = new TreeSet<>();
            JSON.readTree(parts[2]).forEach(value -> scope.add(value.asString()));
            granted.put(parts[0] + " " + parts[1], scope);
        }
        Map<String, Integer> lifetimes = new HashMap<>();
        cluster.node(0)
                .api()
                .get("resource-servers?per_page=100")
                .forEach(api -> lifetimes.put(
                        api.path("identifier").asString(),
                        api.path("token_lifetime").asInt()));
        try (HttpClient http =
                HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build()) {
            int asked = 0;
            for (Node node : cluster.nodes()) {
                for (Made made : everMade) {
                    for (String secret : made.secrets()) {
                        // What is refused, is for one as for all.
                        int first = asked % APIS;
                        boolean right = isRight(clients.get(made.id()), secret);
                        for (String audience : right ? audiences : audiences.subList(first, first + 1)) {
                            String expected = expected(clients.get(made.id()), secret, audience, granted, lifetimes);
                            assertThat(answer(http, node, made.id(), secret, audience))
                                    .as("%s of %s on %s", audience, made.id(), node.base())
                                    .isEqualTo(expected);
                            asked++;
                        }
                    }
                }
            }
            Cluster.report(asked + " answers as the database has it, of " + everMade.size() + " clients, "
                    + clients.size() + " left");
        }
    }

    private static boolean isRight(JsonNode client, String secret) {
        return client != null && client.path("client_secret").asString().equals(secret);
    }

    private static String expected(
            JsonNode client,
            String secret,
            String audience,
            Map<String, Set<String>> granted,
            Map<String, Integer> lifetimes) {
        if (!isRight(client, secret)) {
            return "401";
        }
        Set<String> scope = granted.get(client.path("client_id").asString() + " " + audience);
        if (client.path("grant_types").isEmpty() || scope == null) {
            return "403";
        }
        return "200 " + scope + " " + lifetimes.get(audience);
    }

    private static String answer(HttpClient http, Node node, String clientId, String secret, String audience)
            throws Exception {
        Job job = new Job(clientId, secret, "", "", audience);
        HttpResponse<String> answer = http.send(Withdrawal.token(node, job), BodyHandlers.ofString());
        if (answer.statusCode() != 200) {
            return Integer.toString(answer.statusCode());
        }
        JsonNode token = JSON.readTree(answer.body());
        Set<String> scope = new TreeSet<>();
        if (token.has("scope")) {
            scope.addAll(List.of(token.path("scope").asString().split(" ")));
        }
        return "200 " + scope + " " + token.path("expires_in").asInt();
    }
}
