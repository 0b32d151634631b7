package dev.jeton;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jeton.ServerNode.Job;
import dev.jeton.storage.ChangeFeed;
import dev.jeton.storage.Database;
import dev.jeton.storage.TestPostgres;
import dev.jeton.verifier.AccessTokenVerifier;
import dev.jeton.verifier.KeySet;
import dev.jeton.verifier.KeySource;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Two servers that started at the same moment on an empty database. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ClusterTest {
    private static final JsonMapper JSON = JsonMapper.shared();

    private final Database.PostgreSql server = TestPostgres.freshDatabase();
    private Path folder;
    private ServerNode one;
    private ServerNode other;
    private List<String> keysAtStart;

    @SuppressWarnings("NullAway.Init") // started before all tests
    ClusterTest() {}

    @BeforeAll
    void startBothAtOnce(@TempDir Path temporary) throws Exception {
        folder = temporary;
        CyclicBarrier start = new CyclicBarrier(2);
        try (ExecutorService threads = Executors.newFixedThreadPool(2)) {
            Future<ServerNode> first = threads.submit(() -> {
                start.await();
                return new ServerNode(folder.resolve("one"), server);
            });
            Future<ServerNode> second = threads.submit(() -> {
                start.await();
                return new ServerNode(folder.resolve("other"), server);
            });
            one = first.get();
            other = second.get();
        }
        keysAtStart = query("select state from signing_keys order by state");
    }

    @AfterAll
    void stop() {
        one.close();
        other.close();
    }

    private List<String> query(String sql) {
        try (Database database = Database.postgreSql(server)) {
            return database.<List<String>, RuntimeException>read(
                    handle -> handle.createQuery(sql).mapTo(String.class).list());
        }
    }

    @Test
    void they_make_one_set_of_keys_one_system_api_and_one_client_each_for_bootstrap_and_command_line() {
        assertThat(keysAtStart).containsExactly("current", "next");
        assertThat(query("select name from keysets order by name")).containsExactly("digests", "values");
        assertThat(query("select id from resource_servers where is_system = 1")).hasSize(1);
        assertThat(query("select name from clients where name in ('Bootstrap client', 'Jeton command line')"))
                .containsExactlyInAnyOrder("Bootstrap client", "Jeton command line");
        assertThat(Stream.of("one", "other").filter(name -> Files.exists(folder.resolve(name + "/cli.json"))))
                .hasSize(1);
        assertThat(one.administratorToken()).isNotEmpty();
        assertThat(other.administratorToken()).isNotEmpty();
    }

    @Test
    void the_token_of_one_verifies_with_the_key_set_of_the_other() {
        Job job = one.createJob("verify");

        String token = ServerNode.accessToken(one.token(job));

        assertThat(one.get(".well-known/jwks.json").body())
                .isEqualTo(other.get(".well-known/jwks.json").body());
        assertThat(AccessTokenVerifier.builder(
                                ServerNode.ISSUER,
                                job.audience(),
                                KeySource.of(KeySet.parse(
                                        other.get(".well-known/jwks.json").body())))
                        .build()
                        .verify(token)
                        .orElseThrow()
                        .scopes())
                .containsExactly("read:verify");
    }

    @Test
    void a_client_deleted_on_one_is_refused_by_the_other_within_a_second() {
        Job job = one.createJob("client");
        Await.until("the other knows the client", () -> status(other, job) == 200);

        one.managed("DELETE", "clients/" + job.clientId(), null);

        assertThat(untilTrue(() -> status(other, job) == 401)).isLessThan(ChangeFeed.MOST_STALE);
        assertThat(status(one, job)).isEqualTo(401);
    }

    private static int status(ServerNode node, Job job) {
        return node.token(job).statusCode();
    }

    private static Duration untilTrue(Callable<Boolean> condition) {
        long answered = System.nanoTime();
        Await.until("the other node refuses", condition);
        return Duration.ofNanos(System.nanoTime() - answered);
    }

    @Test
    void a_secret_rotated_on_one_is_refused_by_the_other_within_a_second() {
        Job job = one.createJob("secret");
        Await.until("the other knows the client", () -> status(other, job) == 200);

        JsonNode rotated = one.managed("POST", "clients/" + job.clientId() + "/rotate-secret", null);

        assertThat(untilTrue(() -> status(other, job) == 401)).isLessThan(ChangeFeed.MOST_STALE);
        assertThat(status(one, job)).isEqualTo(401);
        assertThat(other.token(job.clientId(), rotated.path("client_secret").asString(), job.audience())
                        .statusCode())
                .isEqualTo(200);
    }

    @Test
    void a_grant_deleted_on_one_is_refused_by_the_other_within_a_second() {
        Job job = one.createJob("grant");
        Await.until("the other knows the grant", () -> status(other, job) == 200);

        one.managed("DELETE", "client-grants/" + job.grantId(), null);

        assertThat(untilTrue(() -> status(other, job) == 403)).isLessThan(ChangeFeed.MOST_STALE);
        assertThat(status(one, job)).isEqualTo(403);
    }

    @Test
    void an_api_deleted_on_one_is_refused_by_the_other_within_a_second() {
        Job job = one.createJob("api");
        Await.until("the other knows the API", () -> status(other, job) == 200);

        one.managed("DELETE", "resource-servers/" + job.apiId(), null);

        assertThat(untilTrue(() -> status(other, job) == 403)).isLessThan(ChangeFeed.MOST_STALE);
        assertThat(status(one, job)).isEqualTo(403);
    }

    @Test
    void a_signing_key_revoked_on_one_is_refused_by_the_other_within_a_second() {
        String token = one.administratorToken();
        assertThat(read(other, token).statusCode()).isEqualTo(200);
        String revoked = StreamSupport.stream(
                        one.managed("GET", "keys/signing", null).spliterator(), false)
                .filter(key -> key.path("current").asBoolean())
                .map(key -> key.path("kid").asString())
                .findFirst()
                .orElseThrow();
        String successor = one.managed("POST", "keys/signing/rotate?force=true", null)
                .path("kid")
                .asString();
        Await.until(
                "the other signs with the new key",
                () -> other.get("pem").body().equals(one.get("pem").body()));
        assertThat(read(other, token).statusCode())
                .as("a token of the previous key")
                .isEqualTo(200);

        one.managed("PUT", "keys/signing/" + revoked + "/revoke", null);

        assertThat(untilTrue(() -> !kids(other).contains(revoked))).isLessThan(ChangeFeed.MOST_STALE);
        assertThat(read(other, token).statusCode()).isEqualTo(401);
        assertThat(read(one, token).statusCode()).isEqualTo(401);
        assertThat(kids(other)).contains(successor);
    }

    private static HttpResponse<String> read(ServerNode node, String token) {
        return node.manage(token, "GET", "keys/signing", null);
    }

    private static List<String> kids(ServerNode node) {
        JsonNode keys = JSON.readTree(node.get(".well-known/jwks.json").body()).path("keys");
        return StreamSupport.stream(keys.spliterator(), false)
                .map(key -> key.path("kid").asString())
                .toList();
    }
}
