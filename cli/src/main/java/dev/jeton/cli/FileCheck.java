package dev.jeton.cli;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Properties;
import java.util.concurrent.TimeoutException;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * The check of Hooks and Actions: scripts that Node.js runs in a folder of their own, where the file that is checked is
 * their input and nothing more. They may read that folder, and neither write, nor start anything, nor see the
 * environment.
 */
final class FileCheck implements AutoCloseable {
    static final List<String> SCRIPTS = List.of(
            "absent.mjs",
            "action.mjs",
            "builtins.mjs",
            "check.mjs",
            "claims.json",
            "claims.mjs",
            "exported.mjs",
            "features.mjs",
            "findings.mjs",
            "general.mjs",
            "hook.mjs",
            "installed.mjs",
            "modules.mjs",
            "needs.mjs",
            "packages.mjs",
            "paths.mjs",
            "report.mjs",
            "scope.mjs",
            "syntax.mjs",
            "uses.mjs",
            "versions.mjs");

    private static final String PARSERS = "/META-INF/resources/webjars/acorn/";
    private static final String PARSER_VERSION = "/META-INF/maven/org.webjars.npm/acorn/pom.properties";
    private static final int MOST_REPORT_BYTES = 4 << 20;
    private static final int MOST_REASON = 200;

    private final NodeJs node;
    private final Duration atMost;
    private final ScratchFolder folder;

    /**
     * What is known of a file beside its content.
     *
     * @param kind {@code hook} or {@code action}, if that is not to be told from the file
     * @param otherwise the kind to assume if the file does not tell
     * @param dependencies packages and their exact versions
     * @param installed what came of their installation, if there was one
     */
    record Knowledge(
            Optional<String> kind, String otherwise, Map<String, String> dependencies, Optional<JsonNode> installed) {}

    /** @param atMost how long the check of one file may take */
    FileCheck(NodeJs node, Duration atMost, Shell shell) {
        this.node = node;
        this.atMost = atMost;
        try {
            this.folder = ScratchFolder.make("jeton-check", shell);
        } catch (IOException e) {
            throw Failure.refused("cannot make a temporary folder: " + FileTrouble.of(shell.temporary(), e));
        }
        try {
            Path scripts = Files.createDirectory(folder.path().resolve("scripts"));
            for (String name : SCRIPTS) {
                unpack("check/" + name, scripts.resolve(name));
            }
            unpack(PARSERS + parserVersion() + "/dist/acorn.mjs", scripts.resolve("acorn.mjs"));
        } catch (IOException e) {
            folder.close();
            throw Failure.refused("cannot write a temporary file: " + e.getMessage());
        }
    }

    private static String parserVersion() throws IOException {
        try (InputStream properties = resource(PARSER_VERSION)) {
            Properties pom = new Properties();
            pom.load(properties);
            return pom.getProperty("version");
        }
    }

    private static void unpack(String resource, Path file) throws IOException {
        try (InputStream content = resource(resource)) {
            Files.copy(content, file);
        }
    }

    private static InputStream resource(String name) {
        return Objects.requireNonNull(FileCheck.class.getResourceAsStream(name), () -> "the jar has no " + name);
    }

    /** The report on a file; its form is described by {@code report.mjs}. */
    JsonNode report(byte[] content, Knowledge known) {
        Path scripts = folder.path().resolve("scripts");
        List<String> command = new ArrayList<>(node.confined(scripts, scripts.resolve("check.mjs")));
        known.kind().ifPresent(kind -> command.addAll(List.of("--kind", kind)));
        command.addAll(List.of("--otherwise", known.otherwise()));
        known.dependencies().forEach((name, version) -> command.add("--dependency=" + name + "@" + version));
        known.installed().ifPresent(what -> command.add("--installed=" + Json.compact(what)));
        try {
            Path input = folder.path().resolve("input");
            Files.write(input, content); // and no pipe: whoever does not read a file blocks nobody
            ChildProcess.Ended ended =
                    new ChildProcess(command, scripts, Map.of(), Optional.of(input), atMost, MOST_REPORT_BYTES).run();
            return told(ended);
        } catch (TimeoutException _) {
            return unknown(
                    "it was not read within " + atMost.toSeconds() + " s",
                    "It is nested too deeply, or there is too much of it.");
        } catch (IOException e) {
            return unknown("the check cannot be run", e.toString());
        }
    }

    private JsonNode told(ChildProcess.Ended ended) {
        String why = "Its exit status was " + ended.status()
                + (ended.complaint().isEmpty() ? "." : "; it said: " + shortened(ended.complaint()));
        if (ended.status() != 0 || ended.output().isBlank()) {
            return unknown("Node.js ended before it had read it", why);
        }
        try {
            return Json.parse(ended.output());
        } catch (JacksonException _) {
            return unknown("Node.js ended before it had told all", why);
        }
    }

    private static String shortened(String text) {
        return text.length() <= MOST_REASON ? text : text.substring(0, MOST_REASON) + "…";
    }

    /** The report of one who knows nothing of a file; its members are those of every report. */
    JsonNode unknown(String what, String why) {
        ObjectNode finding = Json.object().put("level", "refused").put("code", "unreadable");
        finding.putArray("lines");
        finding.put("what", what).put("why", why).put("mend", "");
        ObjectNode report = Json.object().put("verdict", "unknown").putNull("kind");
        ObjectNode versions =
                report.putObject("node").put("here", node.version()).put("oldest", NodeJs.OLDEST);
        versions.putNull("needed").putArray("because");
        versions.putNull("probable").putArray("probably");
        report.putNull("syntax");
        List.of("modules", "network", "secrets").forEach(report::putArray);
        report.putArray("findings").add(finding);
        return report;
    }

    @Override
    public void close() {
        folder.close();
    }
}
