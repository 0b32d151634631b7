package dev.jeton.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeoutException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The Node.js of this machine. */
record NodeJs(Path program, int major, int minor) {
    private static final int OLDEST_MAJOR = 20;
    private static final int OLDEST_MINOR = 9;
    /** The server's, which runs Hooks and Actions on nothing older. */
    static final String OLDEST = OLDEST_MAJOR + "." + OLDEST_MINOR;

    private static final Duration ANSWERS_WITHIN = Duration.ofSeconds(10);
    private static final Pattern VERSION = Pattern.compile("v(\\d+)\\.(\\d+)\\..*");

    /** The first on the {@code PATH}, if it is one that Jeton runs Hooks on. */
    static NodeJs find(Shell shell) {
        Path program = shell.program("node")
                .orElseThrow(() -> Failure.refused("a file is checked by Node.js " + OLDEST
                                + " or newer, and there is no node on the PATH")
                        .mendedBy("install Node.js; the server needs it too, to run Hooks and Actions"));
        String version = version(program);
        Matcher matcher = VERSION.matcher(version);
        if (!matcher.matches()) {
            throw Failure.refused(program + " does not tell its version").mendedBy("is it Node.js?");
        }
        NodeJs found = new NodeJs(program, Integer.parseInt(matcher.group(1)), Integer.parseInt(matcher.group(2)));
        if (found.isTooOld()) {
            throw Failure.refused(
                            "a file is checked by Node.js " + OLDEST + " or newer, and " + program + " is " + version)
                    .mendedBy("put a newer one first on the PATH; the server needs it too, to run Hooks and Actions");
        }
        return found;
    }

    private boolean isTooOld() {
        return major < OLDEST_MAJOR || (major == OLDEST_MAJOR && minor < OLDEST_MINOR);
    }

    private static String version(Path program) {
        try {
            return new ChildProcess(
                            List.of(program.toString(), "--version"),
                            Path.of("/"),
                            Map.of(),
                            Optional.empty(),
                            ANSWERS_WITHIN,
                            256)
                    .run()
                    .output()
                    .strip();
        } catch (IOException | TimeoutException _) {
            return "";
        }
    }

    /** As far as it matters. */
    String version() {
        return major + "." + minor;
    }

    /** Runs a script that may read that folder and do nothing else. */
    List<String> confined(Path folder, Path script) {
        return List.of(
                program.toString(),
                permissionFlag(),
                "--allow-fs-read=" + folder,
                "--no-addons",
                "--no-warnings",
                "--max-old-space-size=256",
                script.toString());
    }

    /** Before, the permission model was an experiment under another name. */
    private String permissionFlag() {
        boolean settled = major > 23 || (major == 23 && minor >= 5) || (major == 22 && minor >= 13);
        return settled ? "--permission" : "--experimental-permission";
    }
}
