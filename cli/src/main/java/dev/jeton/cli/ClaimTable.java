package dev.jeton.cli;

import java.time.Instant;
import tools.jackson.databind.JsonNode;

/** A token's header and claims, one a row, each with a plain word for what it means. */
final class ClaimTable {
    private final Instant now;

    ClaimTable(Instant now) {
        this.now = now;
    }

    Table of(UnverifiedToken token) {
        Table table = Table.headed("HEADER", "VALUE", "MEANING");
        token.header().forEachEntry((name, value) -> table.row(name, Json.text(value), headerMeaning(name)));
        table.row();
        table.heading("CLAIM", "VALUE", "MEANING");
        token.claims().forEachEntry((name, value) -> table.row(name, Json.text(value), meaning(name, value)));
        return table;
    }

    private static String headerMeaning(String name) {
        return switch (name) {
            case "alg" -> "signature algorithm";
            case "typ" -> "kind of token";
            case "kid" -> "key that signed it, in the server's key set";
            default -> "";
        };
    }

    private String meaning(String name, JsonNode value) {
        return switch (name) {
            case "iss" -> "issuer: the server that signed it";
            case "sub" -> "subject: the application itself";
            case "aud" -> "audience: the API it is for";
            case "azp", "client_id" -> "application that asked for it";
            case "scope" -> Json.text(value).isEmpty() ? "what it may do: nothing by scope" : "what it may do";
            case "permissions" -> "what it may do, as a list";
            case "iat" -> "issued " + time(value);
            case "nbf" -> "not valid before " + time(value);
            case "exp" -> "expires " + time(value);
            case "jti" -> "the token's own id, also in the log";
            case "gty" -> "how it was obtained";
            case "org_id", "org_name" -> "organization it was asked for";
            case "cnf" -> "key or certificate its bearer has to prove";
            default -> "added by a Hook or Action";
        };
    }

    private String time(JsonNode value) {
        return value.isNumber() ? Moment.relative(Instant.ofEpochSecond(value.asLong()), now) : "";
    }
}
