package dev.jeton.e2e.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jeton.e2e.ManagementApi.Job;
import dev.jeton.e2e.cluster.Cluster.Node;
import dev.jeton.verifier.AccessTokenVerifier;
import dev.jeton.verifier.KeySet;
import dev.jeton.verifier.KeySource;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

/** Servers that start at the same moment on an empty database. */
class StartTest {
    private static final int NODES = Integer.getInteger("jeton.cluster.nodes", 4);
    private static final int REPETITIONS = 5;

    /** Of two, once, {@link ClusterTest} requires it where it starts its own. */
    @Test
    @EnabledIfSystemProperty(named = "jeton.cluster.long", matches = "true")
    void make_one_set_of_keys_one_system_api_and_one_client_each_for_bootstrap_and_command_line(@TempDir Path folder)
            throws Exception {
        for (int repetition = 0; repetition < REPETITIONS; repetition++) {
            Path home = Files.createDirectory(folder.resolve("cluster-" + repetition));
            try (Cluster cluster = Cluster.start(home, NODES)) {
                requireOneOfEach(cluster, home);
            }
        }
    }

    /** @param home holds the data folders of the nodes */
    static void requireOneOfEach(Cluster cluster, Path home) throws Exception {
        assertThat(cluster.query("select state from signing_keys order by state"))
                .containsExactly("current", "next");
        assertThat(cluster.query("select name from keysets order by name")).containsExactly("digests", "values");
        assertThat(cluster.query("select id from resource_servers where is_system = 1"))
                .hasSize(1);
        assertThat(cluster.query("select name from clients"))
                .containsExactlyInAnyOrder("Bootstrap client", "Jeton command line");
        try (Stream<Path> written = Files.walk(home)) {
            assertThat(written.filter(file -> file.endsWith("cli.json"))).hasSize(1);
        }
        requireOneKeySet(cluster);
    }

    /** The token of each verifies with the key set of each. */
    private static void requireOneKeySet(Cluster cluster) throws Exception {
        Job job = cluster.node(0).api().createJob("verify");
        cluster.awaitEverywhere(job, 200);
        for (Node signs : cluster.nodes()) {
            String token = signs.api().token(job.clientId(), job.secret(), job.audience());
            for (Node publishes : cluster.nodes()) {
                assertThat(AccessTokenVerifier.builder(
                                        Cluster.ISSUER, job.audience(), KeySource.of(KeySet.parse(jwks(publishes))))
                                .build()
                                .verify(token)
                                .orElseThrow()
                                .scopes())
                        .containsExactly("read:verify");
            }
        }
    }

    private static String jwks(Node node) throws Exception {
        try (HttpClient http = HttpClient.newHttpClient()) {
            return http.send(
                            HttpRequest.newBuilder(URI.create(node.base() + ".well-known/jwks.json"))
                                    .build(),
                            BodyHandlers.ofString())
                    .body();
        }
    }
}
