package dev.jeton.token;

import static dev.jeton.management.Schema.amount;
import static dev.jeton.management.Schema.anyObject;
import static dev.jeton.management.Schema.listOf;
import static dev.jeton.management.Schema.object;
import static dev.jeton.management.Schema.text;
import static dev.jeton.management.Schema.whole;

import dev.jeton.management.Schema;
import dev.jeton.management.Schema.Items;
import dev.jeton.management.Schema.Members;
import dev.jeton.oauth.Audience;
import dev.jeton.oauth.ClientId;

/** What a sample of a request may hold, and what its answer does. */
final class RehearsalSchema {
    private static final int MAX_SCOPES = 1_000;
    private static final int MAX_TEXT = 600;

    private static final Items SCOPE =
            listOf(text(1, MAX_TEXT)).between(0, MAX_SCOPES).unique();

    /** For a Hook: what it would be called with. */
    static final Members HOOK = object().with(
                    object().with(
                                    object().with(text(1, ClientId.MAX_LENGTH), "id")
                                            .with(text(0, MAX_TEXT), "name", "tenant")
                                            .with(
                                                    object().others(text(0, MAX_TEXT)
                                                            .orNull()),
                                                    "metadata"),
                                    "client")
                            .with(SCOPE, "scope")
                            .with(text(1, Audience.MAX_LENGTH), "audience")
                            .with(
                                    object().with(text(0, MAX_TEXT), "ip", "userAgent")
                                            .with(anyObject(), "body"),
                                    "context"),
                    "payload");

    /** For an Action: its event. */
    static final Members ACTION = object().require(
                    anyObject()
                            .with(anyObject().with(text(1, ClientId.MAX_LENGTH), "client_id"), "client")
                            .with(anyObject().with(text(1, Audience.MAX_LENGTH), "identifier"), "resource_server")
                            .with(anyObject().with(SCOPE, "scope"), "accessToken"),
                    "payload");

    static final Schema ANSWER = object().require(
                    object().with(anyObject().require(listOf(text()), "scope"), "result")
                            .with(object().require(anyObject(), "header", "claims"), "token")
                            .with(
                                    object().require(text(), "code", "message", "reason")
                                            .require(whole(400, 599), "status"),
                                    "error")
                            .require(listOf(object().require(text(), "level", "text")), "console"),
                    "payload")
            .require(
                    object().require(whole(0, Long.MAX_VALUE), "total_request_duration_ms")
                            .require(amount(0, Double.MAX_VALUE), "total_runtime_execution_duration_ms"),
                    "stats")
            .named("CodeTest");

    private RehearsalSchema() {}
}
