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
    private static final String API = ExportedTenant.API;

    @TempDir
    static Path folder;

    private static CheckingProxy proxy;
    private static RunningServer server;
    private static Jeton jeton;

    @BeforeAll
    static void start() throws IOException {
        ExportedTenant.write(folder.resolve("tenant"));
        Files.writeString(folder.resolve("secrets.json"), """
                {"clients":{"Import job":"the secret that the job has had for years"},
                 "actions":{"Add claim":{"PLAN":"gold"}}}""");
        jeton = new Jeton(folder);
        proxy = CheckingProxy.start(jeton);
        server = proxy.server();
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
        Files.writeString(folder.resolve("tenant/grants/Import job (management).json"), """
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
