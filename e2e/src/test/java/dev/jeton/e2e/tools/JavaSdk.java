package dev.jeton.e2e.tools;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.auth0.client.auth.AuthAPI;
import com.auth0.client.mgmt.ManagementApi;
import com.auth0.client.mgmt.actions.triggers.types.UpdateActionBindingsRequestContent;
import com.auth0.client.mgmt.core.ManagementApiException;
import com.auth0.client.mgmt.errors.BadRequestError;
import com.auth0.client.mgmt.errors.ConflictError;
import com.auth0.client.mgmt.errors.ForbiddenError;
import com.auth0.client.mgmt.errors.NotFoundError;
import com.auth0.client.mgmt.errors.UnauthorizedError;
import com.auth0.client.mgmt.tenants.types.UpdateTenantSettingsRequestContent;
import com.auth0.client.mgmt.types.Action;
import com.auth0.client.mgmt.types.ActionBindingRef;
import com.auth0.client.mgmt.types.ActionBindingRefTypeEnum;
import com.auth0.client.mgmt.types.ActionBindingWithRef;
import com.auth0.client.mgmt.types.ActionSecretRequest;
import com.auth0.client.mgmt.types.ActionTrigger;
import com.auth0.client.mgmt.types.Client;
import com.auth0.client.mgmt.types.ClientAppTypeEnum;
import com.auth0.client.mgmt.types.ClientGrantResponseContent;
import com.auth0.client.mgmt.types.CreateActionRequestContent;
import com.auth0.client.mgmt.types.CreateClientGrantRequestContent;
import com.auth0.client.mgmt.types.CreateClientRequestContent;
import com.auth0.client.mgmt.types.CreateClientResponseContent;
import com.auth0.client.mgmt.types.CreateHookRequestContent;
import com.auth0.client.mgmt.types.CreateLogStreamHttpRequestBody;
import com.auth0.client.mgmt.types.CreateLogStreamRequestContent;
import com.auth0.client.mgmt.types.CreateResourceServerRequestContent;
import com.auth0.client.mgmt.types.HookTriggerIdEnum;
import com.auth0.client.mgmt.types.ListClientGrantsRequestParameters;
import com.auth0.client.mgmt.types.ListClientsRequestParameters;
import com.auth0.client.mgmt.types.ListLogsRequestParameters;
import com.auth0.client.mgmt.types.Log;
import com.auth0.client.mgmt.types.LogStreamHttpEnum;
import com.auth0.client.mgmt.types.LogStreamHttpResponseSchema;
import com.auth0.client.mgmt.types.LogStreamHttpSink;
import com.auth0.client.mgmt.types.LogStreamStatusEnum;
import com.auth0.client.mgmt.types.ResourceServer;
import com.auth0.client.mgmt.types.ResourceServerScope;
import com.auth0.client.mgmt.types.SigningAlgorithmEnum;
import com.auth0.client.mgmt.types.SigningKeys;
import com.auth0.client.mgmt.types.UpdateClientGrantRequestContent;
import com.auth0.client.mgmt.types.UpdateClientRequestContent;
import com.auth0.client.mgmt.types.UpdateHookRequestContent;
import com.auth0.client.mgmt.types.UpdateLogStreamRequestContent;
import com.auth0.client.mgmt.types.UpdateResourceServerRequestContent;
import com.auth0.exception.Auth0Exception;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.StreamSupport;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * The management API by Auth0's SDK for Java, in a process of its own: it trusts what the JVM trusts, and takes no other client
 * for its own token. Each step is printed as a line of JSON, as the scripts for Node.js do it.
 */
final class JavaSdk {
    private static final String AUDIENCE = "https://orders.example.com/v1";
    private static final String CLAIM = "https://example.com/made_by";
    private static final ClientAppTypeEnum M2M = ClientAppTypeEnum.NON_INTERACTIVE;

    private final String domain;
    private final ManagementApi auth0;
    private String clientId = "";
    private String clientSecret = "";
    private String grantId = "";

