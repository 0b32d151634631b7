package dev.jeton.e2e.cluster;

import dev.jeton.e2e.ManagementApi;
import dev.jeton.e2e.ManagementApi.Job;
import dev.jeton.e2e.cluster.Cluster.Node;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.StreamSupport;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Something that is granted until it is withdrawn.
 *
 * @param request what asks a node for it
 * @param honours whether that answer gives it
 * @param withdraw does so through the first node; when it returns, that is acknowledged
 */
record Withdrawal(
        String name, Function<Node, HttpRequest> request, Predicate<HttpResponse<String>> honours, Runnable withdraw) {
    private static final JsonMapper JSON = JsonMapper.shared();
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final String CLAIM = "https://hook.example.com/claim";

    /** One of each kind but keys, freshly granted; {@code name} tells them from others. */
    static List<Withdrawal> granted(ManagementApi api, String name) {
        Job secret = api.createJob(name + "-secret");
        Job client = api.createJob(name + "-client");
        Job grant = api.createJob(name + "-grant");
        Job scope = api.createJob(name + "-scope");
        Job resource = api.createJob(name + "-api");
        List<Withdrawal> all = new ArrayList<>();
        all.add(ofToken("secret", secret, () -> api.post("clients/" + secret.clientId() + "/rotate-secret", Map.of())));
        all.add(ofToken("client", client, () -> api.delete("clients/" + client.clientId())));
        all.add(ofToken("grant", grant, () -> api.delete("client-grants/" + grant.grantId())));
        all.add(ofToken("API", resource, () -> api.delete("resource-servers/" + resource.apiId())));
        all.add(new Withdrawal(
                "scope",
                node -> token(node, scope),
                answer -> answer.statusCode() == 200 && answer.body().contains("read:" + name),
                () -> api.patch("client-grants/" + scope.grantId(), Map.of("scope", List.of()))));
        all.add(ofManagement(api, name));
        return all;
    }

    private static Withdrawal ofToken(String name, Job job, Runnable withdraw) {
        return new Withdrawal(name, node -> token(node, job), Withdrawal::isGiven, withdraw);
    }

    static boolean isGiven(HttpResponse<String> answer) {
        return answer.statusCode() == 200;
    }

    /** The grant by which a client manages; it holds its token already. */
    private static Withdrawal ofManagement(ManagementApi api, String name) {
        JsonNode client = api.post("clients", Map.of("name", name + "-manager", "app_type", "non_interactive"));
        String id = client.path("client_id").asString();
        String audience = Cluster.ISSUER + "api/v2/";
        String grant = api.post(
                        "client-grants",
                        Map.of("client_id", id, "audience", audience, "scope", List.of("read:clients")))
                .path("id")
                .asString();
        String token = api.token(id, client.path("client_secret").asString(), audience);
        return new Withdrawal(
                "management",
                node -> read(node, "api/v2/clients?per_page=1", token),
                Withdrawal::isGiven,
                () -> api.delete("client-grants/" + grant));
    }

    /** A Hook at work, seen by the claim that it adds. */
    static Withdrawal ofHook(ManagementApi api, String name) {
        Job job = api.createJob(name + "-hook");
        String script = "module.exports = (client, scope, audience, context, cb) => cb(null, {scope, '" + CLAIM
                + "': 'seen'});";
        String hook = api.post(
                        "hooks",
                        Map.of("name", name, "script", script, "triggerId", "credentials-exchange", "enabled", true))
                .path("id")
                .asString();
        return new Withdrawal(
                "Hook",
                node -> token(node, job),
                answer -> isGiven(answer) && part(answer, 1).has(CLAIM),
                () -> api.patch("hooks/" + hook, Map.of("enabled", false)));
    }

    /** The place of the key that signs: another takes over. */
    static Withdrawal ofSigning(ManagementApi api, String name) {
        Job job = api.createJob(name + "-signing");
        String kid = signs(api);
        return new Withdrawal(
                "signing",
                node -> token(node, job),
                answer -> isGiven(answer)
                        && part(answer, 0).path("kid").asString().equals(kid),
                () -> api.post("keys/signing/rotate?force=true", Map.of()));
    }

    /** The key that signs RS256 now. */
    static String signs(ManagementApi api) {
        return StreamSupport.stream(api.get("keys/signing").spliterator(), false)
                .filter(key -> key.path("alg").asString().equals("RS256"))
                .filter(key -> key.path("current").asBoolean())
                .map(key -> key.path("kid").asString())
                .findFirst()
                .orElseThrow();
    }

    /**
     * A key that signs no more, in its two uses: published for others, and believed by the servers themselves.
     *
     * @param token was signed with it, for the management API
     */
    static List<Withdrawal> ofKey(ManagementApi api, String kid, String token) {
        return List.of(
                new Withdrawal(
                        "key published",
                        node -> read(node, ".well-known/jwks.json", token),
                        answer -> answer.body().contains(kid),
                        () -> revoke(api, kid)),
                // Withdrawn by the same call, so that nothing is left to do.
                new Withdrawal(
                        "key believed",
                        node -> read(node, "api/v2/keys/signing", token),
                        Withdrawal::isGiven,
                        () -> {}));
    }

    private static void revoke(ManagementApi api, String kid) {
        HttpResponse<String> answer = api.call("PUT", "keys/signing/" + kid + "/revoke", Map.of());
        if (!isGiven(answer)) {
            throw new AssertionError("not revoked: " + answer.body());
        }
    }

    private static JsonNode part(HttpResponse<String> answer, int number) {
        String token = JSON.readTree(answer.body()).path("access_token").asString();
        return JSON.readTree(
                new String(Base64.getUrlDecoder().decode(token.split("\\.", -1)[number]), StandardCharsets.UTF_8));
    }

    static HttpRequest token(Node node, Job job) {
        return request(node, "oauth/token")
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofString(body(job)))
                .build();
    }

    static String body(Job job) {
        return JSON.writeValueAsString(Map.of(
                "grant_type",
                "client_credentials",
                "client_id",
                job.clientId(),
                "client_secret",
                job.secret(),
                "audience",
                job.audience()));
    }

    private static HttpRequest read(Node node, String path, String token) {
        return request(node, path).header("Authorization", "Bearer " + token).build();
    }

    private static HttpRequest.Builder request(Node node, String path) {
        return HttpRequest.newBuilder(URI.create(node.base() + path)).timeout(PATIENCE);
    }
}
