package dev.jeton.config;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** The variables {@code JETON_…}; an empty one counts as absent. */
final class EnvironmentVariables {
    private static final String PREFIX = "JETON_";
    private static final String FILE_SUFFIX = "_FILE";

    /** Read by the launcher and the command line, which share the environment with the server. */
    private static final Set<String> OF_OTHERS = Set.of(
            "JETON_JAVA_HOME",
            "JETON_JAVA_OPTIONS",
            "JETON_URL",
            "JETON_CLIENT_ID",
            "JETON_CLIENT_SECRET",
            "JETON_NEW_MASTER_KEY_FILE");

    private EnvironmentVariables() {}

    /** The values by the key of their setting, or by {@link Setting#fileKey()}. */
    static Map<String, Found> read(Map<String, String> environment, Problems problems) {
        Map<String, Found> values = new LinkedHashMap<>();
        Set<String> unknown = new TreeSet<>(environment.keySet());
        unknown.removeIf(name -> !name.startsWith(PREFIX) || OF_OTHERS.contains(name));
        for (Setting<?> setting : Settings.givenBy(Place.ENVIRONMENT)) {
            String variable = setting.variable();
            unknown.remove(variable);
            put(values, setting.key(), variable, environment);
            if (setting.secret()) {
                unknown.remove(variable + FILE_SUFFIX);
                put(values, setting.fileKey(), variable + FILE_SUFFIX, environment);
            }
        }
        if (isKubernetesServiceNamedJeton(environment)) {
            problems.add(
                    "JETON_PORT",
                    "Kubernetes sets this variable and others for a Service named jeton; "
                            + "write enableServiceLinks: false in the pod's spec");
            values.remove(Settings.PORT.key());
            return values;
        }
        for (String name : unknown) {
            problems.add(name, "there is no such setting" + Nearest.hint(name, known()));
        }
        return values;
    }

    private static void put(Map<String, Found> values, String key, String variable, Map<String, String> environment) {
        String text = environment.getOrDefault(variable, "");
        if (!text.isEmpty()) {
            values.put(key, new Found(text, variable));
        }
    }

    private static boolean isKubernetesServiceNamedJeton(Map<String, String> environment) {
        return environment.getOrDefault(Settings.PORT.variable(), "").startsWith("tcp://");
    }

    private static List<String> known() {
        List<String> names = new ArrayList<>();
        for (Setting<?> setting : Settings.givenBy(Place.ENVIRONMENT)) {
            names.add(setting.variable());
            if (setting.secret()) {
                names.add(setting.variable() + FILE_SUFFIX);
            }
        }
        return names;
    }
}
