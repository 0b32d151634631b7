package dev.jeton.cli;

import java.io.PrintWriter;
import java.io.StringWriter;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * What is said beside the answer, on standard error: in sentences or, with {@code --json}, as an object on a line each,
 * {@code {"note"}}, {@code {"warning"}} or {@code {"error", "message", "fix", "code", "exit_code"}}.
 */
final class Notes {
    private final Output err;
    private final boolean json;

    Notes(Output err, boolean json) {
        this.err = err;
        this.json = json;
    }

    /** Something that a person should know, while the command goes on. */
    void note(String sentence) {
        if (json) {
            print(Json.object().put("note", sentence));
        } else {
            err.line("jeton: " + sentence);
        }
    }

    /** Something that may well be wrong, while the command goes on. */
    void warning(String sentence) {
        if (json) {
            print(Json.object().put("warning", sentence));
        } else {
            err.line(Style.DOUBTFUL, "jeton: warning:", " " + sentence);
        }
    }

    /** Says why the command ends. */
    int failed(Failure failure) {
        if (json) {
            ObjectNode error = Json.object().put("error", word(failure)).put("message", failure.message());
            error.put("fix", failure.mend().orElse(null));
            error.put("code", failure.serverCode().orElse(null));
            print(error.put("exit_code", failure.exitCode()));
        } else {
            err.line(Style.BAD, "jeton:", " " + failure.message());
            failure.mend().ifPresent(mend -> err.line("  " + mend));
            err.flush();
        }
        return failure.exitCode();
    }

    private static String word(Failure failure) {
        return switch (failure.exitCode()) {
            case Failure.WRONG_USAGE -> "wrong_usage";
            case Failure.UNREACHABLE -> "unreachable";
            default -> "refused";
        };
    }

    /** A fault of this program: whoever reports it needs the trace. */
    int fault(Exception fault) {
        StringWriter trace = new StringWriter();
        fault.printStackTrace(new PrintWriter(trace, true));
        if (json) {
            print(Json.object()
                    .put("error", "fault")
                    .put("message", fault.toString())
                    .put("fix", "please report it with its trace")
                    .putNull("code")
                    .put("exit_code", Failure.REFUSED)
                    .put("trace", trace.toString()));
        } else {
            err.line(Style.BAD, "jeton:", " a fault in the command line itself; please report it with what follows");
            trace.toString().lines().forEach(err::line);
            err.flush();
        }
        return Failure.REFUSED;
    }

    /** The help of a group of commands that was called without any. */
    int incomplete(String usage, String command) {
        if (json) {
            return failed(
                    Failure.usage("there is no command given to " + command).mendedBy("see " + command + " --help"));
        }
        usage.lines().forEach(err::line);
        err.flush();
        return Failure.WRONG_USAGE;
    }

    private void print(JsonNode object) {
        err.jsonLine(object);
        err.flush();
    }
}
