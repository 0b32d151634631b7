package dev.jeton.cli;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.node.ObjectNode;

/** {@code jeton import}: what auth0-deploy-cli exported of another tenant. */
@Command(
        name = "import",
        description = {
            "Import what auth0-deploy-cli exported of another tenant.",
            "",
            "Creates what is not here and updates what differs; removes no application, API, grant or code. Run it again"
                    + " after a failure: what ran there and is off here is named in the report."
        },
        footer = {
            "  a0deploy export --format=directory --output_folder=tenant",
            "  jeton import tenant --dry-run",
            "  jeton import tenant --secrets secrets.json"
        },
        exitCodeList = {
            "0:done, with whatever was skipped",
            "1:something was refused, as the report says; all else is done",
            "3:the server went away meanwhile; run it again to go on"
        })
final class ImportCommand implements Callable<Integer> {
    private final Session session;

    @Parameters(paramLabel = "FOLDER", description = "The export: a folder of files, or one with a tenant.yaml.")
    @Nullable
    Path folder;

    @Option(names = "--dry-run", description = "Change nothing; say what would be done.")
    boolean dryRun;

    @Option(
            names = "--secrets",
            paramLabel = "FILE",
            description = "JSON with the secrets, which no export has: {\"clients\": {NAME: SECRET}, \"hooks\": {NAME:"
                    + " {KEY: VALUE}}, \"actions\": {NAME: {KEY: VALUE}}}.")
    @Nullable
    Path secrets;

    @Option(
            names = "--map",
            paramLabel = "KEY=VALUE",
            description = "Value of ##KEY## and @@KEY@@ in the export, repeatable.")
    @Nullable
    List<String> replacements;

    @Option(names = "--keep-ids", description = "Create applications under the client ids that the export has.")
    boolean keepIds;

    @Option(
            names = "--management-grants",
            description = "Also import grants for the old tenant's management API, as grants for this server's.")
    boolean managementGrants;

    @Option(names = "--enable", description = "Also switch on what ran there, is here already and is off.")
    boolean enable;

    ImportCommand(Session session) {
        this.session = session;
    }

    @Override
    public Integer call() {
        if (folder == null) {
            throw Failure.usage("which folder is to be imported?");
        }
        TenantExport export = TenantExport.read(session.shell().directory().resolve(folder), replacements());
        if (!export.unresolved().isEmpty()) {
            throw Failure.usage(
                            "the export has placeholders without a value: " + String.join(", ", export.unresolved()))
                    .mendedBy("give each with --map KEY=VALUE");
        }
        ImportSecrets given = secrets == null ? ImportSecrets.none() : ImportSecrets.read(secrets, session.shell());
        String audience = session.sources().credentials().server().managementAudience();
        TenantImport.Options options = new TenantImport.Options(keepIds, managementGrants, enable);
        ImportReport report;
        try (Progress.Stage stage = session.progress().during("importing")) {
            ImportTarget target = new ImportTarget(session.api(), dryRun, stage, export.size());
            new TenantImport(target, audience, export, given, options).run();
            report = target.report();
        }
        print(report);
        return report.hasRefused() ? Failure.REFUSED : 0;
    }

    private void print(ImportReport report) {
        if (session.json()) {
            ObjectNode json = Json.object().put("dry_run", dryRun);
            json.set("results", report.json());
            session.output().json(json);
            return;
        }
        session.output().table(report.table());
        session.output().blank();
        session.output()
                .line(
                        dryRun
                                ? "Nothing was changed; without --dry-run: " + report.summary() + "."
                                : report.summary() + ".");
    }

    private Map<String, String> replacements() {
        Map<String, String> values = new HashMap<>();
        for (String replacement : replacements == null ? List.<String>of() : replacements) {
            int equals = replacement.indexOf('=');
            if (equals < 1) {
                throw Failure.usage("a value is --map KEY=VALUE, unlike " + replacement);
            }
            values.put(replacement.substring(0, equals), replacement.substring(equals + 1));
        }
        return values;
    }
}
