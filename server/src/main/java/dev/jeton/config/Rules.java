package dev.jeton.config;

import java.util.Optional;

/** What must hold between settings, each of which is valid alone. */
final class Rules {
    private Rules() {}

    static void check(Values values, Problems problems) {
        Host host = values.get(Settings.HOST);
        boolean plain = values.get(Settings.TLS) instanceof Config.Tls.None;
        boolean behindProxy = values.find(Settings.BEHIND_PROXY).isPresent();
        if (plain && !behindProxy && !host.isLoopback()) {
            refuse(
                    values,
                    problems,
                    Settings.HOST,
                    "Tokens and secrets would cross the network in the clear at " + host
                            + "; give --tls self-signed or --tls cert.pem,key.pem, or, if a proxy in front ends TLS, "
                            + "name its addresses with --behind-proxy 10.0.0.0/8");
        }
        if (host.isWildcard() && values.find(Settings.ISSUER).isEmpty()) {
            refuse(
                    values,
                    problems,
                    Settings.HOST,
                    host + " is nobody's name, so the issuer cannot follow from it; "
                            + "give the public base URL with --issuer https://login.example.com");
        }
        values.find(Settings.ISSUER).ifPresent(issuer -> {
            if (!plain && !behindProxy && issuer.value().startsWith("http:")) {
                refuse(
                        values,
                        problems,
                        Settings.ISSUER,
                        "with TLS on, nothing answers at " + issuer + "; begin it with https://, or set tls to none");
            }
        });
        checkDatabase(values, problems);
        needs(values, problems, Settings.BOOTSTRAP_CLIENT_ID, Settings.BOOTSTRAP_CLIENT_SECRET);
        needs(values, problems, Settings.BOOTSTRAP_CLIENT_SECRET, Settings.BOOTSTRAP_CLIENT_ID);
    }

    private static void checkDatabase(Values values, Problems problems) {
        boolean postgreSql = values.find(Settings.DB_URL).isPresent();
        if (postgreSql && values.find(Settings.MASTER_KEY).isEmpty()) {
            refuse(
                    values,
                    problems,
                    Settings.DB_URL,
                    "with PostgreSQL the master key is required, because all servers of the database share it; "
                            + "set JETON_MASTER_KEY to the output of openssl rand -base64 32, "
                            + "or JETON_MASTER_KEY_FILE to a file that holds it");
        }
        if (!postgreSql) {
            needs(values, problems, Settings.DB_USER, Settings.DB_URL);
            needs(values, problems, Settings.DB_PASSWORD, Settings.DB_URL);
        }
    }

    private static void needs(Values values, Problems problems, Setting<?> given, Setting<?> needed) {
        if (values.find(given).isPresent() && values.find(needed).isEmpty()) {
            refuse(
                    values,
                    problems,
                    given,
                    "it means nothing without " + needed.key() + "; set " + needed.variable()
                            + " too, or leave both out");
        }
    }

    private static void refuse(Values values, Problems problems, Setting<?> setting, String whatIsWrong) {
        Optional<Found> origin = values.origin(setting);
        problems.add(setting, origin.orElseThrow(), whatIsWrong);
    }
}
