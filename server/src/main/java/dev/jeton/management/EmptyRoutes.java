package dev.jeton.management;

import dev.jeton.http.ApiError;
import dev.jeton.http.Response;
import dev.jeton.http.Router;
import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * What tools read of things that Jeton does not have, and take for a tenant without any: organizations, custom domains,
 * rate limit policies, statistics of people. Making one is refused like all that is not supported.
 */
public final class EmptyRoutes {
    private static final JsonMapper JSON = JsonMapper.shared();
    /** An organization, which there is none of. */
    public static final Schema ORGANIZATION = Schema.object().named("Organization");

    private static final String OWNER = "EmptyRoutes";
    private static final List<String> READ_ORGANIZATIONS = List.of("read:organizations", "read:organizations_summary");
    private static final List<String> READ_DOMAINS = List.of("read:custom_domains");
    private static final List<String> READ_STATS = List.of("read:stats");

    private static final Schema NOTHING = Schema.listOf(Schema.anything()).between(0, 0);

    public void mount(Router router, ManagementAccess access) {
        access.mount(
                router,
                OWNER,
                Operation.get("/organizations", "Get organizations: there are none", READ_ORGANIZATIONS)
                        .query(Page.PARAMETERS)
                        .answers(200, Page.listOf("organizations", ORGANIZATION)),
                call -> none(call, "organizations"));
        List.of(
                        Operation.get("/organizations/{id}", "Get an organization", READ_ORGANIZATIONS),
                        Operation.get("/organizations/name/{name}", "Get an organization by name", READ_ORGANIZATIONS))
                .forEach(operation -> access.mount(router, OWNER, operation, _ -> {
                    throw noOrganization();
                }));
        access.mount(
                router,
                OWNER,
                Operation.get(
                        "/organizations/{id}/client-grants",
                        "Get the grants of an organization",
                        List.of("read:organization_client_grants")),
                _ -> {
                    throw noOrganization();
                });
        access.mount(
                router,
                OWNER,
                Operation.get("/custom-domains", "Get custom domains: there are none", READ_DOMAINS)
                        .query("q", Schema.text(), "Has the list stand in an object.")
                        .query("take", Schema.text(), "Likewise.")
                        .answers(200, Schema.eitherOf(NOTHING, Schema.object().require(NOTHING, "custom_domains"))),
                EmptyRoutes::customDomains);
        access.mount(
                router, OWNER, Operation.get("/custom-domains/{id}", "Get a custom domain", READ_DOMAINS), call -> {
                    throw ApiError.notFound(
                            "The custom domain " + call.request().pathParameter("id") + " does not exist",
                            "inexistent_custom_domain");
                });
        access.mount(
                router,
                OWNER,
                Operation.get(
                                "/rate-limit-policies",
                                "Get rate limit policies: there are none",
                                List.of("read:rate_limit_policies"))
                        .answers(200, Schema.object().require(NOTHING, "rate_limit_policies")),
                _ -> answer(emptyListNamed("rate_limit_policies")));
        access.mount(
                router,
                OWNER,
                Operation.get("/stats/daily", "Get daily stats: nobody did anything", READ_STATS)
                        .answers(200, NOTHING),
                _ -> answer(JSON.createArrayNode()));
        access.mount(
                router,
                OWNER,
                Operation.get("/stats/active-users", "Get active users: there are 0", READ_STATS)
                        .answers(200, Schema.whole(0, 0)),
                _ -> answer(JSON.getNodeFactory().numberNode(0)));
        mountRefusals(router, access);
    }

    private static void mountRefusals(Router router, ManagementAccess access) {
        for (String path : List.of(
                "/organizations", "/organizations/{id}/client-grants", "/custom-domains", "/rate-limit-policies")) {
            access.mountUnsupported(router, "POST", path);
        }
        for (String path : List.of("/organizations/{id}", "/custom-domains/{id}")) {
            access.mountUnsupported(router, "PATCH", path);
            access.mountUnsupported(router, "DELETE", path);
        }
    }

    private static Response none(Call call, String plural) {
        return answer(Page.of(call.request())
                .list(
                        plural,
                        (_, _) -> List.<ObjectNode>of(),
                        (_, _) -> List.<ObjectNode>of(),
                        () -> 0,
                        _ -> "",
                        organization -> organization));
    }

    /** A bare list, or one in an object to who asks for a part. */
    private static Response customDomains(Call call) {
        boolean isPart = call.request().query().first("take").isPresent()
                || call.request().query().first("q").isPresent();
        return answer(isPart ? emptyListNamed("custom_domains") : JSON.createArrayNode());
    }

    private static ObjectNode emptyListNamed(String plural) {
        ObjectNode object = JSON.createObjectNode();
        object.putArray(plural);
        return object;
    }

    private static ApiError.ApiException noOrganization() {
        return new ApiError(404, "No organization found by that id or name", null).exception();
    }

    private static Response answer(JsonNode json) {
        return Response.json(200, JSON.writeValueAsBytes(json)).with("Cache-Control", "no-store");
    }
}
