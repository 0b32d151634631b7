package dev.jeton.extension;

import dev.jeton.extension.ConsoleStore.Stored;
import dev.jeton.http.ApiError;
import dev.jeton.http.Form;
import dev.jeton.http.Response;
import dev.jeton.management.Operation;
import dev.jeton.management.Page;
import dev.jeton.management.Schema;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** The answer to who asks what a Hook or an Action wrote: the newest lines, or those behind a checkpoint. */
public final class ConsolePage {
    private static final JsonMapper JSON = JsonMapper.shared();
    private static final int MOST = 100;
    private static final int DEFAULT = 50;

    public static final List<Operation.Parameter> PARAMETERS = List.of(
            new Operation.Parameter("take", Schema.whole(1, MOST), "How many lines; " + DEFAULT + " unless given."),
            new Operation.Parameter("from", Schema.text(), "The checkpoint: what the answer before named as next."));

    public static final Schema ANSWER = Schema.object()
            .require(
                    Schema.listOf(Schema.object()
                            .require(Schema.text(), "id", "date", "level", "text")
                            .require(Schema.text().orNull(), "request_id")
                            .named("ConsoleLine")),
                    "logs")
            .require(Schema.text(), "next")
            .named("Console");

    private ConsolePage() {}

    /**
     * Lines of that script, oldest first, and in {@code next} from where to go on.
     *
     * @param query {@code take}, and {@code from} for those behind it
     */
    public static Response of(ConsoleStore store, String scriptId, Form query) {
        int take = Page.number(query, "take", 1, MOST, DEFAULT);
        Optional<Long> from =
                query.first("from").filter(text -> !text.isEmpty()).map(ConsolePage::position);
        List<Stored> lines = from.isPresent() ? store.after(scriptId, from.get(), take) : store.newest(scriptId, take);
        ObjectNode answer = JSON.createObjectNode();
        ArrayNode shown = answer.putArray("logs");
        for (Stored line : lines) {
            shown.addObject()
                    .put("id", String.valueOf(line.sequence()))
                    .put("date", line.at().toString())
                    .put("level", line.level())
                    .put("text", line.text())
                    .put("request_id", line.requestId());
        }
        long next = lines.isEmpty() ? from.orElse(0L) : lines.getLast().sequence();
        answer.put("next", String.valueOf(next));
        return Response.json(200, JSON.writeValueAsBytes(answer)).with("Cache-Control", "no-store");
    }

    private static long position(String text) {
        try {
            long position = Long.parseLong(text);
            if (position >= 0) {
                return position;
            }
        } catch (NumberFormatException _) {
            // Refused below, like a number below 0.
        }
        throw ApiError.badRequest(
                "Query validation error: 'Not a checkpoint of this list' on property from.", "invalid_query_string");
    }
}
