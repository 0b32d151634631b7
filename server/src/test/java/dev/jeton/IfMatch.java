package dev.jeton;

import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/** Calls of the management API that ask for the state that they want to change. */
public final class IfMatch {
    private IfMatch() {}

    /** The same call as {@link TestServer#manage}, for what has that tag. */
    public static HttpResponse<String> manage(
            TestServer server, String tag, String method, String path, @Nullable Object body) {
        return server.exchange(server.request("api/v2/" + path)
                .header("authorization", "Bearer " + server.managementToken())
                .header("content-type", "application/json")
                .header("if-match", tag)
                .method(
                        method,
                        body == null
                                ? BodyPublishers.noBody()
                                : BodyPublishers.ofString(JsonMapper.shared().writeValueAsString(body))));
    }

    /** The tag of what is answered. */
    public static String tag(HttpResponse<String> response) {
        return response.headers()
                .firstValue("ETag")
                .orElseThrow(() -> new AssertionError("no ETag: " + response.body()));
    }
}