    private JavaSdk(String domain, String clientId, String clientSecret) {
        this.domain = domain;
        this.auth0 = ManagementApi.builder()
                .domain(domain)
                .clientCredentials(clientId, clientSecret)
                .build();
    }

    // Its arguments: domain, client id and secret.
    public static void main(String[] args) {
        JavaSdk sdk = new JavaSdk(args[0], args[1], args[2]);
        step("an API is made, read by id and by identifier, changed and listed", sdk::apis);
        step("a client is made, read, changed, given a new secret and listed", sdk::clients);
        step("a grant is made, read, changed and found by its filters", sdk::grants);
        step("the client gets a token for the API", sdk::token);
        step("clients are paged to an end that is an exactly full page, and past a hundred", sdk::pages);
        step("grants are paged from checkpoint to checkpoint", sdk::checkpoints);
        step("refusals have their classes and codes", sdk::refusals);
        step("a hook is made, enabled, given secrets, listed and deleted", sdk::hooks);
        step("an Action is made, deployed and bound, and its claim is in the token", sdk::actions);
        step("the log shows the tokens and the changes", sdk::logs);
        step("signing keys are listed, and not rotated before APIs can know the next one", sdk::keys);
        step("a log stream is made, paused, listed and deleted", sdk::logStreams);
        step("tenant settings are changed and read", sdk::settings);
        step("there is one global client", sdk::globalClient);
        step("what Jeton has nothing of is empty", sdk::nothing);
        step("what Jeton does not serve is forbidden", sdk::unsupported);
        step("what was made is deleted", sdk::deletions);
    }

    private static void step(String name, Step.Action action) {
        Map<String, String> line = new HashMap<>();
        line.put("step", name);
        line.put("failed", Step.of(name, action).failure().orElse(null));
        System.out.println(JsonMapper.shared().writeValueAsString(line));
    }

    private void apis() {
        String id = auth0.resourceServers()
                .create(CreateResourceServerRequestContent.builder()
                        .identifier(AUDIENCE)
                        .name("Orders")
                        .scopes(List.of(
                                ResourceServerScope.builder()
                                        .value("read:orders")
                                        .description("Read orders")
                                        .build(),
                                ResourceServerScope.builder()
                                        .value("write:orders")
                                        .build()))
                        .signingAlg(SigningAlgorithmEnum.PS256)
                        .build())
                .getId()
                .orElseThrow();
        assertThat(auth0.resourceServers().get(id).getIdentifier()).contains(AUDIENCE);
        assertThat(auth0.resourceServers().get(AUDIENCE).getId()).contains(id);
        assertThat(auth0.resourceServers()
                        .update(
                                AUDIENCE,
                                UpdateResourceServerRequestContent.builder()
                                        .name("Orders API")
                                        .signingAlg(SigningAlgorithmEnum.RS256)
                                        .build())
                        .getName())
                .contains("Orders API");
        assertThat(auth0.resourceServers().list())
                .extracting(ResourceServer::getName)
                .extracting(Optional::orElseThrow)
                .containsExactly("Auth0 Management API", "Orders API");
    }

    private void clients() {
        CreateClientResponseContent made = auth0.clients()
                .create(CreateClientRequestContent.builder()
                        .name("Nightly job")
                        .appType(M2M)
                        .grantTypes(List.of("client_credentials"))
                        .clientMetadata(Map.of("plan", "full"))
                        .build());
        clientId = made.getClientId().orElseThrow();
        Map<String, Object> metadata = new HashMap<>();
        metadata.put("plan", null);
        metadata.put("team", "billing");
        assertThat(auth0.clients()
                        .update(
                                clientId,
                                UpdateClientRequestContent.builder()
                                        .description("Runs at two")
                                        .clientMetadata(metadata)
                                        .build())
                        .getClientMetadata())
                .contains(Map.of("team", "billing"));
        clientSecret = auth0.clients().rotateSecret(clientId).getClientSecret().orElseThrow();
        assertThat(made.getClientSecret()).get().isNotEqualTo(clientSecret);
        assertThat(auth0.clients().get(clientId).getClientSecret()).contains(clientSecret);
        assertThat(auth0.clients().list())
                .anyMatch(client -> client.getClientId().orElseThrow().equals(clientId));
    }

