package dev.jeton.cli;

import tools.jackson.databind.JsonNode;

/**
 * What came of a test of a Hook or an Action.
 *
 * @param answer the server's, with {@code payload} and {@code stats}
 */
record RehearsalReport(Extension extension, JsonNode answer) {

    /**
     * Prints it.
     *
     * @return 0 if the code lets a token be issued; otherwise 1, with {@code --json}
     * @throws Failure if the code refused or failed, without {@code --json}
     */
    int print(Session session) {
        JsonNode payload = answer.path("payload");
        JsonNode error = payload.path("error");
        if (session.json()) {
            session.output().json(answer);
            return error.isObject() ? Failure.REFUSED : 0;
        }
        String duration = Json.text(answer.path("stats"), "total_runtime_execution_duration_ms");
        session.output()
                .line("The " + extension.title() + " ran for " + duration + " ms, as a test: no token was issued.");
        printConsole(payload.path("console"), session);
        if (error.isObject()) {
            printReason(Json.text(error, "reason"), session);
            throw Failure.refused("the " + extension.title() + " gives no token: " + Json.text(error, "code") + " ("
                    + Json.text(error, "status") + "): " + Json.text(error, "message"));
        }
        printResult(payload.path("result"), session);
        printToken(payload.path("token"), session);
        return 0;
    }

    private static void printConsole(JsonNode console, Session session) {
        if (!console.isEmpty()) {
            session.output().blank();
            Table table = Table.headed("LEVEL", "CONSOLE");
            console.values().forEach(line -> table.row(Json.text(line, "level"), Json.text(line, "text")));
            session.output().table(table);
        }
    }

    /** Mostly a stack trace: what went wrong, and where in the script. */
    private static void printReason(String reason, Session session) {
        if (!reason.isBlank()) {
            session.output().blank();
            reason.lines().forEach(session.output()::line);
        }
        session.output().flush(); // before the failure, on the other stream
    }

    private static void printResult(JsonNode result, Session session) {
        session.output().blank();
        Table table = Table.headed("RESULT", "VALUE");
        result.forEachEntry((name, value) -> table.row(name, Json.text(value)));
        session.output().table(table);
    }

    private static void printToken(JsonNode token, Session session) {
        if (token.isObject()) {
            session.output().blank();
            session.output().line("The token would be:");
            session.output().blank();
            ClaimTable claims = new ClaimTable(session.shell().clock().instant());
            session.output().table(claims.of(new UnverifiedToken(token.path("header"), token.path("claims"))));
        }
    }
}
