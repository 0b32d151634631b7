package dev.jeton.logstream;

import static dev.jeton.management.Schema.anyObject;
import static dev.jeton.management.Schema.flag;
import static dev.jeton.management.Schema.listOf;
import static dev.jeton.management.Schema.object;
import static dev.jeton.management.Schema.oneOf;
import static dev.jeton.management.Schema.text;

import dev.jeton.management.Schema;
import dev.jeton.management.Schema.Members;
import dev.jeton.management.Schema.Text;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/** What the fields of a log stream may be. */
final class LogStreamSchema {
    private static final Text NOT_EMPTY = text(1, 2_000);

    /** What a sink may hold, by the type of its stream. */
    private static final Map<String, Members> SINKS = Map.of(
            "http",
            object().require(text(9, 2_000).pattern("^https://"), "httpEndpoint")
                    .with(text(0, 2_000), "httpContentType", "httpAuthorization")
                    .with(oneOf("JSONARRAY", "JSONLINES", "JSONOBJECT"), "httpContentFormat")
                    .with(listOf(object().require(NOT_EMPTY, "header", "value")).between(0, 50), "httpCustomHeaders"),
            "eventbridge",
            object().require(text(12, 12).pattern("^[0-9]*$"), "awsAccountId")
                    .require(NOT_EMPTY, "awsRegion")
                    .with(NOT_EMPTY, "awsPartnerEventSource"),
            "eventgrid",
            object().require(text(36, 36).pattern("^[0-9a-fA-F-]*$"), "azureSubscriptionId")
                    .require(NOT_EMPTY, "azureRegion", "azureResourceGroup")
                    .with(NOT_EMPTY, "azurePartnerTopic"),
            "datadog",
            object().require(NOT_EMPTY, "datadogApiKey").require(oneOf("us", "eu", "us3", "us5"), "datadogRegion"),
            "splunk",
            object().require(NOT_EMPTY, "splunkDomain", "splunkToken")
                    .require(text(1, 5).pattern("^[0-9]*$"), "splunkPort")
                    .require(flag(), "splunkSecure"),
            "sumo",
            object().require(NOT_EMPTY, "sumoSourceAddress"),
            "segment",
            object().require(NOT_EMPTY, "segmentWriteKey"),
            "mixpanel",
            object().require(oneOf("us", "eu"), "mixpanelRegion")
                    .require(text(1, 40).pattern("^[0-9]*$"), "mixpanelProjectId")
                    .require(NOT_EMPTY, "mixpanelServiceAccountUsername", "mixpanelServiceAccountPassword"));

    private static final Text CATEGORY = oneOf(
            "auth.login.fail",
            "auth.login.notification",
            "auth.login.success",
            "auth.logout.fail",
            "auth.logout.success",
            "auth.signup.fail",
            "auth.signup.success",
            "auth.silent_auth.fail",
            "auth.silent_auth.success",
            "auth.token_exchange.fail",
            "auth.token_exchange.success",
            "management.fail",
            "management.success",
            "scim.event",
            "system.notification",
            "user.fail",
            "user.notification",
            "user.success",
            "actions",
            "other");

    private static final Members COMMON = object().with(text(1, 255), "name")
            .with(
                    listOf(object().require(oneOf("category"), "type")
                                    .require(CATEGORY, "name")
                                    .named("LogStreamFilter"))
                            .between(0, 100),
                    "filters")
            .with(
                    object().require(
                                    listOf(oneOf("first_name", "last_name", "username", "email", "phone", "address"))
                                            .between(1, 6)
                                            .unique(),
                                    "log_fields")
                            .with(oneOf("mask", "hash"), "method")
                            .with(oneOf("xxhash"), "algorithm")
                            .named("PersonalDataConfiguration")
                            .orNull(),
                    "pii_config")
            // "delivered" is ours: an export that has it goes back in.
            .with(flag(), "isPriority", "delivered");

    /** Any sink; which one it must be follows from the type. */
    private static final Members ANY_SINK = anyObject();

    private static final Text STATUS = oneOf(LogStream.ACTIVE, "paused");

    /** What creates a stream of any type. */
    static final Members ANY_CREATE =
            COMMON.require(types(), "type").require(ANY_SINK, "sink").with(text(0, 100), "startFrom");

    /** What changes a stream of any type. */
    static final Members ANY_UPDATE = COMMON.with(STATUS, "status").with(ANY_SINK, "sink");

    static final Schema ANSWER = COMMON.require(text(), "id")
            .require(types(), "type")
            .require(STATUS, "status")
            .require(ANY_SINK, "sink")
            .require(flag(), "isPriority", "delivered")
            .named("LogStream");

    private LogStreamSchema() {}

    private static Schema types() {
        return oneOf(SINKS.keySet().stream().sorted().toArray(String[]::new)).named("LogStreamType");
    }

    /** A new stream of that type; of an unknown one only that can be said. */
    static Members create(Optional<String> type) {
        return type.map(SINKS::get)
                .map(sink -> ANY_CREATE.require(sink, "sink"))
                .orElse(ANY_CREATE);
    }

    /** A change of a stream of that type; it keeps its type, and one to a partner keeps its sink. */
    static Members update(String type) {
        return type.equals("eventbridge") || type.equals("eventgrid")
                ? ANY_UPDATE.without("sink")
                : ANY_UPDATE.with(Objects.requireNonNull(SINKS.get(type)), "sink");
    }
}
