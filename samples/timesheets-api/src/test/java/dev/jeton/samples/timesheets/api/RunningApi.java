package dev.jeton.samples.timesheets.api;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import org.springframework.boot.SpringApplication;
import org.springframework.context.ConfigurableApplicationContext;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The whole API on a free port of this machine, and a client that calls it. */
final class RunningApi implements AutoCloseable {
    private static final HttpClient HTTP = HttpClient.newHttpClient();
    private static final JsonMapper JSON = new JsonMapper();

    /** An answer; its body is always JSON. */
    record Answer(int status, JsonNode body, java.net.http.HttpHeaders headers) {
        String error() {
            return body.path("error").asString("");
        }
    }

    private final ConfigurableApplicationContext context;

    RunningApi(TestIssuer issuer, Path data) {
        context = SpringApplication.run(
                TimesheetsApi.class,
                "--jeton.issuer=" + issuer.url(),
                "--TIMESHEETS_PORT=0",
                "--TIMESHEETS_DATA=" + data);
    }

    int port() {
        return context.getEnvironment().getRequiredProperty("local.server.port", Integer.class);
    }

    Answer get(String path, String token) {
        return send(request(path).header("Authorization", "Bearer " + token));
    }

    Answer put(String path, String token) {
        return send(request(path).header("Authorization", "Bearer " + token).PUT(BodyPublishers.noBody()));
    }

    Answer post(String path, String token, String json) {
        return post(path, token, json, "application/json");
    }

    Answer post(String path, String token, String body, String contentType) {
        return send(request(path)
                .header("Authorization", "Bearer " + token)
                .header("Content-Type", contentType)
                .POST(BodyPublishers.ofString(body)));
    }

    HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port() + path));
    }

    Answer send(HttpRequest.Builder request) {
        try {
            HttpResponse<byte[]> response = HTTP.send(request.build(), HttpResponse.BodyHandlers.ofByteArray());
            return new Answer(response.statusCode(), JSON.readTree(response.body()), response.headers());
        } catch (IOException | InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() {
        context.close();
    }
}
