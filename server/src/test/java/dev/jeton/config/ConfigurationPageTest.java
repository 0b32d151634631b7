package dev.jeton.config;

import dev.jeton.Golden;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** Every setting stands in {@code docs/configuration.md}, as the server knows it. */
class ConfigurationPageTest {
    private static final Path PAGE = Path.of("../docs/configuration.md");
    private static final String MADE = "by ConfigurationPageTest. -->\n";

    /** The headings, by the first word of the keys below them. */
    private static final Map<String, String> GROUPS = groups();

    private static Map<String, String> groups() {
        Map<String, String> groups = new LinkedHashMap<>();
        groups.put("", "The server");
        groups.put("db", "PostgreSQL");
        groups.put("bootstrap", "The first client");
        groups.put("oauth", "The token endpoint");
        groups.put("throttle", "Guessed secrets");
        groups.put("secrets", "Client secrets");
        groups.put("keys", "Signing keys");
        groups.put("audit", "The log");
        groups.put("log", "Lines of operation");
        groups.put("management", "The management API");
        groups.put("dashboard", "Sessions of the dashboard");
        groups.put("hooks", "Hooks and Actions");
        groups.put("http", "HTTP");
        return groups;
    }

    @Test
    void the_page_has_every_setting() throws IOException {
        String page = Files.readString(PAGE);
        StringBuilder made = new StringBuilder(page.substring(0, page.indexOf(MADE) + MADE.length()));
        Map<String, String> rows = Settings.ALL.stream()
                .collect(Collectors.groupingBy(
                        ConfigurationPageTest::group,
                        Collectors.mapping(ConfigurationPageTest::row, Collectors.joining())));
        for (Map.Entry<String, String> group : GROUPS.entrySet()) {
            made.append("\n## %s\n\n| key | variable, flag | if absent | meaning |\n| --- | --- | --- | --- |\n%s"
                    .formatted(group.getValue(), rows.remove(group.getKey())));
        }
        if (!rows.isEmpty()) {
            throw new AssertionError("no heading for the settings of " + new TreeSet<>(rows.keySet()));
        }
        Golden.check(PAGE, made.toString());
    }

    private static String group(Setting<?> setting) {
        int dot = setting.key().indexOf('.');
        return dot < 0 ? "" : setting.key().substring(0, dot);
    }

    private static String row(Setting<?> setting) {
        return "| %s | %s%s | %s | %s |\n"
                .formatted(
                        setting.isGivenBy(Place.FILE) ? key(setting) : "(none)",
                        names(setting.variable(), setting, setting.variable() + "_FILE"),
                        setting.isGivenBy(Place.FLAG) ? ", `" + setting.flag() + "`" : "",
                        absent(setting.absent()),
                        setting.doc());
    }

    private static String key(Setting<?> setting) {
        return names(setting.key(), setting, setting.fileKey())
                + " `<%s>`".formatted(setting.kind().placeholder().replace("|", "\\|"));
    }

    private static String names(String name, Setting<?> setting, String ofItsFile) {
        return "`" + name + "`" + (setting.secret() ? ", `" + ofItsFile + "`" : "");
    }

    private static String absent(Setting.Absent absent) {
        return switch (absent) {
            case Setting.Absent.Default(String value) -> "`" + value + "`";
            case Setting.Absent.Unset(String words) -> words;
        };
    }
}