    private void grants() {
        grantId = grant(clientId, AUDIENCE, "read:orders", "write:orders");
        assertThat(auth0.clientGrants().get(grantId).getScope()).contains(List.of("read:orders", "write:orders"));
        assertThat(auth0.clientGrants()
                        .update(
                                grantId,
                                UpdateClientGrantRequestContent.builder()
                                        .scope(List.of("read:orders"))
                                        .build())
                        .getScope())
                .contains(List.of("read:orders"));
        assertThat(auth0.clientGrants()
                        .list(ListClientGrantsRequestParameters.builder()
                                .clientId(clientId)
                                .audience(AUDIENCE)
                                .build()))
                .extracting(found -> found.getId().orElseThrow())
                .containsExactly(grantId);
    }

    private String grant(String client, String audience, String... scope) {
        return auth0.clientGrants()
                .create(CreateClientGrantRequestContent.builder()
                        .clientId(client)
                        .audience(audience)
                        .scope(List.of(scope))
                        .build())
                .getId()
                .orElseThrow();
    }

    /** The claims of a token that the client gets. */
    private JsonNode issued() throws Auth0Exception {
        String token = AuthAPI.newBuilder(domain, clientId, clientSecret)
                .build()
                .requestToken(AUDIENCE)
                .execute()
                .getBody()
                .getAccessToken();
        return JsonMapper.shared()
                .readTree(
                        Base64.getUrlDecoder().decode(token.substring(token.indexOf('.') + 1, token.lastIndexOf('.'))));
    }

    private void token() throws Auth0Exception {
        JsonNode claims = issued();
        assertThat(claims.path("iss").asString()).isEqualTo("https://" + domain + "/");
        assertThat(claims.path("aud").asString()).isEqualTo(AUDIENCE);
        assertThat(claims.path("scope").asString()).isEqualTo("read:orders");
    }

    private void pages() {
        assertThat(fillUpTo(100)).isEqualTo(100);
        assertThat(fillUpTo(101)).isEqualTo(101);
        assertThat(auth0.clients()
                        .list(ListClientsRequestParameters.builder()
                                .perPage(100)
                                .build())
                        .getItems())
                .hasSize(100);
    }

    /** How many different clients a walk through all pages then finds. */
    private long fillUpTo(long count) {
        for (long there = walk(); there < count; there++) {
            client("Page " + there);
        }
        return walk();
    }

    private long walk() {
        return StreamSupport.stream(auth0.clients().list().spliterator(), false)
                .map(Client::getClientId)
                .distinct()
                .count();
    }

    private String client(String name) {
        return auth0.clients()
                .create(CreateClientRequestContent.builder()
                        .name(name)
                        .appType(M2M)
                        .build())
                .getClientId()
                .orElseThrow();
    }

    private void checkpoints() {
        String one = client("Another job");
        String two = client("A third job");
        grant(one, AUDIENCE);
        grant(two, AUDIENCE);
        assertThat(auth0.clientGrants()
                        .list(ListClientGrantsRequestParameters.builder()
                                .audience(AUDIENCE)
                                .take(1)
                                .build()))
                .extracting(ClientGrantResponseContent::getClientId)
                .extracting(Optional::orElseThrow)
                .containsExactlyInAnyOrder(clientId, one, two);
        auth0.clients().delete(one);
        auth0.clients().delete(two);
    }

    private static void assertCode(ManagementApiException refusal, int status, String code) {
        assertThat(refusal.statusCode()).isEqualTo(status);
        assertThat(refusal.body()).asString().contains(code);
    }

