package dev.jeton.config;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/** {@code jeton config show}: every setting's effective value and where it came from, secrets masked. */
public final class ConfigShow {
    private static final String JSON_FLAG = "--json";
    private static final String MASK = "[secret]";

    /** One line; {@code value} is null if the setting has none, and then {@code from} says what holds. */
    private record Line(String key, @Nullable String value, String from) {}

    private ConfigShow() {}

    /**
     * Shows what {@link ConfigReader#read} would use.
     *
     * @param args as for {@code serve}, and {@code --json} for a machine's form
     * @throws ConfigException as the reader does
     */
    public static String show(String[] args, Map<String, String> environment) {
        List<String> flags = new ArrayList<>(List.of(args));
        boolean json = flags.removeIf(JSON_FLAG::equals);
        Values values = ConfigReader.values(flags.toArray(String[]::new), environment);
        List<Line> lines =
                Settings.ALL.stream().map(setting -> line(setting, values)).toList();
        return json ? json(lines) : text(lines);
    }

    private static Line line(Setting<?> setting, Values values) {
        Optional<Found> found = values.origin(setting);
        if (found.isPresent()) {
            String text = setting.secret() ? MASK : found.get().text();
            return new Line(setting.key(), text, found.get().origin());
        }
        if (setting.equals(Settings.ISSUER) && values.get(Settings.PORT) != 0) {
            Config config = ConfigReader.assemble(values);
            String issuer = config.issuerAt(config.http().port()).value();
            return new Line(setting.key(), issuer, absent(setting));
        }
        return new Line(setting.key(), null, absent(setting));
    }

    private static String absent(Setting<?> setting) {
        return switch (setting.absent()) {
            case Setting.Absent.Default _ -> Found.DEFAULT;
            case Setting.Absent.Unset(String words) -> words;
        };
    }

    private static String text(List<Line> lines) {
        int keys = lines.stream().mapToInt(line -> line.key().length()).max().orElse(0);
        int values = lines.stream()
                .mapToInt(line -> line.value() == null ? 1 : line.value().length())
                .max()
                .orElse(0);
        StringBuilder text = new StringBuilder();
        for (Line line : lines) {
            String value = line.value() == null ? "-" : line.value();
            text.append(pad(line.key(), keys))
                    .append(pad(value, values))
                    .append(line.from())
                    .append('\n');
        }
        return text.toString();
    }

    private static String pad(String text, int width) {
        return text + " ".repeat(width - text.length() + 2);
    }

    private static String json(List<Line> lines) {
        Map<String, Map<String, @Nullable String>> settings = new LinkedHashMap<>();
        for (Line line : lines) {
            Map<String, @Nullable String> setting = new LinkedHashMap<>();
            setting.put("value", line.value());
            setting.put("from", line.from());
            settings.put(line.key(), setting);
        }
        return JsonMapper.shared().writerWithDefaultPrettyPrinter().writeValueAsString(settings) + "\n";
    }
}
