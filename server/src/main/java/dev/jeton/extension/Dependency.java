package dev.jeton.extension;

import java.util.regex.Pattern;

/** One npm package that a script requires, in exactly one version. */
public record Dependency(String name, String version) {
    /** How many a script has at most. */
    public static final int MOST = 10;

    public static final int MAX_NAME = 214;

    /** Capitals too, as the oldest packages have them. */
    private static final Pattern NAME =
            Pattern.compile("(@[a-zA-Z0-9~-][a-zA-Z0-9._~-]*/)?[a-zA-Z0-9~][a-zA-Z0-9._~-]*");

    private static final String NUMBER = "(0|[1-9][0-9]*)";
    private static final String IDENTIFIERS = "[0-9a-zA-Z-]+(\\.[0-9a-zA-Z-]+)*";
    private static final Pattern EXACT_VERSION = Pattern.compile(
            NUMBER + "\\." + NUMBER + "\\." + NUMBER + "(-" + IDENTIFIERS + ")?(\\+" + IDENTIFIERS + ")?");

    /** @throws UnfitException if it is not the name of a package, or not an exact version */
    public Dependency {
        String field = "dependencies." + name;
        checkName(name, field);
        if (!isExact(version)) {
            throw new UnfitException(
                    field,
                    version + " is not an exact version: give one like 3.0.6, not a range, a tag, a URL or a path");
        }
    }

    /** Whether it is one version, as npm writes it, and not a range, a tag, a URL or a path. */
    public static boolean isExact(String version) {
        return EXACT_VERSION.matcher(version).matches();
    }

    /**
     * Refuses what is not the name of a package.
     *
     * @throws UnfitException for that field
     */
    public static void checkName(String name, String field) {
        if (name.length() > MAX_NAME || !NAME.matcher(name).matches() || name.equals("node_modules")) {
            throw new UnfitException(field, name + " is not the name of an npm package");
        }
    }
}
