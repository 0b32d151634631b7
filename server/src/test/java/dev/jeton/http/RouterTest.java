package dev.jeton.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.jeton.http.Router.Match;
import dev.jeton.http.Router.Route;
import dev.jeton.http.Router.Runs;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RouterTest {
    private final Router router = new Router();

    private Route add(String method, String pattern) {
        Route route = new Route(
                method, pattern, Runs.ON_EVENT_LOOP, "RouterTest", "public", 0, Handler.of(_ -> Response.empty(204)));
        router.add(route);
        return route;
    }

    private Match.Found found(String method, String path) {
        assertThat(router.match(method, path)).isInstanceOf(Match.Found.class);
        return (Match.Found) router.match(method, path);
    }

    @Test
    void a_static_path_goes_before_a_pattern() {
        Route one = add("POST", "/keys/rotate");
        Route any = add("POST", "/keys/{kid}");

        assertThat(found("POST", "/keys/rotate").route()).isSameAs(one);
        assertThat(found("POST", "/keys/other").route()).isSameAs(any);
    }

    @ParameterizedTest
    @CsvSource({"a, a", "a%2Fb, a/b", "%61, a", "a+b, a+b", "%2e%2e, ..", "%C3%A9, é", "%25, %"})
    void a_segment_is_decoded_once_and_keeps_its_slashes(String segment, String value) {
        add("GET", "/clients/{id}");

        assertThat(found("GET", "/clients/" + segment).pathParameters()).containsEntry("id", value);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"/clients/", "/clients//", "/clients/a/", "/clients/a/b", "/clients", "clients/a", "", "/", "*"})
    void a_pattern_matches_as_many_segments_as_it_has_none_of_them_empty(String path) {
        add("GET", "/clients/{id}");

        assertThat(router.match("GET", path)).isInstanceOf(Match.NoSuchPath.class);
    }

    @Test
    void a_malformed_segment_is_a_malformed_request() {
        add("GET", "/clients/{id}");

        assertThat(router.match("GET", "/clients/%ff"))
                .isEqualTo(new Match.NoSuchPath(
                        new ApiError(400, "The path is malformed: the octets are not UTF-8", "invalid_request")));
    }

    @Test
    void another_method_is_told_which_ones_are_answered() {
        add("GET", "/clients/{id}");
        add("PATCH", "/clients/{id}");
        add("DELETE", "/clients/{id}");

        assertThat(router.match("PUT", "/clients/a")).isEqualTo(new Match.WrongMethod("DELETE, GET, HEAD, PATCH"));
        assertThat(router.match("get", "/clients/a")).isInstanceOf(Match.WrongMethod.class);
    }

    @Test
    void head_is_answered_where_get_is() {
        Route route = add("GET", "/pem");

        assertThat(found("HEAD", "/pem").route()).isSameAs(route);
    }

    @Test
    void two_routes_for_the_same_requests_are_a_mistake() {
        add("GET", "/clients/{id}");

        assertThatThrownBy(() -> add("GET", "/clients/{id}")).isInstanceOf(IllegalArgumentException.class);
    }
}
