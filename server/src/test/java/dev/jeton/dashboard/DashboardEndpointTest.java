package dev.jeton.dashboard;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jeton.TestServer;
import java.net.http.HttpResponse;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DashboardEndpointTest {
    private static final Pattern SCRIPT = Pattern.compile("src=\"/(dashboard/assets/[^\"]+\\.js)\"");
    private static TestServer server;

    @BeforeAll
    static void start() {
        server = TestServer.start();
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "dashboard",
                "dashboard/",
                "dashboard/applications/abc/settings",
                "dashboard/apis/https%3A%2F%2Fapi.example.com%2Fa.js/test"
            })
    void the_page_is_at_every_address_below_it(String path) {
        HttpResponse<String> response = server.get(path);

        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(response.headers().firstValue("Content-Type")).contains("text/html; charset=utf-8");
        assertThat(response.headers().firstValue("Cache-Control")).contains("no-store");
        assertThat(response.body()).contains("<div id=\"root\">");
    }

    @Test
    void the_servers_own_address_leads_to_it() {
        HttpResponse<String> response = server.get("");

        assertThat(response.statusCode()).isEqualTo(302);
        assertThat(response.headers().firstValue("Location")).contains("/dashboard");
    }

    @Test
    void the_page_allows_nothing_inline_but_styles_with_a_nonce_that_is_another_each_time() {
        HttpResponse<String> first = server.get("dashboard");
        HttpResponse<String> second = server.get("dashboard");

        assertThat(nonceOf(first)).hasSize(22).isNotEqualTo(nonceOf(second));
        assertThat(first.body()).contains("content=\"" + nonceOf(first) + "\"").doesNotContain("%NONCE%");
        assertThat(first.body()).doesNotContainPattern("<script(?![^>]*src=)").doesNotContain("<style");
        assertThat(first.headers().firstValue("X-Frame-Options")).contains("DENY");
        assertThat(first.headers().firstValue("Referrer-Policy")).contains("no-referrer");
    }

    private static String nonceOf(HttpResponse<String> page) {
        String policy = page.headers().firstValue("Content-Security-Policy").orElseThrow();
        Matcher nonce = Pattern.compile(
                        "^default-src 'none'; script-src 'self'; style-src 'self' 'nonce-([^']+)'; img-src"
                                + " 'self'; connect-src 'self'; form-action 'none'; base-uri 'none'; frame-ancestors 'none'$")
                .matcher(policy);
        assertThat(nonce.find()).as(policy).isTrue();
        return nonce.group(1);
    }

    @Test
    void a_file_of_the_build_is_kept_for_ever_and_sent_as_small_as_the_browser_takes_it() {
        Matcher script = SCRIPT.matcher(server.get("dashboard").body());
        assertThat(script.find()).isTrue();
        String path = script.group(1);

        HttpResponse<String> plain = server.get(path);
        HttpResponse<String> small = get(path, "gzip, br;q=0.9");
        HttpResponse<String> gzip = get(path, "br;q=0, gzip");

        assertThat(plain.headers().firstValue("Content-Type")).contains("text/javascript; charset=utf-8");
        assertThat(plain.headers().firstValue("Cache-Control")).contains("public, max-age=31536000, immutable");
        assertThat(plain.headers().firstValue("Vary")).contains("Accept-Encoding");
        assertThat(plain.headers().firstValue("Content-Encoding")).isEmpty();
        assertThat(small.headers().firstValue("Content-Encoding")).contains("br");
        assertThat(gzip.headers().firstValue("Content-Encoding")).contains("gzip");
    }

    private static HttpResponse<String> get(String path, String acceptEncoding) {
        return server.exchange(server.request(path).header("Accept-Encoding", acceptEncoding));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "dashboard/assets/none.js",
                "dashboard/assets/..%2Findex.html",
                "dashboard/assets/%2e%2e/index.html",
                "dashboard/assets/../../db/migration/V0001__create_registry.sql",
                "dashboard/assets/",
                "dashboard/none.js"
            })
    void a_file_that_the_build_does_not_have_is_not_there(String path) {
        assertThat(server.get(path).statusCode()).isEqualTo(404);
    }

    @Test
    void the_page_is_read_only() {
        assertThat(server.exchange(server.request("dashboard/applications").DELETE())
                        .statusCode())
                .isEqualTo(405);
    }
}
