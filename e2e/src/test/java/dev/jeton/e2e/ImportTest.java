package dev.jeton.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jeton.e2e.Jeton.Result;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer.MethodName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** A tenant that was exported elsewhere comes to work here: its application gets tokens that its Action shapes. */
@TestMethodOrder(MethodName.class)
class ImportTest {
    private static final String API = "https://import.example.com/api";

    @TempDir
    static Path folder;

    private static CheckingProxy proxy;
    private static RunningServer server;
    private static Jeton jeton;

    @BeforeAll
    static void start() throws IOException {
        file("resource-servers/Timesheets.json", """
                {"name":"Timesheets","identifier":"%s","signing_alg":"RS256","token_lifetime":3600,
                 "token_lifetime_for_web":3600,"allow_offline_access":false,
                 "skip_consent_for_verifiable_first_party_clients":false,
                 "subject_type_authorization":{"client":{"policy":"require_client_grant"},"user":{"policy":"allow_all"}},
                 "scopes":[{"value":"read:timesheets","description":"Read"},{"value":"create:timesheets"}]}""".formatted(API));
        file("clients/Import job.json", """
                {"name":"Import job","app_type":"non_interactive","grant_types":["client_credentials"],
                 "token_endpoint_auth_method":"client_secret_post","is_first_party":true,"oidc_conformant":true,
                 "sso_disabled":false,"cross_origin_authentication":false,"callbacks":[],"client_metadata":{"team":"hr"},
                 "jwt_configuration":{"alg":"RS256","lifetime_in_seconds":36000,"secret_encoded":false},
                 "refresh_token":{"rotation_type":"non-rotating","expiration_type":"non-expiring","leeway":0,
                   "token_lifetime":31557600,"infinite_token_lifetime":true,"idle_token_lifetime":2592000,
                   "infinite_idle_token_lifetime":true},
                 "custom_login_page_on":true}""");
        file("clients/Shop.json", "{\"name\":\"Shop\",\"app_type\":\"spa\",\"grant_types\":[\"authorization_code\"]}");
        file("grants/Import job.json", """
                {"client_id":"Import job","audience":"%s","scope":["read:timesheets"],"subject_type":"client"}""".formatted(API));
        file("grants/Import job (management).json", """
                {"client_id":"Import job","audience":"https://acme.example.com/api/v2/","scope":["read:clients"]}""");
        file("actions/Add claim.json", """
                {"name":"Add claim","code":"./actions/Add claim/code.js","runtime":"node22","deployed":true,
                 "dependencies":[],"secrets":[{"name":"PLAN"}],"status":"built",
                 "supported_triggers":[{"id":"credentials-exchange","version":"v2"}]}""");
        file("actions/Add claim/code.js", """
                exports.onExecuteCredentialsExchange = async (event, api) => {
                  api.accessToken.setCustomClaim('https://import.example.com/plan', event.secrets.PLAN);
                };
                """);
        file("triggers/triggers.json", """
                {"credentials-exchange":[{"action_name":"Add claim","display_name":"Add claim"}]}""");
        file("tenant.json", "{\"friendly_name\":\"Acme\"}");
        Files.writeString(folder.resolve("secrets.json"), """
                {"clients":{"Import job":"the secret that the job has had for years"},
                 "actions":{"Add claim":{"PLAN":"gold"}}}""");
        jeton = new Jeton(folder);
        proxy = CheckingProxy.start(jeton);
        server = proxy.server();
    }

    private static void file(String path, String text) throws IOException {
        Path file = folder.resolve("tenant").resolve(path);
        Files.createDirectories(file.getParent());
        Files.writeString(file, text);
    }

    @AfterAll
    static void stop() {
        proxy.close();
        assertThat(server.out() + server.err()).doesNotContain("\tat ");
    }

    @Test
    void a_dry_run_changes_nothing() {
        Result result = jeton.run("import", "tenant", "--dry-run", "--secrets", "secrets.json")
                .done();

        assertThat(result.out()).contains("created  application").contains("Nothing was changed");
        assertThat(jeton.run("apis", "list", "--json").done().out()).doesNotContain(API);
    }

    @Test
    void a_first_run_without_secrets_leaves_the_code_off() {
        Result result = jeton.run("import", "tenant").done();

        assertThat(result.out())
                .contains("not deployed: its secrets PLAN have no value")
                .contains("not bound: the Action is not deployed here")
                .doesNotContain("refused");
    }

    @Test
    void b_what_is_imported_works() {
        Result result =
                jeton.run("import", "tenant", "--secrets", "secrets.json").done();

        assertThat(result.out())
                .contains("deployed")
                .contains("bound Add claim")
                .contains("it does not use client_credentials")
                .contains("for the old tenant's management API; see --management-grants")
                .doesNotContain("refused")
                .doesNotContain("the secret that the job");
        String client = clientId();
        assertThat(jeton.run("token", "--app", client, "--api", API, "--decode")
                        .done()
                        .out())
                .contains("gold")
                .contains("read:timesheets");
        assertThat(jeton.run("apps", "show", client, "--reveal-secrets", "--json")
                        .done()
                        .json()
                        .path("client_secret")
                        .asString())
                .isEqualTo("the secret that the job has had for years");
    }

    private static String clientId() {
        for (JsonNode client : jeton.run("apps", "list", "--json").done().json()) {
            if (client.path("name").asString().equals("Import job")) {
                return client.path("client_id").asString();
            }
        }
        throw new AssertionError("the application was not imported");
    }

    @Test
    void c_the_same_once_more_changes_nothing() {
        Result again = jeton.run("import", "tenant").done();

        assertThat(again.out())
                .doesNotContain("created")
                .doesNotContain("updated")
                .doesNotContain("refused");
        assertThat(again.out()).endsWith("6 unchanged, 2 skipped.\n");
    }

    @Test
    void d_nobody_imports_more_than_they_hold() throws IOException {
        JsonNode clerk = jeton.run("apps", "create", "Clerk", "--json").done().json();
        String id = clerk.path("client_id").asString();
        Path secret = Files.writeString(
                folder.resolve("clerk.txt"), clerk.path("client_secret").asString());
        jeton.run(
                        "grants",
                        "create",
                        "--app",
                        id,
                        "--api",
                        server.issuer() + "api/v2/",
                        "--scope",
                        "read:resource_servers read:client_grants create:client_grants read:tenant_settings read:actions"
                                + " read:clients update:clients update:client_keys")
                .done();

        Result result = jeton.run(
                "import",
                "tenant",
                "--management-grants",
                "--url",
                server.issuer(),
                "--client-id",
                id,
                "--secret-file",
                secret.toString());

        assertThat(result.out()).contains("created    grant"); // what it holds itself, it may give
        file("grants/Import job (management).json", """
                {"client_id":"Import job","audience":"https://acme.example.com/api/v2/","scope":["delete:clients"]}""");
        Result more = jeton.run(
                "import",
                "tenant",
                "--management-grants",
                "--url",
                server.issuer(),
                "--client-id",
                id,
                "--secret-file",
                secret.toString());
        assertThat(more.exitCode()).isEqualTo(1);
        assertThat(more.out()).contains("refused    grant");
    }
}
