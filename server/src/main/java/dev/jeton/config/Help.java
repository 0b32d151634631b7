package dev.jeton.config;

/** The text of {@code --help}, from the table of settings. */
final class Help {
    private static final String HEAD = """
            Usage: jeton serve [--flag value]...

            Starts the authorization server; it is ready when "Jeton is ready at <issuer>" is printed.
            A setting is taken from its flag, else from its environment variable, else from the YAML file named by
            --config, else it has its default.

            """;

    private static final String FOOT = """
            Examples:

              jeton quickstart --port 0
              jeton serve --issuer https://auth.example.com/ --host 0.0.0.0 --tls cert.pem,key.pem
              jeton serve --issuer https://auth.example.com/ --host 0.0.0.0 --behind-proxy 10.0.0.0/8
              jeton config show --config jeton.yaml --json
              jeton recover --data /var/lib/jeton
              jeton rewrap --data /var/lib/jeton

            Exit codes:

              0     done
              1     a setting is wrong, or what it names cannot be used: the message says which
              2     wrong usage: there is no such command
              130   stopped by Ctrl-C, after the answers that were due
              143   stopped by SIGTERM, likewise
            """;

    private Help() {}

    static String text() {
        StringBuilder text = new StringBuilder(HEAD);
        for (Setting<?> setting : Settings.ALL) {
            if (setting.isGivenBy(Place.FLAG)) {
                describe(text, setting, setting.flag() + " <" + setting.kind().placeholder() + ">");
            }
        }
        text.append("Settings without a flag (variable, key in the file):\n\n");
        for (Setting<?> setting : Settings.ALL) {
            if (!setting.isGivenBy(Place.FLAG)) {
                describe(
                        text,
                        setting,
                        setting.variable() + ", " + setting.key() + ": <"
                                + setting.kind().placeholder() + ">");
            }
        }
        return text.append(FOOT).toString();
    }

    private static void describe(StringBuilder text, Setting<?> setting, String title) {
        text.append("  ").append(title).append('\n');
        text.append("      ").append(setting.doc()).append('\n');
        text.append("      ").append(absent(setting.absent()));
        if (setting.isGivenBy(Place.FLAG)) {
            text.append("; variable ").append(setting.variable());
            text.append(setting.isGivenBy(Place.FILE) ? ", key " + setting.key() : "");
        }
        if (setting.secret()) {
            text.append("; ").append(setting.variable()).append("_FILE and ").append(setting.fileKey());
            text.append(" name a file that holds it");
        }
        text.append("\n\n");
    }

    private static String absent(Setting.Absent absent) {
        return switch (absent) {
            case Setting.Absent.Default(String value) -> "Default: " + value;
            case Setting.Absent.Unset(String words) -> "If absent: " + words;
        };
    }
}
