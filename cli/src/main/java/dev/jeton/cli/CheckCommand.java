package dev.jeton.cli;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * {@code jeton hooks check} and {@code jeton actions check}: says what a file needs, what of it is refused, and what it
 * does otherwise than where it comes from. Asks no server and does not run the file.
 */
@Command(
        name = "check",
        description = "Say whether a file would run here, what it needs and what is different; without a server.",
        footer = {"  ${COMMAND-FULL-NAME} add-plan.js", "", "The file is read and not run."},
        exitCodeList = {"0:it runs here, with or without differences", "1:it does not run here"})
final class CheckCommand implements Callable<Integer> {
    private static final Duration AT_MOST = Duration.ofSeconds(30);
    private static final String UNVERSIONED = "latest";
    private static final int MOST_PACKAGES = 10;

    private final Session session;
    private boolean isOneUnread;

    @Spec
    @Nullable
    CommandSpec spec;

    @Parameters(
            arity = "1..*",
            paramLabel = "FILE",
            description = "Files with a Hook or an Action each; - is standard input.")
    List<Path> files = List.of();

    @Option(
            names = "--kind",
            paramLabel = "KIND",
            completionCandidates = Choices.ExtensionKinds.class,
            description = "hook or action; what the file exports tells, unless this does.")
    @Nullable
    String kind;

    @Option(
            names = "--dependency",
            paramLabel = "NAME@VERSION",
            description = "A package that the file will have, in that exact version; may be repeated. Actions may leave"
                    + " the version out.")
    List<String> dependencies = List.of();

    @Option(
            names = "--install",
            description = "Install its packages with npm for a moment, as the server does, to see whether it would keep"
                    + " them. Uses the network.")
    boolean install;

    CheckCommand(Session session) {
        this.session = session;
    }

    @Override
    public Integer call() {
        Optional<String> given = Optional.ofNullable(kind).map(CheckCommand::checkedKind);
        String otherwise = kindByGroup();
        FileCheck.Knowledge known =
                new FileCheck.Knowledge(given, otherwise, declared(given.orElse(otherwise)), Optional.empty());
        NodeJs node = NodeJs.find(session.shell());
        Optional<PackageTrial> trial = install ? Optional.of(new PackageTrial(session.shell())) : Optional.empty();
        List<JsonNode> reports = new ArrayList<>();
        try (FileCheck check = new FileCheck(node, AT_MOST, session.shell());
                Progress.Stage stage = session.progress().during("checking")) {
            for (Path file : files) {
                stage.at((install ? "checking, with packages, " : "checking ") + (reports.size() + 1) + " of "
                        + files.size() + ": " + file);
                reports.add(named(file, report(check, file, known, trial)));
            }
        }
        print(reports);
        if (isOneUnread) {
            return Failure.WRONG_USAGE;
        }
        return reports.stream().map(CheckReport::new).allMatch(CheckReport::runs) ? 0 : Failure.REFUSED;
    }

    private static String checkedKind(String given) {
        if (!given.equals("hook") && !given.equals("action")) {
            throw Failure.usage("--kind is hook or action, not '" + given + "'");
        }
        return given;
    }

    /** {@code jeton actions check} is for Actions, if the file does not say otherwise. */
    private String kindByGroup() {
        CommandSpec parent = spec == null ? null : spec.parent();
        return parent != null && parent.name().equals("actions") ? "action" : "hook";
    }

    private Map<String, String> declared(String kindOfFile) {
        return Dependencies.of(dependencies)
                .exactFor(kindOfFile.equals("action") ? Extension.Kind.ACTION : Extension.Kind.HOOK)
                .versions();
    }

    private JsonNode report(FileCheck check, Path file, FileCheck.Knowledge known, Optional<PackageTrial> trial) {
        byte[] content;
        try {
            content = new InputFile("the file", file).beginning(session.shell());
        } catch (Failure failure) {
            isOneUnread = true;
            return check.unknown(failure.message(), "");
        }
        JsonNode report = check.report(content, known);
        Map<String, String> packages = packages(report);
        if (trial.isEmpty() || packages.isEmpty() || packages.size() > MOST_PACKAGES) {
            return report;
        }
        return check.report(
                content,
                new FileCheck.Knowledge(
                        known.kind(),
                        known.otherwise(),
                        known.dependencies(),
                        Optional.of(trial.get().install(packages))));
    }

    /** The packages that a file cannot do without, each with the version that is known to be meant. */
    private static Map<String, String> packages(JsonNode report) {
        Map<String, String> packages = new HashMap<>();
        for (JsonNode module : report.path("modules").values()) {
            if (Json.text(module, "kind").equals("package")
                    && !module.path("optional").asBoolean(false)) {
                String version = Json.text(module, "version");
                packages.put(Json.text(module, "name"), version.isEmpty() ? UNVERSIONED : version);
            }
        }
        return packages;
    }

    private static JsonNode named(Path file, JsonNode report) {
        ObjectNode named = Json.object().put("file", file.toString());
        report.properties().forEach(member -> named.set(member.getKey(), member.getValue()));
        return named;
    }

    private void print(List<JsonNode> reports) {
        if (session.json()) {
            session.output().json(Json.array(reports));
            return;
        }
        for (int i = 0; i < reports.size(); i++) {
            if (i > 0) {
                session.output().blank();
            }
            new CheckReport(reports.get(i)).print(session.output());
        }
    }
}
