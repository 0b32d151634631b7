package dev.jeton.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpResponse;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What an API answered. */
record ApiAnswer(HttpResponse<String> response) {
    int status() {
        return response.statusCode();
    }

    /** The body; a failure if it is anything else than JSON. */
    JsonNode json() {
        assertThat(response.headers().firstValue("Content-Type").orElse("")).startsWith("application/json");
        return JsonMapper.shared().readTree(response.body());
    }

    String challenge() {
        return String.join("\n", response.headers().allValues("WWW-Authenticate"));
    }

    /** A JSON object that says in one sentence what is wrong, and shows nothing of the inside. */
    JsonNode refused(int status, String error) {
        assertThat(status()).as(response.body()).isEqualTo(status);
        assertThat(json().path("error").asString()).isEqualTo(error);
        assertThat(json().path("error_description").asString())
                .isNotEmpty()
                .doesNotContain("\n", "Exception", "Error:", ".js", ".java");
        return json();
    }
}
