package dev.jeton.cli;

import java.util.List;
import java.util.stream.Collectors;
import tools.jackson.databind.JsonNode;

/** What the check found out about one file, for people to read. */
record CheckReport(JsonNode json) {
    private static final String INDENT = "  ";

    boolean runs() {
        String verdict = Json.text(json, "verdict");
        return verdict.equals("runs") || verdict.equals("differs");
    }

    void print(Output output) {
        output.line(Json.text(json, "file") + " " + verdict());
        Table facts = facts();
        if (!facts.isEmpty()) {
            output.blank();
            output.table(facts);
        }
        Table modules = modules();
        if (!modules.isEmpty()) {
            output.blank();
            output.table(modules);
        }
        print(Json.text(json, "verdict").equals("unknown") ? "Why" : "Refused", "refused", output);
        print("Differences", "differs", output);
        print("Notes", "note", output);
    }

    private String verdict() {
        return switch (Json.text(json, "verdict")) {
            case "runs" -> "runs as it is";
            case "differs" -> "runs, with " + counted(of("differs").size(), "difference") + " to read";
            case "refused" -> {
                int differences = of("differs").size();
                yield "does not run here: " + counted(of("refused").size(), "reason")
                        + (differences == 0 ? "" : ", and " + counted(differences, "difference") + " to read");
            }
            default -> "could not be checked";
        };
    }

    private static String counted(int count, String what) {
        return count + " " + what + (count == 1 ? "" : "s");
    }

    private List<JsonNode> of(String level) {
        return json.path("findings").values().stream()
                .filter(finding -> Json.text(finding, "level").equals(level))
                .toList();
    }

    private Table facts() {
        JsonNode node = json.path("node");
        String needed = Json.text(node, "needed");
        String probable = Json.text(node, "probable");
        Table facts = Table.plain();
        if (!json.has("syntax") || json.path("syntax").isNull()) {
            return facts;
        }
        facts.row("Kind", Json.text(json, "kind").equals("action") ? "Action" : "Hook");
        facts.row("Language", Json.text(json, "syntax"));
        facts.row("Node.js it needs", needed.isEmpty() ? "any" : since(needed, node.path("because")));
        if (!probable.equals(needed)) {
            facts.row("and probably", since(probable, node.path("probably")));
        }
        facts.row(
                "Node.js here",
                Json.text(node, "here") + "; Jeton needs " + whole(Json.text(node, "oldest")) + " or newer");
        facts.fact("Secrets it reads", String.join(", ", Json.texts(json, "secrets")));
        facts.fact(
                "Needs the network",
                json.path("network").values().stream()
                        .map(use -> Json.text(use, "name") + " (line " + Json.text(use, "line") + ")")
                        .collect(Collectors.joining(", ")));
        return facts;
    }

    /** A version, and what it is that came with it. */
    private static String since(String version, JsonNode because) {
        String reasons = because.values().stream()
                .filter(reason -> Json.texts(reason, "since").contains(version))
                .map(reason -> Json.text(reason, "what")
                        + (reason.path("line").isNull() ? "" : " (line " + Json.text(reason, "line") + ")"))
                .collect(Collectors.joining(", "));
        return whole(version) + " or newer" + (reasons.isEmpty() ? "" : ": " + reasons);
    }

    private static String whole(String version) {
        return version.endsWith(".0") ? version.substring(0, version.length() - 2) : version;
    }

    private Table modules() {
        Table table = Table.plain();
        if (json.path("modules").isEmpty()) {
            return table;
        }
        table.heading("MODULE", "LINE", "WHAT BECOMES OF IT");
        for (JsonNode module : json.path("modules").values()) {
            table.row(Json.text(module, "name"), Json.text(module, "line"), fate(module));
        }
        return table;
    }

    private static String fate(JsonNode module) {
        String why = Json.text(module, "why");
        return switch (Json.text(module, "use")) {
            case "fine" -> "comes with Node.js";
            case "network" -> "comes with Node.js; needs the network";
            case "partly" -> "comes with Node.js, and is there in part. " + why;
            case "declare" ->
                isOptional(module)
                        ? "is optional: goes into dependencies if it is wanted" + version(module)
                        : "goes into dependencies" + version(module);
            case "native" ->
                isOptional(module) ? "is optional, and not to be had: native code" : "is refused: native code";
            default -> "is refused. " + why;
        };
    }

    /** Whether the file itself says what to do without it. */
    private static boolean isOptional(JsonNode module) {
        return module.path("optional").asBoolean(false);
    }

    private static String version(JsonNode module) {
        String version = Json.text(module, "version");
        String installed = Json.text(module, "installed");
        if (!version.isEmpty()) {
            return ": " + version;
        }
        return installed.isEmpty() ? ", with an exact version" : ", with an exact version; the newest is " + installed;
    }

    private void print(String heading, String level, Output output) {
        List<JsonNode> findings = of(level);
        if (findings.isEmpty()) {
            return;
        }
        output.blank();
        output.line(heading);
        for (JsonNode finding : findings) {
            output.line(INDENT + place(finding) + Json.text(finding, "what"));
            for (String more : List.of(Json.text(finding, "why"), Json.text(finding, "mend"))) {
                if (!more.isEmpty()) {
                    output.line(INDENT.repeat(3) + more);
                }
            }
        }
    }

    private static String place(JsonNode finding) {
        List<String> lines = Json.texts(finding, "lines");
        if (lines.isEmpty()) {
            return "";
        }
        return (lines.size() == 1 ? "line " : "lines ") + String.join(", ", lines) + ": ";
    }
}