    private void refusals() {
        assertCode(
                catchThrowableOfType(NotFoundError.class, () -> auth0.clients().get("nobody")),
                404,
                "inexistent_client");
        assertCode(
                catchThrowableOfType(
                        ConflictError.class,
                        () -> auth0.resourceServers()
                                .create(CreateResourceServerRequestContent.builder()
                                        .identifier(AUDIENCE)
                                        .build())),
                409,
                "resource_server_conflict");
        assertCode(
                catchThrowableOfType(
                        BadRequestError.class,
                        () -> auth0.clients()
                                .create(CreateClientRequestContent.builder()
                                        .name("<x>")
                                        .build())),
                400,
                "invalid_body");
        ManagementApi stranger =
                ManagementApi.builder().domain(domain).token("a.b.c").build();
        assertThat(catchThrowableOfType(
                                UnauthorizedError.class,
                                () -> stranger.clients().list())
                        .statusCode())
                .isEqualTo(401);
        grant(clientId, "https://" + domain + "/api/v2/", "read:clients");
        ManagementApi narrow = ManagementApi.builder()
                .domain(domain)
                .clientCredentials(clientId, clientSecret)
                .build();
        assertCode(
                catchThrowableOfType(
                        ForbiddenError.class,
                        () -> narrow.clients()
                                .create(CreateClientRequestContent.builder()
                                        .name("x")
                                        .build())),
                403,
                "insufficient_scope");
    }

    private void hooks() {
        String id = auth0.hooks()
                .create(CreateHookRequestContent.builder()
                        .name("sdk-hook")
                        .script("module.exports = (client, scope, audience, context, cb) => cb(null, { scope });")
                        .triggerId(HookTriggerIdEnum.CREDENTIALS_EXCHANGE)
                        .build())
                .getId()
                .orElseThrow();
        assertThat(auth0.hooks()
                        .update(
                                id,
                                UpdateHookRequestContent.builder().enabled(true).build())
                        .getEnabled())
                .contains(true);
        auth0.hooks().secrets().create(id, Map.of("A", "1", "B", "2"));
        auth0.hooks().secrets().update(id, Map.of("A", "3"));
        auth0.hooks().secrets().delete(id, List.of("B"));
        assertThat(auth0.hooks().secrets().get(id)).isEqualTo(Map.of("A", "_VALUE_NOT_SHOWN_"));
        assertThat(auth0.hooks().list()).hasSize(1);
        auth0.hooks().delete(id);
        assertCode(catchThrowableOfType(NotFoundError.class, () -> auth0.hooks().get(id)), 404, "HookDoesNotExist");
    }

    private void actions() throws Auth0Exception {
        String id = auth0.actions()
                .create(CreateActionRequestContent.builder()
                        .name("SDK action")
                        .supportedTriggers(List.of(ActionTrigger.builder()
                                .id("credentials-exchange")
                                .version("v2")
                                .build()))
                        .code("exports.onExecuteCredentialsExchange = async (event, api) => {"
                                + " api.accessToken.setCustomClaim('" + CLAIM + "', event.secrets.MAKER); };")
                        .secrets(List.of(ActionSecretRequest.builder()
                                .name("MAKER")
                                .value("an action")
                                .build()))
                        .build())
                .getId()
                .orElseThrow();
        assertThat(auth0.actions().deploy(id).getNumber()).contains(1.0);
        bind(List.of(ActionBindingWithRef.builder()
                .ref(ActionBindingRef.builder()
                        .type(ActionBindingRefTypeEnum.ACTION_NAME)
                        .value("SDK action")
                        .build())
                .displayName("SDK action")
                .build()));
        assertThat(auth0.actions().triggers().bindings().list("credentials-exchange"))
                .hasSize(1);
        assertThat(issued().path(CLAIM).asString()).isEqualTo("an action");
        bind(List.of());
        auth0.actions().delete(id);
        assertThat(auth0.actions().list()).extracting(Action::getId).isEmpty();
    }

