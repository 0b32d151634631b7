package dev.jeton.cli;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
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
    FileCheck(NodeJs node, Duration atMost) {
        this.node = node;
        this.atMost = atMost;
        this.folder = ScratchFolder.make("jeton-check");
        try {
            Path scripts = Files.createDirectory(folder.path().resolve("scripts"));
            for (String name : SCRIPTS) {
                unpack("check/" + name, scripts.resolve(name));
            }
            unpack(PARSERS + parserVersion() + "/dist/acorn.mjs", scripts.resolve("acorn.mjs"));
        } catch (IOException e) {
            folder.close();
            throw new UncheckedIOException(e);
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
            boolean isReport = ended.status() == 0 && !ended.output().isBlank();
            return isReport ? Json.parse(ended.output()) : unknown("Node.js ended before it had read it");
        } catch (TimeoutException _) {
            return unknown("it was not read within " + atMost.toSeconds() + " s");
        } catch (JacksonException _) {
            return unknown("Node.js ended before it had told all");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The report of one who knows nothing. */
    private JsonNode unknown(String what) {
        JsonNode finding = Json.object()
                .put("level", "refused")
                .put("code", "unreadable")
                .put("what", what)
                .put("why", "It is nested too deeply, or there is too much of it.")
                .put("mend", "")
                .set("lines", Json.array(List.of()));
        return Json.object().put("verdict", "unknown").set("findings", Json.array(List.of(finding)));
    }

    @Override
    public void close() {
        folder.close();
    }
}
