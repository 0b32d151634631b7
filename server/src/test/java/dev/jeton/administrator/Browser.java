package dev.jeton.administrator;

import static dev.jeton.Answers.json;
import static org.assertj.core.api.Assertions.assertThat;

import dev.jeton.TestServer;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What the dashboard's page does in a browser: keeps the cookie, and sends the token with every change. */
public final class Browser {
    static final String PASSWORD = "correct horse battery staple";

    private final TestServer server;
    private Optional<String> cookie = Optional.empty();
    private Optional<String> csrf = Optional.empty();
    private Optional<String> address = Optional.empty();

    Browser(TestServer server) {
        this.server = server;
    }

    /** The same at another address, for a server that believes its proxy on loopback. */
    Browser from(String there) {
        address = Optional.of(there);
        return this;
    }

    /** Signed in as the first administrator, an owner of that name. */
    public static Browser ofFirst(TestServer server, String name) {
        Browser browser = new Browser(server);
        browser.redeemed(server.server().makeFirstLink().orElseThrow(), name);
        return browser;
    }

    /** Signed in as an administrator of that name, invited by the command line's client. */
    public static Browser of(TestServer server, Role role, String name) {
        Browser browser = new Browser(server);
        browser.redeemed(
                server.managed("POST", "administrators/invitations", Map.of("role", role.wireName()))
                        .path("url")
                        .asString(),
                name);
        return browser;
    }

    /** The same browser at another node, as a load balancer sends it there. */
    Browser at(TestServer other) {
        Browser there = new Browser(other);
        there.cookie = cookie;
        there.csrf = csrf;
        return there;
    }

    /** What stands behind the link's #. */
    static String token(String link) {
        return link.substring(link.indexOf('#') + 1);
    }

    HttpResponse<String> redeem(String link, @Nullable String name, String password) {
        return keep(post(
                "dashboard/links/redeem",
                name == null
                        ? Map.of("token", token(link), "password", password)
                        : Map.of("token", token(link), "name", name, "password", password)));
    }

    void redeemed(String link, String name) {
        HttpResponse<String> answer = redeem(link, name, PASSWORD);
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    }

    HttpResponse<String> signIn(String name, String password) {
        return keep(post("dashboard/session", Map.of("name", name, "password", password)));
    }

    /** Takes over what the answer says of the session. */
    private HttpResponse<String> keep(HttpResponse<String> answer) {
        answer.headers().firstValue("Set-Cookie").ifPresent(set -> cookie = Optional.of(set.split(";", 2)[0]));
        if (answer.statusCode() == 200) {
            csrf = Optional.of(json(answer).path("csrf_token").asString());
        }
        return answer;
    }

    String cookie() {
        return cookie.orElseThrow();
    }

    String csrf() {
        return csrf.orElseThrow();
    }

    JsonNode session() {
        HttpResponse<String> answer = send("GET", "dashboard/session", null);
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        return json(answer);
    }

    public String id() {
        return session().path("administrator").path("id").asString();
    }

    HttpResponse<String> post(String path, Object body) {
        return send("POST", path, body);
    }

    public HttpResponse<String> manage(String method, String path, @Nullable Object body) {
        return send(method, "api/v2/" + path, body);
    }

    HttpResponse<String> send(String method, String path, @Nullable Object body) {
        return send(
                method,
                path,
                body,
                csrf.map(token -> List.of("X-CSRF-Token", token)).orElse(List.of()));
    }

    /** With these headers, each name followed by its value, and no others but the cookie. */
    HttpResponse<String> send(String method, String path, @Nullable Object body, List<String> headers) {
        List<String> all = new ArrayList<>(headers);
        cookie.ifPresent(value -> all.addAll(List.of("Cookie", "theme=dark; " + value)));
        HttpRequest.Builder request = server.request(path)
                .method(
                        method,
                        body == null
                                ? BodyPublishers.noBody()
                                : BodyPublishers.ofString(JsonMapper.shared().writeValueAsString(body)));
        address.ifPresent(value -> all.addAll(List.of("X-Forwarded-For", value)));
        if (!all.isEmpty()) {
            request.headers(all.toArray(String[]::new));
        }
        return server.exchange(request.header("Content-Type", "application/json"));
    }
}
