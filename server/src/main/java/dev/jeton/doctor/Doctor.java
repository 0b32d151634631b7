package dev.jeton.doctor;

import dev.jeton.config.ConfigReader;
import dev.jeton.config.ConfigReader.Examined;
import dev.jeton.doctor.Finding.Level;
import java.io.PrintStream;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Makes every check, whatever the others find, and tells the findings as they come or, for programs, as JSON. */
public final class Doctor {
    private static final JsonMapper JSON = JsonMapper.shared();
    private static final Duration LONGEST_CHECK = Duration.ofSeconds(20);
    private static final String JSON_FLAG = "--json";

    private final PrintStream out;
    private final boolean isJson;
    private final ArrayNode findings = JSON.createArrayNode();
    private final Map<Level, Integer> counts = new EnumMap<>(Level.class);

    private Doctor(PrintStream out, boolean isJson) {
        this.out = out;
        this.isJson = isJson;
    }

    /**
     * Looks at the machine and the settings of a server.
     *
     * @param args as for {@code serve}, and {@code --json}
     * @return whether nothing fails
     */
    public static boolean run(String[] args, Map<String, String> environment, InstantSource clock, PrintStream out) {
        List<String> flags = new ArrayList<>(List.of(args));
        Doctor doctor = new Doctor(out, flags.removeIf(JSON_FLAG::equals));
        Examined examined = ConfigReader.examine(flags.toArray(String[]::new), environment);
        Setup setup = Setup.of(examined, environment, clock);
        return doctor.look(Stream.of(
                        List.of(new Check("settings", () -> settings(examined))),
                        new MachineChecks(setup).all(),
                        new FolderChecks(setup).all(),
                        new DatabaseChecks(setup).all(),
                        new ListenerChecks(setup).all())
                .flatMap(List::stream)
                .toList());
    }

    private static List<Finding> settings(Examined examined) {
        return examined.problems().isEmpty()
                ? List.of(
                        Finding.ok("nothing is wrong with them; jeton config show prints each and where it came from"))
                : Stream.concat(
                                examined.problems().stream().map(problem -> Finding.failing(problem, "set it right")),
                                Stream.of(Finding.warn(
                                        "what is wrong counts as not given in the checks that follow",
                                        "mend it first: no server starts so")))
                        .toList();
    }

    private boolean look(List<Check> checks) {
        for (Check check : checks) {
            check.run(LONGEST_CHECK).forEach(finding -> tell(check.name(), finding));
        }
        boolean isWell = count(Level.FAIL) == 0;
        if (isJson) {
            ObjectNode report = JSON.createObjectNode().put("ok", isWell);
            report.set("findings", findings);
            out.println(report.toPrettyString());
        } else {
            out.println();
            out.println(
                    count(Level.FAIL) + " failed, " + count(Level.WARN) + " to look at, " + count(Level.OK) + " well.");
        }
        return isWell;
    }

    private int count(Level level) {
        return counts.getOrDefault(level, 0);
    }

    private void tell(String check, Finding finding) {
        counts.merge(finding.level(), 1, Integer::sum);
        String level = finding.level().name().toLowerCase(Locale.ROOT);
        if (isJson) {
            findings.addObject()
                    .put("check", check)
                    .put("level", level)
                    .put("text", finding.text())
                    .put("cure", finding.cure().isEmpty() ? null : finding.cure());
            return;
        }
        out.println(String.format(Locale.ROOT, "%-4s  %-12s  %s", level, check, finding.text()));
        if (!finding.cure().isEmpty()) {
            out.println(" ".repeat(20) + "cure: " + finding.cure());
        }
        out.flush();
    }
}