    private void bind(List<ActionBindingWithRef> bindings) {
        auth0.actions()
                .triggers()
                .bindings()
                .updateMany(
                        "credentials-exchange",
                        UpdateActionBindingsRequestContent.builder()
                                .bindings(bindings)
                                .build());
    }

    private void logs() {
        Log issued = auth0
                .logs()
                .list(ListLogsRequestParameters.builder()
                        .perPage(100)
                        .sort("date:-1")
                        .build())
                .getItems()
                .stream()
                .filter(log -> log.getType().orElse("").equals("seccft")
                        && log.getClientId().orElse("").equals(clientId))
                .findFirst()
                .orElseThrow();
        assertThat(issued.getAudience()).contains(AUDIENCE);
        assertThat(auth0.logs().get(issued.getLogId().orElseThrow()).getType()).contains("seccft");
    }

    private void keys() {
        SigningKeys current = auth0.keys().signing().list().stream()
                .filter(key -> key.getCurrent().orElse(false))
                .findFirst()
                .orElseThrow();
        assertThat(auth0.keys().signing().get(current.getKid()).getFingerprint())
                .isEqualTo(current.getFingerprint());
        ManagementApiException refusal = catchThrowableOfType(
                ManagementApiException.class, () -> auth0.keys().signing().rotate());
        assertCode(refusal, 409, "signing_key_rotation_too_early");
    }

    private void logStreams() {
        LogStreamHttpResponseSchema made = (LogStreamHttpResponseSchema) auth0.logStreams()
                .create(CreateLogStreamRequestContent.of(CreateLogStreamHttpRequestBody.builder()
                        .type(LogStreamHttpEnum.HTTP)
                        .sink(LogStreamHttpSink.builder()
                                .httpEndpoint("https://example.com/logs")
                                .build())
                        .name("SDK stream")
                        .build()))
                .get();
        String id = made.getId().orElseThrow();
        assertThat(made.getStatus()).contains(LogStreamStatusEnum.ACTIVE);
        auth0.logStreams()
                .update(
                        id,
                        UpdateLogStreamRequestContent.builder()
                                .status(LogStreamStatusEnum.PAUSED)
                                .build());
        assertThat(((LogStreamHttpResponseSchema) auth0.logStreams().get(id).get()).getStatus())
                .contains(LogStreamStatusEnum.PAUSED);
        auth0.logStreams().delete(id);
        assertThat(auth0.logStreams().list()).isEmpty();
    }

    private void settings() {
        auth0.tenants()
                .settings()
                .update(UpdateTenantSettingsRequestContent.builder()
                        .friendlyName("The tenant of the SDK")
                        .build());
        assertThat(auth0.tenants().settings().get().getFriendlyName()).contains("The tenant of the SDK");
    }

    private void globalClient() {
        assertThat(auth0.clients()
                        .list(ListClientsRequestParameters.builder()
                                .isGlobal(true)
                                .build()))
                .extracting(client -> client.getName().orElseThrow())
                .containsExactly("All Applications");
    }

    private void nothing() {
        assertThat(auth0.stats().getDaily()).isEmpty();
        assertThat(auth0.stats().getActiveUsersCount()).isZero();
        assertThat(auth0.customDomains().list()).isEmpty();
        assertThat(auth0.organizations().list()).isEmpty();
    }

    private void unsupported() {
        assertCode(
                catchThrowableOfType(
                        ForbiddenError.class, () -> auth0.connections().list()),
                403,
                "insufficient_scope");
    }

    private void deletions() {
        auth0.clientGrants().delete(grantId);
        assertThat(catchThrowableOfType(Auth0Exception.class, this::issued)).isNotNull();
        auth0.clients().delete(clientId);
        auth0.resourceServers().delete(AUDIENCE);
        assertCode(
                catchThrowableOfType(
                        NotFoundError.class, () -> auth0.resourceServers().get(AUDIENCE)),
                404,
                "inexistent_resource_server");
    }
}
