package dev.jeton.e2e;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/** What auth0-deploy-cli writes of a small tenant: an API, an application with a grant and a page, and an Action. */
final class ExportedTenant {
    static final String API = "https://import.example.com/api";

    private static final Map<String, String> FILES = Map.of(
            "resource-servers/Timesheets.json",
            """
            {"name":"Timesheets","identifier":"%s","signing_alg":"RS256","token_lifetime":3600,
             "token_lifetime_for_web":3600,"allow_offline_access":false,
             "skip_consent_for_verifiable_first_party_clients":false,
             "subject_type_authorization":{"client":{"policy":"require_client_grant"},"user":{"policy":"allow_all"}},
             "scopes":[{"value":"read:timesheets","description":"Read"},{"value":"create:timesheets"}]}""".formatted(API),
            "clients/Import job.json",
            """
            {"name":"Import job","app_type":"non_interactive","grant_types":["client_credentials"],
             "token_endpoint_auth_method":"client_secret_post","is_first_party":true,"oidc_conformant":true,
             "sso_disabled":false,"cross_origin_authentication":false,"callbacks":[],"client_metadata":{"team":"hr"},
             "jwt_configuration":{"alg":"RS256","lifetime_in_seconds":36000,"secret_encoded":false},
             "refresh_token":{"rotation_type":"non-rotating","expiration_type":"non-expiring","leeway":0,
               "token_lifetime":31557600,"infinite_token_lifetime":true,"idle_token_lifetime":2592000,
               "infinite_idle_token_lifetime":true},
             "custom_login_page_on":true}""",
            "clients/Shop.json",
            "{\"name\":\"Shop\",\"app_type\":\"spa\",\"grant_types\":[\"authorization_code\"]}",
            "grants/Import job.json",
            """
            {"client_id":"Import job","audience":"%s","scope":["read:timesheets"],"subject_type":"client"}""".formatted(API),
            "grants/Import job (management).json",
            """
            {"client_id":"Import job","audience":"https://acme.example.com/api/v2/","scope":["read:clients"]}""",
            "actions/Add claim.json",
            """
            {"name":"Add claim","code":"./actions/Add claim/code.js","runtime":"node22","deployed":true,
             "dependencies":[],"secrets":[{"name":"PLAN"}],"status":"built",
             "supported_triggers":[{"id":"credentials-exchange","version":"v2"}]}""",
            "actions/Add claim/code.js",
            """
            exports.onExecuteCredentialsExchange = async (event, api) => {
              api.accessToken.setCustomClaim('https://import.example.com/plan', event.secrets.PLAN);
            };
            """,
            "triggers/triggers.json",
            """
            {"credentials-exchange":[{"action_name":"Add claim","display_name":"Add claim"}]}""",
            "tenant.json",
            "{\"friendly_name\":\"Acme\"}");

    private ExportedTenant() {}

    static void write(Path folder) throws IOException {
        for (Map.Entry<String, String> file : FILES.entrySet()) {
            Path path = folder.resolve(file.getKey());
            Files.createDirectories(path.getParent());
            Files.writeString(path, file.getValue());
        }
    }
}
