package dev.jeton.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jeton.cli.CommandLineRun.Result;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Which application here an exported one becomes, and what grants and secrets go to it. */
class ImportedApplicationsTest extends ImportScene {
    @Test
    void grants_for_the_management_api_are_mapped_only_when_asked_for() {
        file("clients/A.json", "{\"name\":\"A\"}");
        file("grants/a.json", """
                {"client_id":"A","audience":"https://acme.example.com/api/v2/","scope":["read:clients"]}""");

        jeton("--management-grants");

        assertThat(server.request("POST /api/v2/client-grants")
                        .json()
                        .path("audience")
                        .asString())
                .isEqualTo(server.issuer() + "api/v2/");
    }

    @ParameterizedTest
    @ValueSource(strings = {"resource-servers/none.txt", "resource-servers/Auth0 Management API.json"})
    void an_api_of_the_tenant_under_a_path_like_the_management_apis_is_no_management_api(String more) {
        file("clients/A.json", "{\"name\":\"A\"}");
        file("resource-servers/Orders.json", """
                {"name":"Orders","identifier":"https://orders.example.com/api/v2/","is_system":false}""");
        file(more, """
                {"name":"Auth0 Management API","identifier":"https://acme.example.com/api/v2/"}""");
        file("grants/a.json", """
                {"client_id":"A","audience":"https://orders.example.com/api/v2/","scope":["read:orders"]}""");

        for (String flag : List.of("--keep-ids", "--management-grants")) {
            assertThat(jeton(flag).out()).contains("created  grant        A → https://orders.example.com/api/v2/");
            assertThat(server.request("POST /api/v2/client-grants")
                            .json()
                            .path("audience")
                            .asString())
                    .isEqualTo("https://orders.example.com/api/v2/");
        }
    }

    @Test
    void applications_keep_their_ids_when_asked_to() {
        file("clients/A.json", "{\"name\":\"A\",\"client_id\":\"oldId\"}");
        file("grants/a.json", "{\"client_id\":\"A\",\"audience\":\"https://api.example.com\",\"scope\":[]}");
        server.on("PUT /api/v2/clients/oldId", 201, "{\"client_id\":\"oldId\"}");

        Result result = jeton("--keep-ids");

        assertThat(result.out()).contains("client id oldId");
        assertThat(server.request("POST /api/v2/client-grants")
                        .json()
                        .path("client_id")
                        .asString())
                .isEqualTo("oldId");
    }

    @Test
    void keys_are_said_to_be_skipped_under_an_old_id_too() {
        file("clients/A.json", "{\"name\":\"A\",\"client_id\":\"oldId\",\"client_authentication_methods\":{}}");
        server.on("PUT /api/v2/clients/oldId", 201, "{\"client_id\":\"oldId\"}");

        assertThat(jeton("--keep-ids").out()).contains("it authenticated by a key; here it has a secret");
    }

    @Test
    void an_application_that_is_here_under_another_id_does_not_pass_for_one_that_kept_its_id() {
        file("clients/A.json", "{\"name\":\"A\",\"client_id\":\"oldId\"}");
        server.on("GET /api/v2/clients", 200, "{\"clients\":[{\"client_id\":\"newId\",\"name\":\"A\"}]}");

        Result result = jeton("--keep-ids");

        assertThat(result.exitCode()).isEqualTo(1);
        assertThat(result.out()).contains("is here under the client id newId, not oldId");
        assertThat(server.calls()).allMatch(call -> call.startsWith("GET "));
    }

    @Test
    void namesakes_are_not_guessed_at() {
        file("clients/A.json", "{\"name\":\"Same\"}");
        file("clients/B.json", "{\"name\":\"Same\"}");

        Result result = jeton();

        assertThat(result.exitCode()).isEqualTo(1);
        assertThat(result.out()).contains("the export has several applications of this name");
        assertThat(server.calls()).noneMatch(call -> call.startsWith("POST /api/v2/clients"));
    }

    private void namesakes() {
        file("clients/A.json", "{\"name\":\"Worker\",\"client_id\":\"idA\",\"description\":\"a\"}");
        file("clients/B.json", "{\"name\":\"Worker\",\"client_id\":\"idB\",\"description\":\"b\"}");
        server.on("PUT /api/v2/clients/idA", 201, "{\"client_id\":\"idA\"}")
                .on("PUT /api/v2/clients/idB", 201, "{\"client_id\":\"idB\"}")
                .on("PATCH /api/v2/clients/idA", 200, "{}")
                .on("PATCH /api/v2/clients/idB", 200, "{}");
    }

