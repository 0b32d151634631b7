package dev.jeton;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What tests look for in the answers of the management API. */
public final class Answers {
    private static final JsonMapper JSON = JsonMapper.shared();

    private Answers() {}

    public static JsonNode json(String text) {
        return JSON.readTree(text);
    }

    public static JsonNode json(HttpResponse<String> response) {
        return JSON.readTree(response.body());
    }

    /** The strings of an array. */
    public static List<String> texts(JsonNode array) {
        List<String> texts = new ArrayList<>();
        array.forEach(item -> texts.add(item.asString()));
        return texts;
    }

    /** One member of each object of an array. */
    public static List<String> each(JsonNode array, String member) {
        List<String> texts = new ArrayList<>();
        array.forEach(item -> texts.add(item.path(member).asString()));
        return texts;
    }

    public static String message(HttpResponse<String> response) {
        return json(response).path("message").asString();
    }

    /** Auth0's error body with exactly these members. */
    public static void assertRefused(HttpResponse<String> response, int status, String message, String errorCode) {
        assertThat(response.body()).isEqualTo(error(status, message, errorCode));
        assertThat(response.statusCode()).isEqualTo(status);
        assertThat(response.headers().firstValue("Content-Type")).contains("application/json; charset=utf-8");
        assertThat(response.headers().firstValue("Cache-Control")).contains("no-store");
    }

    private static String error(int status, String message, String errorCode) {
        var body = JSON.createObjectNode()
                .put("statusCode", status)
                .put("error", reason(status))
                .put("message", message);
        if (!errorCode.isEmpty()) {
            body.put("errorCode", errorCode);
        }
        if (message.equals("Invalid token")) {
            body.putObject("attributes").put("error", message);
        }
        return body.toString();
    }

    private static String reason(int status) {
        return switch (status) {
            case 400 -> "Bad Request";
            case 401 -> "Unauthorized";
            case 403 -> "Forbidden";
            case 404 -> "Not Found";
            case 409 -> "Conflict";
            case 412 -> "Precondition Failed";
            case 429 -> "Too Many Requests";
            default -> throw new IllegalArgumentException("no reason phrase for " + status);
        };
    }
}
