package dev.jeton.token;

import dev.jeton.client.ClientCredentials;
import dev.jeton.client.ClientSecret;
import dev.jeton.http.Form;
import dev.jeton.http.Request;
import dev.jeton.oauth.OAuthError;
import dev.jeton.oauth.OAuthError.MalformedRequest;
import dev.jeton.oauth.OAuthException;
import dev.jeton.oauth.ScopeSet;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.json.JsonFactory;

/**
 * A token request, RFC 6749 §4.4.2, whose shape is right: each parameter at most once and of its type. An empty value
 * counts as none. Parameters that Jeton does not know are ignored, as are those in the query (RFC 6749 §2.3.1).
 */
record TokenRequest(
        ClientCredentials credentials,
        Optional<String> grantType,
        Optional<String> audience,
        Optional<ScopeSet> scope) {
    private static final int MAX_NESTING = 16;
    private static final String BASIC = "basic ";
    private static final JsonFactory JSON = JsonFactory.builder()
            .streamReadConstraints(
                    StreamReadConstraints.builder().maxNestingDepth(MAX_NESTING).build())
            .build();

    /** The parameters as they were sent, before the {@code Authorization} header is considered. */
    private static final class Parameters {
        private @Nullable String grantType;
        private @Nullable String clientId;
        private @Nullable String clientSecret;
        private @Nullable String audience;
        private @Nullable ScopeSet scope;
    }

    /**
     * Reads the body by its media type, JSON or form; any other, or none, holds no parameters. Then the {@code
     * Authorization} header, if it is HTTP Basic.
     *
     * @throws OAuthException with {@link MalformedRequest} or {@link OAuthError.MalformedScope}
     */
    static TokenRequest parse(Request request) {
        Parameters parameters = switch (request.contentType()) {
            case "application/json" -> parseJson(request);
            case "application/x-www-form-urlencoded" -> parseForm(request);
            default -> new Parameters();
        };
        return new TokenRequest(
                credentials(parameters, request.headers("Authorization")),
                Optional.ofNullable(parameters.grantType),
                Optional.ofNullable(parameters.audience),
                Optional.ofNullable(parameters.scope));
    }

    private static Parameters parseForm(Request request) {
        Form form;
        try {
            form = Form.parse(request.text());
        } catch (CharacterCodingException | Form.MalformedException e) {
            throw malformed("The body is not form-encoded UTF-8");
        }
        Parameters parameters = new Parameters();
        for (String name : form.names()) {
            List<String> values = form.all(name);
            if (isKnown(name) && values.size() > 1) {
                throw repeated(name);
            }
            put(parameters, name, values.getFirst());
        }
        return parameters;
    }

    private static Parameters parseJson(Request request) {
        byte[] body = request.body();
        if (body.length == 0) {
            return new Parameters();
        }
        requireUtf8(request);
        Parameters parameters = new Parameters();
        Set<String> seen = HashSet.newHashSet(8);
        try (JsonParser parser = JSON.createParser(ObjectReadContext.empty(), body)) {
            if (parser.nextToken() != JsonToken.START_OBJECT) {
                throw malformed("The body must be a JSON object");
            }
            for (String name = parser.nextName(); name != null; name = parser.nextName()) {
                if (!seen.add(name)) {
                    throw repeated(name);
                }
                readValue(parser, name, parameters);
            }
            if (parser.nextToken() != null) {
                throw malformed("The body must be one JSON object and nothing behind it");
            }
        } catch (JacksonException e) { // also for what goes beyond the parser's limits
            throw malformed("The body is not well-formed JSON");
        }
        return parameters;
    }

    private static void readValue(JsonParser parser, String name, Parameters parameters) {
        JsonToken value = parser.nextToken();
        if (!isKnown(name)) {
            parser.skipChildren();
        } else if (value == JsonToken.VALUE_STRING) {
            put(parameters, name, parser.getString());
        } else if (name.equals("scope") && value == JsonToken.START_ARRAY) {
            parameters.scope = scopeArray(parser);
        } else if (value != JsonToken.VALUE_NULL) {
            throw name.equals("scope")
                    ? new OAuthException(new OAuthError.MalformedScope())
                    : malformed("Parameter " + name + " must be a string");
        }
    }

    private static @Nullable ScopeSet scopeArray(JsonParser parser) {
        List<String> values = new ArrayList<>();
        for (JsonToken item = parser.nextToken(); item != JsonToken.END_ARRAY; item = parser.nextToken()) {
            if (item != JsonToken.VALUE_STRING) {
                throw new OAuthException(new OAuthError.MalformedScope());
            }
            values.addAll(ScopeSet.parse(parser.getString()).values());
        }
        return values.isEmpty() ? null : ScopeSet.of(values);
    }

    private static boolean isKnown(String name) {
        return switch (name) {
            case "grant_type", "client_id", "client_secret", "audience", "scope" -> true;
            default -> false;
        };
    }

    private static void put(Parameters parameters, String name, String value) {
        if (value.isEmpty()) {
            return;
        }
        switch (name) {
            case "grant_type" -> parameters.grantType = value;
            case "client_id" -> parameters.clientId = value;
            case "client_secret" -> parameters.clientSecret = value;
            case "audience" -> parameters.audience = value;
            case "scope" -> {
                ScopeSet scope = ScopeSet.parse(value);
                parameters.scope = scope.isEmpty() ? null : scope;
            }
            default -> {
                // RFC 6749 §3.2: unrecognized parameters are ignored
            }
        }
    }

    /** A parser of octets does not look at each: overlong forms and lone surrogates would pass, and UTF-16 be guessed. */
    private static void requireUtf8(Request request) {
        for (byte octet : request.body()) {
            if (octet == 0) {
                throw malformed("The body is not well-formed JSON");
            }
            if (octet < 0) {
                try {
                    request.text();
                    return;
                } catch (CharacterCodingException e) {
                    throw malformed("The body is not UTF-8");
                }
            }
        }
    }

    private static ClientCredentials credentials(Parameters parameters, List<String> authorization) {
        String basic = authorization.stream()
                .filter(value -> value.toLowerCase(Locale.ROOT).startsWith(BASIC))
                .findFirst()
                .orElse(null);
        if (basic == null) {
            return new ClientCredentials(parameters.clientId, secret(parameters.clientSecret), false);
        }
        if (authorization.size() > 1) {
            throw malformed("More than one Authorization header was sent");
        }
        if (parameters.clientSecret != null) {
            throw malformed("The client authenticates both in the Authorization header and in the body: use one");
        }
        ClientCredentials credentials = basicCredentials(basic.substring(BASIC.length()));
        if (parameters.clientId != null && !parameters.clientId.equals(credentials.clientId())) {
            throw malformed("client_id in the body is not the one in the Authorization header");
        }
        return credentials;
    }

    /** RFC 6749 §2.3.1: id and secret are each form-encoded, joined by a colon, then Base64. */
    private static ClientCredentials basicCredentials(String encoded) {
        try {
            byte[] octets = Base64.getDecoder().decode(encoded.strip());
            String pair = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(octets))
                    .toString();
            int colon = pair.indexOf(':');
            if (colon < 0) {
                throw malformed("The Authorization header holds no colon between client id and secret");
            }
            String clientId = Form.decode(pair.substring(0, colon), true);
            return new ClientCredentials(
                    clientId.isEmpty() ? null : clientId, secret(Form.decode(pair.substring(colon + 1), true)), true);
        } catch (IllegalArgumentException | CharacterCodingException | Form.MalformedException e) {
            throw malformed("The Authorization header is not HTTP Basic with form-encoded UTF-8 in it");
        }
    }

    private static @Nullable ClientSecret secret(@Nullable String text) {
        return text == null || text.isEmpty() ? null : new ClientSecret(text);
    }

    private static OAuthException repeated(String parameter) {
        // Only names of ours are repeated to the sender: the others are the sender's text.
        return malformed(isKnown(parameter) ? "Parameter " + parameter + " is repeated" : "A parameter is repeated");
    }

    private static OAuthException malformed(String description) {
        return new OAuthException(new MalformedRequest(description));
    }
}