    @Test
    void a_namesake_does_not_become_the_one_that_is_here() {
        namesakes();
        file("../secrets.json", "{\"clients\":{\"idB\":\"secret-of-b\"}}");
        server.on("GET /api/v2/clients", 200, """
                {"clients":[{"client_id":"idA","name":"Worker","description":"a"}]}""");

        Result without = jeton("--secrets", "secrets.json");
        assertThat(without.exitCode()).isEqualTo(1);
        assertThat(without.out()).contains("unchanged  application  Worker").contains("refused    application  Worker");
        assertThat(server.calls()).allMatch(call -> call.startsWith("GET "));

        Result keeping = jeton("--keep-ids", "--secrets", "secrets.json");
        assertThat(keeping.exitCode()).isZero();
        assertThat(keeping.out()).contains("client id idB");
        assertThat(server.calls())
                .contains("PUT /api/v2/clients/idB", "PATCH /api/v2/clients/idB")
                .doesNotContain("PATCH /api/v2/clients/idA");
    }

    @Test
    void a_namesake_made_here_is_left_alone_where_the_export_has_several() {
        namesakes();
        server.on("GET /api/v2/clients", 200, "{\"clients\":[{\"client_id\":\"other\",\"name\":\"Worker\"}]}");

        assertThat(jeton().exitCode()).isEqualTo(1);
        assertThat(jeton("--keep-ids").exitCode()).isEqualTo(1);

        assertThat(server.calls()).allMatch(call -> call.startsWith("GET "));
    }

    @Test
    void a_name_that_the_export_gives_to_another_client_does_not_find_it() {
        file("clients/A.json", "{\"name\":\"Old\",\"client_id\":\"idA\"}");
        file("clients/B.json", "{\"name\":\"New\",\"client_id\":\"idB\"}");
        server.on("GET /api/v2/clients", 200, "{\"clients\":[{\"client_id\":\"idA\",\"name\":\"New\"}]}")
                .on("PATCH /api/v2/clients/idA", 200, "{}");

        assertThat(jeton().out()).contains("updated  application  Old").contains("created  application  New");
    }

    @Test
    void grants_and_secrets_by_a_name_that_several_have_go_to_none_of_them() {
        namesakes();
        file("grants/one.json", """
                {"client_id":"Worker","audience":"https://api.example.com","scope":["write:x"]}""");
        file("grants/two.json", """
                {"client_id":"idA","audience":"https://api.example.com","scope":["read:x"]}""");
        file("../secrets.json", "{\"clients\":{\"Worker\":\"secret-of-whom\",\"idB\":\"secret-of-b\"}}");

        Result result = jeton("--keep-ids", "--secrets", "secrets.json");

        assertThat(result.exitCode()).isEqualTo(1);
        assertThat(result.out())
                .contains("refused  grant                  Worker → https://api.example.com")
                .contains("created  grant                  idA → https://api.example.com")
                .contains("several have this name; give it by client id");
        assertThat(server.request("POST /api/v2/client-grants").json()).isEqualTo(Json.parse("""
                {"client_id":"idA","audience":"https://api.example.com","scope":["read:x"]}"""));
        assertThat(server.calls()).doesNotContain("PATCH /api/v2/clients/idA");
        assertThat(server.request("PATCH /api/v2/clients/idB").json())
                .isEqualTo(Json.parse("{\"client_secret\":\"secret-of-b\"}"));
    }

    @Test
    void a_grant_is_not_skipped_unseen_because_a_skipped_application_has_the_same_name() {
        file("clients/A.json", "{\"name\":\"Worker\",\"client_id\":\"idA\"}");
        file("clients/B.json", """
                {"name":"Worker","client_id":"idB","grant_types":["authorization_code"]}""");
        file("grants/one.json", "{\"client_id\":\"Worker\",\"audience\":\"https://api.example.com\",\"scope\":[]}");
        server.on("PUT /api/v2/clients/idA", 201, "{\"client_id\":\"idA\"}");

        Result result = jeton("--keep-ids");

        assertThat(result.exitCode()).isEqualTo(1);
        assertThat(result.out()).contains("refused  grant");
    }
}
