package dev.jeton.e2e.attack;

import dev.jeton.e2e.ManagementApi;
import dev.jeton.e2e.ManagementApi.Job;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Clients that come and go, with a look each time whether what they may do has changed with it. */
final class Managers implements Disturbance.Deed {
    /** The Hook fails now and then; a server that was away or has a full disk says so. */
    private static final Set<Integer> GIVEN = Set.of(200, 500, 503);

    private static final Set<Integer> REFUSED = Set.of(401, 429, 503);

    /** The server could not do it now. */
    private static final class UnavailableException extends IOException {
        private static final long serialVersionUID = 1;
    }

    private final ManagementApi management;
    private final Job job;
    private final Random random;
    private int number;

    Managers(ManagementApi management, Job job, long seed) {
        this.management = management;
        this.job = job;
        this.random = new Random(seed);
    }

    @Override
    public String once() throws IOException {
        Disturbance.pause(random.nextInt(100));
        JsonNode client =
                changed("POST", "clients", Map.of("name", "Soaked " + number++, "app_type", "non_interactive"));
        String id = client.path("client_id").asString();
        String secret = client.path("client_secret").asString();
        changed(
                "POST",
                "client-grants",
                Map.of("client_id", id, "audience", job.audience(), "scope", List.of("read:soak")));
        require(GIVEN, id, secret, "a new client");
        if (random.nextBoolean()) {
            String next = changed("POST", "clients/" + id + "/rotate-secret", Map.of())
                    .path("client_secret")
                    .asString();
            require(REFUSED, id, secret, "an old secret");
            require(GIVEN, id, next, "a new secret");
            secret = next;
        }
        changed("DELETE", "clients/" + id, Map.of());
        require(REFUSED, id, secret, "a deleted client");
        return "a client came and went";
    }

    private void require(Set<Integer> expected, String id, String secret, String what) {
        HttpResponse<String> answer =
                management.answer(new Job(id, secret, job.grantId(), job.apiId(), job.audience()));
        if (!expected.contains(answer.statusCode())) {
            throw new AssertionError(what + " was answered " + answer.statusCode() + " " + answer.body());
        }
    }

    private JsonNode changed(String method, String path, Map<String, ?> body) throws UnavailableException {
        HttpResponse<String> response = management.call(method, path, body);
        if (response.statusCode() == 503) {
            throw new UnavailableException();
        }
        if (response.statusCode() >= 300) {
            throw new AssertionError(method + " " + path + ": " + response.statusCode() + " " + response.body());
        }
        return response.body().isEmpty()
                ? JsonMapper.shared().createObjectNode()
                : JsonMapper.shared().readTree(response.body());
    }
}
