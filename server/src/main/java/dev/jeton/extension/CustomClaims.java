package dev.jeton.extension;

import java.net.URI;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Which claims users' code may add to a token: any namespaced name, and others that mean nothing to a verifier. */
final class CustomClaims {
    /** Of all names and values of one token. */
    static final int MAX_BYTES = 100 * 1024;

    /** Names of claims whose meaning is fixed; code that sets one is not heard, as at Auth0, and does not fail. */
    static final Set<String> RESTRICTED = Set.of("""
            acr act active amr at_hash ath attest aud auth_time authorization_details azp c_hash client_id cnf
            cty dest entitlements events exp groups gty htm htu iat internalService iss jcard jku jti jwe jwk
            kid may_act mky nbf nonce object_id org_id org_name orig origid permissions roles rph s_hash scope
            sid sip_callid sip_cseq_num sip_date sip_from_tag sip_via_branch sub sub_jwk toe txn typ uuid vot
            vtm x5t#S256
            """.strip().split("\\s+"));

    static final List<String> AUTH0_HOSTS = List.of("auth0.com", "webtask.io", "webtask.run");

    /** Deeper ones some verifiers do not read. */
    static final int MAX_DEPTH = 100;

    private CustomClaims() {}

    /**
     * The claims that may go into a token, each as JSON text; the others are left out.
     *
     * @throws UnfitException if those that may are longer than {@link #MAX_BYTES}, deeper than {@link #MAX_DEPTH}, hold
     *     a number that no double can, or are no well-formed Unicode, which JSON can spell and UTF-8 cannot
     */
    static Map<String, String> permitted(ObjectNode result) {
        Map<String, String> permitted = new LinkedHashMap<>();
        int bytes = 0;
        for (Map.Entry<String, JsonNode> claim : result.properties()) {
            if (isPermitted(claim.getKey())) {
                if (isDeeper(claim.getValue(), MAX_DEPTH)) {
                    throw new UnfitException(
                            claim.getKey(), "The custom claims are nested deeper than " + MAX_DEPTH + " levels");
                }
                if (isBeyondDouble(claim.getValue())) {
                    throw new UnfitException(claim.getKey(), "The custom claims hold a number that is out of range");
                }
                String json = claim.getValue().toString();
                if (!isWellFormed(claim.getKey()) || !isWellFormed(json)) {
                    throw new UnfitException(claim.getKey(), "The custom claims are not well-formed Unicode");
                }
                bytes += length(claim.getKey()) + length(json);
                permitted.put(claim.getKey(), json);
            }
        }
        if (bytes > MAX_BYTES) {
            throw new UnfitException("", "The custom claims are larger than " + MAX_BYTES + " bytes");
        }
        return permitted;
    }

    private static boolean isDeeper(JsonNode value, int levels) {
        if (!value.isContainer()) {
            return false;
        }
        return levels == 0 || value.values().stream().anyMatch(inner -> isDeeper(inner, levels - 1));
    }

    /** Written out, such a number would be the text {@code "Infinity"}. */
    private static boolean isBeyondDouble(JsonNode value) {
        return value.isContainer()
                ? value.values().stream().anyMatch(CustomClaims::isBeyondDouble)
                : value.isDouble() && !Double.isFinite(value.doubleValue());
    }

    private static boolean isWellFormed(String text) {
        return StandardCharsets.UTF_8.newEncoder().canEncode(text);
    }

    private static int length(String text) {
        return text.getBytes(StandardCharsets.UTF_8).length;
    }

    static boolean isPermitted(String name) {
        if (name.isEmpty() || RESTRICTED.contains(name)) {
            return false;
        }
        String lower = name.toLowerCase(Locale.ROOT);
        if (lower.startsWith("http://") || lower.startsWith("https://")) {
            return AUTH0_HOSTS.stream().noneMatch(host -> isWithin(host(lower), host));
        }
        return !lower.equals("urn:auth0") && !lower.startsWith("urn:auth0:");
    }

    /** Of a URL that may be none: then the text itself, since it names nobody's host. */
    private static String host(String url) {
        try {
            String host = new URI(url).getHost();
            return host == null ? url : host;
        } catch (URISyntaxException _) {
            return url;
        }
    }

    private static boolean isWithin(String host, String domain) {
        return host.equals(domain) || host.endsWith("." + domain);
    }
}
