package dev.jeton.verifier.spring;

import java.io.IOException;
import java.net.InetAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.web.server.servlet.context.ServletWebServerApplicationContext;

/** A Spring Boot application on a free port of this machine, in its own Tomcat, and a client that calls it. */
final class TestApi implements AutoCloseable {
    private static final HttpClient HTTP = HttpClient.newHttpClient();

    private final ServletWebServerApplicationContext context;

    /** Starts it with these properties, each {@code name=value}. */
    TestApi(Class<?> application, String... properties) {
        List<String> arguments = new ArrayList<>(List.of(
                "--server.port=0",
                "--server.address=" + InetAddress.getLoopbackAddress().getHostAddress(),
                "--spring.main.banner-mode=off",
                "--logging.level.root=WARN"));
        for (String property : properties) {
            arguments.add("--" + property);
        }
        context = (ServletWebServerApplicationContext)
                SpringApplication.run(application, arguments.toArray(String[]::new));
    }

    ServletWebServerApplicationContext context() {
        return context;
    }

    HttpResponse<String> get(String path, String... authorizationHeaders) {
        return send("GET", path, authorizationHeaders);
    }

    HttpResponse<String> send(String method, String path, String... authorizationHeaders) {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(
                        "http://127.0.0.1:" + context.getEnvironment().getRequiredProperty("local.server.port") + path))
                .method(method, HttpRequest.BodyPublishers.noBody())
                .header("Accept", "text/html,application/json");
        for (String header : authorizationHeaders) {
            request.header("Authorization", header);
        }
        try {
            return HTTP.send(request.build(), HttpResponse.BodyHandlers.ofString());
        } catch (IOException | InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() {
        context.close();
    }
}
