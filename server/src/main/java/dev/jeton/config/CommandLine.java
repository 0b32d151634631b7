package dev.jeton.config;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The flags of {@code jeton serve}: {@code --port 8080} or {@code --port=8080}. */
final class CommandLine {
    private static final List<Setting<?>> FLAGS = Settings.givenBy(Place.FLAG);

    private CommandLine() {}

    /** The values by the key of their setting. */
    static Map<String, Found> read(String[] args, Problems problems) {
        Map<String, Found> values = new LinkedHashMap<>();
        for (int i = 0; i < args.length; i++) {
            String arg = args[i];
            if (!arg.startsWith("--")) {
                problems.add("command line", "'" + arg + "' is not a flag; settings are given as --port 8080");
                continue;
            }
            int equals = arg.indexOf('=');
            String flag = equals < 0 ? arg : arg.substring(0, equals);
            boolean nextIsValue = equals < 0 && i + 1 < args.length && !args[i + 1].startsWith("--");
            Optional<Setting<?>> setting =
                    FLAGS.stream().filter(known -> known.flag().equals(flag)).findFirst();
            if (setting.isEmpty()) {
                problems.add(flag, unknown(flag));
            } else if (equals < 0 && !nextIsValue) {
                problems.add(
                        flag,
                        "its value is missing; it is " + setting.get().kind().expected());
            } else {
                String text = equals < 0 ? args[i + 1] : arg.substring(equals + 1);
                if (values.put(setting.get().key(), new Found(text, flag)) != null) {
                    problems.add(flag, "it is given twice; leave one out");
                }
            }
            if (nextIsValue) {
                i++; // after an unknown flag too: the value may be a secret, and must not be quoted as an argument
            }
        }
        return values;
    }

    private static String unknown(String flag) {
        Optional<Setting<?>> setting = Settings.ALL.stream()
                .filter(known -> known.flag().equals(flag)
                        || (known.secret() && Setting.flag(known.fileKey()).equals(flag)))
                .findFirst();
        if (setting.isPresent() && setting.get().secret()) {
            return "a secret has no flag, because every user of the machine can read command lines; "
                    + setting.get().withoutFlag();
        }
        return setting.map(known -> "it has no flag; " + known.withoutFlag())
                .orElseGet(() -> "there is no such flag"
                        + Nearest.hint(flag, FLAGS.stream().map(Setting::flag).toList()));
    }
}
